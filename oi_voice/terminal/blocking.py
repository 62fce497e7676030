"""The terminal for programs that wait: shows events, and asks in the thread that called."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from oi_voice.engine import Engine
from oi_voice.events import ApprovalRequested, Event, InputRequested, InputResolved
from oi_voice.terminal.chat import Chat
from oi_voice.terminal.keyboard import Echo, drop_typed
from oi_voice.terminal.lines import Lines
from oi_voice.terminal.magic import Copy
from oi_voice.terminal.question import Act, Dialogue, Reply
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
        drop_typed(sys.stdin.fileno())  # what was typed before the question is no answer to it
        dialogue = Dialogue(question, "yn")
        self._printer.approve(question, dialogue.prompt)
        while True:
            answer = dialogue.feed(_typed())
            if isinstance(answer, Reply):
                return answer.act is Act.YES
            self._printer.ask(answer)

    @property
    def attended(self) -> bool:
        """Whether a person is there to be asked for a line: it is a terminal, and ours to read."""
        if sys.stdin is None or not sys.stdin.isatty():
            return False
        if sys.platform == "win32":
            return True
        with suppress(OSError):
            return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
        return False

    async def line(self, engine: Engine, question: InputRequested) -> None:
        """Have the person answer; on the core loop. Returns once the question is not open any more."""
        lines, echo = Lines(), Echo()

        def heard(event: Event) -> None:
            if isinstance(event, InputResolved) and event.id == question.id:
                lines.close()

        deaf = engine.listen(heard)
        try:
            if engine.asking.open != question:
                return
            if question.secret:
                echo.hide()
            await lines.forget()  # what was typed before the question is no answer to it
            self._printer.question(question.prompt, question.secret)
            if not engine.asking.answer(question.id, await lines.next(), "terminal"):
                drop_typed()  # what was begun to be typed belongs nowhere
                self._printer.end()
        finally:
            deaf()
            echo.show()
            lines.end()

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


def _typed() -> str | None:
    with suppress(EOFError):
        return input()
    return None
