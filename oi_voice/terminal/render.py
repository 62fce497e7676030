"""What the terminal shows: the conversation as plain text, nothing in it able to drive the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TextIO

from oi_voice.events import ApprovalRequested, Event, Notice, Progress, Streamed
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.reveal import reveal, strange_hosts

LEVELS = {  # what is at stake, in two words, and their colour: green, yellow, red
    "read": ("Only reads", 32),
    "reversible": ("Can be undone", 32),
    "changes": ("Makes changes", 33),
    "destructive": ("Destroys", 31),
    "sends": ("Sends data", 31),
}
UNKNOWN = ("Not understood", 31)


def visible(text: str) -> str:
    """``text`` with hidden and control characters shown as their code points."""
    return reveal(text)[0]


class Printer:
    """Prints a turn's events as they come."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._last: tuple[Role, Kind] | None = None
        self._mid_line = False

    def show(self, event: Event) -> None:
        match event:
            case Streamed(chunk=chunk) if chunk.role is not Role.USER and chunk.format != "active_line":
                self._chunk(chunk)
            case Notice(level=level, text=text):
                self.end()
                words = visible(text if level == "info" else f"{level}: {text}")
                print(writable(words, self._err), file=self._err, flush=True)
            case Progress(trouble=trouble):
                if self._out.isatty() and event.amount:
                    self._write(f"\r{event.what}: {event.amount}")
                if event.over:
                    self.end()
                if trouble:
                    print(writable(visible(trouble), self._err), file=self._err, flush=True)

    def end(self) -> None:
        """Begin whatever comes next on a line of its own."""
        if self._mid_line:
            self._write("\n")
        self._last = None

    def ask(self, question: str) -> None:
        """Show a prompt; the answer is typed behind it."""
        self.end()
        self._write(question)
        self._mid_line = False

    def tell(self, text: str) -> None:
        """Show words of our own, on lines of their own."""
        self.end()
        if text:
            self._write(f"{visible(text)}\n")

    def approve(self, question: ApprovalRequested, prompt: str, plain: bool = False) -> None:
        """Ask about exactly this code, whatever was shown before; ``plain``: without colour."""
        self.ask(
            f"── {visible(question.language)}, to be run now ──\n{visible(question.code).rstrip()}\n"
            f"── {self._painted(question.level, plain)} ── {visible(question.words)}\n"
            + "".join(f"── Address ── {sentence}\n" for sentence in strange_hosts(question.code))
            + (f"── Scan ── {visible(question.scan)}\n" if question.scan else "")
            + prompt
        )

    def question(self, prompt: str, secret: bool) -> None:
        """Ask for a line that code wants, so that none can pass its words off as ours."""
        hidden = ", what you type is not shown" if secret else ""
        self.ask(f"── asked by the code{hidden} ──\n{visible(prompt)}")

    def _chunk(self, chunk: Chunk) -> None:
        if chunk.role is Role.COMPUTER and chunk.kind is Kind.CODE:
            return  # markup, for those that can show it; its text comes beside it
        sort = (chunk.role, chunk.kind)
        if self._last != sort or chunk.starts:
            self.end()
            if chunk.kind is Kind.CODE:
                self._write(f"── {visible(chunk.format)} ──\n")
        self._last = sort
        self._write("[image]\n" if chunk.kind is Kind.IMAGE else visible(chunk.content))

    def _painted(self, level: str, plain: bool) -> str:
        """A level in its colour, where the terminal has any."""
        words, colour = LEVELS.get(level, UNKNOWN)
        bare = "NO_COLOR" in os.environ or os.environ.get("TERM", "dumb") == "dumb" or sys.platform == "win32"
        if plain or bare or not self._out.isatty():
            return words
        return f"\x1b[1;{colour}m{words}\x1b[0m"

    def _write(self, text: str) -> None:
        if text:
            self._mid_line = not text.endswith("\n")
            print(writable(text, self._out), end="", file=self._out, flush=True)


def writable(text: str, out: TextIO) -> str:
    """``text`` with what ``out`` has no letters for as escapes: a display must never end a turn."""
    encoding = getattr(out, "encoding", None) or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def say(lines: Iterable[str]) -> None:
    """Print lines to standard output."""
    for line in lines:
        print(writable(line, sys.stdout))


def rewrite(text: str) -> None:
    """Put a line in the place of the one before, on a terminal."""
    sys.stdout.write(f"\r{writable(text, sys.stdout)}")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Print a sentence to standard error."""
    print(writable(visible(text), sys.stderr), file=sys.stderr)
