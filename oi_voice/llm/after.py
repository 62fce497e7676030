"""When a server that is too busy wants to be asked again."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

NAMED = re.compile(r"(?:retry|try again) (?:in|after) ([\d.]+) ?(ms|s|m)\b", re.IGNORECASE)
SPAN = re.compile(r"([\d.]+)(ms|s|m|h|d)")
UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def after(headers: Mapping[str, str], words: str = "") -> float | None:
    """Seconds from now, as the headers of a refusal or else its words have it; None when neither says.

    Reads ``retry-after-ms``, ``retry-after`` (seconds or a date, RFC 9110 section 10.2.3), and ``x-ratelimit-reset…``
    of each limit that is used up (``1s``, ``6m0s``, seconds, or a time in seconds or milliseconds since 1970).
    """
    if milliseconds := _number(headers.get("retry-after-ms", "")):
        return milliseconds / 1000
    if said := headers.get("retry-after", "").strip():
        seconds = _number(said)
        return seconds if seconds is not None else _until(said)
    resets = [
        _span(headers[f"x-ratelimit-reset{of}"])
        for of in ("", "-requests", "-tokens")
        if headers.get(f"x-ratelimit-remaining{of}") == "0" and f"x-ratelimit-reset{of}" in headers
    ]
    if known := [reset for reset in resets if reset is not None]:
        return max(known)
    named = NAMED.search(words)
    return _span("".join(named.groups())) if named else None


def _number(text: str) -> float | None:
    try:
        return max(float(text), 0.0)
    except ValueError:
        return None


def _until(date: str) -> float | None:
    try:
        return max(parsedate_to_datetime(date).timestamp() - time.time(), 0.0)
    except ValueError:
        return None


def _span(text: str) -> float | None:
    number = _number(text)
    if number is None:
        parts = SPAN.findall(text)
        return sum(float(value) * UNITS[unit] for value, unit in parts) if parts else None
    for since_1970 in (number / 1000, number):  # no wait is as long as 30 years
        if since_1970 > 1e9:
            return max(since_1970 - time.time(), 0.0)
    return number
