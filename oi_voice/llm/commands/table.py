"""The table of commands: the one source of the grammar, the parser and the list of what one can say."""

from __future__ import annotations

from oi_voice.llm.commands import files, input, screen, talk, windows
from oi_voice.llm.commands.row import Row

TABLE: tuple[Row, ...] = (
    *windows.ROWS,
    *input.ROWS,
    *screen.ROWS,
    *files.ROWS,
    *talk.ROWS,
)


def sayings() -> dict[str, tuple[str, ...]]:
    """Example phrases by group, in the table's order: what a person can say."""
    groups: dict[str, tuple[str, ...]] = {}
    for row in TABLE:
        if not row.hidden:
            groups[row.group] = (*groups.get(row.group, ()), *row.examples)
    return groups
