"""SQL: what a statement does, by its first words."""

from __future__ import annotations

import re

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import listed
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.texts import Text

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_TEXT = re.compile(r"'(?:[^']|'')*'")
_READS = frozenset(
    listed(
        """
    select with pragma explain show describe begin commit rollback savepoint release values analyze
    """
    )
)
_CREATES = frozenset(["create", "insert"])
_CHANGES = frozenset(listed("update alter replace reindex vacuum merge upsert"))
_DELETES = frozenset(["delete", "drop", "truncate"])
_INSIDE = re.compile(
    r"\b(?:delete\s+from|drop\s+table|update\s+\w+\s+set|insert\s+(?:or\s+\w+\s+)?into)\b", re.IGNORECASE
)


def statement(deeds: Deeds, sql: Text | None, database: Text | None) -> None:
    """Note what statements do to a database; one in memory is gone with the program."""
    if database is not None and database.plain == ":memory:":
        return
    name = (database.plain or "" if database is not None else "") or "a database"
    if sql is None or sql.plain is None:
        head = (sql.head if sql is not None else "").strip().lower().partition(" ")[0]
        if head != "select":
            deeds.unknown("runs a database statement that is made as it runs")
        elif head == "select":
            deeds.add(Effect.READS, "file", name)
        return
    for each in _TEXT.sub("''", _COMMENT.sub(" ", sql.plain)).split(";"):
        word = each.split(None, 1)[0].lower().strip("(") if each.strip() else ""
        if word:
            _one(deeds, word, each, name)


def _one(deeds: Deeds, word: str, text: str, name: str) -> None:
    if word in _DELETES or re.search(r"\b(?:drop|delete)\b", text, re.IGNORECASE):
        deeds.add(Effect.DELETES, "file", f"records of {name}", count=None)
    elif word in _CREATES or word in _CHANGES or (word in _READS and _INSIDE.search(text)):
        deeds.add(Effect.CHANGES, "file", name)
    elif word in _READS and not (word == "pragma" and "=" in text):
        deeds.add(Effect.READS, "file", name)
    else:
        deeds.unknown("runs a database statement that is not known here")
