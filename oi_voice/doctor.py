"""``oi-voice doctor``: each part of a turn tried by itself and timed, and which leg of past turns was slow."""

from __future__ import annotations

import asyncio
import time
from array import array
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from uuid import uuid4

from oi_voice.errors import OiVoiceError, SynthesizerError
from oi_voice.hearing import Ear
from oi_voice.kit import Kit
from oi_voice.ledger import slow, told
from oi_voice.ports import Pcm, Transcriber

PATIENCE = 30.0  # seconds that a part may take
LISTENED = 1.0  # seconds of a trial recording
SAID = "All is well."
ASKED = "What time is it?"  # a phrase that every recogniser knows, the commands' grammar among them
SILENCE = Pcm(bytes(32_000), 16_000)


@dataclass(frozen=True, slots=True)
class Check:
    """``words`` say how it is, and what to do where it is not ``ok``; ``ms`` is the time that it took."""

    name: str
    ok: bool
    words: str
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Bench:
    """What the kit does not show of itself. ``key`` has the talk key and lets go of it again, and says so in words;
    ``recogniser`` is that behind the ear's gate, which may take a synthetic voice for none; ``render`` gives words
    as sound at its 16 kHz, or raises SynthesizerError."""

    key: Callable[[], Awaitable[str]]
    recogniser: Transcriber
    render: Callable[[str], Awaitable[Pcm]]


async def examine(kit: Kit, bench: Bench, turns: Sequence[Mapping[str, float]]) -> AsyncGenerator[Check, None]:
    """Try what ``kit`` and ``bench`` have, part by part. ``turns`` are the legs of past ones (``ledger.read``)."""
    parts: list[tuple[str, Callable[[], Awaitable[str]]]] = [("Talk key", bench.key)]
    if ear := kit.ear:
        parts += [("Microphone", lambda: _recorded(ear)), ("Recogniser", lambda: _recognised(ear, bench))]
    parts += [("Language model", lambda: _model(kit)), ("Python", lambda: _computed(kit))]
    if kit.mouth:
        parts.append(("Voice", lambda: _said(kit)))
    for name, part in parts:
        yield await _checked(name, part)
    words = slow(turns)
    if turns:
        last = f"The last turn: {told(turns[-1])}."
        yield Check("Latency", not words, f"{words} {last}" if words else f"No leg is slow. {last}")


async def _checked(name: str, part: Callable[[], Awaitable[str]]) -> Check:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE):
            words, ok = await part(), True
    except TimeoutError:
        words, ok = f"It did not answer within {PATIENCE:g} s.", False
    except OiVoiceError as error:
        words, ok = str(error), False
    return Check(name, ok, words, (time.perf_counter() - began) * 1000)


async def _recorded(ear: Ear) -> str:
    await ear.recorder.start()
    await asyncio.sleep(LISTENED)
    sound = await ear.recorder.stop()
    loudest = max(map(abs, array("h", sound.data)), default=0)
    if not loudest:
        raise OiVoiceError(
            "It is open, but gives no sound at all.", fix="See that it is not muted, and the right one: oi-voice mic"
        )
    return f"It hears: {sound.seconds:.1f} s, the loudest at {100 * loudest / 32768:.0f} %."


async def _recognised(ear: Ear, bench: Bench) -> str:
    """What it makes of a voice; where there is none it is tried with silence, for it may be broken all the same."""
    await ear.transcriber.start()  # its gate, too
    try:
        sound, spoken = await bench.render(ASKED), True
    except SynthesizerError:
        sound, spoken = SILENCE, False
    began = time.perf_counter()
    hearing = bench.recogniser.hear()
    try:
        hearing.feed(sound)
        found = await hearing.finish()
    finally:
        hearing.abort()
    took = f"{(time.perf_counter() - began) * 1000:.0f} ms for {sound.seconds:.1f} s of sound"
    if not spoken:
        return f"It answers ({took}), but there is no voice to try it with."
    if not found.text:
        return f"It answers ({took}), but made out no words of “{ASKED}”, said by my own voice: a hard one for it."
    return f"It heard “{found.text}” where my own voice said “{ASKED}” ({took})."


async def _model(kit: Kit) -> str:
    await kit.model.start()
    return f"{kit.model.name} is ready."


async def _computed(kit: Kit) -> str:
    language, printed = kit.languages.get("python"), ""
    async with aclosing(language.run("print(6 * 7)", uuid4().hex)) as chunks:
        async for chunk in chunks:
            printed += chunk.content if chunk.format == "output" else ""
    if printed.strip() != "42":
        raise OiVoiceError(f"It printed {printed.strip()!r} where 42 was to come.", fix="Install ipykernel anew.")
    return "It computes."


async def _said(kit: Kit) -> str:
    assert kit.mouth
    await kit.mouth.synthesizer.start()
    began = time.perf_counter()
    sound = await kit.mouth.synthesizer.render(SAID)
    took = (time.perf_counter() - began) * 1000
    await kit.mouth.player.play(sound)
    return f"It said “{SAID}” ({took:.0f} ms to render {sound.seconds:.1f} s)."
