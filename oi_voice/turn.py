"""A turn, the straight line: listen → transcribe → respond ∥ speak."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import partial
from types import SimpleNamespace

from oi_voice.agent.loop import Interpreter
from oi_voice.asking import aloud
from oi_voice.consent.phrases import Act, Meaning
from oi_voice.dictation import Dictation, Review
from oi_voice.errors import OiVoiceError
from oi_voice.events import (
    ApprovalRequested,
    Event,
    InputRequested,
    Notice,
    Outcome,
    State,
    StateChanged,
    Streamed,
)
from oi_voice.hearing import listen
from oi_voice.kit import Kit
from oi_voice.ledger import Ledger
from oi_voice.messages import Accumulator, Chunk, Kind, Message, Role, user
from oi_voice.ports import (
    Approver,
    Transcript,
)
from oi_voice.runtime import spawn
from oi_voice.speech import Speech
from oi_voice.takes import Take

log = logging.getLogger(__name__)
SHALL = "Shall I run it?"
NOT_UNDERSTOOD = "I did not understand that."


class Turn:
    """One turn. ``run`` never raises but when cancelled; once ``over`` is set it publishes nothing more.

    ``keep`` gets each message as soon as it is whole, and the open one when the turn ends.
    """

    def __init__(
        self,
        kit: Kit,
        settings: SimpleNamespace,
        approver: Approver,
        publish: Callable[[Event], None],
        keep: Callable[[Message], None],
    ) -> None:
        self.id = uuid.uuid4().hex
        self.state = State.IDLE
        self.over = False
        self.taking = False  # a take is recorded, or the microphone is being opened for one
        self.released = asyncio.Event()
        self.heard = ""
        self.ledger = Ledger()
        self.outcome: Outcome | None = None  # known once all is said but perhaps not all is spoken
        self._kit = kit
        self._settings = settings
        self._approver = approver
        self._publish = publish
        self._keep = keep
        self._log = Accumulator()
        self._dictation = Dictation(self.id, kit.ear, settings, self.publish, self._unclear) if kit.ear else None
        self._question: InputRequested | None = None  # what its code asks the person
        self._hearing: asyncio.Task[None] | None = None  # of a spoken answer
        self._said_all: Callable[[], None] | None = None  # told when what is said now was said to its end
        self._speech = self._voice()

    @property
    def speaking(self) -> bool:
        return self._speech is not None and self._speech.speaking

    @property
    def running(self) -> bool:
        """Whether its code runs, be it that it waits for a line of the person's."""
        return self.state is State.RUNNING or (self._question is not None and not self.reviewing)

    @property
    def reviewing(self) -> bool:
        """Whether the person looks at what was heard, before it is sent."""
        return self._dictation is not None and self._dictation.reviewing

    @property
    def said(self) -> str:
        """What has been spoken aloud so far."""
        return " ".join(self._speech.said) if self._speech else ""

    async def run(
        self,
        asked: Sequence[Message] | None,
        history: list[Message],
        review: Review,
        retried: Callable[[], Awaitable[Take]] | None = None,
    ) -> Outcome:
        """``asked`` is a typed request, or nothing new where ``history`` ends with it; None: listen, or have the words
        of what is ``retried``.

        ``history`` is the conversation itself, to which ``keep`` adds. ``review`` lets the person correct what was
        heard before it is sent.
        """
        try:
            self.outcome = await self._guarded(self._line(asked, history, review, retried or self._hear))
            self.enter(State.IDLE)
            if self._speech:
                await self._guarded(self._finish(self._speech))
            return self.outcome
        finally:
            self.end()

    async def _guarded(self, part: Awaitable[Outcome]) -> Outcome:
        try:
            return await part
        except Exception as error:  # noqa: BLE001 - the turn's boundary: whatever fails becomes words
            return self._failed(error)

    def end(self) -> None:
        """Publish and say nothing more, from this very moment."""
        self._keep_open()
        self.over = True
        self._hear_no_answer()
        if self._speech:
            self._speech.cancel()

    def wait_for(self, question: InputRequested | None) -> None:
        """It waits for an answer to this question, or goes on; what its code asks is said aloud."""
        if not (question or self._question):
            return
        self._hear_no_answer()
        self._question = question
        self._show(State.ASKING if question else State.TRANSCRIBING if self.reviewing else State.RUNNING)
        if question and self._speech and not self.reviewing:
            self._speech.feed(aloud(question))
            self._speech.flush()

    def speak_on(self) -> bool:
        """Go on with the take whose tail is recorded; False where there is none."""
        if not (self.taking and self.released.is_set()):
            return False
        self.released.clear()
        self.ledger.marks.pop("release", None)
        return True

    def ask_aloud(self, question: ApprovalRequested, heard: Callable[[str], None]) -> None:
        """Say what code would do; ``heard`` is told the question's digest when all of that was said."""
        if self._speech:
            self._said_all = partial(heard, question.digest)
            self._speech.feed(f"{question.words} {SHALL}")
            self._speech.flush()

    def ask_no_more(self) -> None:
        """The question was answered: the rest of it need not be said."""
        if self._said_all and self._speech:
            self._said_all = None
            self._speech.hush()

    def tell_of(self, question: ApprovalRequested, meaning: Meaning) -> None:
        """Answer what the person wants to know of code that is asked about, or why that was no answer."""
        said = {Act.READ: question.code, Act.EXPLAIN: question.words}.get(meaning.act, meaning.why)
        if meaning.act in (Act.READ, Act.EXPLAIN) and self._speech:
            self._speech.feed(said)
            self._speech.flush()
        else:
            self._tell("info", "consent.unclear", said)

    def hear_answer(self, answered: Callable[[Transcript], bool]) -> bool:
        """Record the person's answer, and tell it; where that returns False the question stays open.

        False where nothing can be heard.
        """
        if self._kit.ear is None:
            return False
        self._said_all = None
        self._hear_no_answer()
        if self._speech:
            self._speech.hush()
        self.released.clear()
        self.taking = True
        self._hearing = spawn(self._hear_answer(answered), "spoken answer")
        return True

    async def _hear_answer(self, answered: Callable[[Transcript], bool]) -> None:
        if await self._guarded(self._heard_answer(answered)) is not Outcome.DONE and not self.over:
            self._show(State.ASKING)

    async def _heard_answer(self, answered: Callable[[Transcript], bool]) -> Outcome:
        take = await self._hear(answer=True)
        if self._dictation:
            self._dictation.told(take)
        hearing, self._hearing = self._hearing, None
        if take.transcript is not None and answered(take.transcript):
            return Outcome.DONE
        self._hearing = hearing
        return Outcome.EMPTY

    def _hear_no_answer(self) -> None:
        if self._hearing and self._kit.ear:
            self._hearing.cancel()
            self._hearing = None
            self.taking = False
            self._kit.ear.recorder.abort()

    async def _line(
        self,
        asked: Sequence[Message] | None,
        history: list[Message],
        review: Review,
        hear: Callable[[], Awaitable[Take]],
    ) -> Outcome:
        if asked is None:
            words = await self._words(await hear(), history, review)
            if not words:
                return Outcome.EMPTY
            asked = [user(words)]
        if not any(message.content.strip() for message in asked or history):
            return Outcome.EMPTY
        self.heard = "\n".join([message.content for message in asked if message.kind is Kind.MESSAGE])
        for message in asked:
            self._keep(message)
            self.publish(Streamed(self.id, Chunk(message.role, message.kind, message.content, message.format)))
        interpreter = Interpreter(
            self._kit.model,
            self._kit.languages,
            self._approver,
            self._kit.broker,
            self._settings,
            self.enter,
            self._kit.api,
            spoken=self._speech is not None,
            purse=self._kit.purse,
            read=self._kit.read,
            presenter=self._kit.presenter,
        )
        async with aclosing(interpreter.respond(self.id, list(history))) as chunks:
            async for chunk in chunks:
                self.stream(chunk)
        return Outcome.DONE

    async def _finish(self, speech: Speech) -> Outcome:
        await speech.finish()
        return Outcome.DONE

    async def _words(self, take: Take, history: list[Message], review: Review) -> str:
        before = next((message.content for message in reversed(history) if message.role is Role.USER), "")
        if self._speech and take.transcript:
            self._speech.expect(take.transcript.language)
        return await self._dictation.words(take, before, review) if self._dictation else ""

    async def _hear(self, answer: bool = False) -> Take:
        if self._kit.ear is None:
            raise OiVoiceError("There is no microphone in this front end.", fix="Type instead.", code="microphone")
        self.taking = True
        try:
            return await listen(self._kit.ear, self._settings, self.released, self._records, self.ledger, answer)
        finally:
            self.taking = False

    def _records(self, records: bool) -> None:
        self.taking = records
        self._show(State.LISTENING if records else State.TRANSCRIBING)

    def enter(self, state: State) -> None:
        """Go to ``state`` and say so. What was said or done until now is whole."""
        self._keep_open()
        self._hear_no_answer()
        self._question = self._said_all = None
        if self._speech and state is not State.THINKING:
            self._speech.flush()  # what was said before code or a question is said now, not after
        self._show(state)

    def _show(self, state: State) -> None:
        """Go to ``state`` in the middle of a message."""
        self.state = state
        self.publish(StateChanged(self.id, state, self.speaking))

    def stream(self, chunk: Chunk) -> None:
        """A piece of the conversation: remembered, published and, if it is the assistant's word, spoken."""
        if whole := self._log.add(chunk):
            self._keep(whole)
        self.publish(Streamed(self.id, chunk))
        if chunk.role is Role.ASSISTANT:
            self.ledger.mark("token")
        if self._speech and chunk.role is Role.ASSISTANT and chunk.kind is Kind.MESSAGE:
            self._speech.feed(chunk.content)

    def _voice(self) -> Speech | None:
        mouth = self._kit.mouth if self._settings.voice.speak else None
        return Speech(mouth.segmenter(), mouth.synthesizer, mouth.player, self._spoke) if mouth else None

    def _keep_open(self) -> None:
        if not self.over and (whole := self._log.close()):
            self._keep(whole)

    def publish(self, event: Event) -> None:
        if not self.over:
            self._publish(event)

    def _spoke(self, error: OiVoiceError | None) -> None:
        if error is not None:
            self._said_all = None
            self.publish(Notice(self.id, "warning", error.code, str(error)))
        elif self._said_all and self._speech and not self.speaking and self._speech.said[-1:] == [SHALL]:
            self._said_all()
        if self.speaking:
            self.ledger.mark("sound")
        self.publish(StateChanged(self.id, self.state, self.speaking))

    def _unclear(self) -> None:
        self._tell("info", "recogniser.unclear", NOT_UNDERSTOOD)

    def _failed(self, error: Exception) -> Outcome:
        if isinstance(error, OiVoiceError):
            code, words = error.code, str(error)
        else:
            log.error("turn %s failed", self.id, exc_info=error)
            code, words = "internal", "Something went wrong inside oi_voice. The log has the details."
        self._tell("error", code, words)
        return Outcome.FAILED

    def _tell(self, level: str, code: str, words: str) -> None:
        self.publish(Notice(self.id, level, code, words))
        if self._speech:
            self._speech.feed(words)
