"""Sentences made from what a command's code printed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from oi_voice.llm.commands.row import Slots

_NAMES_SPOKEN = 6
_WORDS_SPOKEN = 60


def count(number: int, noun: str) -> str:
    """``one file``, ``3 files``."""
    return f"one {noun}" if number == 1 else f"{number} {noun}s"


def enumerated(names: list[str]) -> str:
    """``a, b and c``."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def listing(noun: str, place: str, output: str) -> str:
    """What a list of names, one a line, comes to."""
    names = output.split("\n") if output else []
    if not names:
        return f"There are no {noun}s {place}."
    verb = "is" if len(names) == 1 else "are"
    if len(names) <= _NAMES_SPOKEN:
        return f"There {verb} {count(len(names), noun)} {place}: {enumerated(names)}."
    return f"There are {count(len(names), noun)} {place}. The first are {enumerated(names[:_NAMES_SPOKEN])}."


def listed_files(slots: Slots, output: str) -> str:
    return listing("item", slots["place"].said, output)


def counted_files(slots: Slots, output: str) -> str:
    number = int(output)
    return f"There {'is' if number == 1 else 'are'} {count(number, 'file')} {slots['place'].said}."


def listed_windows(slots: Slots, output: str) -> str:
    return listing("window", "open", output)


def sum_of(slots: Slots, output: str) -> str:
    """The result of a sum, exact where it has an end, else rounded and called so."""
    if not output:
        return "Nothing can be divided by zero."
    result = Fraction(output)
    is_about, value = ("is", decimal(result)) if terminates(result) else ("is about", rounded(result))
    return f"{slots['a'].said} {slots['operator'].said} {slots['b'].said} {is_about} {value}.".replace(" -", " minus ")


def terminates(value: Fraction) -> bool:
    """Whether it has a finite decimal notation, short enough to be said."""
    return 10**12 % value.denominator == 0


def decimal(value: Fraction) -> str:
    """The exact decimal notation of a value that ``terminates``."""
    if value.denominator == 1:
        return str(value.numerator)
    digits = f"{abs(value.numerator) * 10**12 // value.denominator:013d}"
    return f"{'-' * (value < 0)}{digits[:-12]}.{digits[-12:].rstrip('0')}"


def rounded(value: Fraction) -> str:
    """Four decimals, or four significant digits of something smaller."""
    near = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{round(near, max(4, 3 - near.adjusted())):f}"


def volume(slots: Slots, output: str) -> str:
    return f"The volume is at {int(output)} percent."


def quoted(what: str, empty: str, output: str) -> str:
    """A text that was read, cut to what one listens to."""
    words = output.split()
    if not words:
        return empty
    more = f" And {len(words) - _WORDS_SPOKEN} more words." if len(words) > _WORDS_SPOKEN else ""
    return f"{what} says: {' '.join(words[:_WORDS_SPOKEN])}.{more}".replace("..", ".")


def screen(slots: Slots, output: str) -> str:
    return quoted("The screen", "I can see no text on the screen.", output)


def clipboard(slots: Slots, output: str) -> str:
    return quoted("The clipboard", "There is no text on the clipboard.", output)
