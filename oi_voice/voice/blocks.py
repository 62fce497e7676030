"""What in markdown is looked at, not listened to: fenced code, tables, formulas, scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LEAD = r"[^\S\n]*(?:(?:>|[-*+]\s|\d{1,3}[.)]\s)[^\S\n]*)*"
_BEGINS = re.compile(rf"{_LEAD}(?:`+|~+|\$\$?|\||<[!/a-zA-Z-]*|\d{{1,3}}[.)]?|[-*+])?$")
_FENCE = re.compile(rf"{_LEAD}(?P<fence>`{{3,}}(?=[^`\n]*$)|~{{3,}})")
_TABLE = re.compile(rf"{_LEAD}\|")
_FORMULA = re.compile(rf"{_LEAD}\$\$(?P<rest>.*)")
_TAGGED = re.compile(rf"{_LEAD}<(?P<tag>script|style|pre|svg|math|table|!--)(?P<rest>.*)", re.IGNORECASE)
_LATE = re.compile(r"(`{3,})[\w+-]*\s*$")
_KEPT = 400  # characters of an unfinished line of a block that are kept: enough to see whether it ends it
NOTES = {
    "en": {"code": "I've put the code on screen.", "table": "I've put the table on screen."},
    "de": {"code": "Der Code steht auf dem Bildschirm.", "table": "Die Tabelle steht auf dem Bildschirm."},
}


@dataclass(frozen=True, slots=True)
class Block:
    """``what`` is code, table or nothing worth a word; ``closing`` is found in its last line, None: it is one line."""

    what: str
    closing: re.Pattern[str] | None = None


def may_begin(text: str) -> bool:
    """Whether this beginning of a line leaves it open what the line will be."""
    return _BEGINS.match(text) is not None


def opened(line: str) -> Block | None:
    """The block that a whole line opens, if any."""
    line = line.rstrip("\n")
    if found := _FENCE.match(line):
        mark, size = found["fence"][0], len(found["fence"])
        return Block("code", re.compile(rf"[^\S\n]*(?:>\s*)*{mark}{{{size},}}\s*$"))
    if _TABLE.match(line):
        return Block("table")
    if found := _FORMULA.match(line):
        return Block("code", None if "$$" in found["rest"] else re.compile(r"\$\$"))
    if found := _TAGGED.match(line):
        tag = found["tag"].lower()
        closing = re.compile("-->" if tag == "!--" else f"</{tag}\\s*>", re.IGNORECASE)
        what = {"!--": "", "style": "", "table": "table"}.get(tag, "code")
        return Block(what, None if closing.search(found["rest"]) else closing)
    return None


def is_block(text: str) -> bool:
    """Whether a line that begins so, and is not whole yet, is one that ``opened`` may find to be a block."""
    return any(pattern.match(text) for pattern in (re.compile(rf"{_LEAD}(?:`{{3}}|~{{3}})"), _TABLE, _FORMULA, _TAGGED))


def opened_late(line: str) -> tuple[str, Block] | None:
    """What stands before a fence that opens behind words of its own line, and the block."""
    found = _LATE.search(line)
    if not found or len(re.findall(r"(?<!`)`{3,}(?!`)", line)) % 2 == 0:
        return None
    return line[: found.start()], Block("code", re.compile(r"[^\n]*`{3,}\s*$"))


def shrunk(text: str) -> str:
    """The unfinished line of a block without its middle: a long one is not kept."""
    return text if len(text) <= _KEPT else text[: _KEPT // 2] + text[-_KEPT // 4 :]
