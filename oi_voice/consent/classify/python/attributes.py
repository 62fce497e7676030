"""What ``value.name`` is."""

from __future__ import annotations

import ast
from dataclasses import replace

from oi_voice.consent.classify.knowledge import python_pure as pure
from oi_voice.consent.classify.knowledge.python_methods import ACTS, ANYWHERE
from oi_voice.consent.classify.python import strings
from oi_voice.consent.classify.python.functions import enter
from oi_voice.consent.classify.python.machine import Machine
from oi_voice.consent.classify.python.values import (
    Class,
    Data,
    Function,
    Instance,
    Items,
    Known,
    Made,
    Method,
    Named,
    Place,
    Unknown,
    Value,
    common,
)
from oi_voice.consent.classify.texts import Origin, Text, split

_OPEN_DUNDERS = frozenset(("__name__", "__file__", "__doc__", "__version__", "__len__", "__init__"))


#: Of what makes requests: through which host, and with whose.
THROUGH = frozenset(("proxies", "proxy", "base_url", "adapters"))
_PARTS = frozenset(("parent", "name", "stem", "suffix", "parts", "anchor", "suffixes", "drive", "parents", "root"))


def attribute(machine: Machine, value: Value, name: str) -> Value:
    """What ``value.name`` is where it is not called at once."""
    if name.startswith("__") and name not in _OPEN_DUNDERS:
        return Unknown()
    if isinstance(value, Named):
        full = f"{value.name}.{name}"
        if full in pure.VALUES:
            return Data()
        return Known(pure.CONSTANTS[full]) if full in pure.CONSTANTS else Named(full)
    if isinstance(value, Place):
        return part(value, name) if name in _PARTS else Method(value, name)
    if isinstance(value, Instance):
        return _of_instance(machine, value, name)
    if isinstance(value, Class):
        known = [each for each in (value.methods.get(name), value.fields.get(name)) if each is not None]
        return common(known) if known else Unknown()
    if isinstance(value, Data):
        if value.kind == "session" and name in THROUGH:
            machine.deeds.unknown("changes where requests go or whom they trust")
        if (value.kind, name) in ACTS or name in ANYWHERE:
            return Method(value, name)
        kept = value.kind if value.kind in ("entry", "session", "request") else ""
        return Data(value.origin, kept, value.text if name == "path" else None)
    if isinstance(value, Unknown):
        return Method(value, name) if name in ANYWHERE else Unknown(free=value.free)
    return Method(value, name)


def _of_instance(machine: Machine, value: Instance, name: str) -> Value:
    found = value.of.methods.get(name)
    if isinstance(found, Function):
        decorators = [] if isinstance(found.node, ast.Lambda) else map(ast.unparse, found.node.decorator_list)
        if "property" in decorators or "cached_property" in decorators or "functools.cached_property" in decorators:
            return enter(machine, replace(found, of=value), [], {})
        return replace(found, of=None if "staticmethod" in decorators else value)
    known = [each for each in (found, value.of.fields.get(name)) if each is not None]
    return common(known) if known else Unknown()


def part(place: Place, name: str) -> Value:
    """A part of a path."""
    halves = split(place.text)
    if halves is None:
        return Data(strings.degraded(place.text))
    folder, last = halves
    if name == "parent":
        return Place(folder)
    if name == "name":
        return Known(last.plain) if last.plain is not None else Made(last)
    if name in ("stem", "suffix") and last.plain is not None:
        stem, dot, suffix = last.plain.rpartition(".")
        return Known(stem if stem else last.plain) if name == "stem" else Known(dot + suffix if stem else "")
    if name == "parents":
        return Items([Place(folder)], exact=False) if folder.plain is None else _parents(folder.plain)
    return Data(Origin.NAME)


def _parents(folder: str) -> Items:
    found = [folder]
    while found[-1].rpartition("/")[0] and len(found) < 20:
        found.append(found[-1].rpartition("/")[0])
    return Items([Place(Text((each,))) for each in found])
