"""A language whose interpreter is one lasting process on a terminal, which a driver makes run one block after another.

Pseudo-terminals are POSIX's: on Windows these languages run each block in a process of its own instead.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from oi_voice.errors import LanguageError
from oi_voice.languages.dialects import Dialect
from oi_voice.languages.driven import Driven, Run
from oi_voice.languages.host import Host
from oi_voice.messages import Chunk
from oi_voice.runtime import spawn, within

START_TIMEOUT = 60.0  # seconds: a cold disk on a busy machine
# Seconds that each step of ``stop`` is given. An interrupt may be lost on a shell that is just starting a program: so
# it is repeated where one is in the foreground.
REPEAT, PATIENCE, HARDER = 0.5, 1.5, 1.0


class Session:
    """``ports.Language`` for a dialect."""

    def __init__(self, dialect: Dialect, host: Host | None = None) -> None:
        self.dialect, self.host = dialect, host or Host()
        self.name, self.aliases, self.file_extension = dialect.name, dialect.aliases, dialect.file_extension
        self._starting: asyncio.Task[Driven | LanguageError] | None = None
        self._stopping: asyncio.Task[bool] | None = None
        self._current: Run | None = None
        self._mourned: Driven | None = None
        self._where = ""  # the directory that it worked in, which outlives it
        self._closed = False

    @property
    def available(self) -> bool:
        """Whether its program is installed."""
        return bool(self.dialect.program)

    async def start(self) -> None:
        """Bring the process up. Raises ``LanguageError`` when that fails."""
        await self._process()

    async def run(self, code: str, run: str) -> AsyncGenerator[Chunk, None]:
        """Run ``code``. Waits for a stop under way and for a run that was left early; leaving early drops the rest of
        the output, but only ``stop`` ends the code. Raises ``LanguageError`` when the process can't start or dies."""
        _check(code)
        process = await self._process()
        while self._current and not self._current.over.is_set():
            await self._current.over.wait()
            process = await self._process()
        current = Run(self.host, process)
        request = self.dialect.encode(current.mark, code)
        self._current, self._where = current, process.terminal.cwd or self._where
        process.begin(current, request)
        try:
            while (chunk := await current.chunks.get()) is not None:
                yield chunk
        finally:
            current.mute()
        if process.terminal.gone.is_set():
            self._mourned = process
        if not current.word:
            raise self._death(process)

    async def stop(self) -> bool:
        """Interrupt the code; 2 s later end the program in the terminal's foreground, or interrupt again; 1 s later
        kill all and start afresh. What the run has started is ended in any case. True when the state was kept."""
        if self._stopping is None:
            if self._current is None or self._current.over.is_set():
                return True
            self._stopping = spawn(self._end(self._current), f"{self.name} stop")
        return await asyncio.shield(self._stopping)

    async def close(self) -> None:
        """End the process and its background jobs. May be called more than once."""
        self._closed = True
        if self._stopping:
            await asyncio.wait([self._stopping])
        starting, self._starting = self._starting, None
        if starting is None:
            return
        if not starting.done():
            starting.cancel()
        [process] = await asyncio.gather(starting, return_exceptions=True)
        if isinstance(process, Driven):
            await process.end()

    async def terminate(self) -> None:
        """As ``close``; the next run starts a new process."""
        await self.close()
        self.dialect.forget(self.host.family.folder)
        self._closed, self._where = False, ""

    async def _process(self) -> Driven:
        """The process: the one that lives, or a new one."""
        lost = ""
        while True:
            if self._stopping:
                await asyncio.shield(self._stopping)
            if self._closed:
                raise LanguageError(f"{self.dialect.title} has been closed.", code="language.closed")
            if self._starting is None:
                self._starting = spawn(self._launch(), f"{self.name} start")
            starting = self._starting
            try:
                process = await asyncio.shield(starting)
            except BaseException:
                if starting.done() and starting is self._starting:
                    self._starting = None
                raise
            if isinstance(process, Driven) and process.terminal.alive:
                process.notice = lost + process.notice
                return process
            if starting is self._starting:
                self._starting = None
            if isinstance(process, LanguageError):
                raise process
            await process.terminal.gone.wait()
            if process is not self._mourned:
                fate = process.terminal.fate
                lost = f"{self.dialect.title} had ended ({fate}): earlier variables are lost.\n"
            await process.close()

    async def _launch(self) -> Driven | LanguageError:
        title = self.dialect.title
        if not self.available:
            return LanguageError(
                f"{title} is not installed on this computer.",
                fix=f"Install it: {self.dialect.install}.",
                code="language.missing",
            )
        try:
            process = Driven(self.dialect, self.host, self._where)
        except OSError as error:
            return LanguageError(f"{title} could not be started: {error}.", code="language.start")
        first = Run(self.host, process)
        try:
            process.begin(first, self.dialect.encode_first(first.mark))
            async with asyncio.timeout(START_TIMEOUT):
                await first.over.wait()
        except BaseException as error:
            await process.close()
            if isinstance(error, TimeoutError):
                return LanguageError(f"{title} did not get ready.", code="language.start")
            raise
        if first.word and not process.terminal.gone.is_set():
            process.terminal.connected()
            return process
        self.dialect.forget(self.host.family.folder)
        return LanguageError(
            f"{title} ended at its start ({process.terminal.fate}). {first.told().strip()}".strip(),
            code="language.start",
        )

    def _death(self, process: Driven) -> LanguageError:
        terminal = process.terminal
        killed = "had to be ended, for the code would not stop"
        what = killed if terminal.killed else f"ended by itself ({terminal.fate})"
        return LanguageError(
            f"{self.dialect.title} {what}; its variables are lost.",
            fix="The next code starts in a fresh one.",
            code="language.died",
        )

    async def _end(self, run: Run) -> bool:
        driven, terminal = run.driven, run.driven.terminal
        try:
            steps = (driven.interrupt, REPEAT), (driven.interrupt_program, PATIENCE), (driven.interrupt_harder, HARDER)
            for step, seconds in steps:
                step()
                if await within(seconds, run.over):
                    break
            else:
                terminal.kill()
            kept = not terminal.killed and not terminal.gone.is_set()
            await self.host.family.kill(run.began)
            if not kept:
                await driven.close()
                self._mourned = driven
                self._starting = None if self._closed else spawn(self._launch(), f"{self.name} start")
            return kept
        finally:
            self._stopping = None


def _check(code: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in code):
        raise LanguageError(
            "The code holds half a character (a lone surrogate).", fix="Write it as an escape.", code="language.code"
        )
