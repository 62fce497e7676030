"""The typed chat: lines in, events out, the same consent as everywhere."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from oi_voice.engine import Engine
from oi_voice.events import ApprovalRequested, ApprovalResolved, InputRequested, InputResolved, State, TurnEnded
from oi_voice.runtime import spawn
from oi_voice.subscription import Subscription
from oi_voice.terminal.consent import Consent
from oi_voice.terminal.entry import Entry
from oi_voice.terminal.keyboard import Echo
from oi_voice.terminal.lines import Lines
from oi_voice.terminal.magic import Copy, Magic
from oi_voice.terminal.render import Printer
from oi_voice.terminal.shell import Shell

__all__ = ["Chat", "Lines"]


class Chat:
    """Ctrl-C stops the turn or the command; twice at the prompt, or the end of input, ends the chat."""

    def __init__(
        self, engine: Engine, printer: Printer, lines: Lines, *, signals: bool = True, copy: Copy | None = None
    ) -> None:
        self._engine = engine
        self._signals = signals  # whether Ctrl-C is ours to take; else the caller tells by ``interrupted``
        self._printer = printer
        self._lines = lines
        self._asked: ApprovalRequested | InputRequested | None = None
        self._echo = Echo()
        self._wanted = asyncio.Event()  # a line of the person's: there is a prompt or a question
        self._warned = self._leaving = False
        self._at_terminal = sys.stdin is not None and sys.stdin.isatty()
        self._following: asyncio.Task[None] | None = None
        self._entry = Entry()
        self._consent = Consent(engine, printer, lines, self._at_terminal)
        self._shell = Shell(lines.lent, self._at_terminal)
        self._magic = Magic(engine, self._shell, self._sure, copy)
        self._command: asyncio.Task[str] | None = None

    async def run(self) -> None:
        """Until the person leaves."""
        if self._signals:
            self._take_signals()
        events, gone = self._engine.subscribe(), self._engine.asking.attend()
        self._following = spawn(self._follow(events), "show events")
        self._following.add_done_callback(lambda _: self._leave())  # nothing can be shown any more
        self._prompt()
        try:
            while (line := await self._line(gone)) is not None:
                self._warned = False
                if self._asked:
                    await self._answer(line)
                else:
                    await self._take(line)
        finally:
            self._echo.show()
            gone()
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

    async def _line(self, gone: Callable[[], None]) -> str | None:
        """What is typed at the prompt or for the question that is open; None at the end."""
        while True:
            await self._wanted.wait()
            line = await self._lines.next()
            if line is None and self._asked and not self._leaving:
                asked = self._asked
                await self._answer(None)
                if isinstance(asked, InputRequested) and self._at_terminal:
                    self._lines.again()
                    continue
                gone()  # nobody is left to ask: wait for what code and model make of that
                await self._wanted.wait()
            elif line is not None and not self._wanted.is_set():  # the question it was typed for is not open any more
                if self._at_terminal:
                    continue
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

    async def _answer(self, line: str | None) -> None:
        asked, reply = self._asked, None
        if isinstance(asked, ApprovalRequested):
            reply = await self._consent.feed(line)
            if reply is None or self._asked is not asked:  # not answered yet, or elsewhere meanwhile
                return
        self._asked = None
        self._wanted.clear()
        if reply:
            self._consent.give(reply)
        elif isinstance(asked, InputRequested):
            self._engine.asking.answer(asked.id, line, "terminal")

    async def _follow(self, events: Subscription) -> None:
        async for event in events:
            self._printer.show(event)
            if isinstance(event, ApprovalRequested | InputRequested):
                await self._ask(event)
            elif isinstance(event, ApprovalResolved | InputResolved):
                await self._resolved(event)
            elif isinstance(event, TurnEnded):
                self._prompt()

    async def _ask(self, question: ApprovalRequested | InputRequested) -> None:
        self._asked = question
        if isinstance(question, InputRequested) and question.secret:
            self._echo.hide()
        if self._at_terminal:
            await self._lines.forget()  # what was typed before the question is no answer to it
        if isinstance(question, ApprovalRequested):
            self._consent.ask(question)
        else:
            self._printer.question(question.prompt, question.secret)
        self._wanted.set()

    async def _resolved(self, event: ApprovalResolved | InputResolved) -> None:
        """A question is not open any more; what was begun to be typed for it belongs nowhere."""
        if self._asked and event.by != "terminal":
            self._wanted.clear()
            if self._at_terminal:
                await self._lines.forget()
        self._asked = None
        self._echo.show()
        if event.by == "timeout":
            self._printer.tell("(not answered in time)")
        if not event.turn:  # a program's own code has asked, between two requests
            self._prompt()

    def _prompt(self) -> None:
        self._printer.ask(("... " if self._entry.open else "> ") if self._at_terminal else "")
        self._wanted.set()

    def _leave(self) -> None:
        self._leaving = True
        self._engine.cancel("quit")
        if self._command:
            self._command.cancel()
        self._consent.leave()
        self._lines.close()
        self._wanted.set()

    def interrupted(self) -> None:
        """Ctrl-C."""
        if self._command:
            if not self._shell.has_terminal:  # else it was meant for the program there, and has reached it
                self._command.cancel()
        elif self._consent.editing:
            return  # it was meant for the editor, and has reached it
        elif self._engine.state is not State.IDLE or self._engine.asking.open:
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
