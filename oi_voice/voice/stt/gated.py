"""A recogniser behind a gate: a take in which nobody speaks never reaches it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from oi_voice.errors import TranscriberError
from oi_voice.ports import ANY, Hearing, Hints, Pcm, Transcriber, Transcript
from oi_voice.runtime import Worker, spawn
from oi_voice.voice.activity import RATE, Activity, Pitch
from oi_voice.voice.activity.silero import Silero

T = TypeVar("T")
WORSE = "Until then sounds are told from voices by their pitch alone, which is less sure."
FAINT = "I heard a voice, but too faintly. Speak closer to the microphone, or turn it up."


class Gated:
    """The port's Transcriber around another: silence, noise and clicks are the empty transcript.

    ``tell`` is called on the loop with a code and words: when the gate works less well than it could, and when a
    take held a voice from too far off.
    """

    def __init__(self, transcriber: Transcriber, tell: Callable[[str, str], None] = lambda code, words: None) -> None:
        self._transcriber = transcriber
        self.tell = tell
        self._make: Callable[[], Activity | Pitch] | None = None
        self._lack: TranscriberError | None = None
        self._worker: Worker | None = None

    async def start(self) -> None:
        await self.detector()
        await self._transcriber.start()

    def hear(self, hints: Hints = ANY) -> Hearing:
        return _AtTheGate(self, lambda: self._transcriber.hear(hints))

    def close(self) -> None:
        self._transcriber.close()
        if self._worker:
            self._worker.close()
        self._worker = None

    async def detector(self) -> Activity | Pitch:
        """One that has heard nothing yet."""
        made = await self.work(self._detector)
        lack, self._lack = self._lack, None
        if lack:
            self.tell(lack.code, f"{lack} {WORSE}")
        return made

    async def work(self, what: Callable[..., T], *args: object) -> T:
        """Do it on the gate's own thread."""
        if self._worker is None:
            self._worker = Worker("activity")
        return await self._worker.run(what, *args)

    def _detector(self) -> Activity | Pitch:
        if self._make is None:
            try:
                silero = Silero()
            except TranscriberError as error:
                self._lack, self._make = error, Pitch
            else:
                self._make = lambda: Activity(silero)
        return self._make()


class _AtTheGate:
    """A take that is kept back until speech is proven, and looked at while it is still spoken."""

    def __init__(self, gate: Gated, begin: Callable[[], Hearing]) -> None:
        self._gate = gate
        self._begin = begin
        self._held: list[Pcm] = []
        self._seen = 0  # of those
        self._detector: Activity | Pitch | None = None
        self._looking: asyncio.Task[None] | None = None
        self._inner: Hearing | None = None
        self._ending = False
        self._aborted = False

    def feed(self, sound: Pcm) -> None:
        if sound.rate != RATE:
            raise TranscriberError(f"The recogniser needs sound at {RATE} Hz, not {sound.rate}.")
        if self._inner:
            self._inner.feed(sound)
        elif not self._aborted:
            self._held.append(sound)
            if self._looking is None or self._looking.done():
                self._looking = spawn(self._look(), "activity")

    def tail(self, begun: bool = True) -> None:
        self._ending = begun
        if self._inner:
            self._inner.tail(begun)

    async def finish(self) -> Transcript:
        began = time.perf_counter()
        if self._looking:
            await self._looking
        if self._detector and not self._inner:
            await self._gate.work(self._detector.end)
            if self._detector.proven:
                self._open()
        waited = {"gate": (time.perf_counter() - began) * 1000}
        if self._inner:
            transcript = await self._inner.finish()
            return replace(transcript, timings_ms={**waited, **transcript.timings_ms})
        if self._detector and self._detector.faint:
            self._gate.tell("microphone.faint", FAINT)
        return Transcript("", engine="gate", speech=False, timings_ms=waited)

    def abort(self) -> None:
        self._aborted = True
        self._held.clear()
        if self._looking:
            self._looking.cancel()
        if self._inner:
            self._inner.abort()

    async def _look(self) -> None:
        if self._detector is None:
            self._detector = await self._gate.detector()
        while self._seen < len(self._held):
            fresh = b"".join(sound.data for sound in self._held[self._seen :])
            self._seen = len(self._held)
            await self._gate.work(self._detector.feed, Pcm(fresh, RATE))
            if self._detector.proven:
                self._open()
                return

    def _open(self) -> None:
        self._inner = self._begin()
        for sound in self._held:
            self._inner.feed(sound)
        if self._ending:
            self._inner.tail()
        self._held.clear()
