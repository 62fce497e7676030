"""What a person types, put together where several lines are one entry."""

from __future__ import annotations

MARKS = ('"""', "'''", "```")
SHELL = "%%"  # on a line of its own: a command of several lines follows, until an empty one


class Entry:
    """Joins lines between lines of three quotes, and those behind a lone ``%%``."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._mark: str | None = None  # what ends the open entry; None when there is none

    @property
    def open(self) -> bool:
        """Whether more lines belong to what was begun."""
        return self._mark is not None

    def feed(self, line: str, multi_line: bool) -> str | None:
        """Take a line; returns the entry that is whole with it, or None. Quotes count with ``multi_line`` only."""
        if self._mark is None:
            return self._first(line, multi_line)
        text = line.rstrip()
        if not text.endswith(self._mark) or (not self._mark and text):
            self._lines.append(line)
            return None
        lines = [*self._lines, text.removesuffix(self._mark)]
        self.drop()
        return "\n".join(lines).strip("\n")

    def drop(self) -> None:
        """Forget what was begun."""
        self._lines, self._mark = [], None

    def _first(self, line: str, multi_line: bool) -> str | None:
        text = line.strip()
        mark = next((mark for mark in MARKS if text.startswith(mark)), None) if multi_line else None
        if text == SHELL:
            self._lines, self._mark = [SHELL], ""
        elif mark is None or (mark == "```" and text != mark):  # else it is code that begins here, tagged
            return line
        else:
            rest = text.removeprefix(mark)
            if rest.endswith(mark):
                return rest.removesuffix(mark)
            self._lines, self._mark = [rest], mark
        return None
