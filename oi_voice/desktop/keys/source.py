"""Where key events come from: the seam between the talk key's loop and each desktop."""

from __future__ import annotations

import contextlib
import queue
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

T = TypeVar("T")


class What(StrEnum):
    DOWN = "down"  # the talk key, or the last of its combination
    UP = "up"
    ESCAPE = "escape"
    OTHER = "other"  # another key, while a talk key of modifiers only is down


@dataclass(frozen=True, slots=True)
class Seen:
    """A key event. ``at`` is in seconds of ``time.monotonic()``; ``injected``: running code has made it."""

    what: What
    at: float
    injected: bool = False


class Pollable(Protocol):
    """What a selector can wait for."""

    def fileno(self) -> int: ...


class Source(Protocol):
    """Events of one talk key. All but ``close`` is called on one thread; nothing blocks."""

    @property
    def ready(self) -> bool:
        """Whether its events come in, or are still being asked for."""

    def waits(self) -> Sequence[Pollable]:
        """What becomes readable when there is something to ``read``."""

    def read(self) -> Sequence[Seen]:
        """What has happened since. Raises DesktopError when no more will."""

    def down(self) -> bool | None:
        """Whether the key itself is down now; None where that can't be told."""

    def close(self) -> None:
        """Watch no more. May be called more than once."""


class Inbox(Generic[T]):
    """A queue from any thread, which a selector can wait for."""

    def __init__(self) -> None:
        self._items: queue.SimpleQueue[T] = queue.SimpleQueue()
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)

    def fileno(self) -> int:
        return self._near.fileno()

    def put(self, item: T) -> None:
        """Takes no time. After ``close`` it does nothing."""
        self._items.put(item)
        self.wake()

    def wake(self) -> None:
        """Have it seem readable."""
        with contextlib.suppress(OSError):  # full: it is readable already; closed: nobody reads
            self._far.send(b".")

    def read(self) -> list[T]:
        """All that there is, in order."""
        with contextlib.suppress(BlockingIOError):
            while self._near.recv(4096):
                pass
        items = []
        with contextlib.suppress(queue.Empty):
            while True:
                items.append(self._items.get_nowait())
        return items

    def close(self) -> None:
        self._near.close()
        self._far.close()
