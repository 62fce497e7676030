"""The conversation as a program sees it: a plain list of dicts that is its own to read and to change."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import chain

from oi_voice.growing import alike
from oi_voice.lmc import Lmc, entry_messages, to_lmc
from oi_voice.messages import Message


class History:
    """``entries`` is the program's list. What it leaves as it was goes back into the engine as it came out.

    The engine tells by ``keep``, on its own thread, what becomes part of the conversation; ``absorb`` takes that in.
    """

    def __init__(self) -> None:
        self.entries: list[Lmc] = []
        self._seen: list[Lmc] = []  # the entries as they were when they were last looked at,
        self._made: list[list[Message]] = []  # the messages that each is,
        self._messages: list[Message] = []  # and all of them in a row
        self._kept: deque[Message | None] = deque()
        self._absorbing = threading.Lock()
        self._asked, self._new = 0, 0

    def keep(self, message: Message | None) -> None:
        """A message more; None: a new conversation begins. May be called on any thread."""
        self._kept.append(message)

    def absorb(self) -> None:
        """Add what was kept since the last time."""
        with self._absorbing:
            while self._kept:
                message = self._kept.popleft()
                if message is None:
                    self.entries.clear()
                    self._new = self._asked
                else:
                    self._add(message)

    def begin(self, asked: int) -> list[Message]:
        """The conversation for the engine, which is then asked so many messages more. Raises MessageError."""
        self._read(self.entries)
        self._asked, self._new = asked, len(self.entries) + asked
        return list(self._messages)

    def new(self) -> list[Lmc]:
        """What came since ``begin``, without what was asked."""
        self.absorb()
        return self.entries[self._new :]

    def set(self, entries: Iterable[Lmc]) -> None:
        """Begin again with these. Raises MessageError, and changes nothing, when one of them can't be read."""
        fresh = list(entries)
        self.absorb()
        self._read(fresh)
        self.entries = fresh

    def restore(self, messages: Sequence[Message]) -> None:
        """Begin again with what was read from a file."""
        self.set([])
        for message in messages:
            self._add(message)

    def _add(self, message: Message) -> None:
        if len(self._seen) != len(self.entries):
            self._read(self.entries)
        entry = to_lmc(message)
        self.entries.append(entry)
        self._seen.append(entry.copy())
        self._made.append([message])
        self._messages.append(message)

    def _read(self, entries: list[Lmc]) -> None:
        same = alike(self._seen, entries)
        if same == len(self._seen) == len(entries):
            return
        made = [entry_messages(entry, number) for number, entry in enumerate(entries[same:], same + 1)]
        self._seen[same:] = [entry.copy() for entry in entries[same:]]
        self._made[same:] = made
        self._messages = list(chain.from_iterable(self._made))
