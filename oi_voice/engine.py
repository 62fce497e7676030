"""The engine: the conversation, the current turn, who listens, and the one way to stop.

All methods are called on the core loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from oi_voice.answers import Answers
from oi_voice.asking import Asking
from oi_voice.consent.gate import Gate
from oi_voice.consent.phrases import Meaning
from oi_voice.errors import LanguageError, OiVoiceError
from oi_voice.events import (
    ApprovalRequested,
    ApprovalResolved,
    AudioLevel,
    Event,
    Notice,
    Outcome,
    Progress,
    SettingsChanged,
    State,
    StateChanged,
    TurnEnded,
)
from oi_voice.hearing import again
from oi_voice.history import History
from oi_voice.kit import Kit
from oi_voice.ledger import told
from oi_voice.messages import Chunk, Kind, Message, Role, user
from oi_voice.ports import Answer
from oi_voice.runtime import post, spawn
from oi_voice.settings import Settings, lookup
from oi_voice.subscription import Listeners, Subscription
from oi_voice.takes import Take
from oi_voice.turn import Turn

log = logging.getLogger(__name__)
ASKED = "A question to the person is open, and meanwhile the computer does nothing but look."
STOPPED = Message(Role.COMPUTER, Kind.CONSOLE, "Stopped by the person.", "notice")


class Engine:
    """``kept`` hears of each message that becomes part of the conversation, and of None when a new one begins."""

    def __init__(
        self, kit: Kit, settings: Settings, kept: Callable[[Message | None], None] = lambda message: None
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._history = History(settings, kept, lambda error: self.notify("warning", error.code, str(error)))
        self._kit = kit
        self._settings = settings
        self._listeners = Listeners()
        self.gate = Gate(self._publish, kit.judge)  # for consent to code
        self.asking = Asking(self._asked, self._asker)  # for lines that running code wants of the person
        self.legs: dict[str, float] = {}  # of the last turn that was not stopped, in milliseconds
        self._answers = Answers(self.gate, self.asking, lambda: self.end_turn("voice"), self._tell_of)
        self._turn: Turn | None = None
        self._task: asyncio.Task[Outcome] | None = None
        self._own_run: asyncio.Task[Any] | None = None  # the person's own code, beside any turn
        self._unsubscribe = settings.subscribe(self._changed)

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    @property
    def kit(self) -> Kit:
        """What turns work with. Front ends may look at it (which model, which languages)."""
        return self._kit

    @property
    def history(self) -> list[Message]:
        """The conversation."""
        return self._history.messages

    @property
    def state(self) -> State:
        return self._turn.state if self._turn else State.IDLE

    @property
    def turn(self) -> str:
        """The current turn's id; empty when there is none."""
        return self._turn.id if self._turn else ""

    @property
    def taking(self) -> bool:
        """Whether a take is recorded, or the microphone is being opened for one."""
        return self._turn is not None and self._turn.taking

    @property
    def speaking(self) -> bool:
        return self._turn is not None and self._turn.speaking

    @property
    def spend(self) -> float:
        """What the models have cost so far, in US dollars, as far as their prices are known."""
        return self._kit.purse.spent

    def subscribe(self) -> Subscription:
        """Every event from now on, and first the notices that belonged to no turn (ready, what is missing)."""
        return self._listeners.subscribe()

    def listen(self, heard: Callable[[Event], None]) -> Callable[[], None]:
        """Have ``heard`` called with every event, on the core loop; returns what ends that. It must not block."""
        return self._listeners.add(heard)

    def press(self) -> None:
        """The key goes down: the answer to an open question is recorded. Where nothing is asked that may be answered
        aloud, whatever goes on is silenced and ended, and a new take begins; but one whose tail is still recorded
        goes on."""
        if self._turn and self._turn.speak_on():
            return
        answered = self._answers.taker(self._settings.voice.consent)
        if not (answered and self._turn and self._turn.hear_answer(answered)):
            self._start(None, by="barge-in")

    def release(self) -> None:
        """The key goes up: the take is over."""
        if self._turn:
            self._turn.ledger.mark("release")
            self._turn.released.set()

    def retry(self, take: str = "", engine: str = "", language: str = "") -> str:
        """Have the words of an earlier take once more, the newest without an id, and go on with them.

        ``engine`` names another recogniser, ``language`` is a code such as ``de``. Returns the turn's id. Raises
        OiVoiceError where there is no such take.
        """
        ear = self._kit.ear
        found = ear.takes.find(take) if ear else None
        if ear is None or found is None:
            raise OiVoiceError("There is no recording to try again.", fix="Hold the key and speak.", code="take")
        settings = self._settings.snapshot()
        return self._start(None, "a new request", retried=partial(again, ear, settings, found, engine, language))

    def start_turn(self, request: str | Sequence[Message], *, always_ask: bool = False) -> str:
        """Ask in writing; an empty sequence has the history itself answered. Returns the turn's id.

        With ``always_ask`` there is a question before each run, whatever ``auto_run`` says, and it stays open: the
        caller will answer.
        """
        asked = [user(request.strip())] if isinstance(request, str) else request
        return self._start(asked, "a new request", always_ask)

    def resolve(self, turn: str, digest: str, approved: bool, by: str, words: str = "", allow: str = "") -> bool:
        """Answer an ``ApprovalRequested``; ``words`` are told to the model beside a no, ``allow`` is the scope of a
        rule that a yes makes. What else may be done with it is in ``gate``.

        False when that question is not (or no longer) open.
        """
        return self.gate.resolve(turn, digest, approved, by, words, allow)

    async def ask(self, prompt: str, secret: bool) -> Answer:
        """Ask the person for a line on behalf of the code that runs; ``secret`` is not shown, nor said aloud."""
        self.asking.timeout = self._settings.input_timeout
        return await self.asking.ask(prompt, secret)

    def notify(self, level: str, code: str, text: str) -> None:
        """Tell the person something; what belongs to no turn is told to whoever listens later, too."""
        self._publish(Notice(self._turn.id if self._turn else "", level, code, text))

    def tell(self, progress: Progress) -> None:
        """Let everybody know how far something is that goes on beside all turns."""
        self._publish(progress)

    def heard_level(self, level: float) -> None:
        """The microphone's peak level, 0 to 1, while it is open."""
        if self._turn:
            self._publish(AudioLevel(self._turn.id, level))

    def new_conversation(self) -> None:
        """Begin afresh, in a file of its own. A turn that goes on belongs to the new conversation."""
        self._kit.judge.forget()
        self._history.afresh(self._turn is not None)

    def load(self, messages: Sequence[Message], path: Path | None = None) -> None:
        """Go on with this conversation, in the file ``path`` if it was read from there. Not while a turn goes on.

        One that does not go on where this one is begins a file of its own.
        """
        if not self._history.load(messages, path):
            self._kit.judge.forget()

    def replace(self, messages: Sequence[Message]) -> None:
        """Have these messages instead, in the same conversation and its file. Not while a turn goes on."""
        self._history.replace(messages)

    def save(self) -> None:
        """Make the conversation's file hold the history, unless the person wants none of that."""
        self._history.save()

    async def run_code(self, language: str, code: str) -> AsyncGenerator[Chunk, None]:
        """Run the person's own code, unasked; it shares its state with the model's. Raises LanguageError.

        Leaving early, or ``cancel``, stops the code.
        """
        if self._own_run or (self._turn and self._turn.running):
            raise LanguageError("Other code is running.", fix="Wait for it, or stop it.", code="language.busy")
        run, self._own_run, over = uuid4().hex, asyncio.current_task(), False
        self._kit.broker.grant(run)
        try:
            async with aclosing(self._kit.languages.get(language).run(code, run)) as chunks:
                async for chunk in chunks:
                    yield chunk
            over = True
        finally:
            self._own_run = None
            self.asking.close(turn="")
            if self._turn is None or not self._turn.running:
                self._kit.broker.revoke()
            if not over:
                spawn(self._settle(""), "stop the code")

    def cancel(self, by: str = "stop") -> None:
        """Stop everything now: silence, no further action, idle. What ran is cleaned up behind."""
        if self._own_run:
            self._own_run.cancel()
            self.asking.close(by, turn="")
        self.end_turn(by)

    def end_turn(self, by: str) -> None:
        """Stop the turn that goes on, as ``cancel`` does; the person's own code goes on."""
        kit, turn = self._kit, self._turn
        if kit.mouth:
            kit.mouth.player.hush()
        if turn is None or self._task is None:
            return
        interrupted = turn.running
        outcome = Outcome.CANCELLED if turn.outcome is None or turn.speaking else turn.outcome
        kit.broker.revoke()
        self.gate.close(by)
        self._task.cancel()
        turn.end()
        if kit.ear:
            kit.ear.recorder.abort()
        self._turn = None
        self.asking.close(by, turn=turn.id)
        if interrupted:
            self._history.keep(STOPPED)
        self._publish(StateChanged(turn.id, State.IDLE))
        self._publish(TurnEnded(turn.id, outcome, turn.heard, turn.said, by))
        spawn(self._settle(turn.id), "stop the code")

    async def close(self) -> None:
        """Stop, and let go of everything the kit holds."""
        self.cancel("quit")
        self._unsubscribe()
        if self._task and self._task is not asyncio.current_task():
            await asyncio.wait([self._task], timeout=1.0)
        await self.gate.recorded()
        await self._kit.close()

    def _start(
        self,
        asked: Sequence[Message] | None,
        by: str,
        always_ask: bool = False,
        retried: Callable[[], Awaitable[Take]] | None = None,
    ) -> str:
        self.end_turn(by)
        settings = self._settings.snapshot()
        self.gate.timeout = 0 if always_ask else settings.approval_timeout
        self.gate.always_ask = always_ask
        self.gate.follow(settings.auto_run, settings.safe_mode)
        turn = Turn(self._kit, settings, self.gate, self._publish, self._history.keep)
        turn.taking = asked is None and retried is None
        self._turn = turn
        self._history.begin_turn()
        turn.ledger.mark("key" if asked is None else "text")
        self._task = spawn(self._run(turn, asked, retried), "turn")
        return turn.id

    async def _run(
        self, turn: Turn, asked: Sequence[Message] | None, retried: Callable[[], Awaitable[Take]] | None
    ) -> Outcome:
        outcome = await turn.run(asked, self.history, self._review, retried)
        if self._turn is turn:
            self._turn = None
            self.legs = turn.ledger.legs()
            if self.legs:
                log.info("turn: %s", told(self.legs))
            self._publish(TurnEnded(turn.id, outcome, turn.heard, turn.said, legs=self.legs))
        return outcome

    async def _review(self, words: str) -> Answer:
        """What the person makes of what was heard."""
        self.asking.timeout = self._settings.input_timeout
        return await self.asking.ask("This was heard. Correct it, or send it as it is.", False, words)

    async def _settle(self, turn: str) -> None:
        for language in self._kit.languages:
            if not await language.stop():
                text = "The code did not stop when asked, so its process was ended. Its variables are lost."
                self._publish(Notice(turn, "warning", "language.lost", text))
                self._history.keep(Message(Role.COMPUTER, Kind.CONSOLE, text, "notice"))

    def _changed(self, changed: dict[str, Any]) -> None:
        """Settings may be changed on any thread."""
        shown = {name: value for name, value in changed.items() if not lookup(name).secret}
        post(self._loop, self._follow, shown)

    def _follow(self, changed: dict[str, Any]) -> None:
        if changed.keys() & {"safe_mode", "auto_run"}:
            self.gate.tighten(self._settings.auto_run, self._settings.safe_mode)
        self._history.follow(changed)
        self._publish(SettingsChanged("", changed))

    def _asker(self) -> str | None:
        """Whose code runs."""
        if self._own_run:
            return ""
        return self._turn.id if self._turn and (self._turn.running or self._turn.reviewing) else None

    def _asked(self, event: Event) -> None:
        """Code asks for a line, or goes on."""
        self._publish(event)
        if self._turn and self._turn.id == event.turn:
            self._turn.wait_for(self.asking.open)

    def _tell_of(self, question: ApprovalRequested, meaning: Meaning) -> None:
        if self._turn:
            self._turn.tell_of(question, meaning)

    def _publish(self, event: Event) -> None:
        if isinstance(event, StateChanged) and event.state in (State.THINKING, State.IDLE):
            self.asking.close(turn=event.turn)  # its code has ended
        if isinstance(event, ApprovalRequested):
            self._kit.broker.hold(ASKED)
        elif isinstance(event, ApprovalResolved):
            self._kit.broker.go_on()
        self._listeners.tell(event)
        if self._turn and self._turn.id == event.turn:
            if isinstance(event, ApprovalRequested):
                self._turn.ask_aloud(event, self.gate.show)
            elif isinstance(event, ApprovalResolved):
                self._turn.ask_no_more()
