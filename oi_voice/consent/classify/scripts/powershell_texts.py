"""PowerShell's texts, and the names that it gives."""

from __future__ import annotations

import re

from oi_voice.consent.classify.spots import home
from oi_voice.consent.classify.texts import Text, component

JOINED = re.compile(
    r"\(\s*Join-Path\s+(\$\w+|'[^']*'|\"[^\"]*\"|[\w~./\\]+)\s+('[^']*'|\"[^\"]*\"|[\w./\\]+)\s*\)", re.IGNORECASE
)


ALIAS = re.compile(r"(?:set-alias|new-alias|sal|nal)\s+(?:-name\s+)?([\w-]+)\s+(?:-value\s+)?([\w-]+)", re.IGNORECASE)


GIVEN = re.compile(r"(?m)^\s*\$(\w+)\s*=\s*('[^'\n]*'|\"[^\"$`\n]*\")\s*(?:;|$)")


QUOTES = "\"'"


def unescaped(text: str) -> str:
    return re.sub(r"`(.)", lambda found: {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}.get(found[1], found[1]), text)


def at_home(text: Text) -> Text:
    return (
        component(Text((home(),)), Text((text.head[2:], *text.pieces[1:]))) if text.head[:2] in ("~/", "~\\") else text
    )
