"""What an engine says, for one listener that takes its time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from oi_voice.events import AudioLevel, Event, Streamed
from oi_voice.messages import Kind

BACKLOG = 1000  # events a slow subscriber may lag behind before pieces of text are joined for it


class Subscription:
    """Events for one listener, in order. A slow one gets text in larger pieces and only the newest level."""

    def __init__(self, left: Callable[[Subscription], None]) -> None:
        self._events: deque[Event] = deque()
        self._ready = asyncio.Event()
        self._left = left
        self._closed = False

    def put(self, event: Event) -> None:
        last = self._events[-1] if self._events else None
        if isinstance(event, AudioLevel) and isinstance(last, AudioLevel):
            self._events.pop()
        elif len(self._events) >= BACKLOG and (joined := _join(last, event)):
            self._events.pop()
            event = joined
        self._events.append(event)
        self._ready.set()

    def close(self) -> None:
        """Hear no more; the iteration ends. May be called more than once."""
        if not self._closed:
            self._closed = True
            self._left(self)
            self._ready.set()

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Event:
        while not self._events:
            if self._closed:
                raise StopAsyncIteration
            self._ready.clear()
            await self._ready.wait()
        return self._events.popleft()


def _join(last: Event | None, event: Event) -> Streamed | None:
    if not (isinstance(last, Streamed) and isinstance(event, Streamed)) or event.chunk.starts:
        return None
    old, new = last.chunk, event.chunk
    if new.kind is Kind.IMAGE or replace(new, content="") != replace(old, content="", starts=False):
        return None
    return Streamed(last.turn, replace(old, content=old.content + new.content), last.at)
