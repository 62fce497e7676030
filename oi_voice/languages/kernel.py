"""Python, run in a Jupyter kernel: a process of its own that keeps its variables from run to run."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from typing import Any

from oi_voice.errors import LanguageError
from oi_voice.languages.capped import SHOWN, Capped
from oi_voice.languages.family import Moment, now
from oi_voice.languages.host import Host
from oi_voice.languages.inside.outlet import FOLDER
from oi_voice.languages.output import Screen, notice
from oi_voice.languages.process import START_TIMEOUT, KernelProcess, Request
from oi_voice.messages import Chunk
from oi_voice.runtime import in_thread, spawn, within

PATIENCE, LAST_PATIENCE = 2.0, 1.0  # seconds that the steps of ``stop`` are given
SLACK = 4  # times what the kernel may show of a run's text: it cuts that itself, if it is ours


class JupyterPython:
    """``ports.Language`` for Python.

    ``prelude`` is run silently in each fresh kernel; ``env`` is added to this process's environment. Without a
    ``host`` it has one of its own, with nobody to ask.
    """

    name = "python"
    aliases = ("py", "python3", "ipython")
    file_extension = "py"
    available = True

    def __init__(self, prelude: str = "", env: Mapping[str, str] | None = None, host: Host | None = None) -> None:
        self._prelude, self._env = prelude, dict(env or {})
        self._host = host or Host(alone=True)
        self._starting: asyncio.Task[KernelProcess | LanguageError] | None = None
        self._stopping: asyncio.Task[bool] | None = None
        self._current: tuple[KernelProcess, Request, Moment] | None = None
        self._mourned: KernelProcess | None = None
        self._lost = ""
        self._closed = False

    async def start(self) -> None:
        """Bring the kernel up, prelude included. Raises ``LanguageError`` when that fails."""
        await self._kernel()

    async def run(self, code: str, run: str) -> AsyncGenerator[Chunk, None]:
        """Run ``code`` as the message ``run``, the parent of all it says.

        Waits for a stop under way and for a run that was left early; leaving early drops the rest of the
        output, but only ``stop`` ends the code. Raises ``LanguageError`` when the kernel does not start or dies.
        """
        if any("\ud800" <= character <= "\udfff" for character in code):
            raise LanguageError(
                "The code holds half a character (a lone surrogate).",
                fix="Write it as an escape.",
                code="language.code",
            )
        kernel = await self._kernel()
        while self._current and not self._current[1].over.is_set():
            await self._current[1].over.wait()
            kernel = await self._kernel()
        page = _Page(self._lost)
        self._lost = ""
        request = Request(page.heard, page.ended, self._host.ask)
        self._current = kernel, request, now()
        kernel.execute(code, request, run, self._host.told())
        try:
            while (chunk := await page.chunks.get()) is not None:
                yield chunk
        finally:
            page.mute()
        if kernel.gone.is_set() and not request.reply:
            self._mourned = kernel
            raise _death(kernel)

    async def stop(self) -> bool:
        """Interrupt the code; if it goes on, again, with the processes it started; then kill and start afresh.

        The processes that it started are gone then. True when the variables are still there, at once when nothing runs.
        """
        if self._stopping is None:
            if self._current is None or self._current[1].over.is_set():
                return True
            self._stopping = spawn(self._end(*self._current), "kernel stop")
        return await asyncio.shield(self._stopping)

    async def close(self) -> None:
        """End the kernel and what it has started. May be called more than once."""
        self._closed = True
        if self._stopping:
            await asyncio.wait([self._stopping])
        starting, self._starting = self._starting, None
        if starting:
            if not starting.done():
                starting.cancel()
            [kernel] = await asyncio.gather(starting, return_exceptions=True)
            if isinstance(kernel, KernelProcess):
                await kernel.close()
        await self._host.left()

    async def terminate(self) -> None:
        """End the kernel; the next run starts a new one."""
        await self.close()
        self._closed = False

    async def _kernel(self) -> KernelProcess:
        """The kernel: the one that lives, or a new one."""
        while True:
            if self._stopping:
                await asyncio.shield(self._stopping)
            if self._closed:
                raise LanguageError("Python has been closed.", code="language.closed")
            if self._starting is None:
                self._starting = spawn(self._launch(), "kernel start")
            starting = self._starting
            try:
                kernel = await asyncio.shield(starting)
            except BaseException:
                self._forget(starting if starting.done() else None)
                raise
            if isinstance(kernel, KernelProcess) and not kernel.gone.is_set():
                return kernel
            self._forget(starting)
            if isinstance(kernel, LanguageError):
                raise kernel
            if kernel is not self._mourned:
                self._lost = f"Python had ended ({kernel.fate}): earlier variables are lost.\n"
            await kernel.close(grace=0)

    def _forget(self, starting: asyncio.Task[KernelProcess | LanguageError] | None) -> None:
        if starting is self._starting:
            self._starting = None

    async def _launch(self) -> KernelProcess | LanguageError:
        try:
            family = self._host.family
            env = os.environ | self._env | family.environment() | {FOLDER: str(self._host.outputs)}
            kernel = await KernelProcess.launch(env, family.interpreters)
        except LanguageError as error:
            return error
        except OSError as error:
            return LanguageError(f"Python could not be started: {error}.", code="language.start")
        try:
            prelude = kernel.execute(self._prelude)
            async with asyncio.timeout(START_TIMEOUT):
                await prelude.over.wait()
        except BaseException as error:
            await kernel.close(grace=0)
            if isinstance(error, TimeoutError):
                return LanguageError("Python's preparation did not end.", code="language.start")
            raise
        if prelude.reply.get("status") == "ok":
            return kernel
        await kernel.close(grace=0)
        why = prelude.reply.get("evalue") or kernel.fate
        return LanguageError(f"Python's preparation failed: {why}.", code="language.start")

    async def _end(self, kernel: KernelProcess, request: Request, since: Moment) -> bool:
        try:
            await within(PATIENCE, request.started)  # a kernel that has not begun yet would ignore the interrupt
            kernel.interrupt()
            if not await within(PATIENCE, request.over):
                await self._interrupt_all(kernel, since)
            if await within(LAST_PATIENCE, request.over):
                await self._host.family.kill(since)
                return not kernel.gone.is_set()
            await kernel.close(grace=0)
            await self._host.family.kill(since)
            self._starting = None if self._closed else spawn(self._launch(), "kernel start")
            return False
        finally:
            self._stopping = None

    async def _interrupt_all(self, kernel: KernelProcess, since: Moment) -> None:
        family = self._host.family
        for pid in set(await in_thread(family.members, since, name="kernel stop")) - family.interpreters:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGINT)
        kernel.interrupt()


class _Page:
    """One run's chunks, ``None`` after the last."""

    def __init__(self, first: str) -> None:
        self.chunks: asyncio.Queue[Chunk | None] = asyncio.Queue()
        self._screen: Screen | None = Screen(Capped(SLACK * SHOWN))
        self._put(notice(first))

    def heard(self, kind: str, content: Mapping[str, Any]) -> None:
        if self._screen:
            self._put(self._screen.show(kind, content))

    def ended(self) -> None:
        if self._screen:
            self._put(self._screen.end())
        self.chunks.put_nowait(None)

    def mute(self) -> None:
        self._screen = None

    def _put(self, chunks: list[Chunk]) -> None:
        for chunk in chunks:
            self.chunks.put_nowait(chunk)


def _death(kernel: KernelProcess) -> LanguageError:
    what = "had to be ended, for the code would not stop" if kernel.killed else f"ended by itself ({kernel.fate})"
    return LanguageError(
        f"Python {what}; its variables are lost.", fix="The next code starts in a fresh one.", code="language.died"
    )
