"""Lines that running code asks the person for: one question at a time, answered from anywhere.

Whoever can answer says so by ``attend``: where nobody does, code is told at once instead of waiting for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import uuid4

from oi_voice.events import Event, InputRequested, InputResolved
from oi_voice.ports import Answer

NOBODY = "nobody is there to answer"
UNANSWERED = "the person gave no answer"
STOPPED = "it was stopped"


class Asking:
    """``publish`` gets the events. All is called on the core loop."""

    def __init__(self, publish: Callable[[Event], None]) -> None:
        self._publish = publish
        self._here = 0
        self._turn = asyncio.Lock()
        self._open: tuple[InputRequested, asyncio.Future[Answer]] | None = None
        self.timeout = 0.0  # seconds, for the next question; 0 waits for ever

    @property
    def open(self) -> InputRequested | None:
        """The question that waits for an answer."""
        return self._open[0] if self._open else None

    def attend(self) -> Callable[[], None]:
        """Say that somebody is here who answers ``InputRequested``; returns what ends that."""
        self._here += 1
        return self._leave

    async def ask(self, turn: str, prompt: str, secret: bool) -> Answer:
        """The person's line, or why there is none."""
        async with self._turn:
            if not self._here:
                return Answer(None, NOBODY)
            question = InputRequested(turn, uuid4().hex, prompt, secret, self.timeout)
            answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
            self._open = question, answer
            self._publish(question)
            try:
                async with asyncio.timeout(self.timeout or None):
                    return await answer
            except TimeoutError:
                self.answer(question.id, None, "timeout")
                return Answer(None, f"nobody answered within {question.timeout:g} seconds")
            finally:
                self.close()

    def answer(self, id: str, text: str | None, by: str, why: str = UNANSWERED) -> bool:
        """Answer the open question; None is no answer, ``why`` says the reason.

        False when that question is not (or no longer) open.
        """
        if self._open is None or self._open[0].id != id:
            return False
        (question, answer), self._open = self._open, None
        if not answer.done():
            answer.set_result(Answer(text, "" if text is not None else why))
        self._publish(InputResolved(question.turn, id, by))
        return True

    def close(self, by: str = "stop", why: str = STOPPED) -> None:
        """Leave whatever is open without an answer."""
        if self._open:
            self.answer(self._open[0].id, None, by, why)

    def _leave(self) -> None:
        self._here -= 1
        if not self._here:
            self.close("nobody", NOBODY)
