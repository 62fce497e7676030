"""A command's options, held against those that are known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from oi_voice.consent.classify.knowledge import commands as known
from oi_voice.consent.classify.knowledge import options as listed
from oi_voice.consent.classify.knowledge import options_more as more
from oi_voice.consent.classify.knowledge.packages import INSTALLERS
from oi_voice.consent.classify.texts import Text


@dataclass(frozen=True, slots=True)
class _Known:
    letters: dict[str, bool]  # and whether a value follows
    words: dict[str, bool]  # with their dashes


@cache
def _parsed(entry: str) -> _Known:
    first, *rest = entry.split()
    found = re.findall(r"([^-:])(:?)", first)
    words = {f"--{word}": False for word in listed.ALWAYS.split()}
    for word in rest:
        name = word.removesuffix(":")
        words[name if name.startswith("-") else f"--{name}"] = word.endswith(":")
    return _Known({letter: bool(valued) for letter, valued in found}, words)


def entry(name: str) -> str | None:
    """What is known of a program's options; None where nothing is, and its own rules must do."""
    found = listed.OPTIONS.get(name) or more.ACTORS.get(name)
    if found is not None:
        return found
    if name in INSTALLERS:
        return more.INSTALLS
    return listed.SHARED if name in known.READERS or name in known.LOOKERS else None


_COUNT = re.compile(r"-\d+")  # ``head -5``


def strange(words: Sequence[Text | None], spec: str) -> bool:
    """Whether one of the words is an option that the specification does not have."""
    options, skip = _parsed(spec), False
    for text in words:
        word = text.head if text is not None else ""
        if skip or not word.startswith("-") or len(word) == 1:
            skip = False
        elif word == "--":
            return False
        elif _COUNT.fullmatch(word):
            continue
        elif (name := word.partition("=")[0]) in options.words:
            skip = options.words[name] and "=" not in word
        elif word in options.words:
            continue
        elif word.startswith("--") or (text is not None and text.plain is None and len(text.pieces) == 1):
            return True
        else:
            follows = _letters(word[1:], options.letters, text is not None and text.plain is None)
            if follows is None:
                return True
            skip = follows
    return False


def operands(words: Sequence[Text | None], spec: str) -> list[Text | None]:
    """The words that are neither options of the specification nor their values."""
    options, skip, found = _parsed(spec), False, list[Text | None]()
    for at, text in enumerate(words):
        word = text.head if text is not None else ""
        name = word.partition("=")[0]
        if skip:
            skip = False
        elif not word.startswith("-") or len(word) == 1:
            found.append(text)
        elif word == "--":
            return found + list(words[at + 1 :])
        elif name in options.words:
            skip = options.words[name] and "=" not in word
        elif not word.startswith("--") and not _COUNT.fullmatch(word):
            skip = bool(_letters(word[1:], options.letters, text is not None and text.plain is None))
    return found


def _letters(word: str, letters: dict[str, bool], goes_on: bool) -> bool | None:
    """Whether the next word is the last letter's value; None where a letter is not known."""
    for at, letter in enumerate(word):
        if letter not in letters:
            return None
        if letters[letter]:
            return at + 1 == len(word) and not goes_on
    return None if goes_on else False
