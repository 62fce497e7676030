"""The conversation as a program sees it: a plain list of dicts that is its own to read and to change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from oi_voice.growing import alike
from oi_voice.lmc import Lmc, entry_messages, to_lmc
from oi_voice.messages import Message


class History:
    """``entries`` is the program's list. What it leaves as it was goes back into the engine as it came out."""

    def __init__(self) -> None:
        self.entries: list[Lmc] = []
        self._seen: list[Lmc] = []  # the entries as they were when they were last looked at,
        self._made: list[list[Message]] = []  # and the messages that each is

    def set(self, entries: Iterable[Lmc]) -> None:
        """Begin again with these. Raises MessageError, and changes nothing, when one of them can't be read."""
        fresh = list(entries)
        self._read(fresh)
        self.entries = fresh

    def add(self, messages: Sequence[Message]) -> None:
        """What was said or done since."""
        if len(self._seen) != len(self.entries):
            self._read(self.entries)
        for message in messages:
            entry = to_lmc(message)
            self.entries.append(entry)
            self._seen.append(entry.copy())
            self._made.append([message])

    def messages(self) -> list[Message]:
        """The conversation for the engine. Raises MessageError."""
        self._read(self.entries)
        return list(chain.from_iterable(self._made))

    def _read(self, entries: list[Lmc]) -> None:
        same = alike(self._seen, entries)
        made = [entry_messages(entry, number) for number, entry in enumerate(entries[same:], same + 1)]
        self._seen[same:] = [entry.copy() for entry in entries[same:]]
        self._made[same:] = made
