"""The kinds of slot a command may have: numbers, names of keys, applications and folders, free words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from oi_voice.llm.commands import numbers
from oi_voice.llm.commands.pattern import Kind, Value
from oi_voice.llm.commands.text import Text


def literal(text: str) -> str:
    """``text`` as a Python literal. Backticks are escaped, for the code travels in a markdown block."""
    return repr(text).replace("`", r"\x60")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a fixed set of phrases; ``name`` is its grammar rule's."""

    name: str
    options: Mapping[str, Value]

    def match(self, text: Text, at: int) -> Iterator[tuple[int, Value]]:
        words = [token.norm for token in text.tokens[at:]]
        for phrase in sorted(self.options, key=len, reverse=True):
            parts = phrase.split()
            if words[: len(parts)] == parts:
                yield at + len(parts), self.options[phrase]

    def jsgf(self) -> str:
        return f"<{self.name}>"

    def rule(self) -> str:
        return " | ".join(self.options)


@dataclass(frozen=True, slots=True)
class App:
    """A well-known application; outside the grammar also any name of up to three words."""

    known: Choice

    def match(self, text: Text, at: int) -> Iterator[tuple[int, Value]]:
        yield from self.known.match(text, at)
        for end in range(at + 1, min(at + 3, len(text.tokens)) + 1):
            name = text.span(at, end).strip(".,!?\"'")
            if re.fullmatch(r"[\w+.' -]+", name) and ". " not in name:
                yield end, Value(literal(name), name, guessed=True)

    def jsgf(self) -> str:
        return self.known.jsgf()


DIGITS = 40  # of a number; nobody says longer ones, and Python refuses to read very long ones


@dataclass(frozen=True, slots=True)
class Number:
    """A number, as the digits that Python reads; ``top`` bounds it to whole numbers from 0 to ``top``."""

    name: str = "number"
    top: int | None = None

    def match(self, text: Text, at: int) -> Iterator[tuple[int, Value]]:
        for end, value in numbers.readings([token.norm for token in text.tokens], at):
            if len(value) > DIGITS:
                continue
            if self.top is None or (value.isdecimal() and int(value) <= self.top):
                plain = value if "." in value else str(int(value))
                yield end, Value(plain, plain.replace("-", "minus "))

    def jsgf(self) -> str:
        return f"<{self.name}>"


@dataclass(frozen=True, slots=True)
class Words:
    """Anything at all, as it was written; the shortest reading first, so that words after it keep their meaning."""

    def match(self, text: Text, at: int) -> Iterator[tuple[int, Value]]:
        for end in range(at + 1, len(text.tokens) + 1):
            said = text.span(at, end).strip().rstrip(".,;:")
            if len(said) > 1 and said[0] + said[-1] in ('""', "''", "“”", "‘’"):
                said = said[1:-1]
            yield end, Value(literal(said), said, guessed=True)

    def jsgf(self) -> str:
        return "<words>"


@dataclass(frozen=True, slots=True)
class FileName:
    """The name of a file or folder, without a path: up to four words, "notes dot text" being ``notes.text``."""

    def match(self, text: Text, at: int) -> Iterator[tuple[int, Value]]:
        for end in range(at + 1, min(at + 6, len(text.tokens)) + 1):
            name = re.sub(r"\s+dot\s+", ".", text.span(at, end)).lstrip("\"'“‘ ").rstrip(".,;:!?\"'”’ ")
            if re.fullmatch(r"[^/\\\0]+", name) and name.count(" ") < 4:
                yield end, Value(literal(name), name, guessed=True)

    def jsgf(self) -> str:
        return "<title>"


@dataclass(frozen=True, slots=True)
class Site:
    """A web address such as example.org; typed or written, never in the grammar."""

    def match(self, text: Text, at: int) -> Iterator[tuple[int, Value]]:
        if at < len(text.tokens):
            site = text.span(at, at + 1).rstrip(".,!?")
            if re.fullmatch(r"(https?://)?[\w-]+(\.[\w-]+)+(:\d+)?(/\S*)?", site):
                yield at + 1, Value(literal(site if "://" in site else f"https://{site}"), site, guessed=True)

    def jsgf(self) -> str:
        raise NotImplementedError("web addresses are not in the grammar")


