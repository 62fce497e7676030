"""Cuts scripts into tokens: names, numbers, texts, signs. What cannot be cut is an error, and so unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_NUMBER = re.compile(r"0[xXbBoO][\da-fA-F_]+n?|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?n?|\.\d+")
_NAME = re.compile(r"[^\W\d][\w$]*|[$@#][\w$]+|\$")
_SIGN = re.compile(
    r"=>|\.\.\.|\?\.|::|\*\*|&&|\|\||\?\?|===|!==|[=!<>]=|<-|->|\+\+|--|[-+*/%&|^!~?:=<>(){}\[\];,.@#\\$`]"
)
_BLANKS = " \t\f\v\r\ufeff\u00a0"
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|(\r?\n)|(.))", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_MOST = 20_000  # tokens
_DEEPEST = 60  # brackets in brackets
PAIRS = {"(": ")", "[": "]", "{": "}"}
#: How a sign changes the number of brackets that are open.
STEPS = dict.fromkeys(PAIRS, 1) | dict.fromkeys(PAIRS.values(), -1)


class CutError(Exception):
    """A text, a comment or a sign that has no end or no meaning."""


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is name, number, text, made (a text with code in it), pattern, sign or line (an end of line).

    ``parts`` of a made text are its pieces in turn: text, and tokens.
    """

    kind: str
    text: str
    parts: tuple[str | tuple[Token, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a language writes comments and texts; ``made`` are the quotes in which code may stand, and its opening."""

    comment: tuple[str, ...]
    block: tuple[tuple[str, str], ...] = ()
    quotes: str = "'\""
    made: tuple[tuple[str, str], ...] = ()
    patterns: bool = False
    lines: bool = False
    name: re.Pattern[str] = _NAME
    percents: bool = False  # %w[…], %x(…), %q{…}


JAVASCRIPT = Dialect(("//",), (("/*", "*/"),), made=(("`", "${"),), patterns=True)
RUBY = Dialect(
    ("#",), (("\n=begin", "\n=end"),), made=(('"', "#{"), ("`", "#{")), patterns=True, lines=True, percents=True
)
R = Dialect(("#",), lines=True, name=re.compile(r"(?:[^\W\d]|\.)[\w.]*"))
APPLESCRIPT = Dialect(("--", "#"), (("(*", "*)"),), quotes='"', lines=True)


def cut(code: str, dialect: Dialect) -> list[Token]:
    """The tokens of code. Raises CutError."""
    tokens: list[Token] = []
    _cut(code, 0, dialect, tokens, closing="", depth=0)
    _balanced(tokens)
    return tokens


def _balanced(tokens: list[Token]) -> None:
    """Raise CutError unless all brackets are closed, and not too many are open at once."""
    awaited: list[str] = []
    for token in tokens:
        if token.kind != "sign" or token.text not in STEPS:
            continue
        if token.text in PAIRS:
            awaited.append(PAIRS[token.text])
        elif not awaited or awaited.pop() != token.text:
            raise CutError
        if len(awaited) > _DEEPEST:
            raise CutError
    if awaited:
        raise CutError


def _cut(code: str, at: int, dialect: Dialect, tokens: list[Token], closing: str, depth: int) -> int:
    """Cut from ``at`` to the end, or to the sign that closes a piece of code in a text."""
    if depth > 20:
        raise CutError
    level, end = 0, len(code)
    begins, plain = _begins(dialect), _plainly(dialect).match
    known: dict[str, Token] = {}
    while at < end:
        if len(tokens) > _MOST:
            raise CutError
        char = code[at]
        if char in _BLANKS:
            at += 1
            continue
        if closing:
            if char == closing and level == 0:
                return at + 1
            level += (char in "{(") - (char in "})")
        if char not in begins and (found := plain(code, at)):  # most of what there is
            kind, at = found.lastgroup or "", found.end()
            if (text := found[kind]) not in known:
                known[text] = Token(kind, text)
            tokens.append(known[text])
        else:
            at = _one(code, at, dialect, tokens, depth)
    if closing:
        raise CutError
    return at


@cache
def _plainly(dialect: Dialect) -> re.Pattern[str]:
    """A name, a number or a sign, told apart by its first character where ``_begins`` has not got it; and blanks."""
    kinds = {"name": dialect.name, "number": _NUMBER, "sign": _SIGN}
    one = "|".join(f"(?P<{kind}>{pattern.pattern})" for kind, pattern in kinds.items())
    return re.compile(f"(?:{one})[{_BLANKS}]*")


@cache
def _begins(dialect: Dialect) -> frozenset[str]:
    """What a comment, a text or a pattern may begin with, or a name or number that is no plain one."""
    signs = [*dialect.comment, *(begin for begin, _ in dialect.block), *dialect.quotes, *(q for q, _ in dialect.made)]
    return frozenset(sign[0] for sign in signs) | frozenset("\n/%.@#$")


def _one(code: str, at: int, dialect: Dialect, tokens: list[Token], depth: int) -> int:
    char = code[at]
    for begin, end in dialect.block:
        if code.startswith(begin, at):
            found = code.find(end, at + len(begin))
            if found < 0:
                raise CutError
            return found + len(end)
    if char == "\n":
        if dialect.lines:
            tokens.append(Token("line", "\n"))
        return at + 1
    if any(code.startswith(sign, at) for sign in dialect.comment):
        found = code.find("\n", at)
        return len(code) if found < 0 else found
    for quote, opening in dialect.made:
        if char == quote:
            return _made(code, at, quote, opening, dialect, tokens, depth)
    if char in dialect.quotes:
        return _text(code, at, char, tokens)
    if char == "%" and dialect.percents and _begins_pattern(tokens) and (cuts := _PERCENT.match(code, at)):
        tokens.append(_percent(*cuts.groups()))
        return cuts.end()
    if char == "/" and dialect.patterns and _begins_pattern(tokens):
        return _pattern(code, at, tokens)
    for kind, pattern in (("number", _NUMBER), ("name", dialect.name), ("sign", _SIGN)):
        matched = pattern.match(code, at)
        if matched:
            tokens.append(Token(kind, matched[0]))
            return matched.end()
    raise CutError


_PERCENT = re.compile(
    r"%([wWiIqQx]?)(?:\(([^()\\]*)\)|\[([^\[\]\\]*)\]|\{([^{}\\]*)\}|<([^<>\\]*)>|([|!/])([^\\]*?)\6)"
)


def _percent(letter: str, *bodies: str | None) -> Token:
    """A text of Ruby's in brackets; of ``%x`` a command line."""
    body = next((each for each in (*bodies[:4], bodies[5]) if each is not None), "")
    made = "#{" in body and letter not in ("w", "i", "q")
    if letter == "x":
        return Token("made", "`", (body, ()) if made else (body,))
    return Token("made", '"', (body, ())) if made else Token("text", body)


def _begins_pattern(tokens: list[Token]) -> bool:
    """Whether a slash divides, or begins a pattern, by what stands before it."""
    if not tokens or tokens[-1].kind == "line":
        return True
    last = tokens[-1]
    if last.kind in ("number", "text", "made", "pattern"):
        return False
    if last.kind == "name":
        return last.text in ("return", "typeof", "case", "in", "of", "if", "unless", "when", "and", "or", "not", "puts")
    return last.text not in (")", "]", "}")


def _pattern(code: str, at: int, tokens: list[Token]) -> int:
    inside, index = False, at + 1
    while index < len(code) and code[index] != "\n":
        char = code[index]
        if char == "\\":
            index += 2
            continue
        if char == "[":
            inside = True
        elif char == "]":
            inside = False
        elif char == "/" and not inside:
            ends = re.compile(r"[a-z]*").match(code, index + 1)
            tokens.append(Token("pattern", code[at:index]))
            return ends.end() if ends else index + 1
        index += 1
    raise CutError


_TEXTS = {quote: re.compile(rf"{quote}((?:[^{quote}\\]|\\.)*+){quote}", re.DOTALL) for quote in "'\""}


def _text(code: str, at: int, quote: str, tokens: list[Token]) -> int:
    found = _TEXTS[quote].match(code, at)
    if found is None:
        raise CutError
    tokens.append(Token("text", _plain(found[1])))
    return found.end()


def _plain(text: str) -> str:
    def char(found: re.Match[str]) -> str:
        code = found[1] or found[2] or found[3]
        if code:
            return chr(min(int(code, 16), 0x10FFFF))
        return "" if found[4] else _SIMPLE.get(found[5], found[5])

    return _ESCAPE.sub(char, text)


def _made(code: str, at: int, quote: str, opening: str, dialect: Dialect, tokens: list[Token], depth: int) -> int:
    """A text in which code may stand."""
    parts: list[str | tuple[Token, ...]] = []
    begin = index = at + 1
    closing = {"{": "}", "(": ")"}[opening[-1]]
    while index < len(code):
        if code[index] == "\\":
            index += 2
        elif code[index] == quote:
            parts.append(_plain(code[begin:index]))
            kind = "text" if len(parts) == 1 and (quote != "`" or dialect is JAVASCRIPT) else "made"
            tokens.append(Token(kind, str(parts[0]) if kind == "text" else quote, tuple(parts)))
            return index + 1
        elif code.startswith(opening, index):
            parts.append(_plain(code[begin:index]))
            inner: list[Token] = []
            begin = index = _cut(code, index + len(opening), dialect, inner, closing, depth + 1)
            parts.append(tuple(inner))
        else:
            index += 1
    raise CutError
