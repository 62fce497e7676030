"""A recogniser that blocks, on a thread of its own: fed while the take is spoken, watched, replaced when it hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from oi_voice.errors import TranscriberError
from oi_voice.ports import ANY, Hearing, Hints
from oi_voice.runtime import Worker, outcome, spawn, within
from oi_voice.voice.stt.early import Listening
from oi_voice.voice.stt.session import Session, Take, failed, hung

T = TypeVar("T")
LOADING = 120.0  # seconds that loading may take: gigabytes from a slow disk
LEAST, TIMES = 10.0, 4.0  # seconds, and times its length, that a take may take once it has ended
GRACE = 2.0  # seconds for an aborted decode to let go of the thread
IDLE = 900.0  # seconds without a take after which the model is let go of


class Engine(Protocol):
    """What recognises. It is made on the loop, at no cost; all else is called on one thread, and may block.

    Whatever it raises is an error of the take, told as it is where it is a TranscriberError.
    """

    name: str

    def load(self) -> None:
        """Get ready, and recognise something, so that the first take need not wait for what is loaded late."""

    def take(self, listening: Listening) -> Take: ...

    def close(self) -> None:
        """Let go of the model. Raises nothing."""


class Hosted:
    """The port's Transcriber around an engine that ``make`` makes, again and again if need be.

    A take that isn't done within ``patience(its seconds)`` of its end fails, and engine and thread are left behind:
    the next one gets new ones. After ``idle`` seconds without a take (0: never) the engine is closed, to be loaded
    again when somebody speaks; ``later`` is the loop's ``call_later`` unless given.
    """

    def __init__(
        self,
        make: Callable[[], Engine],
        *,
        patience: Callable[[float], float] = lambda seconds: max(LEAST, TIMES * seconds),
        grace: float = GRACE,
        idle: float = IDLE,
        later: Callable[[float, Callable[[], None]], Any] | None = None,
    ) -> None:
        self._make = make
        self.patience = patience
        self._grace = grace
        self._idle = idle
        self._later = later
        self._timer: Any = None
        self._sessions = 0
        self._lane: Lane | None = None

    async def start(self) -> None:
        await self.ready()

    def hear(self, hints: Hints = ANY) -> Hearing:
        self._stay()
        self._sessions += 1
        return Session(self, hints)

    def close(self) -> None:
        self._stay()
        if self._lane:
            self.give_up(self._lane)

    async def ready(self) -> Lane:
        """The engine and its thread, loaded. Raises TranscriberError."""
        lane = await self._free()
        try:
            await lane.ready()
        except TranscriberError:
            self.give_up(lane)
            raise
        return lane

    async def _free(self) -> Lane:
        """Engine and thread once nothing runs there; new ones where an aborted take does not let go of them."""
        while True:
            lane = self._lane = self._lane or Lane(self._make())
            if await within(self._grace, lane.free):
                return lane
            if lane.held is None or lane.held.aborted():
                self.give_up(lane)

    def give_up(self, lane: Lane) -> None:
        """Leave an engine behind, whatever it is doing."""
        lane.leave()
        if self._lane is lane:
            self._lane = None

    def rest(self) -> None:
        """A session is over."""
        self._sessions -= 1
        if self._idle and not self._sessions and self._lane:
            later = self._later or asyncio.get_running_loop().call_later
            self._timer = later(self._idle, self.close)

    def _stay(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


class Lane:
    """An engine and its thread. ``free`` is set when nothing runs there; ``held`` is the session that last did."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.held: Listening | None = None
        self.free = asyncio.Event()
        self.free.set()
        self._jobs = 0
        self._worker = Worker(engine.name)
        self._loading: asyncio.Task[BaseException | None] | None = None

    async def ready(self) -> None:
        """Load the engine, if that has not been done. Raises TranscriberError."""
        if self._loading is None:
            self._loading = spawn(outcome(self._worker.run(self.engine.load)), f"{self.engine.name} loads")
        try:
            async with asyncio.timeout(LOADING):
                result = await asyncio.shield(self._loading)
        except TimeoutError:
            raise hung(self.engine.name) from None
        if result is not None:
            raise failed(self.engine.name, result)

    async def run(self, session: Listening, what: Callable[..., T], *args: Any) -> T:
        """Call ``what(*args)`` on the thread, for this session."""
        loop, began = asyncio.get_running_loop(), False

        def work() -> T:
            nonlocal began
            began = True
            try:
                return what(*args)
            finally:
                loop.call_soon_threadsafe(self._done)

        self.held = session
        self._jobs += 1
        self.free.clear()
        try:
            return await self._worker.run(work)
        finally:
            if not began:  # cancelled while it waited its turn, and so it will never run
                self._done()

    def leave(self) -> None:
        """Nobody waits for it any more; what it does now is its last."""
        self._worker.send(self.engine.close)
        self._worker.close()
        self._jobs = 0
        self.free.set()

    def _done(self) -> None:
        self._jobs -= 1
        if self._jobs <= 0:
            self.free.set()
