"""The conversation as a program sees it: a plain list of dicts that is its own to read and to change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from oi_voice.lmc import Lmc, entry_messages, to_lmc
from oi_voice.messages import Message


class History:
    """``entries`` is the program's list. What it leaves as it was goes back into the engine as it came out."""

    def __init__(self) -> None:
        self.entries: list[Lmc] = []
        self._sources: dict[int, tuple[Lmc, Lmc, list[Message]]] = {}  # by a dict's identity: it, as it was, what it is

    def set(self, entries: Iterable[Lmc]) -> None:
        """Begin again with these. Raises MessageError, and changes nothing, when one of them can't be read."""
        fresh = list(entries)
        self._sources = self._read(fresh)
        self.entries = fresh

    def add(self, messages: Sequence[Message]) -> None:
        """What was said or done since."""
        for message in messages:
            entry = to_lmc(message)
            self.entries.append(entry)
            self._sources[id(entry)] = entry, entry.copy(), [message]

    def messages(self) -> list[Message]:
        """The conversation for the engine. Raises MessageError."""
        self._sources = self._read(self.entries)
        return [message for entry in self.entries for message in self._sources[id(entry)][2]]

    def _read(self, entries: Sequence[Lmc]) -> dict[int, tuple[Lmc, Lmc, list[Message]]]:
        known, read = self._sources, dict[int, tuple[Lmc, Lmc, list[Message]]]()
        for number, entry in enumerate(entries, 1):
            source = known.get(id(entry))
            if source is None or source[0] is not entry or source[1] != entry:
                messages = entry_messages(entry, number)
                source = entry, entry.copy(), messages
            read[id(entry)] = source
        return read
