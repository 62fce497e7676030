"""Listening to one take: it is recognised while it is still spoken, and kept whatever becomes of that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace

from oi_voice.errors import OiVoiceError, TranscriberError
from oi_voice.ledger import Ledger
from oi_voice.ports import Hearing, Hints, Pcm, Recorder, Transcriber
from oi_voice.takes import Take, Takes
from oi_voice.vocabulary import Vocabulary

KEPT = "The recording is kept: try again."
UNHEARD = 30.0  # seconds beyond the take's own length, after which a recogniser hangs


@dataclass(slots=True)
class Ear:
    """``other`` gives the recogniser of a name, for another try; ``names`` those that are on the screen, blocking."""

    recorder: Recorder
    transcriber: Transcriber
    takes: Takes = field(default_factory=Takes)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    other: Callable[[str], Transcriber] | None = None
    names: Callable[[], Sequence[str]] = tuple

    def hints(self, settings: SimpleNamespace, language: str = "", answer: bool = False) -> Hints:
        """What helps the recogniser with one take. What is on the screen must not lean on an ``answer``."""
        languages = (language,) if language else tuple(settings.voice.languages)
        return Hints(languages, self.vocabulary.terms, tuple if answer else cache(self.names))

    def close(self) -> None:
        self.recorder.close()
        self.transcriber.close()


async def listen(
    ear: Ear,
    settings: SimpleNamespace,
    released: asyncio.Event,
    listening: Callable[[bool], None],
    ledger: Ledger,
    answer: bool = False,
) -> Take:
    """Record until ``released`` or the longest take, and have its words. ``answer``: to a question that is open.

    ``listening`` is called with True when it records, with False when only words are waited for; until then a
    ``released`` that is cleared again lets the take go on. Raises OiVoiceError; what was recorded by then is kept.
    """
    hearing = ear.transcriber.hear(ear.hints(settings, answer=answer))
    try:
        await ear.recorder.start(hearing.feed)
        ledger.mark("ready")
        listening(True)
        await _spoken(ear.recorder, hearing, settings.voice.max_take, released)
        sound = await ear.recorder.stop()
        listening(False)
        take = await _understood(ear, hearing, sound)
    finally:
        hearing.abort()
    ledger.mark("text")
    return take


async def _spoken(recorder: Recorder, hearing: Hearing, most: float, released: asyncio.Event) -> None:
    """Wait for the end of what is said, tail included; one who presses the key again in the tail speaks on."""
    end = asyncio.get_running_loop().time() + most
    while True:
        try:
            async with asyncio.timeout_at(end):
                await released.wait()
        except TimeoutError:
            released.set()
        hearing.tail()
        await recorder.tail()
        if released.is_set():
            return
        hearing.tail(False)
        recorder.go_on()


async def again(ear: Ear, settings: SimpleNamespace, take: Take, engine: str = "", language: str = "") -> Take:
    """Have a take's words once more, from another recogniser or in another language if these are named."""
    transcriber = ear.transcriber
    if engine:
        if ear.other is None:
            raise TranscriberError("There is no other recogniser here.", fix="Try again without naming one.")
        transcriber = ear.other(engine)
        await transcriber.start()
    hearing = transcriber.hear(ear.hints(settings, language))
    try:
        hearing.feed(take.sound)
        return await _understood(ear, hearing, take.sound)
    finally:
        hearing.abort()
        if transcriber is not ear.transcriber:
            transcriber.close()


async def _understood(ear: Ear, hearing: Hearing, sound: Pcm) -> Take:
    """The take with its words. It is kept before anything can go wrong with them."""
    take = ear.takes.keep(sound)
    try:
        async with asyncio.timeout(UNHEARD + sound.seconds):
            return ear.takes.settle(take, await hearing.finish())
    except TimeoutError:
        error = TranscriberError("The recogniser does not answer.")
    except OiVoiceError as failed:
        error = TranscriberError(str(failed), code=failed.code)
    ear.takes.settle(take, None, str(error))
    raise TranscriberError(str(error), fix=KEPT, code=error.code)
