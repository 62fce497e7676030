"""Reads the JSON arguments of a call as they come, in pieces cut anywhere; each piece costs its own length."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from oi_voice.tags import normal

LONGEST_KEY = 200  # characters; what is longer is no key of ours

_BLANK = " \t\r\n"
_HEX, _HIGH, _LOW = "[0-9a-fA-F]", "[dD][89abAB][0-9a-fA-F]{2}", "[dD][c-fC-F][0-9a-fA-F]{2}"
_PLAIN = re.compile(r'[^"\\\x00-\x1f]+')
_PAIR, _SINGLE = rf"\\u{_HIGH}\\u{_LOW}", rf"\\u(?!{_HIGH}|{_LOW}){_HEX}{{4}}"
_CHARACTERS = re.compile(rf'(?:{_PLAIN.pattern}|\\["\\/bfnrt]|{_SINGLE}|{_PAIR})*')
_CUT_ESCAPE = re.compile(rf"\\(?:u(?:{_HEX}{{0,3}}|{_HIGH}(?:\\(?:u{_HEX}{{0,3}})?)?))?\Z")
_KEY = re.compile(r'[ \t\r\n]*("(?:[^"\\]|\\.)*")[ \t\r\n]*:[ \t\r\n]*(?=[^ \t\r\n])')
_CUT_KEY = re.compile(r'[ \t\r\n]*(?:"(?:[^"\\]|\\.)*(?:\\|"[ \t\r\n]*(?::[ \t\r\n]*)?)?)?\Z')
_TOKEN = re.compile(r'[^"{}\[\],]+|["{}\[\],]')
_TOKEN_IN_STRING = re.compile(r'[^"\\]+|\\.|"', re.DOTALL)


class Arguments:
    """An object with the strings ``language`` and ``code``, in either order, and whatever else.

    ``feed`` returns the code that is new, once the language is known. Code that begins with a backtick may be a
    markdown block, to be taken out of its fence: it is not told before its end.
    """

    def __init__(self) -> None:
        self.language = ""
        self.closed = False  # the object has ended
        self.broken = False  # this is no such object
        self._rest = ""  # not read yet
        self._after: list[str] = []  # what came once it was closed or broken
        self._step: Callable[[], bool] = self._object
        self._flows = False  # inside of code that goes out as it comes
        self._key = ""
        self._seen: set[str] = set()
        self._code: list[str] = []  # not told yet
        self._first = ""  # its first character
        self._language: list[str] = []
        self._depth = 0
        self._quoted = False

    @property
    def left(self) -> str:
        """What was not read: what follows the object's end, or where it is broken."""
        return self._rest + "".join(self._after)

    def feed(self, text: str) -> str:
        """Take a piece; returns the code that is new."""
        if self._flows and _PLAIN.fullmatch(text):
            return text
        if self.closed or self.broken:
            self._after.append(text)
            return ""
        self._rest += text
        while self._step():
            pass
        if not self.language or self._first in ("", "`"):
            return ""
        self._flows = self._step == self._string and self._key == "code" and not self._rest
        new = "".join(self._code)
        self._code.clear()
        return new

    # --- steps: each reads what it can and tells whether the next one may go on

    def _object(self) -> bool:
        self._rest = self._rest.lstrip(_BLANK)
        if self._rest[:1] == "{":
            return self._go(self._member, self._rest[1:])
        return bool(self._rest) and self._break()

    def _member(self) -> bool:
        found = _KEY.match(self._rest)
        if found:
            self._key = found[1][1:-1]
            return self._go(self._value, self._rest[found.end() :])
        if self._rest.lstrip(_BLANK)[:1] == "}":
            return self._end()
        waits = len(self._rest) < LONGEST_KEY and _CUT_KEY.match(self._rest)
        return False if waits else self._break()

    def _value(self) -> bool:
        if self._key not in ("language", "code"):
            return self._go(self._other, self._rest)
        if self._rest[0] != '"' or self._key in self._seen:
            return self._break()
        self._seen.add(self._key)
        return self._go(self._string, self._rest[1:])

    def _string(self) -> bool:
        found = _CHARACTERS.match(self._rest)
        if raw := found[0] if found else "":
            text = json.loads(f'"{raw}"') if "\\" in raw else raw
            self._rest = self._rest[len(raw) :]
            if self._key == "language":
                self._language.append(text)
            else:
                self._first = self._first or text[0]
                self._code.append(text)
        if not self._rest or _CUT_ESCAPE.match(self._rest):
            return False
        if self._rest[0] != '"':
            return self._break()
        if self._key == "language":
            self.language = normal("".join(self._language))
        return self._go(self._next, self._rest[1:])

    def _other(self) -> bool:
        at = 0
        while at < len(self._rest):
            found = (_TOKEN_IN_STRING if self._quoted else _TOKEN).match(self._rest, at)
            if not found:  # half an escape
                break
            token = found[0]
            if token == '"':
                self._quoted = not self._quoted
            elif not self._quoted and not self._depth and token in ",]}":
                return self._go(self._next, self._rest[at:])
            elif not self._quoted and token in "{}[]":
                self._depth += 1 if token in "{[" else -1
            at = found.end()
        self._rest = self._rest[at:]
        return False

    def _next(self) -> bool:
        self._rest = self._rest.lstrip(_BLANK)
        if self._rest[:1] == ",":
            return self._go(self._member, self._rest[1:])
        if self._rest[:1] == "}":
            return self._end()
        return bool(self._rest) and self._break()

    def _go(self, step: Callable[[], bool], rest: str) -> bool:
        self._step, self._rest = step, rest
        return True

    def _end(self) -> bool:
        self._rest, self.closed = self._rest.lstrip(_BLANK)[1:], True
        return False

    def _break(self) -> bool:
        self.broken = True
        return False
