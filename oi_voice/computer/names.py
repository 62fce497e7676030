"""Names that people and models get slightly wrong: the nearest ones are named, never used."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def plain(name: str) -> str:
    """Lower case with single spaces."""
    return " ".join(name.casefold().split())


def near(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names most like ``name``, best first."""
    spelled = {plain(option): option for option in reversed(list(known))}  # of two spelled alike, the first
    return [spelled[match] for match in get_close_matches(plain(name), spelled, most, cutoff=0.6)]


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """A question that names the nearest known names, or ``otherwise``."""
    return f"Did you mean {either(found)}?" if (found := near(name, known)) else otherwise


def either(names: Iterable[str]) -> str:
    """Names in quotes, joined to be read: “a”, “b” or “c”."""
    *most, last = [f"“{name}”" for name in names]
    return f"{', '.join(most)} or {last}" if most else last
