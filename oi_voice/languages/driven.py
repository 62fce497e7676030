"""An interpreter under way: what it is asked to run, and what it says."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import os
import secrets
import signal
from pathlib import Path

from oi_voice.languages.capped import Tail
from oi_voice.languages.dialects import Dialect
from oi_voice.languages.family import now
from oi_voice.languages.host import Host
from oi_voice.languages.marked import Marked
from oi_voice.languages.terminal import Terminal
from oi_voice.languages.watch import Watch
from oi_voice.messages import Chunk, Kind, Role
from oi_voice.ports import Answer
from oi_voice.runtime import in_thread, spawn

LATE = 2_000  # characters kept of what is printed while nothing runs


class Run:
    """One run of code: its chunks, ``None`` after the last. ``over`` when it has ended; then ``word`` says how, and is
    empty when its process has died."""

    def __init__(self, host: Host, driven: Driven) -> None:
        self.mark, self.began, self.driven = secrets.token_hex(16), now(), driven
        self.chunks: asyncio.Queue[Chunk | None] = asyncio.Queue()
        self.over = asyncio.Event()
        self.word = ""
        self._host, self._capped = host, host.capped()
        self._muted, self._fresh_line = False, True

    def say(self, text: str) -> None:
        """Output: its head is told at once."""
        if not self._muted:
            self._fresh_line = text.endswith("\n")
            self.tell(self._capped.add(text))

    def show(self, path: Path) -> None:
        """Show a picture, and remove its file."""
        with contextlib.suppress(OSError):
            picture = base64.b64encode(path.read_bytes()).decode()
            path.unlink()
            if not self._muted:
                self.chunks.put_nowait(Chunk(Role.COMPUTER, Kind.IMAGE, picture, "base64.png"))

    def tell(self, text: str, form: str = "output") -> None:
        if text:
            self.chunks.put_nowait(Chunk(Role.COMPUTER, Kind.CONSOLE, text, form))

    def told(self) -> str:
        """What has been told; nobody else is to get it."""
        said = [self.chunks.get_nowait() for _ in range(self.chunks.qsize())]
        return "".join([chunk.content for chunk in said if chunk and chunk.kind is Kind.CONSOLE])

    async def ask(self, prompt: str, secret: bool) -> Answer:
        """Ask the person on behalf of the code, if anybody still listens to that."""
        if self._muted:
            return Answer(None, "nobody listens to it any more")
        return await self._host.ask(prompt, secret)

    def end(self, word: str) -> None:
        self.word = word
        if word.isdigit() and word != "0":
            self.say(("" if self._fresh_line else "\n") + f"exit status {word}\n")
        self.tell(self._capped.end())
        self.tell(self._capped.where, "notice")
        self.chunks.put_nowait(None)
        self.over.set()

    def mute(self) -> None:
        """Nobody listens any more."""
        self._muted = True


class Driven:
    """A process on its terminal. ``close`` it even when it has died by itself."""

    def __init__(self, dialect: Dialect, host: Host, where: str = "") -> None:
        """Start it, in the directory ``where`` if there still is one. Raises ``OSError``."""
        self.notice = ""  # what the next run is to begin with
        self.late = Tail(LATE)
        self._dialect = dialect
        self._run: Run | None = None
        self._watching: asyncio.Task[None] | None = None
        self._watch: Watch | None = None
        self._marked = Marked()
        family = self._family = host.family
        self._folder = family.folder
        env = {**family.environment(), **dialect.surroundings(self._folder)}
        cwd = where if where and Path(where).is_dir() else None
        self.terminal = Terminal(dialect.line(self._folder), env, self._folder, self._heard, cwd)
        family.interpreters.add(self.terminal.pid)
        self._outliving = spawn(self._outlive(), f"{dialect.name} watch")

    def begin(self, run: Run, request: bytes) -> None:
        """Have it run a request; what it says meanwhile is the run's."""
        if self.terminal.gone.is_set():
            run.end("")
            return
        self.terminal.reset()
        if self._watch:  # else it is the first: what it says as it starts is part of that
            self.terminal.read()  # what is there already is not the run's
        self._run = run
        self._marked.expect(run.mark)
        run.tell(self.notice, "notice")
        self.notice = ""
        if late := self.late.take():
            run.tell("Since then, earlier code has printed:\n" + late.removesuffix("\n") + "\n", "notice")
        self._watch = Watch(
            self.terminal, self._marked, self._dialect.title, run.ask, lambda why: run.tell(f"{why}\n", "notice")
        )
        self._watching = spawn(self._watch.watch(), f"{self._dialect.name} input")
        self.terminal.request(request)

    def interrupt(self) -> None:
        """Interrupt what runs in the terminal's foreground."""
        how = self._dialect.interrupt
        if how in ("signal", "both"):
            self.terminal.interrupt()
        if how in ("request", "both") and self._run:
            self.terminal.request(self._dialect.encode_stop(self._run.mark))

    def interrupt_program(self) -> None:
        """Interrupt the program in the foreground again, if that is not the interpreter itself."""
        if self.terminal.foreground != self.terminal.pid:
            self.interrupt()

    def interrupt_harder(self) -> None:
        """End the program in the foreground; the interpreter itself is interrupted again."""
        foreground = self.terminal.foreground
        if foreground == self.terminal.pid:
            self.terminal.interrupt()
        else:
            self.terminal.signal(foreground, signal.SIGKILL)

    async def close(self) -> None:
        """End the process. Background jobs live on."""
        await self.terminal.close()
        await asyncio.wait([self._outliving])

    async def end(self) -> None:
        """End the process and its background jobs; only what has left their session lives on."""
        self.terminal.kill()
        await in_thread(self._end_jobs, name="session end")
        await self.close()

    def _end_jobs(self) -> None:
        for pid in self._family.members():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if os.getsid(pid) == self.terminal.pid:
                    os.kill(pid, signal.SIGKILL)

    def _heard(self, data: bytes) -> None:
        for mark, word, text in self._marked.feed(data):
            run = self._run
            if text:
                if run and self._watch:
                    self._watch.heard(text)
                    run.say(text)
                else:
                    self.late.add(text)
            elif run and mark == run.mark:
                if word.startswith("picture "):
                    run.show(Path(word.removeprefix("picture ")))
                else:
                    self._ended(run, word)

    def _ended(self, run: Run, word: str) -> None:
        self._run = None
        if self._watching:
            self._watching.cancel()
        run.end(word)

    async def _outlive(self) -> None:
        await self.terminal.gone.wait()
        self._family.interpreters.discard(self.terminal.pid)
        if self._run:
            self._ended(self._run, self._dialect.last_word(self.terminal.returncode, self._folder))
