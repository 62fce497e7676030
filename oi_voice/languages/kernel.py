"""Python, run in a Jupyter kernel: a process of its own that keeps its variables from run to run."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress

from oi_voice.errors import LanguageError
from oi_voice.languages.capped import SHOWN, Capped
from oi_voice.languages.host import Host
from oi_voice.languages.inside.outlet import FOLDER
from oi_voice.languages.local import Local
from oi_voice.languages.output import notice
from oi_voice.languages.page import Page
from oi_voice.languages.process import KernelProcess
from oi_voice.languages.request import Request
from oi_voice.runtime import in_thread, within

PATIENCE, LAST_PATIENCE = 2.0, 1.0  # seconds that the steps of ``stop`` are given
GRACE = 1.0  # seconds that a kernel has to leave
SLACK = 4  # times what the kernel may show of a run's text: it cuts that itself, if it is ours


class _Run(Page):
    def __init__(self, host: Host, news: str) -> None:
        super().__init__(Capped(SLACK * SHOWN), notice(news))
        self.request = Request(self.heard, self.ended, host.ask)
        self.over = self.request.over


class JupyterPython(Local[KernelProcess, _Run]):
    """``ports.Language`` for Python.

    ``prelude`` is run silently in each fresh kernel; ``env`` is added to this process's environment. Without a
    ``host`` it has one of its own, with nobody to ask.
    """

    name = "python"
    aliases = ("py", "python3", "ipython")
    file_extension = "py"
    available = True

    def __init__(self, prelude: str = "", env: Mapping[str, str] | None = None, host: Host | None = None) -> None:
        super().__init__("Python", host or Host(alone=True))
        self._prelude, self._env = prelude, dict(env or {})

    async def _open(self) -> KernelProcess:
        family = self.host.family
        env = os.environ | self._env | family.environment() | {FOLDER: str(self.host.outputs)}
        return await KernelProcess.launch(env, family.interpreters)

    async def _prepare(self, kernel: KernelProcess) -> None:
        prelude = kernel.execute(self._prelude)
        await prelude.over.wait()
        if prelude.reply.get("status") != "ok":
            why = prelude.reply.get("evalue") or kernel.fate
            raise LanguageError(f"Python's preparation failed: {why}.", code="language.start")

    def _life(self, kernel: KernelProcess) -> KernelProcess:
        return kernel

    def _begin(self, kernel: KernelProcess, code: str, run: str) -> _Run:
        current = _Run(self.host, self._news)
        kernel.execute(code, current.request, run, self.host.told())
        return current

    def _ended(self, kernel: KernelProcess, run: _Run) -> None:
        if not run.request.reply:
            raise self._death(kernel)

    async def _press(self, kernel: KernelProcess, run: _Run) -> AsyncGenerator[float, None]:
        await within(PATIENCE, run.request.started)  # a kernel that has not begun yet would ignore the interrupt
        kernel.interrupt()
        yield PATIENCE
        family = self.host.family
        for pid in set(await in_thread(family.members, run.began, name="kernel stop")) - family.interpreters:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGINT)
        kernel.interrupt()
        yield LAST_PATIENCE
        await self._release(kernel)

    async def _release(self, kernel: KernelProcess, last: bool = False) -> None:
        await kernel.close(GRACE if last else 0)