def _names(names: str, **others: str) -> dict[str, Value]:
    plain = {name.strip(): name.strip() for name in names.split(",")} | others
    return {phrase: Value(literal(name), phrase) for phrase, name in plain.items()}


def _places() -> dict[str, Value]:
    here = Value("Path.cwd()", "in this folder")
    places = {"here": here, "this folder": here, "the current folder": here, "the folder": here}
    home = Value("Path.home()", "in your home folder")
    places |= {"my home folder": home, "the home folder": home, "my home directory": home, "home": home}
    for name, preposition in (("Desktop", "on"), ("Downloads", "in"), ("Documents", "in"), ("Pictures", "in")):
        value = Value(f'Path.home() / "{name}"', f"{preposition} your {name}" + " folder" * (preposition == "in"))
        for form in ("my {}", "the {}", "{}", "my {} folder", "the {} folder", "{} folder"):
            places[form.format(name.lower())] = value
    return places


def _apps() -> dict[str, Value]:
    names = "text editor, calculator, file manager, web browser, terminal, mail program, music player, image viewer"
    others = {"editor": "text editor", "notepad": "text editor", "browser": "web browser", "console": "terminal"}
    known = {phrase: Value(value.code, f"the {phrase}") for phrase, value in _names(names, **others).items()}
    return known | {"firefox": Value(literal("firefox"), "Firefox"), "chrome": Value(literal("chrome"), "Chrome")}


_APPS = Choice("app", _apps())
_KEYS = _names(
    "enter, tab, space, backspace, delete, home, end, up, down, left, right",
    escape="esc",
    **{"return": "enter", "the space bar": "space", "page up": "pageup", "page down": "pagedown"},
    **{f"{way} arrow": way for way in ("up", "down", "left", "right")},
    **{f"f {numbers.spoken(number)}": f"f{number}" for number in range(1, 13)},
)
_LETTERS = _names("a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z")
_OPERATORS = {
    "plus": Value("+", "plus"),
    "minus": Value("-", "minus"),
    "times": Value("*", "times"),
    "multiplied by": Value("*", "times"),
    "divided by": Value("/", "divided by"),
}
_TYPED_KEYS = {f"f{number}": Value(f"'f{number}'", f"F{number}") for number in range(1, 13)} | _names(
    "esc", ctrl="ctrl"
)

CHOICES = {
    choice.name: choice
    for choice in (
        _APPS,
        Choice("place", _places()),
        Choice("key", _KEYS),
        Choice("letter", _LETTERS),
        Choice("modifier", _names("alt, shift", control="ctrl", windows="win", super="win")),
        Choice("operator", _OPERATORS),
        Choice("vertical", {"up": Value("5", "up"), "down": Value("-5", "down")}),
    )
}
"""The kinds with a fixed set of phrases. Key names are those of pyautogui."""

KINDS: dict[str, Kind] = {
    **CHOICES,
    "typed_key": Choice("typed_key", _TYPED_KEYS),
    "typed_modifier": Choice("typed_modifier", _names("ctrl, cmd, win, option")),
    "app": App(_APPS),
    "number": Number(),
    "level": Number("level", top=100),
    "pixel": Number("pixel", top=32_767),
    "clicks": Number("clicks", top=99),
    "words": Words(),
    "name": FileName(),
    "site": Site(),
}

RULES = {
    **numbers.RULES,
    **{name: choice.rule() for name, choice in CHOICES.items()},
    "level": "zero | <below_hundred> | [a | one] hundred",
    "pixel": "<natural>",
    "clicks": "<below_hundred>",
    "words": "<word> [<words>]",  # one copy of the vocabulary in the search, where "<word>+" makes two
    "title": "<noun> [<noun>]",
}
"""JSGF rules for every kind the grammar knows; ``<word>`` is the free vocabulary."""
