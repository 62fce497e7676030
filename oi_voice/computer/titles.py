"""Names in the titles of the windows that are on the screen: what a person may well say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from oi_voice.computer.windows import Windows
from oi_voice.errors import ComputerError

MOST = 12  # names: told of more, a recogniser hears them everywhere
SHORTEST, LONGEST = 3, 40  # characters of one
_BETWEEN = re.compile(r"\s[^\w\s]+\s|[\[\]{}()\"“”„:;,!?*/~]+")  # dashes, bars and dots; and what encloses or ends
_EDGES = ".'’…"


def names(windows: Windows) -> tuple[str, ...]:
    """Those of the windows that are not minimized, the active one's first; blocking. Nothing without a display."""
    try:
        shown = [window for window in windows.list() if not window.minimized]
    except ComputerError:
        return ()
    return in_titles(window.title for window in sorted(shown, key=lambda window: not window.active))


def in_titles(titles: Iterable[str]) -> tuple[str, ...]:
    """The first ``MOST`` names: of files, programs, people, places; of whole sentences what is written like one."""
    found = (name for title in titles for part in _BETWEEN.split(title) for name in _names(part))
    return tuple(dict.fromkeys(found))[:MOST]


def _names(part: str) -> Iterator[str]:
    """Neighbouring words that are written like names are one."""
    run: list[str] = []
    for word in [*part.split(), ""]:
        if _like_a_name(bare := word.strip(_EDGES)):
            run.append(bare)
            continue
        if SHORTEST <= len(name := " ".join(run)) <= LONGEST and not name.isdigit():
            yield name
        run = []


def _like_a_name(word: str) -> bool:
    """With a capital, a digit, or more inside it than letters, as ``notes.txt`` has."""
    return word != word.lower() or not all(letter.isalpha() or letter in "'’" for letter in word)
