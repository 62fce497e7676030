"""Text that is known in part: what is written stays, what is made as the code runs is a hole that knows its origin."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from itertools import product

OPTIONS = 64  # a text of more alternatives than this cannot be told
LONGEST = 100_000  # characters of a piece
PIECES = 300


class Origin(IntEnum):
    """Where a value comes from, from harmless to telling; of several the last counts."""

    PLAIN = 0  # computed from nothing but the code's own constants
    NUMBER = 1
    TIME = 2
    FIGURE = 3  # a number made of what a file, a host or the person holds
    NAME = 4  # a part of a file's name, without a slash
    NET = 5
    PERSON = 6  # typed by the person, or seen on the screen
    FILE = 7  # what is in a file, or in the system's state
    OPAQUE = 8


#: Origins whose text holds no slash and no dots, so that it cannot lead out of a folder.
WITHIN = frozenset((Origin.NUMBER, Origin.TIME, Origin.FIGURE, Origin.NAME))

#: Origins that tell a host nothing about the person.
BLAND = frozenset((Origin.PLAIN, Origin.NUMBER, Origin.TIME))


class Wild(str):
    """A piece of a glob pattern that stands for files which are there."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several texts."""

    options: tuple[Text, ...]


Piece = str | Wild | Origin | OneOf


@dataclass(frozen=True, slots=True)
class Text:
    """Pieces of text in a row."""

    pieces: tuple[Piece, ...]

    @property
    def plain(self) -> str | None:
        """The text, if all of it is known."""
        if len(self.pieces) == 1 and type(self.pieces[0]) is str:
            return self.pieces[0]
        if any(type(piece) is not str for piece in self.pieces):
            return None
        return "".join(str(piece) for piece in self.pieces)

    @property
    def origin(self) -> Origin:
        """The most telling origin in it."""
        found = Origin.PLAIN
        for piece in self.pieces:
            if isinstance(piece, Origin):
                found = max(found, piece)
            elif isinstance(piece, Wild):
                found = max(found, Origin.NAME)
            elif isinstance(piece, OneOf):
                found = max([found, *(option.origin for option in piece.options)])
        return found

    @property
    def head(self) -> str:
        """What is known of its beginning."""
        known = ""
        for piece in self.pieces:
            if type(piece) is not str:
                break
            known += piece
        return known

    def options(self) -> list[Text]:
        """Its alternatives, each without alternatives; empty when there are too many."""
        if len(self.pieces) == 1 and not isinstance(self.pieces[0], OneOf):
            return [self]
        choices: list[list[Text]] = []
        total = 1
        for piece in self.pieces:
            if isinstance(piece, OneOf):
                choices.append([each for option in piece.options for each in option.options()])
            else:
                choices.append([Text((piece,))])
            total *= len(choices[-1])
            if total > OPTIONS:
                return []
        return [reduce(joined, row, Text(())) for row in product(*choices)]

    def pattern(self) -> str | None:
        """As a glob pattern, ``*`` for each hole; None when a hole might hold a slash, or there are alternatives."""
        parts = []
        for piece in self.pieces:
            if isinstance(piece, OneOf) or (isinstance(piece, Origin) and piece not in WITHIN):
                return None
            if piece in (Origin.NUMBER, Origin.FIGURE):
                parts.append("[-0-9 ]*")
            else:
                wild = "*" if isinstance(piece, Origin) else piece
                parts.append(wild if isinstance(piece, Origin | Wild) else glob.escape(wild))
        return "".join(parts)


_BEYOND = Text((Origin.OPAQUE,))


def joined(one: Text, other: Text) -> Text:
    """One after the other, neighbouring known pieces as one; what grows beyond measure cannot be told."""
    first, second = one.pieces[-1:], other.pieces[:1]
    if first and second and type(first[0]) is str and type(second[0]) is str:
        whole = first[0] + second[0]
        return Text((*one.pieces[:-1], whole, *other.pieces[1:])) if len(whole) <= LONGEST else _BEYOND
    return Text(one.pieces + other.pieces) if len(one.pieces) + len(other.pieces) <= PIECES else _BEYOND


def either(one: Text, other: Text) -> Text:
    """A text that is one or the other."""
    if one == other:
        return one
    options: dict[Text, None] = {}
    for each in (one, other):
        whole = each.pieces[0].options if len(each.pieces) == 1 and isinstance(each.pieces[0], OneOf) else (each,)
        options.update(dict.fromkeys(whole))
    if len(options) > OPTIONS:
        return Text((max(one.origin, other.origin, Origin.PLAIN),))
    return Text((OneOf(tuple(options)),))


def component(path: Text, name: Text) -> Text:
    """A path and a name below it, as ``Path`` joins them: an absolute name stands alone."""
    if name.head.startswith("/") or not path.pieces:
        return name
    if path.plain in (".", ""):
        return name
    slash = "" if type(path.pieces[-1]) is str and path.pieces[-1].endswith("/") else "/"
    return joined(joined(path, Text((slash,) if slash else ())), name)


def split(path: Text) -> tuple[Text, Text] | None:
    """A path's folder and its last name; None where a hole or an alternative hides the slash."""
    for index in range(len(path.pieces) - 1, -1, -1):
        piece = path.pieces[index]
        if isinstance(piece, OneOf) or (isinstance(piece, Origin) and piece not in WITHIN):
            return None
        if isinstance(piece, Wild):
            if piece == "**":
                return Text(path.pieces), Text((Origin.NAME,))
            continue
        if isinstance(piece, str) and "/" in piece:
            folder, _, name = piece.rpartition("/")
            kept = Text((*path.pieces[:index], folder or "/"))
            return kept, Text(((name,) if name else ()) + path.pieces[index + 1 :])
    return Text((".",)), path
