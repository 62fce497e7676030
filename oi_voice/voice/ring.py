"""The newest sound, in memory that is allocated once."""

from __future__ import annotations

from typing import Any


class Ring:
    """One thread writes, another reads on from wherever it was; neither waits. Positions count bytes from the start.

    Holds ``size`` bytes. With ``keep`` set, what is older than so many bytes is wiped as new sound comes in, for
    nobody has asked for it; ``size`` is larger by a block at least.
    """

    def __init__(self, size: int, keep: int | None = None) -> None:
        self.keep = keep
        self.written = 0
        self._size = size
        self._memory = bytearray(size)

    def write(self, data: Any) -> None:
        """Add ``data``, bytes or a buffer that slices to bytes, no longer than the ring."""
        length = len(data)
        self._put(self.written, data, length)
        self.written += length  # last, so that a reader sees whole blocks only
        if self.keep is not None:
            self._put(self.written - self.keep - length, bytes(length), length)

    def read(self, position: int) -> tuple[bytes, int]:
        """What was written from ``position`` on, as far as it is still there, and the position after it."""
        end = self.written
        start = min(max(position, end - self._size, 0), end)
        first = start % self._size
        piece = bytes(self._memory[first : first + end - start])
        return piece + bytes(self._memory[: end - start - len(piece)]), end

    def wipe(self) -> None:
        """Forget everything; the positions go on."""
        self._memory[:] = bytes(self._size)

    def _put(self, position: int, data: Any, length: int) -> None:
        start = position % self._size
        first = min(length, self._size - start)
        self._memory[start : start + first] = data[:first]
        self._memory[: length - first] = data[first:length]
