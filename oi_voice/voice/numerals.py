"""Numbers, units, dates, amounts, paths and the like, written as they are said.

English and German; other languages are left as they are written, for their synthesiser knows best.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Protocol

from oi_voice.voice.units import ABBREVIATIONS, CURRENCIES, MONTHS, SIGNS, UNITS, WORDS


class _Say(Protocol):
    def __call__(self, found: re.Match[str], language: str) -> str: ...


_NUMBER = r"(?:\d{1,3}(?:[.,\u202f ’']\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
_SCALES = {"k": "thousand", "K": "thousand", "M": "million", "m": "million", "bn": "billion", "B": "billion"}
_DATE = re.compile(r"\b([12]\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:[T ](?=\d\d:\d\d)|\b)")
_DOTTED_DATE = re.compile(r"\b(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.([12]\d{3})\b")
_TIME = re.compile(
    r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?![\d:])(?P<zone>\s*Z\b)?(?:\s*(?P<half>[ap])(?:m\b|\.m\.))?"
    r"(?P<uhr>\s*Uhr\b)?",
    re.IGNORECASE,
)
_MONEY = re.compile(rf"(?P<sign>[$€£¥])\s?(?P<a>{_NUMBER})(?:\s?(?P<big>million|billion|bn|Mio\.|Mrd\.|[kKMB])\b)?")
_MONEY_AFTER = re.compile(rf"(?P<a>{_NUMBER})\s?(?:(?P<big>Mio\.|Mrd\.)\s?)?(?P<sign>[$€£¥]|USD\b|EUR\b|GBP\b|CHF\b)")
_RANGE = re.compile(rf"(?<![\w.,/:-])({_NUMBER})\s?[-–—]\s?({_NUMBER})(?=[\s.,;:!?)%°€a-zA-Z]|$)(?![-–—]\d)")
_MINUS = re.compile(r"(?<![\w)])[-−](?=\d)")
_UNIT = re.compile(
    rf"(?<![\w.])(?P<a>{_NUMBER})(?P<gap>[ \u00a0\u202f]?)(?P<unit>"
    + "|".join(sorted(map(re.escape, UNITS["en"]), key=len, reverse=True))
    + r")(?![\w/²³])"
)
_SCALED = re.compile(rf"(?<![\w.])(?P<a>{_NUMBER})(?P<big>[kKM]|bn)\b")
_VERSION = re.compile(r"(?<![\w.])(v?)(\d+(?:\.\d+){2,})(?![\w]|\.\d)", re.IGNORECASE)
_PATH = re.compile(
    r"(?<![\w/.~:])(?:(?:~|\.{1,2})?/(?:[\w.+@-]+/)*[\w.+@-]*\w/?|(?:[\w.+-]+/)+[\w-]+\.[a-zA-Z]\w{0,4}\b"
    r"|[A-Za-z]:\\(?:[\w .+-]+\\)*[\w.+-]*\w)"
)
_FILE = re.compile(r"(?<![\w.@/])[A-Za-z_][\w-]*(?:\.[\w-]+)*\.[a-zA-Z][a-zA-Z0-9]{0,5}\b(?![\w@(])")
_SNAKE = re.compile(r"(?<=[^\W_])_+(?=[^\W_])")
_NUMBERED = re.compile(r"(?<![\w&])#(?=\d)|\b[Nn]o\.\s?(?=\d)|\bNr\.\s?(?=\d)")
_FRACTION = re.compile(r"(?<![\w/.])(?<![Ss]tep )(?<![Pp]art )(?<![Pp]age )(1/2|1/3|2/3|1/4|3/4)(?![\w/])")


def naturally(text: str, language: str = "en") -> str:
    """A sentence as a person would read it out."""
    if language not in WORDS:
        return " ".join(_SNAKE.sub(" ", text).split())
    words = WORDS[language]
    for abbreviation, meant in ABBREVIATIONS[language]:
        text = abbreviation.sub(partial(_meant, meant), text)
    text = _PATH.sub(lambda found: _path(found[0], words), text)
    for pattern, say in _STEPS:
        text = pattern.sub(partial(say, language=language), text)
    text = _SNAKE.sub(" ", text)
    for written, said in SIGNS[language].items():
        text = text.replace(written, said)
    return " ".join(text.split())


def _meant(meant: str, found: re.Match[str]) -> str:
    return meant[:1].upper() + meant[1:] if found[0][:1].isupper() and found.start() == 0 else meant


def _path(path: str, words: dict[str, str]) -> str:
    """A file is named with the folder it is in."""
    if path in ("/", "./", "../") or not re.search(r"[A-Za-z]{2}", path):
        return path
    parts = [part for part in re.split(r"[/\\]", path) if part and part not in ("~", ".", "..")]
    parts = [part for part in parts if not re.fullmatch(r"[A-Za-z]:", part)]
    return f" {words['in']} ".join([_dotted(part, words) for part in (parts[-1:] + parts[-2:-1])])


def _dotted(name: str, words: dict[str, str]) -> str:
    return _SNAKE.sub(" ", name.lstrip("_")).replace(".", f" {words['dot']} ").strip()


def _file(found: re.Match[str], language: str) -> str:
    stem, _, kind = found[0].rpartition(".")
    initials = all(len(part) == 1 for part in stem.split(".")) and len(kind) <= 2
    return found[0] if initials or kind[0].isupper() else _dotted(found[0], WORDS[language])


def _date(found: re.Match[str], language: str) -> str:
    year, month, day = found[1], MONTHS[language][int(found[2]) - 1], int(found[3])
    then = f" {WORDS[language]['at']} " if found[0][-1] in "T " else ""
    return (f"{month} {day}, {year}" if language == "en" else f"{day}. {month} {year}") + then


def _dotted_date(found: re.Match[str], language: str) -> str:
    return f"{int(found[1])}. {MONTHS['de'][int(found[2]) - 1]} {found[3]}" if language == "de" else found[0]


def _time(found: re.Match[str], language: str) -> str:
    hour, minute, second = int(found[1]), int(found[2]), found[3]
    if language == "de":
        said = f"{hour} Uhr" + (f" {minute}" if minute else "")
        return said + (f" und {int(second)} Sekunden" if second else "")
    half = (found["half"] or "").lower()
    if not half and (hour > 12 or hour == 0):
        half = "p" if hour else "a"
        hour = hour - 12 if hour else 12
    minutes = f" {minute}" if minute >= 10 else f" oh {minute}" if minute else "" if half else " o'clock"
    return (
        f"{hour}{minutes}" + (f" and {int(second)} seconds" if second else "") + (f" {half.upper()}M" if half else "")
    )


def _money(found: re.Match[str], language: str) -> str:
    one, many = CURRENCIES[language][found["sign"]]
    amount = _plain(found["a"], language)
    if big := found["big"]:
        scale = WORDS[language].get(big) or WORDS[language].get(_SCALES.get(big, ""), big)
        return f"{amount} {scale} {many}"
    whole, mark, cents = amount.partition("." if language == "en" else ",")
    name = one if whole == "1" and not mark else many
    if mark and len(cents) == 2:
        return f"{whole} {name}" + (f" {int(cents)}" if int(cents) else "")
    return f"{amount} {name}"


def _unit(found: re.Match[str], language: str) -> str:
    one, many = UNITS[language][found["unit"]]
    amount = _plain(found["a"], language)
    if not found["gap"] and found["unit"] in ("m", "M"):
        return found[0]  # five metres or five million
    return f"{amount} {one if amount == '1' else many}"


def _scaled(found: re.Match[str], language: str) -> str:
    return f"{_plain(found['a'], language)} {WORDS[language][_SCALES[found['big']]]}"


def _range(found: re.Match[str], language: str) -> str:
    return f"{found[1]} {WORDS[language]['to']} {found[2]}"


def _version(found: re.Match[str], language: str) -> str:
    joined = f" {WORDS[language]['dot' if found[2].count('.') > 2 else 'point']} "
    return ("version " if found[1] else "") + joined.join(found[2].split("."))


def _grouped(found: re.Match[str], language: str) -> str:
    return _plain(found[0], language)


def _plain(number: str, language: str) -> str:
    """A number without what groups its digits."""
    group = r"[,\u202f ’'](?=\d{3})" if language == "en" else r"[.\u202f ’'](?=\d{3})"
    grouped = re.fullmatch(rf"\d{{1,3}}(?:{group}\d{{3}})+(?:[.,]\d+)?", number)
    return re.sub(group, "", number) if grouped else number


def _words(found: re.Match[str], language: str) -> str:
    return WORDS[language][found[0]]


def _number_sign(found: re.Match[str], language: str) -> str:
    return WORDS[language]["number"] + " "


def _minus(found: re.Match[str], language: str) -> str:
    return "minus "


_STEPS: tuple[tuple[re.Pattern[str], _Say], ...] = (
    (_DATE, _date),
    (_DOTTED_DATE, _dotted_date),
    (_TIME, _time),
    (_VERSION, _version),
    (_FILE, _file),
    (_RANGE, _range),
    (_MONEY, _money),
    (_MONEY_AFTER, _money),
    (_UNIT, _unit),
    (_SCALED, _scaled),
    (_FRACTION, _words),
    (_NUMBERED, _number_sign),
    (_MINUS, _minus),
    (re.compile(r"(?<![\w.,])\d{1,3}(?:[,.]\d{3})+(?![\w]|[.,]\d)"), _grouped),
)
