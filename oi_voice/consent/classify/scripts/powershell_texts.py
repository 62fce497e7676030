"""PowerShell's texts, and the names that it gives."""

from __future__ import annotations

import base64
import binascii
import re

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge.variables import SECRET_VARIABLE
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.spots import home
from oi_voice.consent.classify.texts import Text, component

WORD = re.compile(
    r"""(?P<comment>\#[^\n]*)|(?P<text>'(?:[^']|'')*'|"(?:[^"`]|`.|"")*")|(?P<end>[\n;|{}(]|&&)|(?P<close>[)\]])"""
    r"""|(?P<static>\[[\w.]+\]::\w+)|(?P<cast>\[[A-Za-z][\w.]*(?:\[\])?\])|(?P<method>\.\w+(?=\())"""
    r"""|(?P<into>\d?>{1,2}(?:&\d)?)|(?P<run>&|(?<=\s)\.(?=\s))"""
    r"""|(?P<word>(?:[^\s'"|;{}()\[\],=&$@<>!+*%:/]|(?<=\s)/(?=[A-Za-z_.~]))[^\s'"|;{}()\[\],=&$<>]*)|(?P<value>\$[\w:]+(?:[/\\][\w./\\*?-]*)?|[@,=+*/%<!\[:])"""
    r"""|(?P<blank>\s+|.)""",
    re.DOTALL,
)


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


def variables(code: str, deeds: Deeds) -> None:
    """Variables of the environment: those that are given a value, and those that hold a key."""
    for name, value in re.findall(r"(?i)\$env:(\w+)\s*\+?=\s*([^\n;]*)", code):
        deeds.steers(name.upper(), Text((value.strip(f" {QUOTES}"),)))
    for name in re.findall(r"(?i)\$\{?env:(\w+)\b(?!\s*\+?=)", code):
        if SECRET_VARIABLE.search(name):
            deeds.add(Effect.SECRETS, "text", name, "reads keys or passwords")


def searched(
    args: list[Text | None], path: Text | None, literal: Text | None, pattern: Text | None
) -> list[Text | None]:
    """The files of ``Select-String``: by their option, or behind the pattern."""
    named = path or literal
    others = [each for each in args if each not in (named, pattern)][pattern is None :]
    return [*([named] if named is not None else []), *others]


def decoded(text: Text) -> Text:
    """What ``-EncodedCommand`` runs; nothing where it is none."""
    try:
        return Text((base64.b64decode(text.plain or "").decode("utf-16-le"),))
    except (binascii.Error, ValueError):
        return Text(("",))
