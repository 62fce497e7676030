"""The little language in which commands are written, matched against sentences and turned into JSGF.

``open [the] (editor|browser)`` has optional words and alternatives; ``<a:number>`` is a slot called ``a``
of the kind ``number``, ``<app>`` one whose name is its kind's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from oi_voice.llm.commands.text import Text


@dataclass(frozen=True, slots=True)
class Value:
    """What a slot holds: the Python text that goes into the code, and how it is spoken of.

    ``guessed`` where the words are nobody's but the speaker's.
    """

    code: str
    said: str
    guessed: bool = False


class Kind(Protocol):
    """What may stand in a slot."""

    def match(self, text: Text, at: int) -> Iterator[tuple[int, Value]]:
        """Each way to read a value that begins at token ``at``: where it ends and what it is."""

    def jsgf(self) -> str:
        """The grammar's expansion for it."""


@dataclass(frozen=True, slots=True)
class Match:
    """A way to read the tokens up to ``end``; ``guessed`` of them are free words."""

    end: int
    guessed: int = 0
    slots: Mapping[str, Value] = field(default_factory=dict)

    def then(self, later: Match) -> Match:
        return Match(later.end, self.guessed + later.guessed, {**self.slots, **later.slots})


class Node(Protocol):
    def match(self, text: Text, at: int) -> Iterator[Match]: ...

    def jsgf(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Word:
    word: str

    def match(self, text: Text, at: int) -> Iterator[Match]:
        if at < len(text.tokens) and text.tokens[at].norm == self.word:
            yield Match(at + 1)

    def jsgf(self) -> str:
        return self.word


@dataclass(frozen=True, slots=True)
class Slot:
    name: str
    kind: Kind

    def match(self, text: Text, at: int) -> Iterator[Match]:
        for end, value in self.kind.match(text, at):
            yield Match(end, end - at if value.guessed else 0, {self.name: value})

    def jsgf(self) -> str:
        return self.kind.jsgf()


@dataclass(frozen=True, slots=True)
class Either:
    """One of several; ``optional`` adds none of them."""

    options: tuple[Phrase, ...]
    optional: bool = False

    def match(self, text: Text, at: int) -> Iterator[Match]:
        for option in self.options:
            yield from option.match(text, at)
        if self.optional:
            yield Match(at)

    def jsgf(self) -> str:
        inner = " | ".join(option.jsgf() for option in self.options)
        return f"[{inner}]" if self.optional else f"({inner})"


@dataclass(frozen=True, slots=True)
class Phrase:
    nodes: tuple[Node, ...]

    def match(self, text: Text, at: int) -> Iterator[Match]:
        return _after(self.nodes, text, Match(at))

    def jsgf(self) -> str:
        return " ".join(node.jsgf() for node in self.nodes)

    def whole(self, text: Text) -> Match | None:
        """The first reading that uses every token."""
        return next((match for match in self.match(text, 0) if match.end == len(text.tokens)), None)


def _after(nodes: tuple[Node, ...], text: Text, before: Match) -> Iterator[Match]:
    if not nodes:
        yield before
        return
    for match in nodes[0].match(text, before.end):
        yield from _after(nodes[1:], text, before.then(match))


_LEXER = re.compile(r"<(?P<slot>\w+(?::\w+)?)>|(?P<mark>[\[\]()|])|(?P<word>[^\s\[\]()|<>]+)")


def parse(pattern: str, kinds: Mapping[str, Kind]) -> Phrase:
    """The pattern's tree. Raises ValueError where brackets do not close, KeyError for an unknown kind."""
    lexemes = list(_LEXER.finditer(pattern))
    options, at = _options(lexemes, 0, kinds)
    if at != len(lexemes):
        raise ValueError(f"unbalanced: {pattern}")
    return options[0] if len(options) == 1 else Phrase((Either(options),))


def _options(lexemes: list[re.Match[str]], at: int, kinds: Mapping[str, Kind]) -> tuple[tuple[Phrase, ...], int]:
    options: list[Phrase] = []
    nodes: list[Node] = []
    while at < len(lexemes) and lexemes[at]["mark"] not in ("]", ")"):
        lexeme = lexemes[at]
        at += 1
        if lexeme["slot"]:
            name, _, kind = lexeme["slot"].partition(":")
            nodes.append(Slot(name, kinds[kind or name]))
        elif lexeme["word"]:
            nodes.append(Word(lexeme["word"]))
        elif lexeme["mark"] == "|":
            options.append(Phrase(tuple(nodes)))
            nodes = []
        else:
            inner, at = _options(lexemes, at, kinds)
            if at == len(lexemes) or lexemes[at]["mark"] != {"[": "]", "(": ")"}[lexeme["mark"]]:
                raise ValueError(f"unbalanced: {lexeme.string}")
            nodes.append(Either(inner, optional=lexeme["mark"] == "["))
            at += 1
    return (*options, Phrase(tuple(nodes))), at
