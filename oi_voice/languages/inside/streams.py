"""The kernel's standard streams, and what reaches their file descriptors past Python: all goes to the outlet."""

from __future__ import annotations

import codecs
import io
import os
import select
import sys
import threading
from collections.abc import Callable
from typing import Any

from oi_voice.languages.inside.outlet import Outlet
from oi_voice.runtime import daemon

PIECE = 65536  # bytes
PATIENCE = 2.0  # seconds that the end of a run waits for what subprocesses have written


class Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr``. Never closes."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, outlet: Outlet, name: str, descriptor: int) -> None:
        self._outlet, self._descriptor = outlet, descriptor
        self.name = f"<{name}>"
        self.buffer = Binary(self)

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            self._outlet.put("stream", {"text": text})
        return len(text)

    def flush(self) -> None:
        self._outlet.flush()

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        self.flush()


class Binary(io.BufferedIOBase):
    """A stream's ``buffer``: bytes are UTF-8, however they are cut; what is not is shown as escapes."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.raw: Any = self
        self._decode = _decoder()

    def write(self, data: Any) -> int:
        if isinstance(data, str):
            raise TypeError("a bytes-like object is required, not 'str'")
        data = bytes(data)
        self._stream.write(self._decode(data))
        return len(data)

    def settle(self) -> None:
        """Write what is left of half a character."""
        self._stream.write(self._decode(b"", True))

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        return self._stream.fileno()

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        self.flush()


class Catch:
    """Has all that is written to a file descriptor, by whatever program, written to a stream."""

    def __init__(self, descriptor: int, stream: Stream) -> None:
        self._stream, self._decode = stream, _decoder()
        self._pipe, end = os.pipe()  # its end stays open, so that the pipe never comes to its own
        os.dup2(end, descriptor)
        self._asked, self._ask = os.pipe()
        self._settled = threading.Event()
        daemon(self._watch, f"output {descriptor}")

    def settle(self) -> None:
        """Wait until all that has been written so far is read."""
        self._settled.clear()
        os.write(self._ask, b".")
        self._settled.wait(PATIENCE)

    def _watch(self) -> None:
        while True:
            ready, _, _ = select.select([self._pipe, self._asked], [], [])
            if self._asked not in ready:
                self._read(PIECE)
                continue
            os.read(self._asked, 1)
            left = self._waiting()
            while left > 0:
                left -= self._read(min(left, PIECE))
            self._settled.set()

    def _read(self, size: int) -> int:
        data = os.read(self._pipe, size)
        self._stream.write(self._decode(data))
        return len(data)

    def _waiting(self) -> int:
        """How many bytes there are to be read."""
        import fcntl
        import termios

        return int.from_bytes(fcntl.ioctl(self._pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


def replace_streams(outlet: Outlet) -> None:
    """Make the standard streams ours."""
    streams = [Stream(outlet, name, number) for number, name in ((1, "stdout"), (2, "stderr"))]
    sys.stdout, sys.stderr = streams
    posix = sys.platform != "win32"
    catches = [Catch(number, stream) for number, stream in enumerate(streams, 1) if posix]

    def settle() -> None:
        for stream in streams:
            stream.buffer.settle()
        for catch in catches:
            catch.settle()

    def mend() -> None:
        for name, ours in zip(("stdout", "stderr"), streams, strict=True):
            stream = getattr(sys, name, None)
            if stream is None or getattr(stream, "closed", False):
                setattr(sys, name, ours)

    outlet.settle, outlet.mend = settle, mend


def _decoder() -> Callable[..., str]:
    return codecs.getincrementaldecoder("utf-8")("backslashreplace").decode
