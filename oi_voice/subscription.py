"""Who hears what an engine says, and how somebody does who takes their time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from oi_voice.events import AudioLevel, Event, Notice, Streamed
from oi_voice.messages import Kind

NOTICES = 20  # kept for those who come to listen later
BACKLOG = 1000  # events a slow subscriber may lag behind before pieces of text are joined for it


class Listeners:
    """All who hear of events. Notices that belong to no turn are kept for those who come later."""

    def __init__(self) -> None:
        self._all: list[Callable[[Event], None]] = []
        self._notices: deque[Notice] = deque(maxlen=NOTICES)

    def add(self, heard: Callable[[Event], None]) -> Callable[[], None]:
        """Have ``heard`` called with every event from now on; returns what ends that."""
        self._all.append(heard)
        return lambda: self._all.remove(heard)

    def subscribe(self) -> Subscription:
        subscription = Subscription(lambda left: self._all.remove(left.put))
        for notice in self._notices:
            subscription.put(notice)
        self._all.append(subscription.put)
        return subscription

    def tell(self, event: Event) -> None:
        if isinstance(event, Notice) and not event.turn:
            self._notices.append(event)
        for heard in list(self._all):
            heard(event)


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
