"""Takes keys, passwords and card numbers out of text that is kept; everything else stays byte for byte.

Shapes are those that the issuers document (a prefix and an alphabet), RFC 7519 (JWT), RFC 6750 (bearer), RFC 7468
(private keys) and ISO/IEC 7812 (cards, with Luhn's check). What is only named like a secret is one where its value may
be. Where in doubt, it goes. Every pattern is bounded or possessive: time is linear in the text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from oi_voice.consent.passwords import NAME, PLACES
from oi_voice.consent.tokens import TOKENS

#: Bits a character below which a value beside a name such as ``key`` is no random one. Random hexadecimal of 20
#: characters has about 3.3, random base64 about 4; English words written together rarely have three digits as well.
RANDOM = 3.0

_QUOTE = r"(?P<quote>\\{0,2}(?:\"\"\"|'''|[\"']))"
# What follows a closing quote, as in input("Password: "), begins no value.
_QUOTED = rf"[bruf]{{0,2}}{_QUOTE}(?![)\]}},;\s]|\.\w{{1,24}}\()(?P<quoted>(?:(?!(?P=quote))(?:\\[^\n]|[^\\\n]))++)"
_BARE = r"(?!-----)(?P<bare>[^\s\"'`,;|&<>(){}\[\]\\]{1,512}+)"
_NAMED = re.compile(
    rf"(?P<name>{NAME}[\w-]{{0,24}}+)(?:\\{{0,2}}[\"'])?\]?(?:\s{{0,3}}:\s{{0,3}}[\w.\[\] |]{{1,40}}?(?=\s{{0,3}}=))?"
    rf"(?P<between>\s{{0,3}}(?:=>|:=|<-|[=!]=|=|[:：])\s{{0,3}}"
    rf"|(?:\sfor(?:\s[\w-]{{1,24}}){{1,4}})?\s(?:is|ist|lautet|es|est)(?:\s|:\s))(?:(?:\(\s{{0,16}})?{_QUOTED}|{_BARE})",
    re.IGNORECASE,
)
_FLAG = re.compile(
    rf"(?<![\w-])--?(?P<name>[a-z0-9-]{{0,24}}?{NAME}[a-z0-9-]{{0,24}}+)(?P<between>[\s=\"',]{{1,4}})(?<!-)(?!-)"
    rf"(?:{_QUOTED}|{_BARE})",
    re.IGNORECASE,
)
_RANDOM = re.compile(
    r"(?:key|auth|session|cookie|salt|nonce|sid|webhook|cert|hmac)[\w-]{0,24}+(?:\\{0,2}[\"'])?\s{0,3}[:=]\s{0,3}"
    r"(?:[bruf]{0,2}\\{0,2}[\"'])?(?P<secret>[A-Za-z0-9+/_=-]{20,}+)",
    re.IGNORECASE,
)
# Nothing, a variable, a blank to be filled in, a mark of ours.
_STANDS_FOR = re.compile(
    r"\s*|[$%]?\{[^{}]*\}|\$\w+|\$\([^()]*\)|<[^<>]*>|\*+|x+|\.+|%[sd]|%\(\w+\)s|\s*\[secret:(?: \d+ characters\]\s*)?",
    re.IGNORECASE,
)
_NOT_VALUES = frozenset(
    ("none", "null", "nil", "true", "false", "undefined", "str", "string", "int", "bytes", "bool", "any", "self")
)
_WORD = re.compile(r"[A-Za-z_][A-Za-z_.]*")
_NAMES_ONE = re.compile(rf"[\w.]*{NAME}[\w.]*", re.IGNORECASE)
_KEY_EDGE = re.compile(r"-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
# Of a key without an end: its headers, and lines in quotes, in a mail, or put into a file one by one.
_KEY_BODY = re.compile(
    r"(?:\s*+(?:Proc-Type|DEK-Info|Version|Comment): [^\n]{0,80})*+"
    r"(?:(?:>{1,2} ?\S{1,64}\s{1,3}echo\s|[\s\"'+,>]|\\[nr])*+[A-Za-z0-9+/=]{16,}+)*+"
)
_GOES_ON = re.compile(  # a secret put together of several pieces
    r"(?<=characters\])(?P<secret>(?:[\"'](?:\s{0,8}\+|\s{0,3}\n)\s{0,16}[bruf]{0,2}[\"'][^\"'\n]{1,256}+)++)(?=[\"'])"
)
_CARD = re.compile(
    r"(?<![\d.])(?:(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6(?:011|[45]\d\d|2\d\d)|35\d\d)(?P<a>[ -]?)\d{4}(?P=a)\d{4}"
    r"(?P=a)\d{4}|3[47]\d\d(?P<b>[ -]?)\d{6}(?P=b)\d{5}|3(?:0[0-5]|[68]\d)\d(?P<c>[ -]?)\d{6}(?P=c)\d{4}"
    r"|4\d{12}(?:\d{6})?)(?!\d)"
)


def redact(text: str) -> str:
    """The text with every secret that is recognised as ``[secret: 24 characters]``."""
    text = "".join(_without_keys(text))
    text = TOKENS.sub(lambda found: _mark(found[0]), text)
    for place in PLACES:
        text = place.sub(_within, text)
    for named in (_FLAG, _NAMED):
        text = named.sub(_assigned, text)
    text = _GOES_ON.sub(_within, text)
    text = _RANDOM.sub(lambda found: _within(found) if _random(found["secret"]) else found[0], text)
    return _CARD.sub(lambda found: _mark(found[0]) if _luhn(found[0]) else found[0], text)


def _mark(secret: str) -> str:
    return f"[secret: {len(secret)} characters]"


def _within(found: re.Match[str], group: str = "secret") -> str:
    """The match with its secret marked, unless that only stands for one."""
    secret, whole = found[group], found[0]
    if _STANDS_FOR.fullmatch(secret):
        return whole
    start, end = (at - found.start() for at in found.span(group))
    return whole[:start] + _mark(secret) + whole[end:]


def _assigned(found: re.Match[str]) -> str:
    if found["quoted"] is not None:
        return _within(found, "quoted")
    return _within(found, "bare") if _value(found) else found[0]


def _value(found: re.Match[str]) -> bool:
    """Whether what stands unquoted beside a secret's name is its value: no call, type, count or other name."""
    bare, between = found["bare"].rstrip(".!?:"), found["between"]
    after = found.string[found.end() : found.end() + 1]
    if (after and after in "([{") or bare.lower() in _NOT_VALUES or _NAMES_ONE.fullmatch(bare):
        return False
    if "token" in found["name"].lower() and bare.isdigit():
        return False
    if found.re is _FLAG or between in ("=", ":=") or not _WORD.fullmatch(bare):
        return True
    return ":" in between and after in ("", "\n", "\r")


def _random(value: str) -> bool:
    """Whether a value looks as if drawn by chance, and not like words or a path."""
    counts = Counter(value)
    bits = -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())
    digits = sum(map(str.isdigit, value))
    return bits >= RANDOM and 3 <= digits < len(value) and len(value) / (value.count("/") + 1) >= 12


def _luhn(card: str) -> bool:
    digits = [int(char) for char in reversed(card) if char.isdigit()]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2]) % 10


def _without_keys(text: str) -> Iterator[str]:
    """The text with what stands between a private key's edges marked; of one that is cut off, what looks like it."""
    at, edges = 0, list(_KEY_EDGE.finditer(text))
    for edge, following in zip(edges, [*edges[1:], None], strict=False):
        if edge[1] == "END" or edge.start() < at:
            continue
        start = edge.end()
        body = _KEY_BODY.match(text, start)
        end = following.start() if following and following[1] == "END" else body.end() if body else start
        yield text[at:start]
        if not _STANDS_FOR.fullmatch(text[start:end]):
            yield _mark(text[start:end])
            at = end
        else:
            at = start
    yield text[at:]
