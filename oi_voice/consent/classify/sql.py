"""SQL: what a statement does, by its first words."""

from __future__ import annotations

import re

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.places import short, shown
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.texts import Text

_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_TEXT = re.compile(r"'(?:[^']|'')*'")
_READS = names_in(
    """
    select with pragma explain show describe begin commit rollback savepoint release values analyze
    """
)
_CREATES = frozenset(["create", "insert"])
_CHANGES = names_in("update alter replace reindex vacuum merge upsert")
_DELETES = frozenset(["delete", "drop", "truncate"])
#: What leaves the database: another one, files, programs.
_REACHES = re.compile(r"\b(?:attach|vacuum\s+into|load_extension|writefile|readfile)\b", re.IGNORECASE)
#: Functions of servers that act, and a question whose answer is written to a file.
_ACTS = re.compile(
    r"\binto\s+(?:out|dump)file\b|\b(?:pg_(?!\w*size\w*|get_|typeof|stat|is_|backend_pid|postmaster)|lo_|dblink|xp_|sp_|setval)"
    r"\w*\s*\(",
    re.IGNORECASE,
)
_ANEW = re.compile(
    r"\s*create\s+or\s+replace\s+(?:\w+\s+)?table\b|\s*update\b(?!.*\bwhere\b)", re.IGNORECASE | re.DOTALL
)
_INSIDE = re.compile(
    r"\b(?:delete\s+from|drop\s+table|update\s+\w+\s+set|insert\s+(?:or\s+\w+\s+)?into)\b", re.IGNORECASE
)


def statement(deeds: Deeds, sql: Text | None, database: Text | None, file: bool = True) -> None:
    """Note what statements do to a database; one in memory is gone with the program. Unless ``file`` it is a server."""
    alone = sql is not None and sql.plain is not None and not _REACHES.search(sql.plain)
    if database is not None and database.plain == ":memory:" and alone:
        return
    name = (database.plain or "" if database is not None else "") or "a database"
    place = deeds.places.resolve(database) if database is not None and file else None
    if place is not None:
        name = shown(place)
        if deeds.places.secret(place):
            deeds.reads(database)
    if sql is None or sql.plain is None:
        head = (sql.head if sql is not None else "").strip().lower().partition(" ")[0]
        if head != "select":
            deeds.unknown("runs a database statement that is made as it runs")
        else:
            deeds.add(Effect.READS, "file", name)
        return
    for each in _TEXT.sub("''", _COMMENT.sub(" ", sql.plain)).split(";"):
        word = each.split(None, 1)[0].lower().strip("(") if each.strip() else ""
        if word:
            _one(deeds, word, each, name)


def _one(deeds: Deeds, word: str, text: str, name: str) -> None:
    if word in _DELETES or re.search(r"\b(?:drop|delete)\b", text, re.IGNORECASE):
        deeds.add(Effect.DELETES, "records", name, count=None)
    elif _ACTS.search(text):
        deeds.unknown("runs a database statement that does more than ask")
    elif _ANEW.match(text):
        deeds.add(Effect.OVERWRITES, "text", f"every record of a table in {short(name)}", count=None)
    elif word in _CREATES or word in _CHANGES or (word in _READS and _INSIDE.search(text)):
        deeds.add(Effect.CHANGES, "file", name)
    elif word in _READS and not (word == "pragma" and "=" in text):
        deeds.add(Effect.READS, "file", name)
    else:
        deeds.unknown("runs a database statement that is not known here")
