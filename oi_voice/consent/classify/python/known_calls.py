"""Which methods are known to compute, whatever they are called on."""

from __future__ import annotations

from oi_voice.consent.classify.knowledge.python_methods import AMBIGUOUS, COMPUTES, inert
from oi_voice.consent.classify.python.functions import Args, Kwargs
from oi_voice.consent.classify.python.machine import Machine
from oi_voice.consent.classify.python.values import (
    NONE,
    Data,
    Items,
    Known,
    Made,
    Place,
    Table,
    Unknown,
    Value,
)


def just_data(of: Value, name: str, args: Args) -> bool:
    """Whether a name that paths have too is here that of a text, a list or a table."""
    if name == "replace":
        return len(args) != 1 or isinstance(args[0], Table | Items) or isinstance(of, Data)
    if isinstance(of, Data) and name in ("copy", "rename", "match", "is_dir", "exists", "pull", "name"):
        return True
    if name in ("rename", "copy") and not args:
        return True
    return isinstance(of, Known | Made | Items | Table)


def computes_on(of: Value, name: str, args: Args) -> bool:
    if name.startswith("_") and name != "__init__":
        return False
    if isinstance(of, Known | Made | Items | Table | Place):
        return not isinstance(of, Place) and inert(name)
    if isinstance(of, Unknown) and not of.free:
        return False
    if isinstance(of, Unknown) and name in AMBIGUOUS:
        first = args[0] if args else NONE
        plain = isinstance(first, Known) and not (isinstance(first.value, str) and "://" in first.value)
        return name in ("copy", "replace", "head", "get", "search") and (not args or plain or name == "replace")
    return name in COMPUTES or inert(name)


def function_given(machine: Machine, name: str, args: Args, kwargs: Kwargs) -> None:
    """Methods that call what they are given must be given something known."""
    if name in ("apply", "applymap", "map", "pipe", "agg", "aggregate", "transform"):
        for each in (*args[:1], *(kwargs[key] for key in ("func", "key") if key in kwargs)):
            if isinstance(each, Unknown):
                machine.deeds.unknown(f"runs {each.name or 'something'}, which is not known here")
