"""A stream of markdown, cut into sentences fit to be spoken, each as soon as it is whole.

The first one of a reply may be a clause, for the person waits for it. What comes out depends on the text alone, not on
the pieces in which it came.
"""

from __future__ import annotations

import re

from oi_voice.voice import blocks
from oi_voice.voice.boundaries import END, ends, first_clause, inside_mark_up, last_clause
from oi_voice.voice.language import guess
from oi_voice.voice.markdown import spoken
from oi_voice.voice.numerals import naturally
from oi_voice.voice.summary import LIMIT, Ration

LONGEST = 220  # characters in one piece: about 15 seconds of speech
SHORTEST = 60  # characters before a comma is a place to cut a long one
HARD = 2000  # characters after which even a link, or a word, is cut
FIRST_WORDS = 5  # of a first clause, at least
HURRIED_WORDS = 3  # of one that is said because the rest is late

_NEXT_LINE = re.compile(r"\n[^\S\n]*")
_WRAPPED = re.compile(r"[^\W\d_][^\S\n]*$|,[^\S\n]*$")
_LETTERED = re.compile(r"[a-z][.)]\s")
_SPACE = re.compile(r"\s+(?=\S)")


class Sentences:
    """The port's Segmenter. Code, tables and whatever has no sound are left out, and mentioned once.

    ``language`` is that of what was said last; set it to what is expected. Of a reply longer than ``limit``
    characters (0: none is) the beginning is said.
    """

    def __init__(self, language: str = "", limit: int = LIMIT) -> None:
        self.language = language
        self._noted: set[str] = set()
        self._left = ""  # what was left out and is not mentioned yet
        self._ration = Ration(limit)
        self._seen = ""
        self._reset()

    def _reset(self) -> None:
        self._text = ""
        self._block: blocks.Block | None = None
        self._line_start = True
        self._first = True
        self._line_said = False

    def feed(self, text: str) -> list[str]:
        self._text += text
        return self._take(final=False)

    def hurry(self) -> list[str]:
        """What can be said before the sentence is over; nothing once something was said, or where little is there."""
        if not self._first or self._block or self._undecided():
            return []
        cut = last_clause(self._text, 1, len(self._text))
        words = self._text[:cut]
        return self._consume(cut) if cut and len(words.split()) >= HURRIED_WORDS and "\n" not in words else []

    def end(self) -> list[str]:
        self._text += "\n"
        said = self._take(final=True)
        said += self._ration.rest(self.language)
        self._reset()
        return said

    def _undecided(self) -> bool:
        return self._line_start and (blocks.may_begin(self._text) or blocks.is_block(self._text))

    def _take(self, final: bool) -> list[str]:
        said: list[str] = []
        while self._text:
            if self._block or self._line_start:
                line, newline, rest = self._text.partition("\n")
                if not newline and (self._block or self._undecided()):
                    self._text = blocks.shrunk(self._text) if self._block else self._text
                    break  # perhaps a fence: wait and see
                if newline and self._left_out(line):
                    self._text = rest
                    said += self._note()
                    continue
            cut = self._cut(final)
            if cut == 0:
                break
            said += self._consume(cut)
        return said

    def _left_out(self, line: str) -> bool:
        """Whether a whole line is part of a block."""
        if self._block is None:
            self._block = blocks.opened(line)
            if self._block is None:
                return False
        elif self._block.closing and self._block.closing.search(line):
            self._block = None
            return True
        self._left = self._block.what
        if self._block.closing is None:
            self._block = None
        return True

    def _note(self) -> list[str]:
        """That something was left out: once, and not where the end will say that all the rest is on screen."""
        what, self._left = self._left, ""
        if not what or what in self._noted or self._ration.used_up:
            return []
        self._noted.add(what)
        self._first = False
        return [blocks.NOTES.get(self.language, blocks.NOTES["en"])[what]]

    def _consume(self, cut: int) -> list[str]:
        piece, self._text = self._text[:cut], self._text[cut:]
        self._line_start = piece.endswith("\n")
        if self._line_start and (late := blocks.opened_late(piece)):
            piece, self._block = late
            self._left = self._block.what
        self._seen = (self._seen + piece)[-500:]
        self.language = guess(piece) or guess(self._seen, self.language)
        text = naturally(spoken(_NEXT_LINE.sub(" ", piece), self.language), self.language or "en")
        sentences = _pieces(text)
        self._first = self._first and not sentences
        said = self._ration.take(sentences)
        self._line_said = self._line_said or bool(sentences)
        if self._line_start and self._line_said:
            self._ration.line()
            self._line_said = False
        return said + self._note()

    def _cut(self, final: bool) -> int:
        """Where the first sentence ends; 0 when that can't be told yet."""
        newline = self._end_of_line(final)
        line = self._text[: newline or len(self._text)]
        for found in END.finditer(line):
            if clause := self._clause(line[: found.end()]):
                return clause
            if found.end() > LONGEST:
                break
            verdict = self._ends(line, found, final or newline > 0)
            if verdict is None:
                return 0
            if verdict:
                return found.end()
        return self._clause(line) or (_long(line) if len(line) > LONGEST else 0) or newline

    def _clause(self, line: str) -> int:
        cut = first_clause(line, FIRST_WORDS) if self._first else 0
        return cut if cut <= LONGEST else 0

    def _ends(self, line: str, found: re.Match[str], whole: bool) -> bool | None:
        before = line[: found.start()]
        if inside_mark_up(before):
            return False
        language = guess(before, self.language) if before[-1:].isdigit() else ""
        after = line[found.end() :]
        return ends(before, found[0], after, whole=whole, line_start=self._line_start, language=language)

    def _end_of_line(self, final: bool) -> int:
        """Behind the newline that ends the line; one amid a sentence, before a small letter, does not."""
        start = 0
        while (newline := self._text.find("\n", start)) >= 0:
            line, follows = self._text[:newline], self._text[newline + 1 :].lstrip(" \t")
            if not line.strip() or (final and not follows.strip()):
                return newline + 1
            if not follows:
                return 0
            if not (follows[0].islower() and _WRAPPED.search(line)) or blocks.opened_late(line):
                return newline + 1
            if len(follows) < len("a. ") and not final:
                return 0
            if _LETTERED.match(follows):
                return newline + 1
            start = newline + 1
        return 0


def _long(line: str) -> int:
    """Where a line that is too long is cut: at a clause, a space, or in the end anywhere; 0: not yet."""
    if cut := last_clause(line, SHORTEST, LONGEST):
        return cut
    for found in _SPACE.finditer(line, LONGEST):
        if not inside_mark_up(line[: found.start()]):
            return found.end()
    return (line.rfind(">", 0, HARD) + 1 or HARD) if len(line) > HARD else 0  # not amid a tag of many


def _pieces(sentence: str) -> list[str]:
    pieces = []
    while len(sentence) > LONGEST:
        cut = last_clause(sentence, SHORTEST, LONGEST) or sentence.rfind(" ", 1, LONGEST) + 1 or LONGEST
        pieces.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    return [*pieces, sentence] if sentence else pieces
