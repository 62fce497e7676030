"""The typed chat: lines in, events out, the same consent as everywhere."""

from __future__ import annotations

import asyncio
import codecs
import os
import select
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from oi_voice.engine import Engine
from oi_voice.events import ApprovalRequested, ApprovalResolved, State, TurnEnded
from oi_voice.runtime import daemon, post, spawn
from oi_voice.subscription import Subscription
from oi_voice.terminal.entry import Entry
from oi_voice.terminal.magic import Copy, Magic
from oi_voice.terminal.render import Printer
from oi_voice.terminal.shell import Shell

IN_HAND = 0.02  # seconds in which a line that the reader has just read is sure to be in the queue


class Lines:
    """Standard input, line by line, without holding the loop. ``None`` at its end.

    A daemon thread reads the descriptor itself: a thread stuck in ``sys.stdin`` would hold a lock that the
    interpreter wants when it ends.
    """

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._wake, self._ending = os.pipe()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._lent = asyncio.Event()  # the reader has let go of the descriptor
        daemon(self._read, "read standard input")

    async def next(self) -> str | None:
        return await self._lines.get()

    def _read(self) -> None:
        decoder, rest = codecs.getincrementaldecoder("utf-8")("replace"), ""
        with suppress(OSError):  # a terminal that was closed ends like any other input
            while self._ready() and (data := os.read(self._descriptor, 4096)):
                *lines, rest = (rest + decoder.decode(data)).split("\n")
                for line in lines:
                    self._put(line)
        os.close(self._wake)
        post(self._loop, self._lent.set)
        if rest:
            self._put(rest)
        self._put(None)

    def _ready(self) -> bool:
        """Wait for input; False once nobody wants it any more, so that it is left to whoever reads next."""
        if sys.platform == "win32":  # select takes sockets only there
            return True
        while self._wake in select.select([self._descriptor, self._wake], [], [])[0]:
            if not os.read(self._wake, 1):
                return False
            post(self._loop, self._lent.set)
            if not os.read(self._wake, 1):
                return False
        return True

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[None]:
        """Leave what is typed meanwhile to another program. On Windows the two share it."""
        self._lent.clear()
        with suppress(OSError):  # the input has ended
            os.write(self._ending, b"x")
            await self._until_lent()
        try:
            yield
        finally:
            with suppress(OSError):
                os.write(self._ending, b"x")

    async def _until_lent(self) -> None:
        if sys.platform != "win32":
            await self._lent.wait()

    def end(self) -> None:
        """Read no more."""
        os.close(self._ending)

    async def forget(self) -> None:
        """Drop all that was typed so far: in the terminal, in the reader's hand, and in the queue."""
        with suppress(ImportError, OSError):
            import termios

            termios.tcflush(self._descriptor, termios.TCIFLUSH)
        await asyncio.sleep(IN_HAND)
        while not self._lines.empty():
            if self._lines.get_nowait() is None:
                self._lines.put_nowait(None)
                return

    def close(self) -> None:
        """Behave as if the input had ended."""
        self._lines.put_nowait(None)

    def _put(self, line: str | None) -> None:
        post(self._loop, self._lines.put_nowait, line)


