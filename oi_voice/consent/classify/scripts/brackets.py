"""Tokens in brackets, and the names that are given between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from oi_voice.consent.classify.scripts.tokens import PAIRS, STEPS, Token

_DECLARES = frozenset(("const", "let", "var", "function", "class", "catch"))


_HEADS = frozenset(("if", "for", "while", "switch", "with"))


def matching(tokens: Sequence[Token], index: int) -> int:
    """Where the bracket at an index is closed; the end if nowhere."""
    level = 0
    for at in range(index, len(tokens)):
        token = tokens[at]
        if token.kind == "sign":
            level += STEPS.get(token.text, 0)
        if level == 0:
            return at
    return len(tokens)


def matching_text(text: str, index: int) -> int:
    """Where the round bracket at an index of a text is closed; the end if nowhere."""
    level = 0
    for at in range(index, len(text)):
        level += (text[at] == "(") - (text[at] == ")")
        if level == 0:
            return at
    return len(text)


def divided(tokens: list[Token], sign: str = ",") -> list[list[Token]]:
    """Tokens cut at a sign, but not inside brackets."""
    rows: list[list[Token]] = [[]]
    level = 0
    for token in tokens:
        if token.kind == "sign":
            level += STEPS.get(token.text, 0)
            if token.text == sign and level == 0:
                rows.append([])
                continue
        rows[-1].append(token)
    return [row for row in rows if row]


def flat(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens, and those in their texts."""
    for token in tokens:
        yield token
        for part in token.parts:
            if not isinstance(part, str):
                yield from flat(part)


def declared(tokens: Sequence[Token]) -> Counter[str]:
    """How often the code gives a name to a variable or a parameter."""
    at: set[int] = set()
    for index, token in enumerate(tokens):
        if token.kind == "name" and token.text in _DECLARES:
            opening = index + 1
            while opening < len(tokens) and tokens[opening].kind == "name":
                at.add(opening)
                opening += 1
            if opening < len(tokens) and tokens[opening].text in PAIRS:
                at |= _inside(tokens, opening)
        elif token.text == "=>" and index and tokens[index - 1].kind == "name":
            at.add(index - 1)
        elif token.text == "(" and (not index or tokens[index - 1].text not in _HEADS):
            end = matching(tokens, index)
            if end + 1 < len(tokens) and tokens[end + 1].text in ("=>", "{"):
                at |= _inside(tokens, index)
    found = Counter(tokens[index].text for index in at)
    for token in tokens:
        for part in token.parts:
            if not isinstance(part, str):
                found.update(declared(part))
    return found


def _inside(tokens: Sequence[Token], opening: int) -> set[int]:
    return {at for at in range(opening, matching(tokens, opening)) if tokens[at].kind == "name"}
