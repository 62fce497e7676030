"""What is said of a reply or an output that is too long to be listened to.

Speech takes about a second for 16 characters (175 words a minute): nobody hears out a page. Said are the beginning and
then the writer's own summary, if there is one, else how much more there is to read.
"""

from __future__ import annotations

import re

LIMIT = 700  # characters said of one reply: three quarters of a minute
SPARE = 120  # characters more than that are still said: they take no longer than to speak of them

_OWN = re.compile(
    r"(?:in short|in summary|in brief|to sum up|to summari[sz]e|in conclusion|overall|summary|tl;?dr|bottom line"
    r"|conclusion"
    r"|kurz gesagt|kurzum|zusammengefasst|zusammenfassend|zusammenfassung|insgesamt|fazit)\b[:,.]?\s*",
    re.IGNORECASE,
)
_MORE = {
    "en": (("line", "lines"), ("sentence", "sentences"), "… and {count} more {what} on screen."),
    "de": (("Zeile", "Zeilen"), ("Satz", "Sätze"), "… und {count} weitere {what} auf dem Bildschirm."),
}


class Ration:
    """Lets the beginning of a reply through, and tells at its end what is said of the rest.

    ``limit`` is in characters; 0 lets everything through.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._begin()

    def _begin(self) -> None:
        self._let = 0
        self._held: list[str] = []
        self._lines = 0
        self._own = ""

    @property
    def used_up(self) -> bool:
        return bool(self._held)

    def take(self, sentences: list[str]) -> list[str]:
        """Those of a line's next sentences that are said now."""
        said = []
        for sentence in sentences:
            if not self._held and (not self._limit or not self._let or self._let + len(sentence) <= self._limit):
                self._let += len(sentence)
                said.append(sentence)
            else:
                self._held.append(sentence)
                if _OWN.match(sentence):
                    self._own = sentence
        return said

    def line(self) -> None:
        """A line of the reply is over; those held back are counted."""
        if self._held:
            self._lines += 1

    def rest(self, language: str = "en") -> list[str]:
        """What is said in place of all that was held back; then it begins anew."""
        held, lines, own = self._held, self._lines, self._own
        self._begin()
        if not held or sum(map(len, held)) <= SPARE:
            return held
        return [own] if own else [more(lines, len(held), language)]


def more(lines: int, sentences: int, language: str = "en") -> str:
    """How much is left to read: lines, or, where it is one long line, sentences."""
    of_lines, of_sentences, words = _MORE.get(language, _MORE["en"])
    count, names = (lines, of_lines) if lines > 1 else (sentences, of_sentences)
    return words.format(count=count, what=names[count != 1])
