"""One turn, asked for and followed from a thread that may wait."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from oi_voice.engine import Engine
from oi_voice.events import ApprovalRequested, Event, InputRequested
from oi_voice.facade.history import History
from oi_voice.facade.parts import Terminal
from oi_voice.facade.stream import NEWER, Chunks
from oi_voice.lmc import Lmc, from_lmc
from oi_voice.messages import Message
from oi_voice.ports import Verdict
from oi_voice.runtime import Core, CoreStoppedError
from oi_voice.waiting import taken

Said = str | Lmc | list[Lmc]


def request(message: Said) -> tuple[list[Message], list[Lmc] | None]:
    """What is newly asked, or a whole conversation to be answered. Raises MessageError."""
    if isinstance(message, list):
        from_lmc(message)
        return [], message
    entry: object = {"role": "user", "type": "message", "content": message} if isinstance(message, str) else message
    return from_lmc([{"role": "user", **entry} if isinstance(entry, dict) else entry]), None


class Exchange:
    """Lives from ``start`` to ``close``; what is left running of it then is stopped.

    Lines that code wants are asked for at the ``terminal``, where there is one with somebody at it.
    """

    def __init__(self, core: Core, engine: Engine, history: History, terminal: Terminal | None = None) -> None:
        self._core, self._engine, self._history = core, engine, history
        self._terminal = terminal if terminal and terminal.attended else None
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._ends: list[Callable[[], None]] = []
        self._chunks = Chunks("")

    def start(
        self, asked: Sequence[Message], entries: list[Lmc] | None, *, always_ask: bool, path: Path | None = None
    ) -> None:
        """Have the engine answer ``asked``; ``entries`` become the conversation before it. What it was doing ends.

        ``path`` is where the conversation was read from. Raises MessageError.
        """
        self._core.call(self._quiet())
        self._history.absorb()
        if entries is not None:
            self._history.set(entries)
        before = self._history.begin(len(asked))
        self._core.call(self._begin(before, asked, always_ask, path))

    async def _quiet(self) -> None:
        self._engine.end_turn(NEWER)

    async def _begin(
        self, before: Sequence[Message], asked: Sequence[Message], always_ask: bool, path: Path | None
    ) -> None:
        self._engine.load(before, path)
        self._ends.append(self._engine.listen(self._events.put))
        self._chunks = Chunks(self._engine.start_turn(asked, always_ask=always_ask))
        if self._terminal:
            self._ends.append(self._engine.asking.attend(self._chunks.turn))

    @property
    def superseded(self) -> bool:
        """Whether a newer request ended it."""
        return self._chunks.by == NEWER

    def follow(self) -> Iterator[tuple[Event, list[Lmc]]]:
        """Each event with the chunks that it is, to the turn's end. Raises what the turn failed of."""
        while not self._chunks.ended:
            event = taken(self._events)
            chunks = self._chunks.feed(event)
            if self._chunks.ended or isinstance(event, ApprovalRequested):
                self._history.absorb()
            yield event, chunks
            if self._terminal and isinstance(event, InputRequested) and event.turn == self._chunks.turn:
                self._core.call(self._terminal.line(self._engine, event))
        if self._chunks.error:
            raise self._chunks.error

    def answer(self, question: ApprovalRequested, verdict: Verdict) -> None:
        """Answer a question that ``follow`` gave."""
        turn, digest, approved = question.turn, question.digest, verdict.approved
        self._core.post(self._engine.resolve, turn, digest, approved, verdict.by, verdict.words)

    def close(self) -> None:
        """Stop what still goes on. May be called more than once."""
        if self._ends:
            ends, self._ends = self._ends, []
            with suppress(CoreStoppedError):
                self._core.call(self._leave(ends))
            self._history.absorb()

    async def _leave(self, ends: Sequence[Callable[[], None]]) -> None:
        for end in ends:
            end()
        if self._engine.turn == self._chunks.turn:  # not one that has begun since
            self._engine.end_turn("the caller")
