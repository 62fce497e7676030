"""A run's text: its head as it comes, its tail at the end, and all of it in a file once it is long.

Used here and inside the kernel, so that a flood is cut where it rises.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections import deque
from pathlib import Path
from typing import BinaryIO

SHOWN = 20_000  # characters of text shown of one run
FILE_MAX = 100_000_000  # bytes of it in a file


class Tail:
    """The last ``limit`` characters of a text; each piece costs its own length at most."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: deque[str] = deque()
        self._kept = self._dropped = 0

    def add(self, text: str) -> None:
        text, cut = text[max(0, len(text) - self._limit) :], max(0, len(text) - self._limit)
        self._pieces.append(text)
        self._kept += len(text)
        self._dropped += cut
        while self._kept > self._limit:
            first = self._pieces.popleft()
            excess = min(self._kept - self._limit, len(first))
            self._kept -= excess
            self._dropped += excess
            if excess < len(first):
                self._pieces.appendleft(first[excess:])

    def take(self) -> str:
        """The text, with a note on what was left out before it; it begins anew."""
        note = f"\n… {self._dropped:,} characters left out …\n" if self._dropped else ""
        text = note + "".join(self._pieces)
        self._pieces.clear()
        self._kept = self._dropped = 0
        return text


class Capped:
    """At most ``limit`` characters are shown: the first half as they come, the last half at the end.

    A text of more than ``told`` characters, which is what the model is shown, is in a file in ``folder`` as well, as
    far as there is room; without a folder it is not. Each piece costs its own length at most, however much came before.
    """

    def __init__(self, limit: int = SHOWN, told: int = SHOWN, folder: Path | None = None) -> None:
        self._room = limit // 2
        self._tail = Tail(limit - self._room)
        self._file = _File(told, folder) if folder else None

    def add(self, text: str) -> str:
        """The part of ``text`` to show now."""
        if self._file:
            self._file.add(text)
        head, rest = text[: self._room], text[self._room :]
        self._room -= len(head)
        if rest:
            self._tail.add(rest)
        return head

    def end(self) -> str:
        """The tail, with a note on what was left out before it. Nothing may be added any more."""
        if self._file:
            self._file.close()
        return self._tail.take()

    @property
    def where(self) -> str:
        """After ``end``: a sentence on where all of it is; empty for a short text."""
        return self._file.where if self._file else ""


class _File:
    """Made once there are more than ``told`` characters; what came before is held until then."""

    def __init__(self, told: int, folder: Path) -> None:
        self._told, self._folder = told, folder
        self._early: list[str] = []
        self._length = self._written = 0
        self._file: BinaryIO | None = None
        self._path = ""
        self._full = False

    @property
    def where(self) -> str:
        if not self._path or not self._written:
            return ""
        which = f"The first {self._written:,} bytes" if self._full else f"All {self._length:,} characters"
        return f"{which} of this output are in {self._path}\n"

    def add(self, text: str) -> None:
        self._length += len(text)
        if self._length <= self._told:
            self._early.append(text)
        elif not self._full:
            try:
                if self._file is None:
                    self._open()
                self._write(text)
            except OSError:  # no room: what is there is told
                self._full = True

    def close(self) -> None:
        if self._file:
            with contextlib.suppress(OSError):
                self._file.close()

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, self._path = tempfile.mkstemp(".txt", "output-", self._folder)
        self._file = os.fdopen(handle, "wb")
        for text in self._early:
            self._write(text)
        self._early.clear()

    def _write(self, text: str) -> None:
        assert self._file is not None
        data = text[: FILE_MAX - self._written].encode("utf-8", "backslashreplace")
        data = data[: FILE_MAX - self._written]
        self._written += self._file.write(data)
        self._full = self._written >= FILE_MAX
