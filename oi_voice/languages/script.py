"""Languages that run each block in a process of its own: AppleScript, and where there are no pseudo-terminals, all.

Nothing is kept between blocks. What a block reads from its standard input is empty.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path

from oi_voice.errors import LanguageError
from oi_voice.languages.dialects import DIALECTS
from oi_voice.languages.family import now
from oi_voice.languages.host import Host
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.runtime import Worker, in_thread, spawn

PATIENCE = 2.0  # seconds that an interrupted block has to end
DRAIN = 0.1  # seconds without output after which a process that has ended has said all
READ = 65_536  # bytes asked for at a time


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a block is run: by the first of ``programs`` that is installed, in whose ``arguments`` ``{file}`` stands for
    the block's file. ``install`` says how to get the program; on systems that are not among ``systems`` (all, where
    there are none) ``elsewhere`` is the reason why there is none."""

    name: str
    title: str
    programs: tuple[str, ...]
    arguments: tuple[str, ...]
    install: str = ""
    aliases: tuple[str, ...] = ()
    file_extension: str = ""
    systems: tuple[str, ...] = ()
    elsewhere: str = ""

    @property
    def program(self) -> str:
        """The installed program's path; empty when there is none."""
        return next((path for name in self.programs if (path := shutil.which(name))), "")


APPLESCRIPT = Recipe(
    name="applescript",
    title="AppleScript",
    programs=("osascript",),
    arguments=("{file}",),
    install="it is a part of macOS",
    aliases=("osascript",),
    file_extension="applescript",
    systems=("darwin",),
    elsewhere="AppleScript is there on macOS only.",
)

_BLOCKS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "javascript": (("node",), ("{file}",)),
    "ruby": (("ruby",), ("-EUTF-8", "{file}")),
    "r": (("Rscript",), ("--vanilla", "{file}")),
    "java": (("java",), ("-Dfile.encoding=UTF-8", "{file}")),
    "powershell": (("pwsh", "powershell"), ("-NoLogo", "-NoProfile", "-ExecutionPolicy", "Bypass", "-File", "{file}")),
}
#: For Windows: the languages that elsewhere have a lasting process.
ONE_BY_ONE = (
    Recipe("shell", "The shell", ("cmd",), ("/d", "/q", "/c", "{file}"), "it is a part of Windows", ("cmd",), "bat"),
    *(
        Recipe(one.name, one.title, *_BLOCKS[one.name], one.install, one.aliases, one.file_extension)
        for one in DIALECTS
        if one.name in _BLOCKS
    ),
)


class Script:
    """``ports.Language`` for a recipe."""

    def __init__(self, recipe: Recipe, host: Host | None = None) -> None:
        self.recipe, self.host = recipe, host or Host()
        self.name, self.aliases, self.file_extension = recipe.name, recipe.aliases, recipe.file_extension
        self._current: _Block | None = None
        self._closed = False

    @property
    def available(self) -> bool:
        """Whether its program is installed, and for this system."""
        return bool(self.recipe.program) and (not self.recipe.systems or sys.platform in self.recipe.systems)

    async def start(self) -> None:
        """Nothing: each block starts its own process. Raises ``LanguageError`` where that can't be."""
        self._check()

    async def run(self, code: str, run: str) -> AsyncGenerator[Chunk, None]:
        """Run ``code``. Waits for a block that was left early; leaving early drops the rest of the output, but only
        ``stop`` ends the code. Raises ``LanguageError`` when no process can be started."""
        self._check()
        while self._current and not self._current.over.is_set():
            await self._current.over.wait()
        try:
            current = self._current = _Block(self.recipe, self.host, code)
        except (OSError, UnicodeEncodeError) as error:
            raise LanguageError(f"{self.recipe.title} could not be started: {error}.", code="language.start") from error
        try:
            while (chunk := await current.chunks.get()) is not None:
                yield chunk
        finally:
            current.mute()

    async def stop(self) -> bool:
        """Interrupt the block, kill it 2 s later, and end all that it has started. True: there is no state to lose."""
        if self._current and not self._current.over.is_set():
            await self._current.stop(PATIENCE)
        return True

    async def terminate(self) -> None:
        """End what runs, at once."""
        if self._current:
            await self._current.stop(0)

    async def close(self) -> None:
        """As ``terminate``, for good."""
        self._closed = True
        await self.terminate()

    def _check(self) -> None:
        recipe = self.recipe
        if self._closed:
            raise LanguageError(f"{recipe.title} has been closed.", code="language.closed")
        if recipe.systems and sys.platform not in recipe.systems:
            raise LanguageError(recipe.elsewhere, code="language.missing")
        if not recipe.program:
            raise LanguageError(
                f"{recipe.title} is not installed on this computer.",
                fix=f"Install it: {recipe.install}.",
                code="language.missing",
            )


