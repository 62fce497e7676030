"""Languages that are one lasting process, which runs one block after another: how they start, run, are stopped, end."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from typing import Generic, Protocol, TypeVar

from oi_voice.errors import LanguageError
from oi_voice.languages.family import Moment
from oi_voice.languages.host import Host
from oi_voice.messages import Chunk
from oi_voice.runtime import spawn


class Run(Protocol):
    """One run of code. ``chunks`` has what is to be told, ``None`` after the last; ``over`` when the code has ended."""

    began: Moment
    chunks: asyncio.Queue[Chunk | None]
    over: asyncio.Event

    def mute(self) -> None:
        """Nobody listens any more."""


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
