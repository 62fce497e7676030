"""Lasting languages whose process is ours, as is all that it starts."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Protocol

from oi_voice.errors import LanguageError
from oi_voice.languages.host import Host
from oi_voice.languages.lasting import Lasting, P, R, death
from oi_voice.runtime import spawn, within

START_TIMEOUT = 60.0  # seconds: a cold disk on a busy machine


class Life(Protocol):
    """A process: ``gone`` when it has ended, ``killed`` where that was our doing; ``fate`` says how."""

    gone: asyncio.Event
    killed: bool

    @property
    def pid(self) -> int: ...

    @property
    def fate(self) -> str: ...


class Local(Lasting[P, R]):
    """``_press`` and ``_release`` say how its process is stopped, and ended; ``_home`` where one begins."""

    def __init__(self, title: str, host: Host) -> None:
        super().__init__(title, host)
        self._mourned: P | None = None  # whose end has been told
        self._dismissed: P | None = None  # whose end was asked for

    @property
    def folder(self) -> Path:
        """Where its code runs: in its process's folder, else where that would be started."""
        import psutil

        process = self._starting.result() if self._starting and self._starting.done() else None
        if process and not isinstance(process, LanguageError):
            with suppress(psutil.Error):
                return Path(psutil.Process(self._life(process).pid).cwd())
        return self._home()

    def _home(self) -> Path:
        """Where a new process begins."""
        return Path.cwd()

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
