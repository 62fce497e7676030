"""The gate: voices pass, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from sounds import RATE, pcm, samples, tone

from oi_voice.ports import Pcm, Transcript
from oi_voice.voice.activity import ENOUGH, speech_seconds
from oi_voice.voice.stt.gated import Gated

COUNT = 2 * RATE
TIME = np.arange(COUNT) / RATE


def noise(slope: float, level: float) -> np.ndarray:
    """White for a slope of 0, pink for 0.5, brown, like a fan, for 1."""
    random = np.random.default_rng(7)
    spectrum = np.fft.rfft(random.normal(size=COUNT)) / np.maximum(1, np.arange(COUNT // 2 + 1)) ** slope
    shaped = np.fft.irfft(spectrum, COUNT)
    return level * shaped / shaped.std()


def bursts(every: int, length: int) -> np.ndarray:
    random = np.random.default_rng(7)
    result = np.zeros(COUNT)
    for start in range(2000, COUNT - length, every):
        result[start : start + length] += 0.3 * random.normal(size=length) * np.exp(-np.arange(length) / length * 4)
    return result


def sines(*hertz: float, begin: float = 0, end: float = 2) -> np.ndarray:
    return (begin <= TIME) * (end > TIME) * 0.15 * sum(np.sin(2 * np.pi * one * TIME) for one in hertz)


NOT_SPEECH = {
    "silence": np.zeros(COUNT),
    "a hiss": noise(0, 0.01),
    "a loud hiss": noise(0, 0.1),
    "pink noise": noise(0.5, 0.03),
    "a fan": noise(1, 0.05),
    "clicks": bursts(9000, 40),
    "typing": bursts(5000, 600),
    "mains hum": sines(50, 100, 150, 250),
    "hum that sets in": sines(50, 100, 150, 250, begin=1),
    "a tone": sines(440),
    "a beep": sines(880, begin=0.5, end=1.2),
    "a chime": sines(523, 659, 784, begin=0.5, end=1.2),
}
COMMANDS = ("stop", "no", "mute", "yes, run it", "open the text editor", "what is thirty four times twelve")


@dataclass
class Recogniser:
    """Hears the same whatever is said, and counts."""

    takes: list[Pcm] = field(default_factory=list)

    async def start(self) -> None: ...

    async def transcribe(self, take: Pcm) -> Transcript:
        self.takes.append(take)
        return Transcript("Thank you for watching.")

    def close(self) -> None: ...


@pytest.mark.parametrize("name", NOT_SPEECH)
def test_what_is_no_voice_has_none(name: str) -> None:
    assert speech_seconds(pcm(NOT_SPEECH[name])) == 0


@pytest.mark.parametrize("snr", [None, 20, 10])
@pytest.mark.parametrize("text", COMMANDS)
def test_a_command_has_voice_in_it(say: Callable[[str], Pcm], text: str, snr: float | None) -> None:
    said = samples(say(text))
    if snr is not None:
        power = (said[said != 0] ** 2).mean() / 10 ** (snr / 10)
        said = said + np.random.default_rng(1).normal(scale=power**0.5, size=len(said))
    assert speech_seconds(pcm(said)) >= ENOUGH


def test_a_quiet_voice_passes(say: Callable[[str], Pcm]) -> None:
    assert speech_seconds(pcm(samples(say("open the calculator")) / 30)) >= ENOUGH


def test_a_voice_passes_with_hum_under_it(say: Callable[[str], Pcm]) -> None:
    said = samples(say("open the calculator"))
    hum = np.resize(sines(50, 100, 150), len(said)) / 3
    assert speech_seconds(pcm(said + hum)) >= ENOUGH


@pytest.mark.parametrize("count", [0, 1, 500])
def test_a_tap_on_the_key_has_no_voice(count: int) -> None:
    assert speech_seconds(Pcm(bytes(2 * count), RATE)) == 0


def test_looking_ends_when_there_is_enough(say: Callable[[str], Pcm]) -> None:
    long = Pcm(say("open the text editor").data * 20, RATE)
    assert ENOUGH <= speech_seconds(long, ENOUGH) < speech_seconds(long)


async def test_only_speech_reaches_the_recogniser(say: Callable[[str], Pcm]) -> None:
    recogniser = Recogniser()
    gated = Gated(recogniser)
    await gated.start()
    for silent in (Pcm(bytes(2 * COUNT), RATE), tone(1, 50), pcm(NOT_SPEECH["typing"])):
        assert (await gated.transcribe(silent)).text == ""
    assert recogniser.takes == []
    take = say("stop")
    assert (await gated.transcribe(take)).text == "Thank you for watching."
    assert recogniser.takes == [take]
    gated.close()
