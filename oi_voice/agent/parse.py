"""Turns a model's text, in pieces of any size, into chunks of prose and of code.

Code comes as markdown blocks (CommonMark 0.31, section 4.5: three or more backticks or tildes at a
line's start, at most three spaces in) whose info string begins with a programming language. Nothing of
the text is lost: prose and code go out as they come; what may still turn out to be a fence waits for its line's
end, and what may be a call written as text (``wrapped``) until it is whole. What went out never changes.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from oi_voice.agent.wrapped import Wrapped, block, may_wrap, suspect, wrapped
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.tags import normal, shows

NEVER_ENDED = "This block was cut off before its end, so it was not run. Write it again, whole."
EMPTY = "This block is empty, so there was nothing to run."

LONGEST = 200  # characters of a line that may be a fence: a longer one is none, so that waiting for its end is cheap

_ASSISTANT, _MESSAGE, _CODE = Role.ASSISTANT, Kind.MESSAGE, Kind.CODE
_PIECES = re.compile(r"[^\n]*\n|[^\n]+")
_OPENING = re.compile(r"( {0,3})(`{3,}(?!.*`)|~{3,})([^\n]*)\n?\Z")
_MAY_OPEN = re.compile(r" {0,3}(`{0,2}|~{0,2}|`{3,}[^`]*|~{3,}.*)\Z")
_CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*\r?\n?\Z")
_MAY_CLOSE = re.compile(r" {0,3}(`*|~*)[ \t]*\r?\Z")


def call_id() -> str:
    """A name for a block that brings none."""
    return f"call_{secrets.token_hex(12)}"


class Parser:
    """One reply's text. ``feed`` pieces, then ``end``.

    ``named`` makes the blocks' names; ``faults`` gets, by a block's name, why it can't be run.
    """

    def __init__(self, named: Callable[[], str] = call_id, faults: dict[str, str] | None = None) -> None:
        self._named = named
        self._faults = {} if faults is None else faults
        self._chunks: list[Chunk] = []  # of this piece, before the text in ``_parts``
        self._parts: list[str] = []
        self._line = ""  # held back: the start of a line that may yet be a fence
        self._mid_line = False
        self._flows = False  # what comes now goes straight out, as long as the line lasts
        self._fence = ""  # what opened the block we are in, code or not
        self._indent = ""
        self._language = ""  # of the code we are in
        self._call = ""
        self._starts = False
        self._opening = ""  # the line that began what is held back
        self._held: list[str] | None = None  # held back: what may be a call written as text
        self._sure = False  # that it looks like one
        self._wrapped: Wrapped | None = None
        self._cut = False

    @property
    def open(self) -> bool:
        """Whether we are inside of a block of code, or of what may be one."""
        return bool(self._language) or self._held is not None or self._wrapped is not None

    @property
    def unclosed(self) -> bool:
        """Whether a block has not ended (yet)."""
        return self._cut or self.open

    def feed(self, text: str) -> list[Chunk]:
        """The chunks that are certain now."""
        if self._flows and "\n" not in text:
            if not text:
                return []
            if self._language:
                return [Chunk(_ASSISTANT, _CODE, text, self._language, "", self._call)]
            return [Chunk(_ASSISTANT, _MESSAGE, text)]
        for piece in _PIECES.findall(text):
            self._piece(piece)
        return self._certain()

    def pause(self) -> list[Chunk]:
        """Something else than text comes: what is not inside of a block ends here, and begins anew after it."""
        if self._wrapped is None and self.open and not self._ends(self._line):
            return []
        self._last_line()
        return self._certain()

    def end(self) -> list[Chunk]:
        """The rest, once the reply is over."""
        self._last_line()
        if self._wrapped is not None:
            self._cut = True
            self._unwrap()
        if self._held is not None:
            self._cut = self._sure
            self._release()
        if self._language:
            self._cut = True
            self._faults[self._call] = NEVER_ENDED
            self._flush(empty=True)
        self._fence = self._language = ""
        return self._certain()

    def _last_line(self) -> None:
        line, self._line, self._mid_line = self._line, "", False
        if line:
            self._whole(line)
        if self._wrapped is not None and self._wrapped.over():
            self._unwrap()

    # --- lines

    def _piece(self, piece: str) -> None:
        ends = piece[-1] == "\n"
        if self._wrapped is not None:
            if self._wrapped.add(piece):
                self._unwrap()
            return
        if self._mid_line:
            self._mid_line = not ends
            self._say(piece)
            return
        line = self._line + piece
        if not ends and len(line) <= LONGEST and self._may_be_fence(line):
            self._line = line
            return
        self._line, self._mid_line = "", not ends
        self._whole(line)

    def _may_be_fence(self, line: str) -> bool:
        if self._fence:
            return _MAY_CLOSE.match(line) is not None
        return _MAY_OPEN.match(line) is not None or may_wrap(line)

    def _whole(self, line: str) -> None:
        """A whole line, or the start of one that can't be a fence any more."""
        if self._fence:
            if self._ends(line):
                self._close(line)
            else:
                self._say(self._outdented(line) if self._language else line)
            return
        opening = _OPENING.match(line) if len(line.rstrip("\n")) <= LONGEST else None
        if opening:
            self._open(opening)
        elif held := wrapped(line):
            self._wrapped = held
            if held.add(line):
                self._unwrap()
        else:
            self._say(line)

    def _unwrap(self) -> None:
        held, self._wrapped, self._mid_line = self._wrapped, None, False
        for part in held.parts() if held else ():
            if isinstance(part, str):
                self._say(part)
            else:
                self._begin(part[0])
                self._say(part[1])
                self._finish()

    def _ends(self, line: str) -> bool:
        closing = _CLOSING.match(line) if self._fence and len(line.rstrip("\n")) <= LONGEST else None
        return closing is not None and closing[1].startswith(self._fence)

    def _outdented(self, text: str) -> str:
        """Lines without the spaces that their block's fence stands behind, too."""
        return re.sub(f"^ {{1,{len(self._indent)}}}", "", text, flags=re.MULTILINE) if self._indent else text

    # --- blocks

    def _open(self, opening: re.Match[str]) -> None:
        self._indent, self._fence, info = opening.groups()
        self._opening, self._tag, self._shown = opening[0], normal(info), shows(info)
        self._held, self._sure = [], False
        self._judge()

    def _judge(self) -> None:
        """Hold a block back, or let it go."""
        verdict = suspect(self._tag, "".join(self._held or ()))
        self._sure = verdict is True
        if verdict is False:
            self._release()

    def _release(self) -> None:
        """What was held back is what it looks like."""
        body, self._held = "".join(self._held or ()), None
        if self._shown:
            self._say(self._opening + body)
        else:
            self._begin(self._tag)
            self._say(self._outdented(body))

    def _begin(self, language: str) -> None:
        self._flush()
        self._language, self._call, self._starts = language, self._named(), True

    def _close(self, line: str) -> None:
        if self._held is not None:
            found = block(self._tag, self._outdented("".join(self._held)))
            if found:
                self._held = None
                self._begin(found[0])
                self._say(found[1])
            else:
                self._release()
        if self._language:
            self._finish()
        else:
            self._say(line)
        self._fence = ""

    def _finish(self) -> None:
        if self._starts and not self._parts:
            self._faults[self._call] = EMPTY
        self._flush(empty=True)
        self._language = ""

    # --- chunks

    def _say(self, text: str) -> None:
        if self._held is None:
            if text:
                self._parts.append(text)
            return
        self._held.append(text)
        if not self._sure:
            self._judge()

    def _flush(self, empty: bool = False) -> None:
        """Make a chunk of what was said; with ``empty`` also of a block's nothing, so that it can be seen."""
        text = "".join(self._parts)
        self._parts.clear()
        if not self._language:
            if text:
                self._chunks.append(Chunk(_ASSISTANT, _MESSAGE, text))
        elif text or (empty and self._starts):
            self._chunks.append(Chunk(_ASSISTANT, _CODE, text, self._language, "", self._call, self._starts))
            self._starts = False

    def _certain(self) -> list[Chunk]:
        self._flush()
        self._flows = self._mid_line and self._held is None and self._wrapped is None
        chunks, self._chunks = self._chunks, []
        return chunks
