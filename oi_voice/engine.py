"""The engine: the conversation, the current turn, who listens, and the one way to stop.

All methods are called on the core loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any
from uuid import uuid4

from oi_voice.consent.gate import Gate
from oi_voice.conversations import Conversation, default_folder
from oi_voice.errors import ConversationError
from oi_voice.events import AudioLevel, Event, Notice, Outcome, SettingsChanged, State, StateChanged, TurnEnded
from oi_voice.messages import Chunk, Kind, Message, Role, user
from oi_voice.runtime import post, spawn
from oi_voice.settings import Settings, lookup
from oi_voice.subscription import Subscription
from oi_voice.turn import Kit, Turn

NOTICES = 20  # kept for those who come to listen later
STOPPED = Message(Role.COMPUTER, Kind.CONSOLE, "Stopped by the person.", "notice")


class Engine:
    def __init__(self, kit: Kit, settings: Settings) -> None:
        self._loop = asyncio.get_running_loop()
        self.history: list[Message] = []
        self._began = 0  # where in the history the current turn begins
        self._kit = kit
        self._settings = settings
        self._conversation: Conversation | None = None
        self._unsaved = False
        self._listeners: list[Callable[[Event], None]] = []
        self._notices: deque[Notice] = deque(maxlen=NOTICES)
        self._gate = Gate(self._publish)
        self._turn: Turn | None = None
        self._task: asyncio.Task[Outcome] | None = None
        self._own_run: asyncio.Task[Any] | None = None  # the person's own code, beside any turn
        settings.subscribe(self._changed)

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self._settings

    @property
    def kit(self) -> Kit:
        """What turns work with. Front ends may look at it (which model, which languages)."""
        return self._kit

    @property
    def state(self) -> State:
        return self._turn.state if self._turn else State.IDLE

    @property
    def turn(self) -> str:
        """The current turn's id; empty when there is none."""
        return self._turn.id if self._turn else ""

    @property
    def speaking(self) -> bool:
        return self._turn is not None and self._turn.speaking

    @property
    def spend(self) -> float:
        """What the models have cost so far, in US dollars, as far as their prices are known."""
        return self._kit.purse.spent

    def subscribe(self) -> Subscription:
        """Every event from now on, and first the notices that belonged to no turn (ready, what is missing)."""
        subscription = Subscription(lambda left: self._listeners.remove(left.put))
        for notice in self._notices:
            subscription.put(notice)
        self._listeners.append(subscription.put)
        return subscription

    def listen(self, heard: Callable[[Event], None]) -> Callable[[], None]:
        """Have ``heard`` called with every event, on the core loop; returns what ends that. It must not block."""
        self._listeners.append(heard)
        return lambda: self._listeners.remove(heard)

    def press(self) -> None:
        """The key goes down: whatever goes on is silenced and ended, and a new take begins."""
        self._start(None, by="barge-in")

    def release(self) -> None:
        """The key goes up: the take is over."""
        if self._turn:
            self._turn.released.set()

    def start_turn(self, request: str | Sequence[Message], *, always_ask: bool = False) -> str:
        """Ask in writing; an empty sequence has the history itself answered. Returns the turn's id.

        With ``always_ask`` there is a question before each run, whatever ``auto_run`` says, and it stays open: the
        caller will answer.
        """
        asked = [user(request.strip())] if isinstance(request, str) else request
        return self._start(asked, "a new request", always_ask)

    def resolve(self, turn: str, digest: str, approved: bool, by: str, words: str = "") -> bool:
        """Answer an ``ApprovalRequested``; ``words`` are told to the model beside a no.

        False when that question is not (or no longer) open.
        """
        return self._gate.resolve(turn, digest, approved, by, words)

    def notify(self, level: str, code: str, text: str) -> None:
        """Tell the person something; what belongs to no turn is told to whoever listens later, too."""
        notice = Notice(self._turn.id if self._turn else "", level, code, text)
        if self._turn is None:
            self._notices.append(notice)
        self._publish(notice)

    def heard_level(self, level: float) -> None:
        """The microphone's peak level, 0 to 1, while it is open."""
        if self._turn:
            self._publish(AudioLevel(self._turn.id, level))

    def new_conversation(self) -> None:
        """Begin afresh, in a file of its own. A turn that goes on belongs to the new conversation."""
        self.history[:] = self.history[self._began :] if self._turn else []
        self._began = 0
        self._conversation = None

    def load(self, messages: Sequence[Message], path: Path | None = None) -> None:
        """Go on with this conversation, kept in ``path`` if it was read from there. Not while a turn goes on."""
        self.history[:] = messages
        if path is not None:
            self._conversation = Conversation(path.parent, path.name, messages)

    async def run_code(self, language: str, code: str) -> AsyncGenerator[Chunk, None]:
        """Run the person's own code, unasked; it shares its state with the model's. Raises LanguageError.

        Leaving early, or ``cancel``, stops the code.
        """
        run, self._own_run, over = uuid4().hex, asyncio.current_task(), False
        self._kit.broker.grant(run)
        try:
            async with aclosing(self._kit.languages.get(language).run(code, run)) as chunks:
                async for chunk in chunks:
                    yield chunk
            over = True
        finally:
            self._own_run = None
            self._kit.broker.revoke()
            if not over:
                spawn(self._settle(""), "stop the code")

    def cancel(self, by: str = "stop") -> None:
        """Stop everything now: silence, no further action, idle. What ran is cleaned up behind."""
        kit, turn = self._kit, self._turn
        if kit.mouth:
            kit.mouth.player.hush()
        if self._own_run:
            self._own_run.cancel()
        if turn is None or self._task is None:
            return
        interrupted = turn.state is State.RUNNING
        outcome = Outcome.CANCELLED if turn.outcome is None or turn.speaking else turn.outcome
        kit.broker.revoke()
        self._gate.close(by)
        turn.end()
        if kit.ear:
            kit.ear.recorder.abort()
        self._task.cancel()
        self._turn = None
        if interrupted:
            self._keep(STOPPED)
        self._publish(StateChanged(turn.id, State.IDLE))
        self._publish(TurnEnded(turn.id, outcome, turn.heard, turn.said))
        spawn(self._settle(turn.id), "stop the code")

    async def close(self) -> None:
        """Stop, and let go of everything the kit holds."""
        self.cancel("quit")
        kit = self._kit
        for language in kit.languages:
            await language.close()
        await kit.broker.close()
        await kit.model.close()
        if kit.ear:
            kit.ear.recorder.close()
            kit.ear.transcriber.close()
        if kit.mouth:
            kit.mouth.player.close()
            kit.mouth.synthesizer.close()

    def _start(self, asked: Sequence[Message] | None, by: str, always_ask: bool = False) -> str:
        self.cancel(by)
        settings = self._settings.snapshot()
        self._gate.timeout = 0 if always_ask else settings.approval_timeout
        self._gate.auto_run = settings.auto_run and settings.safe_mode == "off" and not always_ask
        turn = Turn(self._kit, settings, self._gate, self._publish, self._keep)
        self._turn, self._began = turn, len(self.history)
        self._task = spawn(self._run(turn, asked), "turn")
        return turn.id

    async def _run(self, turn: Turn, asked: Sequence[Message] | None) -> Outcome:
        outcome = await turn.run(asked, self.history)
        if self._turn is turn:
            self._turn = None
            self._publish(TurnEnded(turn.id, outcome, turn.heard, turn.said))
        return outcome

    def _keep(self, message: Message) -> None:
        self.history.append(message)
        self.save()

    def save(self) -> None:
        """Make the conversation's file hold the history, unless the person wants none of that."""
        settings = self._settings.snapshot()
        if not settings.conversation_history:
            return
        if self._conversation is None:
            folder = Path(settings.conversation_history_path or default_folder()).expanduser()
            self._conversation = Conversation(folder, settings.conversation_filename)
        try:
            self._conversation.save(self.history)
            self._unsaved = False
        except ConversationError as error:
            if not self._unsaved:  # told once; each later message tries again, and saves all
                self._unsaved = True
                self.notify("warning", error.code, str(error))

    async def _settle(self, turn: str) -> None:
        for language in self._kit.languages:
            if not await language.stop():
                text = "The code did not stop when asked, so its process was ended. Its variables are lost."
                self._publish(Notice(turn, "warning", "language.lost", text))
                self._keep(Message(Role.COMPUTER, Kind.CONSOLE, text, "notice"))

    def _changed(self, changed: dict[str, Any]) -> None:
        """Settings may be changed on any thread."""
        shown = {name: value for name, value in changed.items() if not lookup(name).secret}
        post(self._loop, self._publish, SettingsChanged("", shown))

    def _publish(self, event: Event) -> None:
        for heard in list(self._listeners):
            heard(event)
