"""Python, run in a Jupyter kernel: a process of its own that keeps its variables from run to run."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from oi_voice.errors import LanguageError
from oi_voice.languages.output import Screen
from oi_voice.languages.process import START_TIMEOUT, KernelProcess, Request
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.runtime import spawn

MAX_OUTPUT = 20_000  # characters of text shown of one run
PATIENCE = 1.0  # seconds that each step of ``stop`` is given


class JupyterPython:
    """``ports.Language`` for Python.

    ``prelude`` is run silently in each fresh kernel; ``env`` is added to this process's environment. Of a
    run's text at most ``max_output`` characters are shown: its beginning as it comes, its end at the end.
    """

    def __init__(self, prelude: str = "", env: Mapping[str, str] | None = None, max_output: int = MAX_OUTPUT) -> None:
        self._prelude, self._env, self._max_output = prelude, dict(env or {}), max_output
        self._starting: asyncio.Task[KernelProcess | LanguageError] | None = None
        self._stopping: asyncio.Task[bool] | None = None
        self._current: tuple[KernelProcess, Request] | None = None
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
        page = _Page(self._max_output, self._lost)
        self._lost = ""
        request = kernel.execute(code, run, page.heard, page.ended)
        self._current = kernel, request
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

        A second between the steps. True when the variables are still there, at once when nothing runs.
        """
        if self._stopping is None:
            if self._current is None or self._current[1].over.is_set():
                return True
            self._stopping = spawn(self._end(*self._current), "kernel stop")
        return await asyncio.shield(self._stopping)

    async def close(self) -> None:
        """End the kernel and all of its process group. May be called more than once."""
        self._closed = True
        if self._stopping:
            await asyncio.wait([self._stopping])
        if (starting := self._starting) is None:
            return
        self._starting = None
        if not starting.done():
            starting.cancel()
        [kernel] = await asyncio.gather(starting, return_exceptions=True)
        if isinstance(kernel, KernelProcess):
            await kernel.close()

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
            kernel = await KernelProcess.launch(os.environ | self._env)
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

    async def _end(self, kernel: KernelProcess, request: Request) -> bool:
        try:
            await _within(PATIENCE, request.started)  # a kernel that has not begun yet would ignore the interrupt
            for group in (False, True):
                kernel.interrupt(group)
                if await _within(PATIENCE, request.over):
                    return not kernel.gone.is_set()
            await kernel.close(grace=0)
            self._starting = None if self._closed else spawn(self._launch(), "kernel start")
            return False
        finally:
            self._stopping = None


class _Page:
    """One run's chunks, ``None`` after the last."""

    def __init__(self, limit: int, first: str) -> None:
        self.chunks: asyncio.Queue[Chunk | None] = asyncio.Queue()
        self._screen: Screen | None = Screen(limit)
        self._put([Chunk(Role.COMPUTER, Kind.CONSOLE, first, "notice")] if first else [])

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


async def _within(seconds: float, event: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
