"""What is known of places, modules, methods and commands: tables, and the little that reads them."""

from __future__ import annotations


def names_in(words: str) -> frozenset[str]:
    """The words of a table."""
    return frozenset(words.split())


def verbs(table: str) -> dict[str, str]:
    """The verb of each name in a table with lines of ``names: verb``."""
    rows = [line.rpartition(": ") for line in table.splitlines() if line.strip()]
    return {name: verb for names, _, verb in rows for name in names.split()}
