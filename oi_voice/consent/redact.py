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

#: Bits a character below which a value beside a name such as ``key`` is no random one. Random hexadecimal of 20
#: characters has about 3.3, random base64 about 4; English words written together rarely have three digits as well.
RANDOM = 3.0

_TOKENS = re.compile(
    "|".join(
        (
            r"(?<![A-Za-z0-9])(?:sk|rk|pk)[-_](?=[A-Za-z_-]{0,40}+\d)[A-Za-z0-9_-]{20,}+",  # OpenAI …
            r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])",  # AWS
            r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{30,}+",  # GitHub
            r"(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{20,}+",
            r"(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt)-[A-Za-z0-9_-]{20,}+",  # GitLab
            r"(?<![A-Za-z0-9])xox[a-z]-[A-Za-z0-9-]{10,}+",  # Slack
            r"(?<![A-Za-z0-9])xapp-[A-Za-z0-9-]{10,}+",
            r"(?<=hooks\.slack\.com/services/)[A-Za-z0-9/_-]{20,}+",
            r"(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}",  # Google
            r"(?<![A-Za-z0-9])(?:ya29\.|GOCSPX-|1//0)[A-Za-z0-9_-]{20,}+",
            r"(?<![A-Za-z0-9])(?:hf|gsk|npm|xai|dop_v1|shpat|lin_api)_[A-Za-z0-9]{20,}+",
            r"(?<![A-Za-z0-9])xai-[A-Za-z0-9]{20,}+",
            r"(?<![A-Za-z0-9])pypi-[A-Za-z0-9_-]{40,}+",
            r"(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,}+\.[A-Za-z0-9_-]{16,}+",  # SendGrid
            r"(?<![A-Za-z0-9])\d{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])",  # Telegram
            r"(?<![A-Za-z0-9])xkeysib-[A-Za-z0-9-]{20,}+",  # Brevo
            r"(?<![A-Za-z0-9])AGE-SECRET-KEY-1[A-Z0-9]{50,}+",
            r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]*+",  # JWT
        )
    )
)

# Each has a group ``secret``; what it leaves out of the match stays.
_PLACES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<=://)[^\s:/@\"'<>`]{0,128}:(?P<secret>[^\s/\"'<>`]{1,256})@",  # a password in an address
        r"(?<=://)(?P<secret>[a-z0-9_-]{20,}+)@",
        r"\bbearer\s{1,3}(?P<secret>(?=[a-z._~+/=-]*+\d)[a-z0-9._~+/=-]{16,}+)",
        r"\bauthorization\\?[\"']?\s{0,3}[:=,]\s{0,3}\\?[\"']?(?:basic|bearer|token|apikey|digest)\s{1,3}"
        r"(?P<secret>[a-z0-9._~+/=-]{4,}+)",
        r"(?<!\S)(?:-u|--user|--proxy-user)[\s=]{1,3}[\"']?[^\s:\"']{1,64}:(?P<secret>[^\s\"']{1,256})",
        r"\bauth\s{0,3}=\s{0,3}\(\s{0,3}[\"'][^\"'\n]{0,128}[\"']\s{0,3},\s{0,3}[\"'](?P<secret>[^\"'\n]{1,256})[\"']",
        r"\.login\(\s{0,3}[\"'][^\"'\n]{0,128}[\"']\s{0,3},\s{0,3}[\"'](?P<secret>[^\"'\n]{1,256})[\"']",
        r"\b(?:mysql\w{0,9}|mariadb[\w-]{0,9}|7z\w?)\s(?:[^\n|;&]{0,80}?\s)?-p(?P<secret>[^\s\"']{1,256})",
        r"\b(?:(?:docker|podman)\slogin|zip)\s(?:[^\n|;&]{0,80}?\s)?-p\s{1,3}[\"']?(?P<secret>[^\s\"'-][^\s\"']{0,255})",
        r"\bchpasswd\s{0,3}<<<\s{0,3}[\"']?[^\s:\"']{1,64}:(?P<secret>[^\s\"']{1,256})",
        r"\becho\s{1,3}[\"']?[^\s:\"'|]{1,64}:(?P<secret>[^\s\"'|]{1,256})[\"']?\s{0,3}\|\s{0,3}(?:sudo\s)?chpasswd\b",
        r"\bsshpass\s{1,3}-p\s{0,3}[\"']?(?P<secret>[^\s\"']{1,256})",
        r"\becho\s{1,3}(?:-\w\s{1,3})?[\"']?(?P<secret>[^\s\"'|]{1,256})[\"']?\s{0,3}\|\s{0,3}sudo\s[^|\n]{0,40}-S\b",
    )
)

_NAME = (
    r"(?:passw(?:or)?d|passwort|kennwort|passphrase|(?<=[a-z_])(?<!old)pwd|secret(?!ar|: \d+ characters)|"
    r"(?<![a-z])(?:pass|pw)(?![a-z])|token(?!iz|s\b)|credentials?|"
    r"(?:api|access|account|private|auth|sign(?:ing)?|encryption|master|shared)[ _-]?key)"
)
_QUOTE = r"(?P<quote>\\{0,2}(?:\"\"\"|'''|[\"']))"
# What follows a closing quote, as in input("Password: "), begins no value.
_QUOTED = rf"[bruf]{{0,2}}{_QUOTE}(?![)\]}},;\s]|\.\w{{1,24}}\()(?P<quoted>(?:(?!(?P=quote))(?:\\[^\n]|[^\\\n]))++)"
_BARE = r"(?P<bare>[^\s\"'`,;|&<>(){}\[\]\\]{1,512}+)"
_NAMED = re.compile(
    rf"(?P<name>{_NAME}[\w-]{{0,24}}+)(?:\\{{0,2}}[\"'])?\]?(?:\s{{0,3}}:\s{{0,3}}[\w.\[\] |]{{1,40}}?(?=\s{{0,3}}=))?"
    rf"(?P<between>\s{{0,3}}(?:=>|:=|[=!]=|=|:)\s{{0,3}}|\sis\s)(?:{_QUOTED}|{_BARE})",
    re.IGNORECASE,
)
_FLAG = re.compile(
    rf"(?<![\w-])--?(?P<name>[a-z0-9-]{{0,24}}?{_NAME}[a-z0-9-]{{0,24}}+)(?P<between>[\s=\"',]{{1,4}})(?<!-)(?!-)"
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
_NAMES_ONE = re.compile(rf"[\w.]*{_NAME}[\w.]*", re.IGNORECASE)
_KEY_EDGE = re.compile(r"-----(BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY = re.compile(r"(?:(?:[\s\"'+,]|\\[nr])*+[A-Za-z0-9+/=]{16,}+)*+")
_CARD = re.compile(
    r"(?<![\d.])(?:(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6(?:011|[45]\d\d|2\d\d)|35\d\d)(?P<a>[ -]?)\d{4}(?P=a)\d{4}"
    r"(?P=a)\d{4}|3[47]\d\d(?P<b>[ -]?)\d{6}(?P=b)\d{5}|3(?:0[0-5]|[68]\d)\d(?P<c>[ -]?)\d{6}(?P=c)\d{4}"
    r"|4\d{12}(?:\d{6})?)(?!\d)"
)


def redact(text: str) -> str:
    """The text with every secret that is recognised as ``[secret: 24 characters]``."""
    text = "".join(_without_keys(text))
    text = _TOKENS.sub(lambda found: _mark(found[0]), text)
    for place in _PLACES:
        text = place.sub(_within, text)
    for named in (_FLAG, _NAMED):
        text = named.sub(_assigned, text)
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
