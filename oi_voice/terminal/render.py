"""What the terminal shows: the conversation as plain text, nothing in it able to drive the terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import TextIO

from oi_voice.events import Event, Notice, Streamed
from oi_voice.messages import Chunk, Kind, Role

# Control characters (but tab and newline) and the marks that reorder or hide text: Unicode's Bidi_Control and
# default-ignorable characters in the General Punctuation block, and the tag characters.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """``text`` with hidden and control characters shown as their code points."""
    return _HIDDEN.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


class Printer:
    """Prints a turn's events as they come."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._last: tuple[Role, Kind] | None = None
        self._mid_line = False

    def show(self, event: Event) -> None:
        match event:
            case Streamed(chunk=chunk) if chunk.role is not Role.USER:
                self._chunk(chunk)
            case Notice(level=level, text=text):
                self.end()
                print(text if level == "info" else f"{level}: {text}", file=self._err, flush=True)

    def end(self) -> None:
        """Begin whatever comes next on a line of its own."""
        if self._mid_line:
            self._write("\n")
        self._last = None

    def ask(self, question: str) -> None:
        self.end()
        self._write(question)
        self._mid_line = False

    def _chunk(self, chunk: Chunk) -> None:
        sort = (chunk.role, chunk.kind)
        if self._last != sort or chunk.starts:
            self.end()
            if chunk.kind is Kind.CODE:
                self._write(f"── {visible(chunk.format)} ──\n")
        self._last = sort
        self._write("[image]\n" if chunk.kind is Kind.IMAGE else visible(chunk.content))

    def _write(self, text: str) -> None:
        if text:
            self._mid_line = not text.endswith("\n")
            print(text, end="", file=self._out, flush=True)


def say(lines: Iterable[str]) -> None:
    """Print lines to standard output."""
    for line in lines:
        print(line)


def complain(text: str) -> None:
    """Print a sentence to standard error."""
    print(text, file=sys.stderr)
