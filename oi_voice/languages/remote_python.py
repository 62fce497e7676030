"""Python on another machine: one kernel of a Jupyter Server or Enterprise Gateway, kept from run to run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from oi_voice.errors import LanguageError
from oi_voice.languages.capped import Tail
from oi_voice.languages.gateway import MISSING, Gateway
from oi_voice.languages.host import Host
from oi_voice.languages.lasting import Lasting, death
from oi_voice.languages.output import notice
from oi_voice.languages.page import Page
from oi_voice.languages.remote_kernel import END_TIMEOUT, RemoteKernel, Request
from oi_voice.messages import Chunk
from oi_voice.runtime import spawn, within

PATIENCE = (2.0, 1.0)  # seconds that each interrupt is given
LATE_MAX = 2_000  # characters that are kept of what code prints between runs
SHOWN = ("stream", "display_data", "update_display_data", "execute_result", "clear_output", "error")
END_OF_FILE = "\x04"  # what makes ipykernel's input() raise EOFError


class _Run(Page):
    """Lines that the code asks for are asked of the person."""

    def __init__(self, kernel: RemoteKernel, host: Host, first: list[Chunk]) -> None:
        super().__init__(host.capped(), first)
        self.request = Request(self.heard, self.ended)
        self.over = self.request.over
        self._kernel, self._host = kernel, host
        self._asking: asyncio.Task[None] | None = None

    def heard(self, kind: str, content: Mapping[str, Any]) -> None:
        if kind == "input_request":
            self._asking = spawn(self._ask(content["prompt"], content["password"]), "gateway input")
        elif kind in SHOWN:
            super().heard(kind, content)

    def ended(self) -> None:
        if self._asking:
            self._asking.cancel()
        super().ended()

    async def _ask(self, prompt: str, secret: bool) -> None:
        answer = await self._host.ask(prompt, secret)
        if answer.text is None:
            self.put(notice(f"input() got no line: {answer.why}.\n"))
        await self._kernel.answer(END_OF_FILE if answer.text is None else answer.text)


class RemotePython(Lasting[RemoteKernel, _Run]):
    """``ports.Language`` for Python behind ``url``. A kernel is made there at the first need, and ended by ``close``.

    ``kernel`` names the sort of kernel; none is the server's default. ``timeout`` bounds, in seconds, each step that
    should be quick. This computer cannot be used from there, nor is the broker's secret told there.
    """

    name = "python"
    aliases = ("py", "python3", "ipython")
    file_extension = "py"
    available = True

    def __init__(self, url: str, token: str = "", kernel: str = "", timeout: float = 10.0, host: Host | None = None):
        super().__init__("Python", host or Host(alone=True))
        self._gateway, self._sort, self._late = Gateway(url, token, timeout), kernel, Tail(LATE_MAX)
        self._kernel: RemoteKernel | None = None  # also while its line is down

    @property
    def system_message(self) -> str:
        """What the model is told."""
        return (
            f"Python runs on another machine ({self._gateway.host}): it has other files than this computer, and"
            " `computer` is not there."
        )

    async def close(self) -> None:
        """End the kernel there, if the server is reached. May be called more than once."""
        self._closed = True
        for task in (self._stopping, self._starting):
            if task:  # not cancelled at once: a kernel that is being made there would stay
                await asyncio.wait([task], timeout=END_TIMEOUT)
                task.cancel()
        self._starting = None
        await self._let_go()
        await self._gateway.close()
        await self.host.left()

    async def _launch(self) -> RemoteKernel:
        if not (self._kernel and await self._rejoined(self._kernel)):
            self._kernel = await RemoteKernel.launch(self._gateway, self._sort, self._late.add)
        return self._kernel

    async def _rejoined(self, kernel: RemoteKernel) -> bool:
        """Whether the kernel whose line was lost still has its variables."""
        try:
            if not await kernel.rejoin():
                self._news = "What still ran when the connection was lost has been interrupted.\n"
        except LanguageError as error:
            if error.code != MISSING:
                raise
            self._news = "Python has been ended by the server: earlier variables are lost.\n"
            return False
        return True

    async def _alive(self, kernel: RemoteKernel) -> bool:
        return not self._closed and await kernel.alive()

    async def _bury(self, kernel: RemoteKernel) -> None:
        if kernel.fate:  # else its line alone was lost
            if not (self._current and self._current[1].request.fate):  # no run has told of it
                self._news = f"Python {kernel.fate}: earlier variables are lost.\n"
            await self._let_go()

    async def _let_go(self) -> None:
        kernel, self._kernel = self._kernel, None
        if kernel:
            with suppress(LanguageError):  # what cannot be reached cannot be ended: the server culls it
                await kernel.close()

    def _begin(self, kernel: RemoteKernel, code: str, run: str) -> _Run:
        late = self._late.take()
        told = notice(self._news) + notice(late and f"Since then, earlier code has printed:\n{late}")
        current = _Run(kernel, self.host, told)
        kernel.execute(code, current.request)
        return current

    def _ended(self, kernel: RemoteKernel, run: _Run) -> None:
        where, request = f"Python on {self._gateway.host}", run.request
        if request.replied:
            return
        if request.fate:
            raise death(where, request.fate)
        raise LanguageError(
            f"The connection to {where} was lost; the code may still run there.",
            fix="The next code connects again, if the server is back by then.",
            code="language.gateway",
        )

    async def _end(self, kernel: RemoteKernel, run: _Run) -> bool:
        request = run.request
        try:
            await within(PATIENCE[0], request.started)  # a kernel that has not begun yet would ignore the interrupt
            for patience in PATIENCE:
                await kernel.interrupt()
                if await within(patience, request.over):
                    return request.replied
            await kernel.restart()
        except LanguageError:  # the next run says why
            await kernel.hang_up()
        return False
