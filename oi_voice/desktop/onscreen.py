"""The questions that the windows' process shows. Each appears in time, or the process counts as hung."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from oi_voice.asking import UNANSWERED
from oi_voice.engine import Engine
from oi_voice.events import (
    ApprovalRequested,
    ApprovalResolved,
    Event,
    InputRequested,
    InputResolved,
    State,
    StateChanged,
    Streamed,
    to_json,
)
from oi_voice.messages import Kind

#: Seconds that a person who edits the code has from each telling on; the child counts fewer.
EDITING = 130.0
LATE = "nobody answered in time"

Q = TypeVar("Q", ApprovalRequested, InputRequested)


class OnScreen(Generic[Q]):
    """``hung`` is called when the open question does not appear."""

    def __init__(self, hung: Callable[[], None]) -> None:
        self._hung = hung
        self._overdue: asyncio.TimerHandle | None = None
        self.question: Q | None = None
        #: Set while the question is on the screen; then ``geometry`` has ``shown_ms``, the time since it was asked,
        #: and the middles of its buttons in screen pixels.
        self.shown = asyncio.Event()
        #: Set while a yes can be given by the buttons.
        self.armed = asyncio.Event()
        self.geometry: dict[str, Any] = {}

    def open(self, question: Q, within: float) -> None:
        self.forget()
        self.question = question
        self._overdue = asyncio.get_running_loop().call_later(within, self._hung)

    def appeared(self, geometry: dict[str, Any]) -> None:
        self._in_time()
        self.geometry = geometry
        self.shown.set()

    def forget(self) -> Q | None:
        """No question is open any more; returns the one that was."""
        question, self.question, self.geometry = self.question, None, {}
        self.shown.clear()
        self.armed.clear()
        self._in_time()
        return question

    def _in_time(self) -> None:
        if self._overdue is not None:
            self._overdue.cancel()
            self._overdue = None


class Questions:
    """About code, and for the lines that running code asks for; one of each may be open. ``hung`` is called when one
    does not appear. What the process says of them is given on to the engine, if it is about the very question that is
    open; else the process is not to be trusted."""

    def __init__(self, engine: Engine, hung: Callable[[], None]) -> None:
        self._engine = engine
        self.code = OnScreen[ApprovalRequested](hung)
        self.line = OnScreen[InputRequested](hung)
        self._languages: set[str] = set()  # one of them is that of the code that runs

    def follow(self, event: Event, within: float) -> dict[str, Any] | None:
        """A question that is to be shown within so many seconds, if this event is one."""
        code, line = self.code.question, self.line.question
        match event:
            case StateChanged(state=State.THINKING):
                self._languages.clear()
            case Streamed(chunk=chunk) if chunk.kind is Kind.CODE:
                self._languages.add(chunk.format)
            case ApprovalRequested():
                self._languages = {event.language}
                self.code.open(event, within)
                return self._asked(event)
            case InputRequested():
                self.line.open(event, within)
                return self._worded(event)
            case ApprovalResolved() if code and code.digest == event.digest:
                self.code.forget()
            case InputResolved() if line and line.id == event.id:
                self.line.forget()
        return None

    def open(self) -> list[dict[str, Any]]:
        """Those that are open, for a new process to show."""
        code, line = self.code.question, self.line.question
        return [*([self._asked(code)] if code else []), *([self._worded(line)] if line else [])]

    def appeared(self, message: dict[str, Any]) -> None:
        """One is on the screen."""
        code, line = self.code.question, self.line.question
        if code and code.digest == message.get("digest"):
            self.code.appeared(message)
        elif line and line.id == message.get("id"):
            self.line.appeared(message)

    def told(self, message: dict[str, Any]) -> None:
        """How the question about code stands: it was ``presented`` in full, is ``armed`` or not, is ``editing``."""
        asked = self.code.question
        if asked is None or message.get("digest") != asked.digest:
            return
        match message["did"]:
            case "presented":
                self._engine.gate.show(asked.digest)
            case "editing":
                self._engine.gate.extend(asked.digest, EDITING)
                self._engine.gate.show(asked.digest, presented=False)  # what is seen is no longer what is asked
            case "armed":
                (self.code.armed.set if message.get("armed") is True else self.code.armed.clear)()

    def answered(self, message: dict[str, Any]) -> bool:
        """A yes, as ``true``, a no, other code, or the wish for a scan. False where it is to another question."""
        asked, gate = self.code.question, self._engine.gate
        if asked is None:
            return True  # answered elsewhere in the meantime
        if (message.get("turn"), message.get("digest")) != (asked.turn, asked.digest):
            return False
        code, allow = message.get("code"), message.get("allow", "")
        if message["did"] == "scan":
            gate.scanned(asked.turn, asked.digest)
        elif message["did"] == "edit" and isinstance(code, str):
            gate.edit(asked.turn, asked.digest, code)
        else:
            yes = message.get("approved") is True and allow in ("", *asked.scopes)
            self._engine.resolve(asked.turn, asked.digest, yes, _by(message), allow=allow if yes else "")
        return True

    def typed(self, message: dict[str, Any]) -> bool:
        """A line, or none. False where it is to another question."""
        asked, text = self.line.question, message.get("text")
        if asked is None:
            return True
        if message.get("id") != asked.id or not isinstance(text, str | None):
            return False
        self._engine.asking.answer(asked.id, text, _by(message), LATE if message.get("late") else UNANSWERED)
        return True

    def refuse(self, by: str) -> str:
        """Answer what is open with no, or not; returns what came of code by that, in words."""
        code, line, came = self.code.forget(), self.line.forget(), ""
        if line and self._engine.asking.answer(line.id, None, by, "the window that asked has gone") and not line.text:
            came = "The code got no answer"
        if code and self._engine.resolve(code.turn, code.digest, False, by):
            came = "Nothing was run"
        return came

    def _asked(self, question: ApprovalRequested) -> dict[str, Any]:
        heard = self._engine.settings.voice.consent and self._engine.kit.ear is not None
        return {**to_json(question), "voice": heard}

    def _worded(self, question: InputRequested) -> dict[str, Any]:
        known = question.turn and len(self._languages) == 1
        return {**to_json(question), "language": min(self._languages) if known else ""}


def _by(message: dict[str, Any]) -> str:
    return "timeout" if message.get("late") else "popup"
