"""The warm ring on a real sound server: speech that is older than the key press, and that ends with the release."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import pytest
from sounds import RATE, pcm, samples, save
from witness import witness

from oi_voice.demo.stage import MICROPHONE_SINK, Stage
from oi_voice.ports import Pcm
from oi_voice.voice.pcm import resample
from oi_voice.voice.recorder import Recorder

pytestmark = pytest.mark.desktop
TAKES = 50
EARLIEST = 0.4  # seconds that speech may be ahead of the key
GAP = 0.4  # and the tail takes 0.3
EDGE = RATE // 10  # the first and the last 100 ms are looked at by themselves
PHRASES = ("open it", "stop", "save that", "kubectl", "copy", "print this", "next tab", "quit", "pick six", "tap here")


def spoken(sound: Pcm) -> np.ndarray:
    """Without the silence around it, and what is above 6 kHz, where the sound server's own resampling loses some."""
    heard = samples(Pcm(resample(resample(sound.data, RATE, 12_000), 12_000, RATE), RATE))
    loud = np.flatnonzero(np.abs(heard) > 0.02)
    return heard[loud[0] : loud[-1] + 1]


def whole(take: Pcm, wanted: np.ndarray) -> tuple[float, float, float]:
    """How like the take is to all of what was said, to its beginning and to its end, where it fits best."""
    heard = np.pad(samples(take), len(wanted))
    size = len(heard) + len(wanted)
    products = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size)), size)
    at = int(products[: len(heard) - len(wanted) + 1].argmax())
    there = heard[at : at + len(wanted)]

    def likeness(part: slice) -> float:
        norm = np.linalg.norm(there[part]) * np.linalg.norm(wanted[part])
        return float(there[part] @ wanted[part] / norm) if norm else 0.0

    return likeness(slice(None)), likeness(slice(EDGE)), likeness(slice(-EDGE, None))


async def warm() -> Recorder:
    opened = asyncio.Event()
    recorder = Recorder(warm=True, on_warm=lambda _: opened.set())
    await recorder.prepare()
    await opened.wait()
    return recorder


async def test_listening_begins_within_20_ms(stage: Stage) -> None:
    recorder = await warm()
    times = []
    for _ in range(8):
        began = time.perf_counter()
        await recorder.start()
        times.append(time.perf_counter() - began)
        await recorder.stop()
    recorder.close()
    assert min(times) <= 0.02, times


@pytest.mark.slow
@pytest.mark.timeout(150)
async def test_no_word_is_lost_at_either_end(stage: Stage, say: Callable[[str], Pcm], tmp_path: Path) -> None:
    said = [spoken(say(words)) for words in PHRASES]
    line = list(islice(cycle(said), TAKES))
    ends = np.cumsum([round(GAP * RATE) + len(words) for words in line]) - round(GAP * RATE)
    path = save(pcm(np.concatenate([np.pad(words, (0, round(GAP * RATE))) for words in line])), tmp_path / "said.wav")
    recorder = await warm()
    bad = []
    async with witness() as clock:
        player = await asyncio.create_subprocess_exec("paplay", f"--device={MICROPHONE_SINK}", str(path))
        for number, (words, end) in enumerate(zip(line, ends, strict=True)):
            ahead = EARLIEST * number / (TAKES - 1)
            fed: list[Pcm] = []
            await clock.reach(end - len(words) + round(ahead * RATE))
            await recorder.start(fed.append)
            await clock.reach(end)
            take = await recorder.stop()
            assert b"".join(piece.data for piece in fed) == take.data
            alike = whole(take, words)
            if min(alike) < 0.98:
                bad.append((number, ahead, alike))
        assert await player.wait() == 0
    recorder.close()
    assert not bad
