"""What was said in a turn, as text: told, corrected by the next words or by hand, and learned from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from types import SimpleNamespace

from oi_voice.asking import NOBODY, STOPPED, UNANSWERED
from oi_voice.errors import OiVoiceError
from oi_voice.events import Event, Heard, Notice
from oi_voice.hearing import Ear
from oi_voice.ports import Answer
from oi_voice.takes import Take
from oi_voice.vocabulary import correction, terms_in

UNSURE = 0.6  # confidence below which what was heard is looked at first, where that is wanted

#: Lets the person correct what was heard before it is sent.
Review = Callable[[str], Awaitable[Answer]]


class Dictation:
    """``reviewing`` while the person looks at what was heard. ``unclear`` is called where nothing was understood."""

    def __init__(
        self,
        turn: str,
        ear: Ear,
        settings: SimpleNamespace,
        publish: Callable[[Event], None],
        unclear: Callable[[], None],
    ) -> None:
        self.reviewing = False
        self._turn, self._ear, self._settings, self._publish, self._unclear = turn, ear, settings, publish, unclear

    def told(self, take: Take) -> str:
        """The words of a take, published; empty where there are none."""
        heard = take.transcript
        text = heard.text.strip() if heard else ""
        if heard and text:
            self._publish(Heard(self._turn, text, heard.language, heard.confidence, heard.engine, take.id))
        elif heard and heard.speech:
            self._unclear()
        return text

    async def words(self, take: Take, before: str, review: Review) -> str:
        """What a take asks for; ``before`` is what was asked for last. Empty where the person sends nothing."""
        words = self.told(take)
        if not words or take.transcript is None:
            return ""
        if meant := correction(before, words):
            words, term = meant
            self._learn([term])
        mode = self._settings.voice.review
        if mode != "always" and (mode != "low" or take.transcript.confidence >= UNSURE):
            return words
        self.reviewing = True
        try:
            answer = await review(words)
        finally:
            self.reviewing = False
        if answer.text is None:
            return words if answer.why == NOBODY else self._unsent(answer.why)
        self._learn(terms_in(words, answer.text))
        return answer.text.strip()

    def _unsent(self, why: str) -> str:
        """Nothing is sent. Where the person has not decided that, they are told of it."""
        if why not in (UNANSWERED, STOPPED):
            text = f"What you said was not sent: {why}. To have it back: oi-voice talk retry"
            self._publish(Notice(self._turn, "error", "review.lost", text))
        return ""

    def _learn(self, terms: Sequence[str]) -> None:
        for term in terms:
            try:
                self._ear.vocabulary.learn(term)
            except OiVoiceError as error:
                self._publish(Notice(self._turn, "warning", error.code, str(error)))
            else:
                self._publish(Notice(self._turn, "info", "vocabulary", f"From now on I listen for “{term}”."))
