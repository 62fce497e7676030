"""Scripted, recording fakes for the ports that a turn works with, and ``harness()``: an engine on them.

Each fake writes what is done to it into a shared ``Journal``, so that a test can say "and after the stop
nothing more happened" of everything at once. A fake blocks where a script says ``HANG``, until cancelled.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from oi_voice.consent.judge import Judge
from oi_voice.engine import Engine
from oi_voice.errors import LanguageError, OiVoiceError
from oi_voice.events import Event, State, StateChanged, TurnEnded
from oi_voice.hearing import Ear
from oi_voice.kit import Kit, Mouth
from oi_voice.messages import Chunk, Kind, Message, Role
from oi_voice.ports import ANY, Abilities, Ask, Delta, Hints, Pcm, Transcript
from oi_voice.settings import Settings
from oi_voice.subscription import Subscription

HANG = "\0hang"
SILENCE = Pcm(b"\0\0" * 1600, 16000)


@dataclass
class Journal:
    """What was done to the fakes, in order."""

    entries: list[tuple[str, str]] = field(default_factory=list)
    _noted: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, who: str, what: str = "") -> None:
        self.entries.append((who, what))
        self._noted.set()

    async def until(self, who: str, what: str = "") -> None:
        """Wait for that to be done."""
        while (who, what) not in self.entries:
            self._noted.clear()
            await self._noted.wait()

    def of(self, who: str) -> list[str]:
        return [what for name, what in self.entries if name == who]


def _happened() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass
class FakeRecorder:
    """The tail of a take lasts until ``tails`` is set, which it is."""

    journal: Journal
    error: OiVoiceError | None = None
    sound: bytes = SILENCE.data
    tails: asyncio.Event = field(default_factory=_happened)
    fed: Callable[[Pcm], None] | None = None

    async def start(self, fed: Callable[[Pcm], None] | None = None) -> None:
        if self.error:
            raise self.error
        self.fed = fed
        self.journal.note("record", "start")

    async def tail(self) -> None:
        await self.tails.wait()

    def go_on(self) -> None:
        self.journal.note("record", "go on")

    async def stop(self) -> Pcm:
        self.journal.note("record", "stop")
        take = Pcm(self.sound, SILENCE.rate)
        if self.fed:
            self.fed(take)
        return take

    def abort(self) -> None:
        self.journal.note("record", "abort")

    def close(self) -> None: ...


@dataclass
class FakeTranscriber:
    """Hears ``text`` in any take; with HANG it never answers, with ``error`` it fails."""

    journal: Journal
    text: str = "do it"
    speech: bool = True
    confidence: float = 1.0
    error: OiVoiceError | None = None
    hints: Hints = ANY

    async def start(self) -> None: ...

    def hear(self, hints: Hints = ANY) -> FakeHearing:
        self.hints = hints
        return FakeHearing(self)

    def close(self) -> None: ...


@dataclass
class FakeHearing:
    """``sound`` is what was fed."""

    of: FakeTranscriber
    sound: bytes = b""

    def feed(self, sound: Pcm) -> None:
        self.sound += sound.data

    def tail(self, begun: bool = True) -> None:
        self.of.journal.note("tail", "" if begun else "taken back")

    async def finish(self) -> Transcript:
        self.of.journal.note("transcribe")
        if self.of.error:
            raise self.of.error
        if self.of.text == HANG:
            await asyncio.Event().wait()
        return Transcript(self.of.text, confidence=self.of.confidence, engine="fake", speech=self.of.speech)

    def abort(self) -> None: ...


@dataclass
class ScriptedModel:
    """Gives its replies in turn, in pieces of ``size`` characters; the last one is given again and again."""

    replies: Sequence[str | OiVoiceError]
    journal: Journal = field(default_factory=Journal)
    size: int = 7
    finish: str = "stop"
    name: str = "scripted"
    abilities: Abilities = field(default_factory=lambda: Abilities(functions=True))  # code and results as they are
    asked: list[list[Message]] = field(default_factory=list)

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def respond(self, messages: Sequence[Message]) -> AsyncGenerator[Delta, None]:
        self.asked.append(list(messages))
        self.journal.note("model", str(len(self.asked)))
        reply = self.replies[min(len(self.asked), len(self.replies)) - 1]
        if isinstance(reply, OiVoiceError):
            raise reply
        text, hangs, _ = reply.partition(HANG)
        for start in range(0, len(text), self.size):
            await asyncio.sleep(0)
            yield Delta(text[start : start + self.size])
        if hangs:
            await asyncio.Event().wait()
        yield Delta(finish=self.finish)


@dataclass
class FakeLanguage:
    """``run`` prints ``output``; with HANG it clicks on, every time the loop comes round, until stopped.

    ``asks`` are the prompts, and whether each is for a secret, of lines that it ``ask``s for and prints first.
    """

    journal: Journal
    broker: FakeBroker
    output: str = "done"
    kept: bool = True
    error: OiVoiceError | None = None
    ask: Ask | None = None
    asks: Sequence[tuple[str, bool]] = ()

    async def start(self) -> None: ...

    async def run(self, code: str, run: str) -> AsyncGenerator[Chunk, None]:
        self.journal.note("run", code)
        if self.error:
            raise self.error
        for prompt, secret in self.asks:
            assert self.ask is not None
            answer = await self.ask(prompt, secret)
            text = f"no answer: {answer.why}" if answer.text is None else answer.text
            yield Chunk(Role.COMPUTER, Kind.CONSOLE, f"{text}\n", "output")
        while self.output == HANG:
            self.broker.act(run)
            yield Chunk(Role.COMPUTER, Kind.CONSOLE, ".", "output")
            await asyncio.sleep(0.001)  # the fake's own pace, not a wait for anything
        yield Chunk(Role.COMPUTER, Kind.CONSOLE, self.output, "output")

    async def stop(self) -> bool:
        self.journal.note("run", "stop")
        return self.kept

    async def terminate(self) -> None: ...

    async def close(self) -> None: ...


@dataclass
class FakeLanguages:
    known: dict[str, FakeLanguage]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.known)

    def get(self, name: str) -> FakeLanguage:
        if name not in self.known:
            raise LanguageError(f"There is no {name} here.", fix=f"Use one of: {', '.join(self.known)}.")
        return self.known[name]

    def folder(self, name: str) -> None:
        return None

    def system_messages(self) -> tuple[str, ...]:
        return ()

    def __iter__(self) -> Iterator[FakeLanguage]:
        return iter(self.known.values())

    async def close(self) -> None:
        for language in self.known.values():
            await language.close()


@dataclass
class FakeBroker:
    journal: Journal
    granted: str = ""
    held: str = ""

    def grant(self, run: str) -> None:
        self.granted = run

    def revoke(self) -> None:
        self.granted = ""

    def hold(self, why: str) -> None:
        self.held = why

    def go_on(self) -> None:
        self.held = ""

    def act(self, run: str) -> None:
        """What a click of the code of ``run`` comes to."""
        self.journal.note("act" if run and run == self.granted and not self.held else "refused", run)

    async def close(self) -> None: ...


class FakeSegmenter:
    def __init__(self) -> None:
        self.language = ""
        self._text = ""

    def feed(self, text: str) -> list[str]:
        *whole, self._text = (self._text + text).split(". ")
        return [f"{sentence}." for sentence in whole]

    def hurry(self) -> list[str]:
        return []

    def end(self) -> list[str]:
        rest, self._text = self._text.strip(), ""
        return [rest] if rest else []


@dataclass
class FakeSynthesizer:
    journal: Journal
    error: OiVoiceError | None = None

    async def start(self) -> None: ...

    async def render(self, text: str, language: str = "") -> Pcm:
        if self.error:
            raise self.error
        self.journal.note("render", text)
        return SILENCE

    def close(self) -> None: ...


@dataclass
class FakePlayer:
    """Plays at once; while ``holds`` is set a sound lasts until it is hushed."""

    journal: Journal
    holds: bool = False
    playing: bool = False
    error: OiVoiceError | None = None
    _hushed: asyncio.Event = field(default_factory=asyncio.Event)

    async def play(self, sound: Pcm) -> None:
        if self.error:
            raise self.error
        self.journal.note("play")
        self.playing = True
        try:
            if self.holds:
                self._hushed.clear()
                await self._hushed.wait()
        finally:
            self.playing = False

    def hush(self) -> None:
        self._hushed.set()
        self.playing = False

    def close(self) -> None: ...


@dataclass
class Harness:
    """An engine on fakes, and what it said to the world."""

    engine: Engine
    journal: Journal
    kit: Kit
    settings: Settings
    model: ScriptedModel
    language: FakeLanguage
    recorder: FakeRecorder
    transcriber: FakeTranscriber
    synthesizer: FakeSynthesizer
    player: FakePlayer
    broker: FakeBroker
    events: list[Event]
    _subscription: Subscription

    async def until(self, wanted: type[Event] | State) -> Any:
        """The next event of that type, or the next change to that state; earlier ones are kept in ``events``."""
        async for event in self._subscription:
            self.events.append(event)
            if isinstance(wanted, State):
                if isinstance(event, StateChanged) and event.state is wanted:
                    return event
            elif isinstance(event, wanted):
                return event
        raise AssertionError(f"the engine closed before {wanted}")

    async def until_speaking(self) -> StateChanged:
        """The event that says that speech has begun."""
        while not (event := await self.until(StateChanged)).speaking:
            pass
        return event  # type: ignore[no-any-return]  # until() gives what it was asked for

    async def ended(self) -> TurnEnded:
        return await self.until(TurnEnded)  # type: ignore[no-any-return]  # as above


def harness(
    replies: Iterable[str | OiVoiceError] = ("Hello.",), judge: Judge | None = None, **settings: Any
) -> Harness:
    """An engine whose model gives ``replies``, with every port faked and recording; ``judge`` looks at its code."""
    journal = Journal()
    broker = FakeBroker(journal)
    model = ScriptedModel(list(replies), journal)
    language = FakeLanguage(journal, broker)
    recorder, transcriber = FakeRecorder(journal), FakeTranscriber(journal)
    synthesizer, player = FakeSynthesizer(journal), FakePlayer(journal)
    mouth = Mouth(FakeSegmenter, synthesizer, player)
    kit = Kit(
        model, FakeLanguages({"python": language}), broker, Ear(recorder, transcriber), mouth, judge=judge or Judge()
    )
    applied = Settings(**{"conversation_history": False, **settings})
    engine = Engine(kit, applied)
    language.ask = engine.ask
    return Harness(
        engine, journal, kit, applied, model, language, recorder, transcriber, synthesizer, player, broker, [],
        engine.subscribe(),
    )  # fmt: skip
