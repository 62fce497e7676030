"""Python on another machine: one kernel of a Jupyter Server or Enterprise Gateway, kept from run to run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from typing import Any

from oi_voice.errors import LanguageError
from oi_voice.languages.capped import Tail
from oi_voice.languages.gateway import MISSING, Gateway
from oi_voice.languages.host import Host
from oi_voice.languages.output import Screen, notice
from oi_voice.languages.remote_kernel import END_TIMEOUT, RemoteKernel, Request
from oi_voice.messages import Chunk
from oi_voice.runtime import spawn, within

PATIENCE = (2.0, 1.0)  # seconds that each interrupt is given
LATE_MAX = 2_000  # characters that are kept of what code prints between runs
SHOWN = ("stream", "display_data", "update_display_data", "execute_result", "clear_output", "error")
END_OF_FILE = "\x04"  # what makes ipykernel's input() raise EOFError


class RemotePython:
    """``ports.Language`` for Python behind ``url``. A kernel is made there at the first need, and ended by ``close``.

    ``kernel`` names the sort of kernel; none is the server's default. ``timeout`` bounds, in seconds, each step that
    should be quick. This computer cannot be used from there, nor is the broker's secret told there.
    """

    name = "python"
    aliases = ("py", "python3", "ipython")
    file_extension = "py"
    available = True

    def __init__(self, url: str, token: str = "", kernel: str = "", timeout: float = 10.0, host: Host | None = None):
        self._gateway, self._sort, self._host = Gateway(url, token, timeout), kernel, host or Host(alone=True)
        self._kernel: RemoteKernel | None = None
        self._opening: asyncio.Task[RemoteKernel | LanguageError] | None = None
        self._stopping: asyncio.Task[bool] | None = None
        self._current: Request | None = None
        self._news, self._late = "", Tail(LATE_MAX)
        self._closed = False

    @property
    def system_message(self) -> str:
        """What the model is told."""
        return (
            f"Python runs on another machine ({self._gateway.host}): it has other files than this computer, and"
            " `computer` is not there."
        )

    async def start(self) -> None:
        """Bring a kernel up there. Raises ``LanguageError`` when that fails."""
        await self._reached()

    async def run(self, code: str, run: str) -> AsyncGenerator[Chunk, None]:
        """Run ``code``. Waits for a stop under way and for a run that was left early.

        Leaving early drops the rest of the output, but only ``stop`` ends the code. Raises ``LanguageError`` when the
        server is not reached, and when the line or the kernel is lost.
        """
        if any("\ud800" <= character <= "\udfff" for character in code):
            raise LanguageError(
                "The code holds half a character (a lone surrogate).",
                fix="Write it as an escape.",
                code="language.code",
            )
        kernel = await self._reached()
        while self._current and not self._current.over.is_set():
            await self._current.over.wait()
            kernel = await self._reached()
        page = _Page(kernel, self._host, self._since())
        request = self._current = Request(page.heard, page.ended)
        try:
            await kernel.execute(code, request)
            while (chunk := await page.chunks.get()) is not None:
                yield chunk
        finally:
            page.mute()
        if not request.replied:
            raise self._loss(request)

    async def stop(self) -> bool:
        """Interrupt the code; if it goes on, again; then have the server restart the kernel.

        True when the variables are still there, at once when nothing runs.
        """
        if self._stopping is None:
            if self._kernel is None or self._current is None or self._current.over.is_set():
                return True
            self._stopping = spawn(self._end(self._kernel, self._current), "gateway stop")
        return await asyncio.shield(self._stopping)

    async def close(self) -> None:
        """End the kernel there, if the server is reached. May be called more than once."""
        self._closed = True
        for task in (self._stopping, self._opening):
            if task:  # not cancelled at once: a kernel that is being made there would stay
                await asyncio.wait([task], timeout=END_TIMEOUT)
                task.cancel()
        kernel, self._kernel = self._kernel, None
        if kernel:
            with suppress(LanguageError):  # what cannot be reached cannot be ended: the server culls it
                await kernel.close()
        await self._gateway.close()
        await self._host.left()

    async def terminate(self) -> None:
        """End the kernel; the next run gets a new one."""
        await self.close()
        self._closed = False

    async def _reached(self) -> RemoteKernel:
        """The kernel there, its line open."""
        if self._stopping:
            await asyncio.shield(self._stopping)
        if self._closed:
            raise LanguageError("Python has been closed.", code="language.closed")
        if self._opening is None and self._kernel and await self._kernel.alive():
            return self._kernel
        if self._opening is None:
            self._opening = spawn(self._open(), "gateway start")
        kernel = await asyncio.shield(self._opening)
        if isinstance(kernel, LanguageError):
            raise kernel
        return kernel if not self._closed else await self._reached()

    async def _open(self) -> RemoteKernel | LanguageError:
        try:
            if not (self._kernel and await self._rejoined(self._kernel)):
                self._kernel = await RemoteKernel.launch(self._gateway, self._sort, self._late.add)
        except LanguageError as error:
            return error
        finally:
            self._opening = None
        return self._kernel

    async def _rejoined(self, kernel: RemoteKernel) -> bool:
        """Whether the kernel whose line was lost still has its variables."""
        if kernel.fate:
            with suppress(LanguageError):
                await kernel.close()
            if not (self._current and self._current.fate):  # no run has told of it
                self._news = f"Python {kernel.fate}: earlier variables are lost.\n"
            return False
        try:
            if not await kernel.rejoin():
                self._news = "What still ran when the connection was lost has been interrupted.\n"
        except LanguageError as error:
            if error.code != MISSING:
                raise
            self._news = "Python has been ended by the server: earlier variables are lost.\n"
            return False
        return True

    async def _end(self, kernel: RemoteKernel, request: Request) -> bool:
        try:
            await within(PATIENCE[0], request.started)  # a kernel that has not begun yet would ignore the interrupt
            for patience in PATIENCE:
                await kernel.interrupt()
                if await within(patience, request.over):
                    return request.replied
            await kernel.restart()
        except LanguageError:  # the next run says why
            await kernel.hang_up()
        finally:
            self._stopping = None
        return False

    def _loss(self, request: Request) -> LanguageError:
        where = f"Python on {self._gateway.host}"
        if request.fate:
            return LanguageError(
                f"{where} {request.fate}; its variables are lost.",
                fix="The next code starts in a fresh one.",
                code="language.died",
            )
        return LanguageError(
            f"The connection to {where} was lost; the code may still run there.",
            fix="The next code connects again, if the server is back by then.",
            code="language.gateway",
        )

    def _since(self) -> list[Chunk]:
        """What there is to say before the next run."""
        late, news = self._late.take(), self._news
        self._news = ""
        return notice(news) + notice(late and f"Since then, earlier code has printed:\n{late}")


class _Page:
    """One run's chunks, ``None`` after the last; lines that the code asks for are asked of the person."""

    def __init__(self, kernel: RemoteKernel, host: Host, first: list[Chunk]) -> None:
        self.chunks: asyncio.Queue[Chunk | None] = asyncio.Queue()
        self._kernel, self._host = kernel, host
        self._screen: Screen | None = Screen(host.capped())
        self._asking: asyncio.Task[None] | None = None
        self._put(first)

    def heard(self, kind: str, content: Mapping[str, Any]) -> None:
        if kind == "input_request":
            self._asking = spawn(self._ask(content["prompt"], content["password"]), "gateway input")
        elif self._screen and kind in SHOWN:
            self._put(self._screen.show(kind, content))

    def ended(self) -> None:
        if self._asking:
            self._asking.cancel()
        try:
            if self._screen:
                self._put(self._screen.end())
        finally:
            self.chunks.put_nowait(None)

    def mute(self) -> None:
        self._screen = None

    async def _ask(self, prompt: str, secret: bool) -> None:
        answer = await self._host.ask(prompt, secret)
        if answer.text is None:
            self._put(notice(f"input() got no line: {answer.why}.\n"))
        await self._kernel.answer(END_OF_FILE if answer.text is None else answer.text)

    def _put(self, chunks: list[Chunk]) -> None:
        for chunk in chunks:
            self.chunks.put_nowait(chunk)
