"""What an expression is known to be without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from oi_voice.consent.classify.texts import Origin, Text, Wild, component, either

KEPT = 64  # values that a list is known by; of a longer one only what they have in common is kept


@dataclass(frozen=True, slots=True)
class Known:
    """A number, a text, bytes, a truth value or None, exactly. ``hidden``: it was decoded."""

    value: Any
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A text with holes."""

    text: Text


@dataclass(frozen=True, slots=True)
class Place:
    """A ``pathlib`` path. Of ``there`` it is known that it names what was found in a folder."""

    text: Text


@dataclass(frozen=True, slots=True)
class Data:
    """Something inert, or of a ``kind`` whose methods are known; ``text`` is the path or address that it stands on."""

    origin: Origin = Origin.PLAIN
    kind: str = ""
    text: Text | None = None


@dataclass(eq=False, slots=True)
class Items:
    """A list, a tuple, a set or a generator. Unless ``exact``, its values are in any order and number."""

    values: list[Value]
    exact: bool = True

    def add(self, value: Value) -> None:
        if not any(same(value, each) for each in self.values[-KEPT:]) or self.exact:
            self.values.append(value)
        if len(self.values) > KEPT:
            self.values, self.exact = [common(self.values)], False


@dataclass(eq=False, slots=True)
class Table:
    """A dict: what is known by key, and what may be in it beside."""

    items: dict[Any, Value]
    rest: Value | None = None

    def all(self) -> list[Value]:
        return [*self.items.values(), *([self.rest] if self.rest is not None else [])]


@dataclass(frozen=True, slots=True)
class Named:
    """A module, or what is in one, by its full name."""

    name: str


@dataclass(frozen=True, slots=True)
class Method:
    of: Value
    name: str


@dataclass(eq=False, slots=True)
class Function:
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    scope: Any
    of: Value | None = None
    defaults: dict[str, Value] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Class:
    node: ast.ClassDef
    methods: dict[str, Value]
    fields: dict[str, Value] = field(default_factory=dict)
    plain: bool = True  # it inherits from nothing that is not known
    bases: tuple[Class, ...] = ()


@dataclass(eq=False, slots=True)
class Instance:
    of: Class


@dataclass(frozen=True, slots=True)
class Unknown:
    """``name`` is the free name that it is. What comes of a free name is ``free``: an earlier block made it, and was
    asked about what it keeps; it is no module, and no function that acts."""

    name: str = ""
    free: bool = False


Plain = Known | Made | Place | Data
Several = Items | Table
Value = Known | Made | Place | Data | Items | Table | Named | Method | Function | Class | Instance | Unknown

NONE = Known(None)


def same(one: Value, other: Value) -> bool:
    return one is other or (type(one) is type(other) and one == other)


def as_text(value: Value) -> Text | None:
    """What the value is as text; None where it may be no text at all."""
    if isinstance(value, Known):
        known = value.value
        return Text((known.decode("utf-8", "replace") if isinstance(known, bytes) else str(known),))
    if isinstance(value, Made | Place):
        return value.text
    if isinstance(value, Data):
        return Text((value.origin,))
    return Text((origin(value),)) if isinstance(value, Several) else None


def as_path(value: Value) -> Text | None:
    """The path that the value names; None where it cannot be told."""
    if isinstance(value, Known) and not isinstance(value.value, str | bytes):
        return None
    if isinstance(value, Data):
        return value.text if value.kind in ("entry", "file") and value.text is not None else Text((value.origin,))
    return as_text(value) if isinstance(value, Known | Made | Place) else None


def leaves(value: Value) -> Iterator[Value]:
    """The values in a value, and in those; each list and dict is gone into once, however often it is in another."""
    seen: set[int] = set()
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, Several):
            yield each
        elif id(each) not in seen:
            seen.add(id(each))
            waiting += each.values if isinstance(each, Items) else each.all()


def origin(value: Value) -> Origin:
    """The most telling origin of all that is in it."""
    if isinstance(value, Known):
        return Origin.PLAIN
    if isinstance(value, Made | Place):
        return value.text.origin
    if isinstance(value, Data):
        return value.origin
    if isinstance(value, Several):
        return max(map(origin, leaves(value)), default=Origin.PLAIN)
    return Origin.OPAQUE


def inert(value: Value) -> bool:
    """Whether it can be nothing but data: not a function, a module or something unknown."""
    return isinstance(value, Plain) or (isinstance(value, Several) and all(map(inert, leaves(value))))


def loose(value: Value) -> bool:
    """Whether it is data, or came of a free name."""
    if isinstance(value, Several):
        return all(map(loose, leaves(value)))
    return isinstance(value, Plain) or (isinstance(value, Unknown) and value.free)


def elements(value: Value) -> tuple[list[Value], bool]:
    """What iterating gives, and whether exactly that and in that order."""
    if isinstance(value, Items):
        return value.values, value.exact
    if isinstance(value, Table):
        keys: list[Value] = [Known(key) for key in value.items]
        return [*keys, *([Data(Origin.NAME)] if value.rest else [])], value.rest is None
    if isinstance(value, Known) and isinstance(value.value, str | bytes) and len(value.value) <= KEPT:
        return [Known(each) for each in value.value], True
    if isinstance(value, Data):
        return [Data(value.origin, "entry", value.text) if value.kind == "entry" else Data(value.origin)], False
    if isinstance(value, Known | Made):
        return [Data(origin(value))], False
    return [Unknown(free=isinstance(value, Unknown) and value.free)], False


def common(values: list[Value]) -> Value:
    """One value that stands for each of these."""
    found = values[0] if values else Data()
    for value in values[1:]:
        found = join(found, value)
    return found


def join(one: Value, other: Value) -> Value:
    """A value that stands for either."""
    if same(one, other):
        return one
    if _is_text(one) and _is_text(other):
        return Made(either(as_text(one) or Text(()), as_text(other) or Text(())))
    if isinstance(one, Place) and isinstance(other, Place):
        return Place(either(one.text, other.text))
    if one == NONE or other == NONE:
        return other if one == NONE else one  # None does nothing that the other does not
    if isinstance(one, Items) and isinstance(other, Items):
        joint = Items([], exact=False)
        for value in (*one.values, *other.values):
            joint.add(value)
        return joint
    if isinstance(one, Table) and isinstance(other, Table):
        rest = [*one.all(), *other.all()]
        return Table({}, common(rest)) if rest else one
    if isinstance(one, Instance) and isinstance(other, Instance) and one.of is other.of:
        return one
    if inert(one) and inert(other):
        kind = one.kind if isinstance(one, Data) and isinstance(other, Data) and one.kind == other.kind else ""
        return Data(max(origin(one), origin(other), _number(one), _number(other)), kind)
    return Unknown(free=loose(one) and loose(other))


def _is_text(value: Value) -> bool:
    return isinstance(value, Made) or (isinstance(value, Known) and isinstance(value.value, str))


def _number(value: Value) -> Origin:
    known = isinstance(value, Known) and isinstance(value.value, int | float)
    return Origin.NUMBER if known else Origin.PLAIN


def files(folder: Text, pattern: str) -> Items:
    """The paths that a glob pattern finds in a folder."""
    path = folder
    for piece in pattern.split("/"):
        path = component(path, Text((Wild(piece) if any(mark in piece for mark in "*?[") else piece,)))
    return Items([Place(path)], exact=False)
