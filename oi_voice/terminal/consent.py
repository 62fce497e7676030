"""Questions about code in the typed chat: shown, answered in lines, carried out."""

from __future__ import annotations

import asyncio

from oi_voice.engine import Engine
from oi_voice.events import ApprovalRequested
from oi_voice.runtime import spawn
from oi_voice.terminal import editor
from oi_voice.terminal.lines import Lines
from oi_voice.terminal.question import Act, Dialogue, Reply, choices
from oi_voice.terminal.render import Printer, visible

TOO_LATE = "That question is not open any more, so what you wrote was not used."
PATIENCE = 3600.0  # seconds for which a question waits for an editor


class Consent:
    """The question that was asked last."""

    def __init__(self, engine: Engine, printer: Printer, lines: Lines, at_terminal: bool) -> None:
        self._engine, self._printer, self._lines = engine, printer, lines
        self._at_terminal = at_terminal
        self._editing: asyncio.Task[Reply | str] | None = None

    @property
    def editing(self) -> bool:
        """Whether an editor has the terminal."""
        return self._editing is not None

    def ask(self, question: ApprovalRequested) -> None:
        """Show it in full."""
        self._question = question
        self._dialogue = Dialogue(question, choices(question), self._at_terminal and bool(editor.command()))
        self._printer.approve(question, self._dialogue.prompt, plain=self._engine.settings.plain_text_display)
        self._engine.gate.show(question.digest)

    async def feed(self, line: str | None) -> Reply | None:
        """What a line, or None at the input's end, answers; None where that is not clear yet."""
        answer = self._dialogue.feed(line)
        if isinstance(answer, Reply) and answer.act is Act.EDIT and answer.code is None:
            answer = await self._edited(self._question)
        if isinstance(answer, Reply):
            return answer
        if self._at_terminal and self._dialogue.asks_anew:
            await self._lines.forget()  # what was typed before this was shown is no answer to it
        self._printer.ask(visible(answer))
        self._engine.gate.extend(self._question.digest, self._question.timeout)
        return None

    def give(self, reply: Reply) -> None:
        """Have the question's code run, not run, changed or scanned."""
        turn, digest = self._question.turn, self._question.digest
        if reply.act is Act.EDIT and reply.code is not None:
            self._engine.gate.edit(turn, digest, reply.code)
        elif reply.act is Act.SCAN:
            self._printer.tell("Scanning …")
            self._engine.gate.scanned(turn, digest)
        else:
            self._engine.resolve(turn, digest, reply.act is Act.YES, "terminal", allow=reply.allow)

    def leave(self) -> None:
        """End the editor, if there is one."""
        if self._editing:
            self._editing.cancel()

    async def _edited(self, question: ApprovalRequested) -> Reply | str:
        self._engine.gate.extend(question.digest, PATIENCE)
        self._editing = spawn(self._edit(question), "editor")
        try:
            await asyncio.wait([self._editing])
            if self._editing.cancelled():
                return Reply(Act.NO)
            answer = self._editing.result()
        finally:
            self._editing.cancel()
            self._editing = None
        if self._engine.gate.open == question:
            return answer
        if self._engine.gate.open == self._question:  # asked on the screen that the editor had
            self.ask(self._question)
        return f"{TOO_LATE}\n"

    async def _edit(self, question: ApprovalRequested) -> Reply | str:
        try:
            async with self._lines.lent():
                code = await editor.edited(question.code, question.language)
        except editor.EditorError as error:
            return f"{error}\n{self._dialogue.prompt}"
        return self._dialogue.prompt if code == question.code else Reply(Act.EDIT, code=code)
