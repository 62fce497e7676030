"""A sentence as the tokens a command is matched against, each tied to the characters it came from.

Recognisers disagree on spelling: ``What's 34 × 12?`` and ``what is thirty four times twelve`` are the
same command. Tokens are lower case, without punctuation, contractions opened, signs as words; numbers
stay as they were written, for a slot knows best what to make of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIGNS: dict[str, tuple[str, ...]] = {
    **{"+": ("plus",), "-": ("minus",), "−": ("minus",), "*": ("times",), "×": ("times",), "x": ("times",)},
    **{"/": ("divided", "by"), "÷": ("divided", "by"), "%": ("percent",), "=": ()},
}
_CONTRACTIONS = {"what's": "what is", "whats": "what is", "how's": "how is", "where's": "where is", "who's": "who is"}
_CONTRACTIONS |= {"today's": "today", "let's": "let us", "i'm": "i am", "dont": "don't", "okay": "ok"}
_SCANNER = re.compile(
    r"""(?P<number>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?=[\s+*/×÷%=?!,;:)"'-]|x\s*\d|\.(?!\w)|$)
      | (?P<sign>[-+−*/×÷%=]|x(?=\s*\d))(?![^\W\d])
      | (?P<word>\S+)""",
    re.VERBOSE | re.IGNORECASE,
)
_JOINED = re.compile(r"[^\W\d]+|f\d\d?")
_EDGES = ".,!?;:…\"'“”‘’()[]"


@dataclass(frozen=True, slots=True)
class Token:
    """``norm`` is what is compared; ``start`` and ``end`` bound it in the original, punctuation included."""

    norm: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence and its tokens."""

    original: str
    tokens: tuple[Token, ...]

    @classmethod
    def of(cls, sentence: str) -> Text:
        tokens: list[Token] = []
        for found in _SCANNER.finditer(sentence):
            tokens += _tokens(found)
        return cls(sentence, tuple(tokens))

    def span(self, start: int, end: int) -> str:
        """The characters from token ``start`` up to, not including, token ``end``, as they were written."""
        return self.original[self.tokens[start].start : self.tokens[end - 1].end]


def _tokens(found: re.Match[str]) -> list[Token]:
    start, end = found.span()
    written = found.group().lower()
    if found.lastgroup == "number":
        return [Token(written.replace(",", ""), start, end)]
    if found.lastgroup == "sign":
        return [Token(word, start, end) for word in _SIGNS[written]]
    word = written.replace("’", "'").strip(_EDGES)
    if word in _CONTRACTIONS:
        return [Token(part, start, end) for part in _CONTRACTIONS[word].split()]
    parts = re.split("[-+]", word)
    if len(parts) > 1 and all(_JOINED.fullmatch(part) for part in parts):  # thirty-four, ctrl+s; not 2024-notes.txt
        return _hyphened(written, start, end, parts)
    return [Token(word, start, end)] if word else []


def _hyphened(written: str, start: int, end: int, parts: list[str]) -> list[Token]:
    at, tokens = 0, []
    for part in parts:
        at = written.index(part, at)
        tokens.append(Token(part, start + at, start + at + len(part)))
        at += len(part)
    last = tokens.pop()
    return [*tokens, Token(last.norm, last.start, end)]
