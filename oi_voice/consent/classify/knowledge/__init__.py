"""What is known of places, modules, methods and commands: tables, and the little that reads them."""

from __future__ import annotations


def listed(words: str) -> list[str]:
    """The words of a table, in order."""
    return words.split()