class Chat:
    """Ctrl-C stops the turn or the command; twice at the prompt, or the end of input, ends the chat."""

    def __init__(
        self, engine: Engine, printer: Printer, lines: Lines, *, signals: bool = True, copy: Copy | None = None
    ) -> None:
        self._engine = engine
        self._signals = signals  # whether Ctrl-C is ours to take; else the caller tells by ``interrupted``
        self._printer = printer
        self._lines = lines
        self._asked: ApprovalRequested | None = None
        self._wanted = asyncio.Event()  # a line of the person's: there is a prompt or a question
        self._warned = False
        self._at_terminal = sys.stdin is not None and sys.stdin.isatty()
        self._following: asyncio.Task[None] | None = None
        self._entry = Entry()
        self._shell = Shell(lines.lent, self._at_terminal)
        self._magic = Magic(engine, self._shell, self._sure, copy)
        self._command: asyncio.Task[str] | None = None

    async def run(self) -> None:
        """Until the person leaves."""
        if self._signals:
            self._take_signals()
        events = self._engine.subscribe()
        self._following = spawn(self._follow(events), "show events")
        self._following.add_done_callback(lambda _: self._leave())  # nothing can be shown any more
        self._prompt()
        while (line := await self._line()) is not None:
            self._warned = False
            if self._asked:
                self._answer(line)
            else:
                await self._take(line)
        if self._entry.open:
            self._printer.tell("The last entry was not ended, so nothing was done with it.")
        events.close()
        await self._following

    def _take_signals(self) -> None:
        with suppress(NotImplementedError):  # Windows: KeyboardInterrupt ends the program instead
            loop = asyncio.get_running_loop()
            loop.add_signal_handler(signal.SIGINT, self.interrupted)
            for ending in (signal.SIGTERM, signal.SIGHUP):
                loop.add_signal_handler(ending, self._leave)

    async def _line(self) -> str | None:
        await self._wanted.wait()
        line = await self._lines.next()
        if (
            line is None and self._asked and self._following and not self._following.done()
        ):  # nobody is left to ask: no, and wait for what the model says to that
            self._answer("")
            await self._wanted.wait()
        return line

    async def _take(self, line: str) -> None:
        entry = self._entry.feed(line, self._engine.settings.multi_line)
        if entry is None or not entry.strip():
            self._prompt()
        elif entry.lstrip().startswith("%"):
            self._printer.tell(await self._done(entry))
            self._prompt()
        else:
            self._wanted.clear()
            self._engine.start_turn(entry)

    async def _done(self, entry: str) -> str:
        """Do a magic command; what there is to tell of it."""
        self._command = spawn(self._magic.run(entry), "magic command")
        try:
            await asyncio.wait([self._command])
            return "Stopped." if self._command.cancelled() else self._command.result()
        finally:
            self._command.cancel()
            self._command = None

    async def _sure(self, question: str) -> bool:
        """What was typed before, perhaps by code that ran, is no answer."""
        if not self._at_terminal:
            return True
        await self._lines.forget()
        self._printer.ask(f"{question} [y/n] ")
        answer = await self._lines.next()
        if answer is None:
            self._lines.close()
        return (answer or "").strip().lower() in ("y", "yes")

    def _answer(self, line: str) -> None:
        asked, self._asked = self._asked, None
        self._wanted.clear()
        if asked:
            approved = line.strip().lower() in ("y", "yes")
            self._engine.resolve(asked.turn, asked.digest, approved, "terminal")

    async def _follow(self, events: Subscription) -> None:
        async for event in events:
            self._printer.show(event)
            if isinstance(event, ApprovalRequested):
                self._asked = event
                if self._at_terminal:
                    await self._lines.forget()  # what was typed before the question is no answer to it
                self._printer.approve(event.language, event.code)
                self._wanted.set()
            elif isinstance(event, ApprovalResolved):
                self._asked = None
            elif isinstance(event, TurnEnded):
                self._prompt()

    def _prompt(self) -> None:
        self._printer.ask(("... " if self._entry.open else "> ") if self._at_terminal else "")
        self._wanted.set()

    def _leave(self) -> None:
        self._engine.cancel("quit")
        if self._command:
            self._command.cancel()
        self._lines.close()
        self._wanted.set()

    def interrupted(self) -> None:
        """Ctrl-C."""
        if self._command:
            if not self._shell.has_terminal:  # else it was meant for the program there, and has reached it
                self._command.cancel()
        elif self._engine.state is not State.IDLE:
            self._engine.cancel("Ctrl-C")
        elif self._entry.open:
            self._entry.drop()
            self._printer.ask("\n")
            self._prompt()
        elif self._warned:
            self._lines.close()
        else:
            self._warned = True
            self._printer.ask("(Ctrl-C once more to leave)\n")
            self._prompt()
