"""A stream of markdown, cut into sentences fit to be spoken, each as soon as it is whole."""

from __future__ import annotations

import re

from oi_voice.voice.markdown import spoken

LONGEST = 220  # characters in one piece: about 15 seconds of speech
SHORTEST = 60  # characters before a comma is a place to cut a long one

_END = re.compile(r"""[.!?…]+["'”’»)\]*_`]*(?=\s)|[。！？]+[」』”]*""")
_FENCE = re.compile(r"\s*(?:>\s*)?(`{3,}|~{3,})")
_FENCE_BEGINS = re.compile(r"\s*(?:>\s*)?(?:`{1,2}|~{1,2})?$")
_CLAUSE = re.compile(r"[,;:–—]\s|\s[–—-]\s")
_NUMBERED = re.compile(r"\s*\d{1,3}[.)]$")
_NEXT_LINE = re.compile(r"\n[^\S\n]*")

# Words whose dot ends no sentence; ends one only before a capital; ends one unless a number follows.
_NEVER = re.compile(
    r"mrs?|m[sxt]|dr|prof|st|figs?|approx|e\.g|i\.e|vs|cf|viz|dept|gen|rev|hon|capt|sgt|lt|col|u\.s|u\.k|e\.u"
)
_BEFORE_CAPITAL = re.compile(
    r"etc|[ap]\.m|inc|ltd|corp?|jr|sr|ph\.d|b\.c|a\.d|al|est|ave|blvd|rd"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun"
)
_NUMBER_FOLLOWS = re.compile(r"nos?|pp?|vol|ch|sec|art|eq")


class Sentences:
    """The port's Segmenter. Fenced code is left out, and so is whatever has no sound."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._text = ""
        self._fence = ""
        self._line_start = True

    def feed(self, text: str) -> list[str]:
        self._text += text
        return self._take(final=False)

    def end(self) -> list[str]:
        self._text += "\n"
        said = self._take(final=True)
        self._reset()
        return said

    def _take(self, final: bool) -> list[str]:
        said: list[str] = []
        while self._text:
            if self._line_start and not self._fence and not final and _FENCE_BEGINS.match(self._text):
                break  # perhaps a fence: wait and see
            if self._fence or (self._line_start and _FENCE.match(self._text)):
                if not self._skip_code():
                    break
                continue
            cut = self._cut(final)
            if cut == 0:
                break
            piece, self._text = self._text[:cut], self._text[cut:]
            self._line_start = piece.endswith("\n")
            said += _pieces(spoken(_NEXT_LINE.sub(" ", piece)))
        return said

    def _skip_code(self) -> bool:
        """Drop one line of a fenced block; False when it is not all there yet."""
        line, newline, rest = self._text.partition("\n")
        if not newline:
            return False
        found = _FENCE.match(line)
        if not self._fence and found:
            self._fence = found[1]
        elif found and found[1].startswith(self._fence) and not line[found.end() :].strip():
            self._fence = ""
        self._text, self._line_start = rest, True
        return True

    def _cut(self, final: bool) -> int:
        """Where the first sentence ends; 0 when that can't be told yet."""
        newline = self._end_of_line(final)
        line = self._text[: newline or len(self._text)]
        if not line.lstrip().startswith("|"):
            for found in _END.finditer(line):
                verdict = self._ends(line, found, final or newline > 0)
                if verdict is None:
                    return 0
                if verdict:
                    return found.end()
        if newline:
            return newline
        return _cut_clause(line) if len(line) > LONGEST else 0

    def _end_of_line(self, final: bool) -> int:
        """Behind the newline that ends the line; one amid a sentence, before a small letter, does not."""
        start = 0
        while (newline := self._text.find("\n", start)) >= 0:
            follows = self._text[newline + 1 :].lstrip(" \t")[:1]
            if not follows and not final:
                return 0 if self._text[:newline].strip() else newline + 1
            wrapped = follows.islower() and self._text[:newline].rstrip()[-1:].isalpha()
            if not wrapped:
                return newline + 1
            start = newline + 1
        return 0

    def _ends(self, line: str, found: re.Match[str], whole: bool) -> bool | None:
        """Whether a mark ends a sentence; None when what follows must be known and is not."""
        before, mark = line[: found.start()], found[0]
        if _inside_mark_up(before):
            return False
        follows = line[found.end() :].lstrip()[:1]
        word = before.rsplit(maxsplit=1)[-1].lstrip("\"'“‘([*_").lower() if before.strip() else ""
        if mark.startswith("..") or mark.startswith("…") or re.search(r"[\"'”’»]", mark):
            return _unless(follows.islower(), follows, whole)
        if not mark.startswith(".") or len(mark.rstrip("*_`)]")) > 1:
            return True
        if _NEVER.fullmatch(word) or (self._line_start and _NUMBERED.match(before + ".")):
            return False
        if len(word) == 1 and word.isalpha() and word != "i" and before[-1].isupper():
            return False  # an initial
        if _BEFORE_CAPITAL.fullmatch(word):
            return _unless(not follows.isupper(), follows, whole)
        if _NUMBER_FOLLOWS.fullmatch(word):
            return _unless(follows.isdigit(), follows, whole)
        return True


def _unless(goes_on: bool, follows: str, whole: bool) -> bool | None:
    if follows:
        return not goes_on
    return True if whole else None


def _inside_mark_up(before: str) -> bool:
    """Amid inline code, or a link's text or address."""
    link = max(before.rfind("["), before.rfind("]("))
    return before.count("`") % 2 == 1 or (link >= 0 and not re.search(r"\](?!\()|\)", before[link + 1 :]))


def _pieces(sentence: str) -> list[str]:
    pieces = []
    while len(sentence) > LONGEST:
        cut = _cut_clause(sentence)
        pieces.append(sentence[:cut].strip())
        sentence = sentence[cut:].strip()
    return [*pieces, sentence] if sentence else pieces


def _cut_clause(text: str) -> int:
    """Behind the last comma of the first ``LONGEST`` characters, else their last space, else their end."""
    commas = [found.end() for found in _CLAUSE.finditer(text, SHORTEST, LONGEST)]
    return commas[-1] if commas else text.rfind(" ", 1, LONGEST) + 1 or LONGEST
