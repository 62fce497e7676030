"""The microphone by itself: list, meter and test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import numpy as np
import pytest
from sounds import SoundServer, pcm, save, tone

from oi_voice.demo.stage import MICROPHONE, MICROPHONE_SINK, Stage
from oi_voice.errors import RecorderError
from oi_voice.ports import Pcm
from oi_voice.voice import mic

pytestmark = pytest.mark.desktop


@asynccontextmanager
async def heard(sound: Pcm, folder: Path) -> AsyncIterator[None]:
    """Sound at the microphone, begun before and over after."""
    path = save(sound, folder / "heard.wav")
    player = await asyncio.create_subprocess_exec("paplay", f"--device={MICROPHONE_SINK}", str(path))
    yield
    player.kill()
    await player.wait()


async def test_the_microphones_are_listed(stage: Stage) -> None:
    listed = await mic.microphones()
    assert MICROPHONE in [each.name for each in listed]
    assert [each.name for each in listed if each.default] == ["default"]
    assert len({each.number for each in listed}) == len(listed)


async def test_the_meter_shows_how_loud_it_is(stage: Stage, tmp_path: Path) -> None:
    async with heard(tone(5, level=0.5), tmp_path), aclosing(mic.meter()) as levels, asyncio.timeout(5):
        async for level in levels:
            if level.peak > 0.45:
                break
        level = await anext(levels)
    assert level.peak == pytest.approx(0.5, abs=0.05)
    assert level.rms == pytest.approx(0.5 / 2**0.5, abs=0.05)


async def test_the_meter_ends_with_its_microphone(doomed: SoundServer) -> None:
    async with aclosing(mic.meter()) as levels:
        await anext(levels)
        doomed.kill()
        with pytest.raises(RecorderError, match="lost"):
            async for _ in levels:
                pass


@pytest.mark.parametrize(
    ("peak", "rms", "bar"),
    [
        (0, 0, "            -60 dB"),
        (0.001, 0.0005, "            -60 dB"),
        (0.1, 0.01, "███░░░░      -20 dB"),
        (1, 0.5, "█████████░   0 dB too loud"),
    ],
)
def test_a_bar_is_loudness_and_peak(peak: float, rms: float, bar: str) -> None:
    assert mic.Level(peak, rms).bar(10).split() == bar.split()


async def test_a_test_hears_a_voice(stage: Stage, tmp_path: Path) -> None:
    async with heard(tone(5, level=0.3), tmp_path):
        found = await mic.check(seconds=0.6)
    assert found.code == ""
    assert "hears you" in found.words
    assert found.level.peak == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize(
    ("sound", "code", "words"),
    [
        (Pcm(bytes(64_000), 16_000), "microphone.zeros", "zeros"),
        (tone(5, level=2), "microphone.clipping", "too loud"),
        (pcm(0.003 * np.random.default_rng(1).standard_normal(80_000)), "microphone.faint", "nobody near"),
    ],
)
async def test_a_test_says_what_is_wrong(stage: Stage, tmp_path: Path, sound: Pcm, code: str, words: str) -> None:
    async with heard(sound, tmp_path):
        found = await mic.check(seconds=0.6)
    assert found.code == code
    assert words in found.words


async def test_a_test_of_what_is_not_there_says_so(stage: Stage) -> None:
    found = await mic.check("no such thing")
    assert found.code == "microphone"
    assert "no such thing" in found.words
