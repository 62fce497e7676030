"""Lines that running code asks the person for: one question at a time, answered from anywhere.

Whoever can answer says so by ``attend``: where nobody does, code is told at once instead of waiting for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from uuid import uuid4

from oi_voice.events import Event, InputRequested, InputResolved
from oi_voice.ports import Answer

NOBODY = "nobody is there to answer"
LEFT = "nobody is there any more to answer"
UNANSWERED = "the person gave no answer"
STOPPED = "it was stopped"
PROMPT_MAX = 4000  # characters of a prompt that are shown: its end, where the question is
SPOKEN_MAX = 300
STOP_WORDS = frozenset(("stop", "cancel", "never mind", "nevermind"))


class Asking:
    """``publish`` gets the events. ``asker`` tells whose code runs: a turn's id, empty for a program's own code, None
    when none runs. All is called on the core loop."""

    def __init__(self, publish: Callable[[Event], None], asker: Callable[[], str | None]) -> None:
        self._publish = publish
        self._asker = asker
        self._here: dict[object, str | None] = {}
        self._one = asyncio.Lock()
        self._open: tuple[InputRequested, asyncio.Future[Answer]] | None = None
        self.timeout = 0.0  # seconds, for the next question; 0 waits for ever

    @property
    def open(self) -> InputRequested | None:
        """The question that waits for an answer."""
        return self._open[0] if self._open else None

    def attend(self, turn: str | None = None) -> Callable[[], None]:
        """Say that somebody is here who answers ``InputRequested``, or those of one turn; returns what ends that,
        which may be called more than once."""
        key = object()
        self._here[key] = turn
        return partial(self._leave, key)

    async def ask(self, prompt: str, secret: bool, text: str = "") -> Answer:
        """The person's line, or why there is none; ``text`` is what they may begin with."""
        turn = self._asker()
        async with self._one:
            if turn is None or turn != self._asker():  # stopped, perhaps while another question was open
                return Answer(None, STOPPED)
            if not self._attended(turn):
                return Answer(None, NOBODY)
            question = InputRequested(turn, uuid4().hex, _end(prompt), secret, self.timeout, text)
            answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
            self._open = question, answer
            self._publish(question)
            try:
                async with asyncio.timeout(question.timeout or None):
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

    def heard(self, words: str) -> bool:
        """Answer the open question aloud; False for words that are no answer, but mean that all is to be stopped."""
        if words.strip(" .,!").casefold() in STOP_WORDS:
            return False
        if self._open:
            self.answer(self._open[0].id, words.strip().removesuffix("."), "voice")  # recognisers write sentences
        return True

    def close(self, by: str = "stop", why: str = STOPPED, turn: str | None = None) -> None:
        """Leave what is open, if it is that turn's where one is named, without an answer."""
        if self._open and turn in (None, self._open[0].turn):
            self.answer(self._open[0].id, None, by, why)

    def _attended(self, turn: str) -> bool:
        return any(here in (None, turn) for here in self._here.values())

    def _leave(self, key: object) -> None:
        self._here.pop(key, None)
        if self._open and not self._attended(self._open[0].turn):
            self.close("nobody", LEFT)


def aloud(question: InputRequested) -> str:
    """What is said of a question; a secret is not asked for aloud, nor taken so."""
    if question.secret:
        return "The code asks for something secret. Please type it."
    return question.prompt.strip()[-SPOKEN_MAX:] or "The code waits for a line from you."


def _end(prompt: str) -> str:
    return prompt if len(prompt) <= PROMPT_MAX else f"…{prompt[-PROMPT_MAX:]}"
