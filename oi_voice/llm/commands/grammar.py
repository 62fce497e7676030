"""From the table to the recogniser's grammar."""

from __future__ import annotations

import re
from functools import cache

from oi_voice.llm.commands.pattern import Phrase, parse
from oi_voice.llm.commands.slots import KINDS, RULES
from oi_voice.llm.commands.table import TABLE
from oi_voice.llm.commands.vocabulary import NOUNS, WORDS

_FREE = "<words>"


@cache
def jsgf() -> str:
    """The whole table as one JSGF grammar.

    Patterns that end alike from their first free words on share that ending, so that the free vocabulary,
    by far the largest part, stands in the grammar a few times and not once a pattern.
    """
    endings: dict[str, list[str]] = {}
    for row in TABLE:
        for pattern in row.says:
            head, tail = _split(parse(pattern, KINDS))
            endings.setdefault(tail, []).append(head)
    commands = [f"({' | '.join(heads)}) {tail}".strip() for tail, heads in endings.items()]
    rules = {**RULES, "word": " | ".join(WORDS), "noun": " | ".join(NOUNS)}
    body = " |\n".join(commands)
    lines = [f"<{name}> = {rules[name]};" for name in sorted(_needed(body, rules))]
    return "\n".join(["#JSGF V1.0;", "grammar commands;", *lines, f"public <command> = {body};", ""])


def _split(phrase: Phrase) -> tuple[str, str]:
    """A pattern's JSGF before its first free words, and from there on."""
    parts = [node.jsgf() for node in phrase.nodes]
    at = parts.index(_FREE) if _FREE in parts else len(parts)
    return " ".join(parts[:at]), " ".join(parts[at:])


def _needed(body: str, rules: dict[str, str]) -> set[str]:
    needed: set[str] = set()
    waiting = re.findall(r"<(\w+)>", body)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += re.findall(r"<(\w+)>", rules[name])
    return needed
