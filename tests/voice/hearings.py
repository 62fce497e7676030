"""Takes for recognisers' tests, and engines that misbehave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from oi_voice.ports import Hints, Pcm, Transcriber, Transcript
from oi_voice.voice.stt.early import Listening

RATE = 16_000
SECOND = Pcm(bytes(2 * RATE), RATE)


async def heard(transcriber: Transcriber, sound: Pcm, hints: Hints | None = None) -> Transcript:
    """The take's transcript, fed in pieces of a tenth of a second."""
    hearing = transcriber.hear(hints or Hints())
    step = sound.rate // 10 * 2
    for start in range(0, len(sound.data), step):
        hearing.feed(Pcm(sound.data[start : start + step], sound.rate))
    return await hearing.finish()


@dataclass
class Behaviour:
    """What engines made by ``make`` do, and what was done to them; ``whole`` stands for the end of a take."""

    whole: Callable[[bytes], Any] = lambda sound: Transcript(f"{len(sound)} bytes", engine="fake")
    more: Callable[[bytes], None] = lambda piece: None
    load: Callable[[], None] = lambda: None
    engines: list[FakeEngine] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)

    def make(self) -> FakeEngine:
        self.engines.append(FakeEngine(self))
        return self.engines[-1]


class FakeEngine:
    name = "fake"

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self.loads = 0
        self.threads: set[int] = set()
        self.listening: Listening | None = None

    def load(self) -> None:
        self.loads += 1
        self._behaviour.load()

    def take(self, listening: Listening) -> FakeTake:
        self.threads.add(threading.get_ident())
        self.listening = listening
        return FakeTake(self._behaviour)

    def close(self) -> None:
        self._behaviour.closed.set()


class FakeTake:
    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._sound = b""

    def more(self, sound: bytes) -> None:
        self._sound += sound
        self._behaviour.more(sound)

    def whole(self) -> Transcript:
        return self._behaviour.whole(self._sound)  # type: ignore[no-any-return]  # garbage is what some give
