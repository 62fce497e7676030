"""Spoken numbers: words and digits to an exact value, and the grammar rules that hear them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_DIGITS = {word: value for value, word in enumerate(ONES)} | {"oh": 0}
_UNITS = {word: value for value, word in enumerate(ONES[1:], 1)}
_TEENS = {word: value for value, word in enumerate(TEENS, 10)}
_TENS = {word: value for word, value in zip(TENS, range(20, 100, 10), strict=True)}
_SCALES = (("million", 1_000_000), ("thousand", 1_000))

RULES = {
    "unit": " | ".join(ONES[1:]),
    "teen": " | ".join(TEENS),
    "tens": " | ".join(TENS),
    "below_hundred": "<unit> | <teen> | <tens> [<unit>]",
    "below_thousand": "<below_hundred> | (<unit> | a) hundred [[and] <below_hundred>]",
    "natural": "zero | <below_thousand> | <unit> thousand [[and] <below_thousand>]",
    "decimals": "point (zero | <unit>) [zero | <unit>]",
    "number": "[minus] <natural> [<decimals>]",
}
"""JSGF rules for 0 to 9999, either sign, up to two decimals: more would cost the recogniser accuracy."""

Reading = tuple[int, str]
"""Where a number ends in the tokens, and its exact decimal notation: ``"-3.5"``."""


def readings(words: Sequence[str], at: int) -> Iterator[Reading]:
    """Every way to read a number that begins at ``words[at]``, the longest first."""
    if at < len(words) and words[at] in ("minus", "negative"):
        yield from ((end, f"-{value}") for end, value in _decimal(words, at + 1))
    else:
        yield from _decimal(words, at)


def spoken(value: int) -> str:
    """``value`` (0 to 999,999) in words, as the grammar has them: two hundred five."""
    if value < 10:
        return ONES[value]
    if value < 20:
        return TEENS[value - 10]
    if value < 100:
        return _joined(TENS[value // 10 - 2], value % 10)
    if value < 1000:
        return _joined(f"{ONES[value // 100]} hundred", value % 100)
    return _joined(f"{spoken(value // 1000)} thousand", value % 1000)


def _joined(head: str, rest: int) -> str:
    return f"{head} {spoken(rest)}" if rest else head


def _decimal(words: Sequence[str], at: int) -> Iterator[Reading]:
    if at < len(words) and words[at].replace(".", "", 1).isdecimal():
        number = words[at]
        yield at + 1, f"0{number}" if number.startswith(".") else number
        return
    for end, value in sorted(set(_natural(words, at)), reverse=True):
        stop = end + 1
        while end < len(words) and words[end] == "point" and stop < len(words) and words[stop] in _DIGITS:
            stop += 1
        if stop > end + 1:
            yield stop, f"{value}." + "".join(str(_DIGITS[word]) for word in words[end + 1 : stop])
        yield end, str(value)


def _natural(words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
    if at < len(words) and words[at] == "zero":
        yield at + 1, 0
    yield from _scaled(words, at, _SCALES)


def _scaled(words: Sequence[str], at: int, scales: Sequence[tuple[str, int]]) -> Iterator[tuple[int, int]]:
    """Numbers of the form <below thousand> million <below thousand> thousand <below thousand>."""
    if not scales:
        yield from _below_thousand(words, at)
        return
    (word, factor), smaller = scales[0], scales[1:]
    for end, count in _below_thousand(words, at):
        if end < len(words) and words[end] == word:
            yield end + 1, count * factor
            rest = end + 2 if end + 1 < len(words) and words[end + 1] == "and" else end + 1
            yield from ((stop, count * factor + value) for stop, value in _scaled(words, rest, smaller))
    yield from _scaled(words, at, smaller)


def _below_thousand(words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
    yield from _below_hundred(words, at)
    head = words[at] if at + 1 < len(words) and words[at + 1] == "hundred" else ""
    count = {"a": 1, **_UNITS, **_TEENS}.get(head)  # "twelve hundred" is 1200
    if count is None:
        return
    yield at + 2, count * 100
    rest = at + 3 if at + 2 < len(words) and words[at + 2] == "and" else at + 2
    yield from ((end, count * 100 + value) for end, value in _below_hundred(words, rest))


def _below_hundred(words: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
    word = words[at] if at < len(words) else ""
    if word in _UNITS or word in _TEENS:
        yield at + 1, (_UNITS | _TEENS)[word]
    elif word in _TENS:
        yield at + 1, _TENS[word]
        if at + 1 < len(words) and words[at + 1] in _UNITS:
            yield at + 2, _TENS[word] + _UNITS[words[at + 1]]
