"""What goes out to hosts: an address tells its host whatever is built into it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.risk import Effect, Risk
from oi_voice.consent.classify.texts import BLAND, Text

LONG = 200  # characters after the host; an address that is longer carries more than a question
LOCAL = frozenset(("localhost", "127.0.0.1", "::1", "0.0.0.0", ""))
_SCHEME = re.compile(r"(?:https?|ftps?|sftp|wss?|git|ssh|file)://", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""\b(?:src|href|action|data|poster|formaction)\s*=\s*["']?\s*([^"'\s>]+)""", re.IGNORECASE)
_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""", re.IGNORECASE)
_ACTS = re.compile(r"<\s*(?:script|form|iframe|object|embed|base|meta[^>]*http-equiv)|\bon\w+\s*=|javascript:", re.I)


def is_address(word: str) -> bool:
    return _SCHEME.match(word) is not None


def host(address: Text | None) -> str | None:
    """The host that an address names for sure; None when it cannot be told, empty for a file."""
    if address is None or len(address.options()) != 1:
        return None
    head = address.head
    if address.plain is None and not re.match(r"[\w+.-]+://[^/?#\s]+[/?#]", head):
        return None
    try:
        parts = urlsplit(head if "://" in head else f"//{head}")
        return (parts.hostname or "").lower()
    except ValueError:
        return None


def fetches(deeds: Deeds, address: Text | None, tells: bool = False) -> None:
    """The page at an address is fetched. With ``tells``, or by what the address is built of, the host is told more."""
    options: list[Text | None] = [*(address.options() if address is not None else [])]
    for option in options or [address]:
        name = host(option)
        if name is None:
            deeds.add(Effect.SENDS, "host", "", "goes to an address that is made as it runs", count=None)
        elif name in LOCAL:
            _locally(deeds, option, name, tells)
        elif tells or option is None or option.origin not in BLAND or len(option.head) > LONG + len(name):
            deeds.add(Effect.SENDS, "host", name)
        else:
            deeds.add(Effect.NETWORK, "host", name)


def sends(deeds: Deeds, address: Text | None) -> None:
    """Something is sent to an address."""
    fetches(deeds, address, tells=True)


def _locally(deeds: Deeds, address: Text | None, name: str, tells: bool) -> None:
    if address is not None and address.head.lower().startswith("file:"):
        rest = Text((address.head[7:], *address.pieces[1:]))
        deeds.reads(rest)
    elif tells:
        deeds.unknown("tells something to a program on this computer")
    else:
        deeds.add(Effect.NETWORK, "host", name or "localhost")


def page(code: str, deeds: Deeds) -> Risk:
    """HTML, or React, shown in a browser: only what stands still is known to be harmless."""
    if _ACTS.search(code):
        deeds.unknown("is a page with a script or a form of its own")
    for found in (*_ATTRIBUTE.finditer(code), *_STYLE.finditer(code)):
        if is_address(found[1]) or found[1].startswith("//"):
            fetches(deeds, Text((found[1],)))
    deeds.add(Effect.READS)
    return deeds.risk()
