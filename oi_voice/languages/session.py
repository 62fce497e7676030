"""A language whose interpreter is one lasting process on a terminal, which a driver makes run one block after another.

Pseudo-terminals are POSIX's: on Windows these languages run each block in a process of its own instead.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

from oi_voice.errors import LanguageError
from oi_voice.languages.dialects import Dialect
from oi_voice.languages.driven import Driven, Run
from oi_voice.languages.host import Host
from oi_voice.languages.local import Local
from oi_voice.languages.terminal import Terminal

# Seconds that each step of ``stop`` is given. An interrupt may be lost on a shell that is just starting a program: so
# it is repeated where one is in the foreground.
REPEAT, PATIENCE, HARDER = 0.5, 1.5, 1.0


class Session(Local[Driven, Run]):
    """``ports.Language`` for a dialect."""

    def __init__(self, dialect: Dialect, host: Host | None = None) -> None:
        super().__init__(dialect.title, host or Host())
        self.dialect = dialect
        self.name, self.aliases, self.file_extension = dialect.name, dialect.aliases, dialect.file_extension
        self._where = ""  # the directory that it worked in, which outlives it

    @property
    def available(self) -> bool:
        """Whether its program is installed."""
        return bool(self.dialect.program)

    async def terminate(self) -> None:
        """As ``close``; the next run starts a new process, which knows nothing of this one."""
        await super().terminate()
        self.dialect.forget(self.host.family.folder)
        self._where = ""

    async def _open(self) -> Driven:
        if not self.available:
            raise LanguageError(
                f"{self.title} is not installed on this computer.",
                fix=f"Install it: {self.dialect.install}.",
                code="language.missing",
            )
        return Driven(self.dialect, self.host, self._where)

    async def _prepare(self, process: Driven) -> None:
        first, terminal = Run(self.host, process), process.terminal
        process.begin(first, self.dialect.encode_first(first.mark))
        await first.over.wait()
        if not first.word or terminal.gone.is_set():
            self.dialect.forget(self.host.family.folder)
            said = "" if self.dialect.quiet else first.told().strip()
            why = f"{self.title} ended at its start ({terminal.fate}). {said}"
            raise LanguageError(why.strip(), fix=f"Install it: {self.dialect.install}.", code="language.start")
        terminal.connected()

    def _home(self) -> Path:
        return Path(self._where) if self._where else super()._home()

    def _life(self, process: Driven) -> Terminal:
        return process.terminal

    async def _alive(self, process: Driven) -> bool:
        if process.terminal.alive:
            return True
        await process.terminal.gone.wait()
        return False

    def _begin(self, process: Driven, code: str, run: str) -> Run:
        current = Run(self.host, process)
        request = self.dialect.encode(current.mark, code)
        self._where = process.terminal.cwd or self._where
        process.notice = self._news
        process.begin(current, request)
        return current

    def _ended(self, process: Driven, run: Run) -> None:
        if process.terminal.gone.is_set():
            self._mourned = process
        if not run.word:
            raise self._death(process)

    async def _press(self, process: Driven, run: Run) -> AsyncGenerator[float, None]:
        process.interrupt()
        yield REPEAT
        process.interrupt_program()
        yield PATIENCE
        process.interrupt_harder()
        yield HARDER
        process.terminal.kill()

    async def _release(self, process: Driven, last: bool = False) -> None:
        await (process.end() if last else process.close())
