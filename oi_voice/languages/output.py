"""What a kernel says, as chunks: text capped to its head and tail, pictures, short tracebacks."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from typing import Any

from oi_voice.messages import Chunk, Kind, Role

PICTURES = {"image/png": "base64.png", "image/jpeg": "base64.jpeg"}
TRACEBACK_HEAD, TRACEBACK_TAIL = 6, 18  # lines
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_NO_INPUT = "EOFError: input() cannot be answered: nobody can type into running code. Put the value into the code.\n"


class Capped:
    """A run's text, at most ``limit`` characters of it: the first half as it comes, the last half at the end.

    Each piece costs its own length at most, however much came before.
    """

    def __init__(self, limit: int) -> None:
        self._room = limit // 2
        self._keep = limit - self._room
        self._tail: deque[str] = deque()
        self._kept = 0
        self._dropped = 0

    def add(self, text: str) -> str:
        """The part of ``text`` to show now."""
        head, rest = text[: self._room], text[self._room :]
        self._room -= len(head)
        if rest:
            self._hold(rest)
        return head

    def end(self) -> str:
        """The tail, with a note on what was left out before it."""
        note = f"\n… {self._dropped:,} characters left out …\n" if self._dropped else ""
        return note + "".join(self._tail)

    def _hold(self, text: str) -> None:
        self._tail.append(text)
        self._kept += len(text)
        while self._kept > self._keep:
            first = self._tail.popleft()
            excess = min(self._kept - self._keep, len(first))
            self._kept -= excess
            self._dropped += excess
            if excess < len(first):
                self._tail.appendleft(first[excess:])


class Screen:
    """Turns one run's messages into chunks."""

    def __init__(self, limit: int) -> None:
        self._capped = Capped(limit)
        self._fresh_line = True
        self._active = ""

    def show(self, kind: str, content: Mapping[str, Any]) -> list[Chunk]:
        """The chunks of one message, none where nothing of it is to be seen."""
        if kind == "stream":
            return self._text(content["text"])
        if kind in ("display_data", "execute_result", "update_display_data"):
            return self._rich(content["data"])
        if kind == "error":
            return self._own_line(_traceback(content))
        if kind == "active_line":
            self._active = str(content["line"])
            return [active_line(self._active)]
        return []

    def end(self) -> list[Chunk]:
        """The tail of the text, and that no line runs any more."""
        return console(self._capped.end()) + ([active_line("")] if self._active else [])

    def _rich(self, data: Mapping[str, Any]) -> list[Chunk]:
        for mime, form in PICTURES.items():
            if mime in data:
                return [Chunk(Role.COMPUTER, Kind.IMAGE, "".join(data[mime].split()), form)]
        return self._own_line(data["text/plain"] + "\n") if "text/plain" in data else []

    def _own_line(self, text: str) -> list[Chunk]:
        return self._text(text if self._fresh_line else "\n" + text)

    def _text(self, text: str) -> list[Chunk]:
        if text:
            self._fresh_line = text.endswith("\n")
        return console(self._capped.add(text))


def console(text: str) -> list[Chunk]:
    """The text as a chunk; none for no text."""
    return [Chunk(Role.COMPUTER, Kind.CONSOLE, text, "output")] if text else []


def active_line(number: str) -> Chunk:
    return Chunk(Role.COMPUTER, Kind.CONSOLE, number, "active_line")


def _traceback(content: Mapping[str, Any]) -> str:
    if content["ename"] == "StdinNotImplementedError":
        return _NO_INPUT
    lines = _ANSI.sub("", "\n".join(content["traceback"])).splitlines()
    if not lines:
        lines = [f"{content['ename']}: {content['evalue']}"]
    out = len(lines) - TRACEBACK_HEAD - TRACEBACK_TAIL
    if out > 1:
        lines[TRACEBACK_HEAD : TRACEBACK_HEAD + out] = [f"… {out} lines left out …"]
    return "\n".join(lines) + "\n"
