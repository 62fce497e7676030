"""At the gate: what has no proven speech in it reaches no recogniser, and what has reaches it whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from noises import KINDS, at_level, noises
from sounds import RATE, pcm, samples, tone
from speakers import NEAR, at_active_level, framed, speak

from oi_voice.errors import TranscriberError
from oi_voice.llm.commands import PRONUNCIATIONS, jsgf
from oi_voice.ports import Hearing, Hints, Pcm, Transcriber, Transcript
from oi_voice.voice.activity import silero
from oi_voice.voice.stt.gated import Gated
from oi_voice.voice.stt.grammar import GrammarEngine
from oi_voice.voice.stt.hosted import Hosted
from oi_voice.voice.stt.whisper import WhisperEngine

NANO = Path(__file__).parent.parent / "assets" / "whisper-nano.pt"
PIECE = 2 * 480  # bytes, as they come from a microphone
INVENTED = "Thank you for watching."


@dataclass
class Recogniser:
    """Hears the same whatever is said, and keeps all that reaches it."""

    hears: list[Heard] = field(default_factory=list)
    error: TranscriberError | None = None
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None: ...

    def hear(self, hints: Hints = Hints()) -> Hearing:  # noqa: B008 - a frozen value
        self.hears.append(Heard(self, hints))
        self.opened.set()
        return self.hears[-1]

    def close(self) -> None: ...


@dataclass
class Heard:
    by: Recogniser
    hints: Hints
    data: bytes = b""
    finished: bool = False
    aborted: bool = False
    ending: bool = False

    def feed(self, sound: Pcm) -> None:
        self.data += sound.data

    def tail(self, begun: bool = True) -> None:
        self.ending = begun

    async def finish(self) -> Transcript:
        self.finished = True
        if self.by.error:
            raise self.by.error
        return Transcript(INVENTED, timings_ms={"decode": 1.0})

    def abort(self) -> None:
        self.aborted = True


@dataclass
class Watched:
    """A real recogniser, and how many takes reached it."""

    real: Transcriber
    reached: int = 0

    async def start(self) -> None:
        await self.real.start()

    def hear(self, hints: Hints = Hints()) -> Hearing:  # noqa: B008 - a frozen value
        self.reached += 1
        return self.real.hear(hints)

    def close(self) -> None:
        self.real.close()


@pytest.fixture
async def recogniser() -> Recogniser:
    return Recogniser()


@pytest.fixture
async def gated(recogniser: Recogniser) -> AsyncIterator[Gated]:
    gate = Gated(recogniser)
    await gate.start()
    yield gate
    gate.close()


def pieces(sound: Pcm) -> Iterable[Pcm]:
    return (Pcm(sound.data[start : start + PIECE], RATE) for start in range(0, len(sound.data), PIECE))


async def hear(gate: Transcriber, sound: Pcm) -> Transcript:
    hearing = gate.hear()
    for piece in pieces(sound):
        hearing.feed(piece)
    return await hearing.finish()


async def test_noise_never_reaches_the_recogniser(gated: Gated, recogniser: Recogniser) -> None:
    for kind in ("typing", "mains hum", "drums", "a door"):
        noise = at_level(KINDS[kind](np.random.default_rng(3), 2 * RATE), -20)
        transcript = await hear(gated, pcm(noise))
        assert (transcript.text, transcript.engine, transcript.speech) == ("", "gate", False)
    for nothing in (Pcm(b"", RATE), Pcm(bytes(2 * RATE), RATE), tone(1, 50)):
        assert not (await hear(gated, nothing)).speech
    assert recogniser.hears == []


async def test_a_take_with_speech_reaches_it_whole(
    gated: Gated, recogniser: Recogniser, say: Callable[[str], Pcm]
) -> None:
    take, hints = say("open the text editor"), Hints(("en",), ("kubectl",))
    hearing = gated.hear(hints)
    for piece in pieces(take):
        hearing.feed(piece)
    transcript = await hearing.finish()
    assert transcript.text == INVENTED
    assert transcript.timings_ms.keys() == {"gate", "decode"}
    [heard] = recogniser.hears
    assert (heard.data, heard.hints, heard.finished) == (take.data, hints, True)


@pytest.mark.parametrize("text", ["stop", "no", "yes", "mute"])
async def test_a_short_word_passes(gated: Gated, say: Callable[[str], Pcm], text: str) -> None:
    assert (await hear(gated, say(text))).speech


async def test_it_opens_while_the_key_is_still_held(
    gated: Gated, recogniser: Recogniser, say: Callable[[str], Pcm]
) -> None:
    hearing = gated.hear()
    take = say("what is thirty four times twelve")
    for piece in pieces(take):
        hearing.feed(piece)
    await recogniser.opened.wait()
    hearing.feed(Pcm(b"\1\0" * 10, RATE))
    await hearing.finish()
    assert recogniser.hears[0].data == take.data + b"\1\0" * 10


async def test_the_recogniser_is_told_of_the_tail_before_and_after_it_opens(
    gated: Gated, recogniser: Recogniser, say: Callable[[str], Pcm]
) -> None:
    take = say("open the text editor")
    opened, late = gated.hear(), gated.hear()
    opened.feed(take)
    await recogniser.opened.wait()
    assert not recogniser.hears[0].ending
    opened.tail()
    assert recogniser.hears[0].ending
    opened.tail(False)
    assert not recogniser.hears[0].ending
    late.tail()
    late.feed(take)
    await late.finish()
    assert recogniser.hears[1].ending


async def test_an_aborted_take_is_forgotten(gated: Gated, recogniser: Recogniser, say: Callable[[str], Pcm]) -> None:
    hearing = gated.hear()
    hearing.feed(say("open the text editor"))
    hearing.abort()
    assert (await hear(gated, say("stop"))).speech  # the gate's thread is through with the first by now
    assert len(recogniser.hears) == 1
    opened = gated.hear()
    recogniser.opened.clear()
    opened.feed(say("open the text editor"))
    await recogniser.opened.wait()
    opened.abort()
    assert recogniser.hears[-1].aborted


async def test_takes_at_once_do_not_mix(gated: Gated, recogniser: Recogniser, say: Callable[[str], Pcm]) -> None:
    spoken, silent = gated.hear(), gated.hear()
    for piece in pieces(say("open the text editor")):
        spoken.feed(piece)
        silent.feed(Pcm(bytes(len(piece.data)), RATE))
    assert (await silent.finish()).speech is False
    assert (await spoken.finish()).speech
    assert len(recogniser.hears) == 1


async def test_what_the_recogniser_raises_is_raised(
    gated: Gated, recogniser: Recogniser, say: Callable[[str], Pcm]
) -> None:
    recogniser.error = TranscriberError("It broke.")
    with pytest.raises(TranscriberError, match="It broke"):
        await hear(gated, say("stop"))


async def test_sound_at_another_rate_is_refused(gated: Gated) -> None:
    with pytest.raises(TranscriberError, match="16000"):
        gated.hear().feed(tone(1, rate=48_000))


async def test_a_faint_voice_is_not_obeyed_but_told(recogniser: Recogniser) -> None:
    told: list[tuple[str, str]] = []
    gate = Gated(recogniser, lambda code, words: told.append((code, words)))
    faint = at_active_level(speak("open the text editor", "flite slt"), NEAR - 30)
    assert not (await hear(gate, pcm(framed(faint)))).speech
    assert [code for code, _ in told] == ["microphone.faint"]
    assert recogniser.hears == []
    gate.close()


async def test_without_the_network_it_goes_by_pitch_and_says_so_once(
    recogniser: Recogniser, say: Callable[[str], Pcm], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silero, "MODEL", "no such file")
    told: list[str] = []
    gate = Gated(recogniser, lambda code, words: told.append(f"{code}: {words}"))
    await gate.start()
    assert not (await hear(gate, Pcm(bytes(2 * RATE), RATE))).speech
    assert not (await hear(gate, tone(1, 50))).speech
    assert (await hear(gate, say("open the text editor"))).speech
    assert len(told) == 1
    assert told[0].startswith("recogniser.activity: ")
    assert "pip install" in told[0]
    gate.close()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:unclosed file .*tiktoken:ResourceWarning")
@pytest.mark.parametrize(
    "make",
    [
        lambda: Hosted(lambda: GrammarEngine(jsgf(), PRONUNCIATIONS)),
        lambda: Hosted(lambda: WhisperEngine(str(NANO))),
    ],
    ids=["grammar", "whisper"],
)
async def test_of_all_noises_none_reaches_a_recogniser(
    make: Callable[[], Transcriber], say: Callable[[str], Pcm]
) -> None:
    watched = Watched(make())
    gate = Gated(watched)
    await gate.start()
    passed = [noise.name for noise in noises() if (await hear(gate, pcm(noise.sound))).speech]
    assert (passed, watched.reached) == ([], 0)
    assert (await hear(gate, say("open the text editor"))).text
    assert watched.reached == 1
    gate.close()


async def test_a_voice_over_music_passes(gated: Gated) -> None:
    said = framed(speak("open the text editor", "flite slt"))
    music = at_level(KINDS["a piano"](np.random.default_rng(2), len(said)), NEAR - 10)
    assert (await hear(gated, pcm(said + music))).speech


def test_the_fixtures_are_the_same_every_time() -> None:
    first, second = (samples(pcm(next(iter(noises(seeds=1))).sound)) for _ in range(2))
    assert (first == second).all()
    one, other = (KINDS["rain"](np.random.default_rng(5), RATE) for _ in range(2))
    assert (one == other).all()
