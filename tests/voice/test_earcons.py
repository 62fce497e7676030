"""Earcons: short, distinct, equally loud, what the script makes; and never in a take."""

from __future__ import annotations

import asyncio
import importlib.util
import itertools
from pathlib import Path

import numpy as np
import pytest
from sounds import pcm, samples

from oi_voice.demo.monitor import Monitor
from oi_voice.demo.stage import Stage
from oi_voice.errors import PlayerError
from oi_voice.ports import Pcm
from oi_voice.voice.earcons import NAMES, Earcons, load
from oi_voice.voice.pcm import resample
from oi_voice.voice.player import Player
from oi_voice.voice.recorder import Recorder

SCRIPT = Path(__file__).parents[2] / "scripts" / "earcons.py"
RATE = 16_000


def k_weighted(sound: Pcm) -> float:
    """Loudness in dB after ITU-R BS.1770's two filters, from their responses at 48 kHz."""
    data = np.frombuffer(resample(sound.data, sound.rate, 48_000), "<i2") / 32768
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(len(data) * 2))
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    weighted = np.fft.irfft(np.fft.rfft(data, len(data) * 2) * shelf * high)
    return float(10 * np.log10((weighted**2).sum() / len(data)))


def portrait(sound: Pcm) -> np.ndarray:
    """What it sounds like: the energy of 24 bands (a third of an octave each) in pieces of 20 ms, as a unit vector."""
    data = np.pad(samples(sound), (0, round(0.26 * sound.rate)))[: round(0.26 * sound.rate)]
    size = round(0.02 * sound.rate)
    pieces = data[: len(data) // size * size].reshape(-1, size)
    power = abs(np.fft.rfft(pieces * np.hanning(size), 2048)) ** 2
    bands = np.clip((3 * np.log2(np.maximum(np.fft.rfftfreq(2048, 1 / sound.rate), 1) / 100)).astype(int), 0, 23)
    energy = np.stack([power[:, bands == band].sum(axis=1) for band in range(24)])
    flat = np.sqrt(energy).ravel()
    return np.asarray(flat / np.linalg.norm(flat))


def likeness(take: np.ndarray, cue: np.ndarray) -> float:
    """The peak of the normalised cross-correlation, 0 to 1."""
    match = abs(np.correlate(take, cue, "valid"))
    energy = np.convolve(take**2, np.ones(len(cue)), "valid") * (cue**2).sum()
    return float((match / np.sqrt(np.maximum(energy, 1e-6))).max())


@pytest.mark.parametrize("name", NAMES)
def test_each_is_short_and_without_a_click(name: str) -> None:
    sound = load(name)
    assert 0.05 <= sound.seconds <= 0.25
    data = abs(samples(sound))
    assert data.max() < 0.7
    assert max(data[0], data[-1]) < 0.01


def test_all_are_equally_loud() -> None:
    levels = {name: k_weighted(load(name)) for name in NAMES}
    assert max(levels.values()) - min(levels.values()) <= 1.0, levels


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(NAMES, 2)))
def test_no_two_are_alike(one: str, other: str) -> None:
    assert float(portrait(load(one)) @ portrait(load(other))) < 0.7


def test_the_files_are_what_the_script_makes(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("earcons_script", SCRIPT)
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.main(tmp_path)
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(NAMES)
    for name in NAMES:
        kept, made = (np.frombuffer(data, "<i2").astype(int) for data in
                      (load(name).data, (tmp_path / f"{name}.wav").read_bytes()[44:]))  # fmt: skip
        assert abs(kept - made).max() <= 1  # another libm may round otherwise


class Speaker:
    def __init__(self) -> None:
        self.played: list[Pcm] = []
        self.hushed = 0
        self.error: PlayerError | None = None
        self.done = asyncio.Event()

    async def play(self, sound: Pcm) -> None:
        if self.error:
            raise self.error
        self.played.append(sound)
        await self.done.wait()

    def hush(self) -> None:
        self.hushed += 1

    def close(self) -> None: ...


async def test_one_is_played_without_waiting_and_cuts_off_another() -> None:
    speaker = Speaker()
    earcons = Earcons(speaker)
    earcons.play("start")
    await asyncio.sleep(0)
    assert speaker.hushed == 0
    earcons.play("done")
    await asyncio.sleep(0)
    assert speaker.played == [load("start"), load("done")]
    assert speaker.hushed == 1
    speaker.done.set()


async def test_switched_off_there_are_none() -> None:
    speaker = Speaker()
    earcons = Earcons(speaker, lambda: False)
    earcons.play("start")
    await asyncio.sleep(0)
    assert speaker.played == []


async def test_a_speaker_that_fails_costs_the_sound_alone() -> None:
    speaker = Speaker()
    speaker.error = PlayerError("No speaker.")
    earcons = Earcons(speaker)
    earcons.play("error")
    await asyncio.sleep(0)


@pytest.mark.desktop
async def test_none_is_in_a_take_and_none_holds_up_speech(stage: Stage) -> None:
    monitor, speech, recorder = Monitor(stage), Player(), Recorder()
    earcons = Earcons(Player())
    monitor.start()
    await recorder.start()
    talking = asyncio.ensure_future(speech.play(pcm(0.1 * np.ones(RATE // 2) * np.sin(np.arange(RATE // 2) * 0.1))))
    for name in NAMES:
        await earcons._sound(name)
    await asyncio.wait_for(talking, 5)
    take = await recorder.stop()
    heard = monitor.samples(0, float("inf")).astype(float)
    for name in NAMES:
        cue = np.frombuffer(resample(load(name).data, load(name).rate, RATE), "<i2").astype(float)
        assert likeness(samples(take) * 32768, cue) < 0.1
        assert likeness(heard, cue) > 0.6
    earcons.close()
    speech.close()
    recorder.close()
    monitor.close()