class _Block:
    """One block under way: its chunks, ``None`` after the last. ``over`` when its process has ended and said all."""

    def __init__(self, recipe: Recipe, host: Host, code: str) -> None:
        self.chunks: asyncio.Queue[Chunk | None] = asyncio.Queue()
        self.over = asyncio.Event()
        self._family, self._capped, self._began = host.family, host.capped(), now()
        self._muted, self._fresh_line = False, True
        self._file = _written(code, f".{recipe.file_extension}", host.family.folder)
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
        self._pipe, into = os.pipe()
        try:
            self._process = subprocess.Popen(
                [recipe.program, *(part.format(file=self._file) for part in recipe.arguments)],
                env=os.environ | host.family.environment(),
                stdin=subprocess.DEVNULL,
                stdout=into,
                stderr=into,
                start_new_session=True,
            )
        except OSError:
            os.close(self._pipe)
            self._file.unlink()
            raise
        finally:
            os.close(into)
        host.family.interpreters.add(self._process.pid)
        self._work = spawn(self._attend(recipe.name), recipe.name)

    def mute(self) -> None:
        """Nobody listens any more."""
        self._muted = True

    async def stop(self, patience: float) -> None:
        if patience:
            self._signal(signal.SIGINT)
        try:
            async with asyncio.timeout(patience):
                await self.over.wait()
        except TimeoutError:
            if not self.over.is_set():
                self._signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        await self._family.kill(self._began)
        await self.over.wait()

    async def _attend(self, name: str) -> None:
        reader = Worker(f"{name} output")
        ended = spawn(in_thread(self._process.wait, name=f"{name} end"), f"{name} end")
        data = b" "
        while data:
            reading = spawn(reader.run(os.read, self._pipe, READ), f"{name} output")
            await asyncio.wait({reading, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                await asyncio.wait({reading}, timeout=DRAIN)
            if not reading.done():  # a process that it has left behind still has the pipe
                break
            data = reading.result()
            self._say(self._decoder.decode(data, final=not data))
        code = await ended
        self._family.interpreters.discard(self._process.pid)
        reader.send(lambda: os.close(self._pipe))
        reader.close()
        self._file.unlink(missing_ok=True)
        self._end(code)

    def _say(self, text: str) -> None:
        if text and not self._muted:
            self._fresh_line = text.endswith("\n")
            self._tell(self._capped.add(text))

    def _tell(self, text: str, form: str = "output") -> None:
        if text:
            self.chunks.put_nowait(Chunk(Role.COMPUTER, Kind.CONSOLE, text, form))

    def _end(self, code: int) -> None:
        if code:
            fate = f"exit status {code}" if code > 0 else f"ended by {signal.Signals(-code).name}"
            self._say(f"{'' if self._fresh_line else chr(10)}{fate}\n")
        self._tell(self._capped.end())
        self._tell(self._capped.where, "notice")
        self.chunks.put_nowait(None)
        self.over.set()

    def _signal(self, what: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.terminate()
            else:
                os.killpg(self._process.pid, what)


def _written(code: str, suffix: str, folder: Path) -> Path:
    handle, name = tempfile.mkstemp(suffix, "block-", folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(code)
    return Path(name)
