"""What a kernel says, as chunks: capped text, pictures, markup for the person, short tracebacks.

Used inside our own kernels, where a flood is cut as it rises, and on this side, for them and for those elsewhere.
"""

from __future__ import annotations

import base64
import re
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

from oi_voice.languages.capped import Capped
from oi_voice.messages import Chunk, Kind, Role

PICTURES = {"image/png": "base64.png", "image/jpeg": "base64.jpeg"}
MARKUP = {"image/svg+xml": "html", "text/html": "html", "application/javascript": "javascript"}
TEXTS = ("text/markdown", "text/latex", "text/plain")
PICTURE_MAX, MARKUP_MAX = 20_000_000, 1_000_000  # characters; of what is larger only the text is shown
PICTURES_MAX = 10  # of a run as they come, and as many at its end
REWRITTEN = 5.0  # seconds between two showings of a line that is written over and over: a progress bar
TRACEBACK_HEAD, TRACEBACK_TAIL = 6, 18  # lines
NOTICE_MAX = 10_000  # characters
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


class Screen:
    """Turns one run's messages into chunks.

    What is shown cannot be unshown. So what replaces something shown (an updated display, a picture after a call of
    ``clear_output``) is held, and of that the last is shown at the end.
    """

    def __init__(self, capped: Capped) -> None:
        self._capped, self._lines = capped, Rewriting()
        self._fresh_line = True
        self._active = ""
        self._shown = self._left_out = 0
        self._cleared = False
        self._held: deque[Chunk] = deque(maxlen=PICTURES_MAX)
        self._updates: dict[str, Mapping[str, Any]] = {}

    def show(self, kind: str, content: Mapping[str, Any]) -> list[Chunk]:
        """The chunks of one message, none where nothing of it is to be seen."""
        match kind:
            case "stream":
                return self._text(self._lines.add(content["text"]))
            case "display_data" | "execute_result":
                return self._rich(content["data"])
            case "update_display_data":
                self._updates[str(content.get("transient", {}).get("display_id"))] = content["data"]
            case "clear_output":
                self._cleared = True
                self._held.clear()
            case "error":
                return self._own_line(traceback(content))
            case "active_line":
                self._active = str(content["line"])
                return [active_line(self._active)]
            case "chunks":  # made by a screen inside the kernel
                return [chunk for piece in content["chunks"] for chunk in self._passed(*piece)]
        return []

    def end(self) -> list[Chunk]:
        """What was held, the tail of the text and where all of it is, and that no line runs any more."""
        chunks = self._text(self._lines.end())
        for data in self._updates.values():
            chunks += self._rich(data)
        chunks += [*self._held, *console(self._capped.end())]
        if self._left_out:
            chunks += notice(f"{self._left_out:,} pictures of this output were left out.\n")
        return chunks + notice(self._capped.where) + ([active_line("")] if self._active else [])

    def _rich(self, data: Mapping[str, Any]) -> list[Chunk]:
        for mime, form in PICTURES.items():
            if mime in data and len(picture := "".join(_string(data[mime]).split())) <= PICTURE_MAX:
                return self._picture(Chunk(Role.COMPUTER, Kind.IMAGE, picture, form))
        text = next((_string(data[mime]) for mime in TEXTS if mime in data), "")
        chunks = self._own_line(text.rstrip("\n") + "\n") if text else []
        for mime, form in MARKUP.items():
            if mime in data and len(markup := _string(data[mime])) <= MARKUP_MAX:
                return [*chunks, Chunk(Role.COMPUTER, Kind.CODE, markup, form, recipient="user", starts=True)]
        return chunks

    def _picture(self, chunk: Chunk) -> list[Chunk]:
        if not self._cleared and self._shown < PICTURES_MAX:
            self._shown += 1
            return [chunk]
        self._left_out += len(self._held) == PICTURES_MAX
        self._held.append(chunk)
        return []

    def _own_line(self, text: str) -> list[Chunk]:
        held = self._text(self._lines.end())
        return held + self._text(self._lines.add(text if self._fresh_line else "\n" + text))

    def _text(self, text: str) -> list[Chunk]:
        if text:
            self._fresh_line = text.endswith("\n")
        return console(self._capped.add(text))

    def _passed(self, kind: str, text: str, form: str) -> list[Chunk]:
        if kind == Kind.CONSOLE and form == "output":
            return self._text(text)
        if kind == Kind.CONSOLE and form == "active_line":
            self._active = text
            return [active_line(text)]
        if kind == Kind.CONSOLE:
            return notice(text[:NOTICE_MAX])
        if kind == Kind.CODE:
            return [Chunk(Role.COMPUTER, Kind.CODE, text, form, recipient="user", starts=True)]
        return [Chunk(Role.COMPUTER, Kind.IMAGE, text, form)] if form in PICTURES.values() else []


class Rewriting:
    """Lines that carriage returns write over: each is let through now and then, and as it is at last."""

    def __init__(self) -> None:
        self._held = ""  # of the last line, what is not shown yet
        self._begun = False  # whether some of the last line is shown
        self._then = -REWRITTEN

    def add(self, text: str) -> str:
        """What to show of ``text``."""
        if "\r" not in text and not self._held:
            self._begun = not text.endswith("\n")
            return text
        *whole, last = (self._held + text).split("\n")
        self._held = ""
        shown = "".join([self._at_last(line, False) + "\n" for line in whole])
        if "\r" not in last:
            self._begun = self._begun or bool(last)
            return shown + last
        self._held = last
        if time.monotonic() - self._then >= REWRITTEN:
            self._then = time.monotonic()
            shown += self.end()
            self._held = "\r" if last.endswith("\r") else ""
        return shown

    def end(self) -> str:
        """What is still held."""
        line, self._held = self._held, ""
        return self._at_last(line, True)

    def _at_last(self, line: str, goes_on: bool) -> str:
        """What an overwritten line is in the end."""
        _, over, text = line.rstrip("\r").rpartition("\r")
        again = "\r" if over and self._begun and text else ""
        self._begun = goes_on and (self._begun or bool(text))
        return again + text


def console(text: str) -> list[Chunk]:
    """The text as a chunk; none for no text."""
    return [Chunk(Role.COMPUTER, Kind.CONSOLE, text, "output")] if text else []


def notice(text: str) -> list[Chunk]:
    """A text about the run as a chunk; none for no text."""
    return [Chunk(Role.COMPUTER, Kind.CONSOLE, text, "notice")] if text else []


def active_line(number: str) -> Chunk:
    return Chunk(Role.COMPUTER, Kind.CONSOLE, number, "active_line")


def traceback(content: Mapping[str, Any]) -> str:
    """An error as text: without colours, without its middle where it is long; an interrupt is one word."""
    if content["ename"] == "KeyboardInterrupt":
        return "KeyboardInterrupt\n"
    lines = _ANSI.sub("", "\n".join(content["traceback"])).splitlines()
    if not lines:
        lines = [f"{content['ename']}: {content['evalue']}"]
    out = len(lines) - TRACEBACK_HEAD - TRACEBACK_TAIL
    if out > 1:
        lines[TRACEBACK_HEAD : TRACEBACK_HEAD + out] = [f"… {out} lines left out …"]
    return "\n".join(lines) + "\n"


def _string(value: object) -> str:
    """What is displayed, as text: it may come in lines, and a picture, where it has not travelled yet, as bytes."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return "".join(map(str, value)) if isinstance(value, list) else str(value)
