"""Spoken answers: whose they are when somebody presses the key while a question is open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from oi_voice.asking import Asking
from oi_voice.consent.gate import Gate
from oi_voice.consent.phrases import Act, Meaning, Said
from oi_voice.events import ApprovalRequested
from oi_voice.ports import Transcript

#: Takes what was heard; False where the question stays open.
Answered = Callable[[Transcript], bool]


class Answers:
    """``stop`` ends the turn; ``tell`` has the person told what they wanted to know of code, or why that was no
    answer."""

    def __init__(
        self,
        gate: Gate,
        asking: Asking,
        stop: Callable[[], None],
        tell: Callable[[ApprovalRequested, Meaning], None],
    ) -> None:
        self._gate, self._asking, self._stop, self._tell = gate, asking, stop, tell

    def taker(self, consent: bool) -> Answered | None:
        """What takes the words of somebody who begins to speak now; None where no question may be answered aloud.

        ``consent``: questions about code may.
        """
        if question := self._gate.open:
            return partial(self._consented, question, self._gate.presented) if consent else None
        if self._asking.open and not self._asking.open.secret:
            return self._answered
        return None

    def _answered(self, heard: Transcript) -> bool:
        if not heard.text.strip():
            return False
        if not self._asking.heard(heard.text):
            self._stop()
        return True

    def _consented(self, question: ApprovalRequested, presented: bool, heard: Transcript) -> bool:
        meaning = self._gate.hear(question.digest, heard.text, heard.language, presented)
        if meaning is None:
            return True  # answered elsewhere in the meantime
        if meaning.act is Act.STOP:
            self._stop()
        elif meaning.verdict is Said.NEITHER:
            self._tell(question, meaning)
            return False
        return True
