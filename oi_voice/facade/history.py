"""The conversation as a program sees it: a plain list of dicts that is its own to read and to change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from oi_voice.lmc import Lmc, from_lmc, to_lmc
from oi_voice.messages import Message


class History:
    """``entries`` is the program's list. What it left as it was goes back into the engine as it came out."""

    def __init__(self) -> None:
        self.entries: list[Lmc] = []
        self._came_from: dict[int, tuple[Lmc, Message]] = {}  # by the dict's identity

    def set(self, entries: Iterable[Lmc]) -> None:
        """Begin again with these. Raises MessageError, and changes nothing, when one of them can't be read."""
        fresh = list(entries)
        from_lmc(fresh)
        self.entries = fresh

    def add(self, messages: Sequence[Message]) -> None:
        """What was said or done since."""
        for message in messages:
            entry = to_lmc(message)
            self.entries.append(entry)
            self._came_from[id(entry)] = entry, message

    def messages(self) -> list[Message]:
        """The conversation for the engine. Raises MessageError."""
        known, kept, result = self._came_from, {}, list[Message]()
        for number, entry in enumerate(self.entries, 1):
            source = known.get(id(entry))
            if source and source[0] is entry and to_lmc(source[1]) == entry:
                kept[id(entry)] = source
                result.append(source[1])
            else:
                result += from_lmc([entry], number)
        self._came_from = kept
        return result
