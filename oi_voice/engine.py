"""The engine: the conversation, the current turn, who listens, and the one way to stop.

All methods are called on the core loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from oi_voice.consent.gate import Gate
from oi_voice.events import (
    AudioLevel,
    Event,
    Notice,
    Outcome,
    SettingsChanged,
    State,
    StateChanged,
    Streamed,
    TurnEnded,
)
from oi_voice.messages import Kind, Message, Role
from oi_voice.runtime import spawn
from oi_voice.settings import Settings, lookup
from oi_voice.turn import Kit, Turn

BACKLOG = 1000  # events a slow subscriber may lag behind before pieces of text are joined for it
NOTICES = 20  # kept for those who come to listen later
STOPPED = Message(Role.COMPUTER, Kind.CONSOLE, "Stopped by the person.", "output")


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


class Engine:
    def __init__(self, kit: Kit, settings: Settings) -> None:
        self.history: list[Message] = []
        self._kit = kit
        self._settings = settings
        self._subscriptions: list[Subscription] = []
        self._notices: deque[Notice] = deque(maxlen=NOTICES)
        self._gate = Gate(self._publish, settings.approval_timeout, settings.auto_run)
        self._turn: Turn | None = None
        self._task: asyncio.Task[Outcome] | None = None
        settings.subscribe(self._changed)

    @property
    def state(self) -> State:
        return self._turn.state if self._turn else State.IDLE

    @property
    def speaking(self) -> bool:
        return self._turn is not None and self._turn.speaking

    def subscribe(self) -> Subscription:
        """Every event from now on, and first the notices that belonged to no turn (ready, what is missing)."""
        subscription = Subscription(self._subscriptions.remove)
        for notice in self._notices:
            subscription.put(notice)
        self._subscriptions.append(subscription)
        return subscription

    def press(self) -> None:
        """The key goes down: whatever goes on is silenced and ended, and a new take begins."""
        self._start(None, by="barge-in")

    def release(self) -> None:
        """The key goes up: the take is over."""
        if self._turn:
            self._turn.released.set()

    def start_turn(self, text: str) -> str:
        """Ask in writing. Returns the turn's id."""
        return self._start(text, by="a new request")

    def resolve(self, turn: str, digest: str, approved: bool, by: str) -> bool:
        """Answer an ``ApprovalRequested``. False when that question is not (or no longer) open."""
        return self._gate.resolve(turn, digest, approved, by)

    def notify(self, level: str, code: str, text: str) -> None:
        """Tell the person something; what belongs to no turn is told to whoever listens later, too."""
        notice = Notice(self._turn.id if self._turn else "", level, code, text)
        if self._turn is None:
            self._notices.append(notice)
        self._publish(notice)

    def heard_level(self, level: float) -> None:
        """The microphone's peak level, 0 to 1, while it is open."""
        if self._turn:
            self._publish(AudioLevel(self._turn.id, level))

    def new_conversation(self) -> None:
        """Forget what was said. A turn that goes on belongs to the new conversation."""
        self.history.clear()

    def cancel(self, by: str = "stop") -> None:
        """Stop everything now: silence, no further action, idle. What ran is cleaned up behind."""
        kit, turn = self._kit, self._turn
        if kit.mouth:
            kit.mouth.player.hush()
        if turn is None or self._task is None:
            return
        interrupted = turn.state in (State.ASKING, State.RUNNING)
        outcome = Outcome.CANCELLED if turn.outcome is None or turn.speaking else turn.outcome
        kit.broker.revoke()
        self._gate.close(by)
        turn.end()
        if kit.ear:
            kit.ear.recorder.abort()
        self._task.cancel()
        self._turn = None
        self.history += turn.messages()
        if interrupted:
            self.history.append(STOPPED)
        self._publish(StateChanged(turn.id, State.IDLE))
        self._publish(TurnEnded(turn.id, outcome, turn.heard, turn.said))
        spawn(self._settle(turn.id), "stop the code")

    async def close(self) -> None:
        """Stop, and let go of everything the kit holds."""
        self.cancel("quit")
        kit = self._kit
        for language in kit.languages:
            await language.close()
        await kit.broker.close()
        if kit.ear:
            kit.ear.recorder.close()
            kit.ear.transcriber.close()
        if kit.mouth:
            kit.mouth.player.close()
            kit.mouth.synthesizer.close()

    def _start(self, text: str | None, by: str) -> str:
        self.cancel(by)
        settings = self._settings.snapshot()
        self._gate.timeout = settings.approval_timeout
        turn = Turn(self._kit, settings, self._gate, self._publish)
        self._turn = turn
        self._task = spawn(self._run(turn, text), "turn")
        return turn.id

    async def _run(self, turn: Turn, text: str | None) -> Outcome:
        outcome = await turn.run(text, list(self.history))
        if self._turn is turn:
            self._turn = None
            self.history += turn.messages()
            self._publish(TurnEnded(turn.id, outcome, turn.heard, turn.said))
        return outcome

    async def _settle(self, turn: str) -> None:
        for language in self._kit.languages:
            if not await language.stop():
                text = "The code did not stop when asked, so its process was ended. Its variables are lost."
                self._publish(Notice(turn, "warning", "language.lost", text))
                self.history.append(Message(Role.COMPUTER, Kind.CONSOLE, text, "output"))

    def _changed(self, changed: dict[str, Any]) -> None:
        self._publish(SettingsChanged("", {name: value for name, value in changed.items() if not lookup(name).secret}))

    def _publish(self, event: Event) -> None:
        for subscription in self._subscriptions:
            subscription.put(event)


def _join(last: Event | None, event: Event) -> Streamed | None:
    if not (isinstance(last, Streamed) and isinstance(event, Streamed)) or event.chunk.starts:
        return None
    old, new = last.chunk, event.chunk
    if new.kind is Kind.IMAGE or replace(new, content="") != replace(old, content="", starts=False):
        return None
    return Streamed(last.turn, replace(old, content=old.content + new.content), last.at)
