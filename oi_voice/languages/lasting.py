"""Languages that are one lasting process, which runs one block after another: how they start, run, are stopped, end."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Generic, Protocol, TypeVar

from oi_voice.errors import LanguageError
from oi_voice.languages.family import Moment
from oi_voice.languages.host import Host
from oi_voice.messages import Chunk
from oi_voice.runtime import spawn, within

START_TIMEOUT = 60.0  # seconds: a cold disk on a busy machine


class Run(Protocol):
    """One run of code. ``chunks`` has what is to be told, ``None`` after the last; ``over`` when the code has ended."""

    began: Moment
    chunks: asyncio.Queue[Chunk | None]
    over: asyncio.Event

    def mute(self) -> None:
        """Nobody listens any more."""


class Life(Protocol):
    """A process: ``gone`` when it has ended, ``killed`` where that was our doing; ``fate`` says how."""

    gone: asyncio.Event
    killed: bool

    @property
    def fate(self) -> str: ...


P = TypeVar("P")
R = TypeVar("R", bound=Run)


class Lasting(ABC, Generic[P, R]):
    """``ports.Language`` for a process ``P`` with its runs ``R``. ``title`` is what sentences call the language."""

    name: str

    def __init__(self, title: str, host: Host) -> None:
        self.title, self.host = title, host
        self._starting: asyncio.Task[P | LanguageError] | None = None
        self._stopping: asyncio.Task[bool] | None = None
        self._current: tuple[P, R] | None = None
        self._news = ""  # what the next run is to begin with
        self._closed = False
        self._ending = asyncio.Lock()  # held while what is there is ended, for something new

    async def start(self) -> None:
        """Bring the process up. Raises ``LanguageError`` when that fails."""
        await self._living()

    async def run(self, code: str, run: str) -> AsyncGenerator[Chunk, None]:
        """Run ``code`` as the message ``run``. Waits for a stop under way and for a run that was left early.

        Leaving early drops the rest of the output, but only ``stop`` ends the code. Raises ``LanguageError`` when the
        process does not start, dies, or is lost.
        """
        _check(code)
        process = await self._living()
        while self._current and not self._current[1].over.is_set():
            await self._current[1].over.wait()
            process = await self._living()
        current = self._begin(process, code, run)
        self._current, self._news = (process, current), ""
        try:
            while (chunk := await current.chunks.get()) is not None:
                yield chunk
        finally:
            current.mute()
        self._ended(process, current)

    async def stop(self) -> bool:
        """Interrupt the code, harder step by step, until it is over.

        True when the variables are still there, at once when nothing runs.
        """
        if self._stopping is None:
            if self._current is None or self._current[1].over.is_set():
                return True
            self._stopping = spawn(self._stopped(*self._current), f"{self.name} stop")
        return await asyncio.shield(self._stopping)

    @abstractmethod
    async def close(self) -> None:
        """End the process. May be called more than once."""

    async def terminate(self) -> None:
        """As ``close``; the next run starts a new process."""
        async with self._ending:
            await self.close()
            self._closed, self._news = False, ""

    async def _living(self) -> P:
        """The process: the one that lives, or a new one."""
        async with self._ending:
            pass
        while not self._closed:
            if self._stopping:
                await asyncio.shield(self._stopping)
                continue
            starting = self._starting = self._starting or spawn(self._started(), f"{self.name} start")
            process = await asyncio.shield(starting)
            if isinstance(process, LanguageError):
                raise process
            if await self._alive(process):
                return process
            if starting is self._starting:
                self._starting = None
                await self._bury(process)
        raise LanguageError(f"{self.title} has been closed.", code="language.closed")

    async def _started(self) -> P | LanguageError:
        try:
            return await self._launch()
        except BaseException as error:
            self._starting = None
            if isinstance(error, LanguageError):
                return error
            raise

    async def _stopped(self, process: P, run: R) -> bool:
        try:
            return await self._end(process, run)
        finally:
            self._stopping = None

    @abstractmethod
    async def _launch(self) -> P:
        """A process that is ready. Raises ``LanguageError``."""

    @abstractmethod
    async def _alive(self, process: P) -> bool:
        """Whether the next code can be run in it."""

    @abstractmethod
    async def _bury(self, process: P) -> None:
        """Let go of what is not alive; what is to be told of that goes to ``_news``."""

    @abstractmethod
    def _begin(self, process: P, code: str, run: str) -> R:
        """Have it run ``code``; ``_news`` is to be told first. Raises ``LanguageError`` for code that cannot be."""

    @abstractmethod
    def _ended(self, process: P, run: R) -> None:
        """A run has told all. Raises ``LanguageError`` when its process was lost."""

    @abstractmethod
    async def _end(self, process: P, run: R) -> bool:
        """Do what ``stop`` does; whether the variables are still there."""


class Local(Lasting[P, R]):
    """One whose process is ours, as is all that it starts."""

    def __init__(self, title: str, host: Host) -> None:
        super().__init__(title, host)
        self._mourned: P | None = None  # whose end has been told
        self._dismissed: P | None = None  # whose end was asked for

    async def close(self) -> None:
        """End the process, and what it started with it. May be called more than once."""
        self._closed = True
        if self._stopping:
            await asyncio.wait([self._stopping])
        starting, self._starting = self._starting, None
        if starting:
            starting.cancel()
            [process] = await asyncio.gather(starting, return_exceptions=True)
            if not isinstance(process, BaseException):
                self._dismissed = process
                await self._release(process, last=True)
        await self.host.left()

    async def _launch(self) -> P:
        try:
            process = await self._open()
        except OSError as error:
            raise LanguageError(f"{self.title} could not be started: {error}.", code="language.start") from error
        try:
            async with asyncio.timeout(START_TIMEOUT):
                await self._prepare(process)
        except BaseException as error:
            await self._release(process)
            if isinstance(error, TimeoutError):
                raise LanguageError(f"{self.title}'s preparation did not end.", code="language.start") from error
            raise
        return process

    async def _alive(self, process: P) -> bool:
        return not self._life(process).gone.is_set()

    async def _bury(self, process: P) -> None:
        if process is not self._mourned:
            self._news = f"{self.title} had ended ({self._life(process).fate}): earlier variables are lost.\n"
        await self._release(process)

    def _death(self, process: P) -> LanguageError:
        self._mourned, life = process, self._life(process)
        if process is self._dismissed:
            return death(self.title, "was ended")
        killed = "had to be ended, for the code would not stop"
        return death(self.title, killed if life.killed else f"ended by itself ({life.fate})")

    async def _end(self, process: P, run: R) -> bool:
        over = False
        async with aclosing(self._press(process, run)) as steps:
            async for seconds in steps:
                if over := await within(seconds, run.over):
                    break
        kept = over and not self._life(process).gone.is_set()
        await self.host.family.kill(run.began)
        if not kept:
            await self._release(process)
            self._starting = None if self._closed else spawn(self._started(), f"{self.name} start")
        return kept

    @abstractmethod
    async def _open(self) -> P:
        """Start one. Raises ``LanguageError`` or ``OSError``."""

    @abstractmethod
    async def _prepare(self, process: P) -> None:
        """Wait until it can run code. Raises ``LanguageError`` when it never will."""

    @abstractmethod
    def _life(self, process: P) -> Life: ...

    @abstractmethod
    def _press(self, process: P, run: R) -> AsyncGenerator[float, None]:
        """Interrupt the code, harder with each step, and yield the seconds that it then has; at last kill it."""

    @abstractmethod
    async def _release(self, process: P, last: bool = False) -> None:
        """End it at once and let go of everything; the ``last`` leaves in good order, with what it has started.

        May be called more than once.
        """


def death(who: str, how: str) -> LanguageError:
    """A process is dead."""
    return LanguageError(
        f"{who} {how}; its variables are lost.", fix="The next code starts in a fresh one.", code="language.died"
    )


def _check(code: str) -> None:
    try:
        code.encode()
    except UnicodeEncodeError:
        raise LanguageError(
            "The code holds half a character (a lone surrogate).", fix="Write it as an escape.", code="language.code"
        ) from None
