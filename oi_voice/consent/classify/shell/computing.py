"""Filters whose output is computed, for it may be run."""

from __future__ import annotations

import base64
import binascii
import re
import string
from collections.abc import Callable

from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.texts import Origin, Text


def _tr(code: str, words: list[str]) -> str:
    one, other = (re.sub(r"(.)-(.)", _range, word) for word in (*words, "", "")[:2])
    return code.translate(str.maketrans(one, other.ljust(len(one), other[-1:])[: len(one)])) if one and other else ""


def _range(found: re.Match[str]) -> str:
    return "".join(map(chr, range(ord(found[1]), ord(found[2]) + 1)))


def _decoded(code: str, words: list[str]) -> str:
    return base64.b64decode(code.strip()).decode("utf-8", "replace") if {"-d", "-D", "--decode"} & {*words} else ""


def _undumped(code: str, words: list[str]) -> str:
    plain = words in (["-r", "-p"], ["-p", "-r"], ["-rp"])
    return bytes.fromhex(code).decode("utf-8", "replace") if plain and {*code} <= {*string.hexdigits, *"\n "} else ""


#: Filters whose output is computed where all that comes in is known: it may be run. Empty: not computed.
_COMPUTED: dict[str, Callable[[str, list[str]], str]] = {
    "tr": _tr,
    "rev": lambda code, _: "\n".join(row[::-1] for row in code.split("\n")),
    "base64": _decoded,
    "xxd": _undumped,
}


_LONGEST = 20_000  # characters of what comes in


def _filter(line: Line) -> Printed:
    from oi_voice.consent.classify.shell.commands import prints

    plain = line.given.plain if line.given is not None and (line.name == "tr" or not line.rest("-w")) else None
    line.deeds.add(Effect.READS)
    if plain is None:
        printed = prints(line)
        return Text((Origin.OPAQUE,)) if line.has("-d", "-D", "--decode", "-r") else printed
    try:
        found = _COMPUTED[line.name](plain[:_LONGEST], line.plain)
    except (binascii.Error, ValueError):
        found = ""
    if not found:
        return Text((Origin.OPAQUE,))
    line.deeds.decoded.add(found.strip())
    return Text((found,))


HANDLERS: dict[str, Handler] = dict.fromkeys(_COMPUTED, _filter)
