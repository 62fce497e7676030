"""The terminal for programs that wait: shows events, and asks in the thread that called."""

from __future__ import annotations

import sys
from contextlib import suppress

from oi_voice.engine import Engine
from oi_voice.events import ApprovalRequested, Event
from oi_voice.terminal.chat import Chat, Lines
from oi_voice.terminal.magic import Copy
from oi_voice.terminal.render import Printer


class BlockingTerminal:
    """Standard input and output of the program that we are part of; ``copy`` puts text on the clipboard."""

    def __init__(self, copy: Copy | None = None) -> None:
        self._copy = copy
        self._printer = Printer()
        self._chat: Chat | None = None

    def show(self, event: Event) -> None:
        """Print what belongs on a terminal."""
        self._printer.show(event)

    def ask(self, question: ApprovalRequested) -> bool | None:
        """The person's yes or no to this code; None when there is nobody at a terminal."""
        if sys.stdin is None or not sys.stdin.isatty():
            return None
        with suppress(ImportError, OSError):
            import termios

            termios.tcflush(sys.stdin, termios.TCIFLUSH)  # what was typed before the question is no answer to it
        self._printer.approve(question.language, question.code)
        try:
            return input().strip().lower() in ("y", "yes")
        except EOFError:
            return False

    async def chat(self, engine: Engine) -> None:
        """A typed chat until the person leaves."""
        lines = Lines()
        self._chat = Chat(engine, self._printer, lines, signals=False, copy=self._copy)
        try:
            await self._chat.run()
        finally:
            lines.end()

    def interrupt(self) -> None:
        """Ctrl-C: stops the turn; twice at the prompt ends the chat."""
        if self._chat:
            self._chat.interrupted()
