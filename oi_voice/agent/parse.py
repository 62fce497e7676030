"""Turns a model's text, in pieces of any size, into chunks of prose and of code.

Code comes as markdown blocks (CommonMark 0.31, section 4.5: three or more backticks or tildes at a
line's start, at most three spaces in) whose info string begins with a language. Nothing of the text
is lost: prose goes out as it comes; what may still turn out to be a fence waits for its line's end.
"""

from __future__ import annotations

import re

from oi_voice.messages import Chunk, Kind, Role

_OPENING = re.compile(r" {0,3}(`{3,}(?!.*`)|~{3,})[ \t]*([^\s`{]*)[^\n]*\n?\Z")
_CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*\r?\n?\Z")
_PIECES = re.compile(r"[^\n]*\n|[^\n]+")
_MAYBE_FENCE = re.compile(r" {0,3}(`{0,2}|~{0,2}|`{3,}[^`]*|~{3,}.*)\n?\Z")


class Parser:
    """One reply. ``feed`` pieces, then ``end``; ``unclosed`` tells that a block never ended."""

    def __init__(self) -> None:
        self._line = ""  # held back: the start of a line that may yet be a fence
        self._mid_line = False
        self._fence = ""  # what opened the block we are in
        self._language = ""
        self._starts = False

    @property
    def unclosed(self) -> bool:
        return bool(self._fence)

    def feed(self, text: str) -> list[Chunk]:
        """The chunks that are certain now."""
        return [chunk for piece in _PIECES.findall(text) for chunk in self._piece(piece)]

    def end(self) -> list[Chunk]:
        """The rest, once the reply is over."""
        line, self._line = self._line, ""
        return self._whole(line) if line else []

    def _piece(self, piece: str) -> list[Chunk]:
        if self._mid_line:
            self._mid_line = not piece.endswith("\n")
            return [self._content(piece)]
        self._line += piece
        ends = piece.endswith("\n")
        if not ends and _MAYBE_FENCE.match(self._line):
            return []
        line, self._line = self._line, ""
        self._mid_line = not ends
        return self._whole(line) if ends else [self._content(line)]

    def _whole(self, line: str) -> list[Chunk]:
        if self._closes(line):
            # An empty block is a block too: it is opened so that it can be seen to be empty.
            chunks = [self._content("")] if self._starts else []
            self._fence = ""
            return chunks
        opening = None if self._fence else _OPENING.match(line)
        if opening and opening[2]:
            self._fence, self._language, self._starts = opening[1], opening[2].lower(), True
            return []
        return [self._content(line)]

    def _closes(self, line: str) -> bool:
        closing = _CLOSING.match(line) if self._fence else None
        return closing is not None and closing[1].startswith(self._fence)

    def _content(self, text: str) -> Chunk:
        if not self._fence:
            return Chunk(Role.ASSISTANT, Kind.MESSAGE, text)
        starts, self._starts = self._starts, False
        return Chunk(Role.ASSISTANT, Kind.CODE, text, self._language, starts=starts)
