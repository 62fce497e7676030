"""A take in pieces: at any rate of the device they are the take, and what is wrong with it is told once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
from sounds import RATE, pcm, samples, save, tone

from oi_voice.demo.stage import MICROPHONE_SINK, Stage
from oi_voice.errors import RecorderError
from oi_voice.ports import Pcm
from oi_voice.voice.capture import open_capture
from oi_voice.voice.pcm import Resampler, resample
from oi_voice.voice.recorder import Recorder
from oi_voice.voice.take import Take


async def play_into(sink: str, sound: Pcm, folder: Path) -> None:
    path = save(sound, folder / "played.wav")
    player = await asyncio.create_subprocess_exec("paplay", f"--device={sink}", str(path))
    assert await player.wait() == 0


def pitch(sound: Pcm) -> float:
    """The strongest frequency, in Hz."""
    heard = samples(sound)
    return float(np.abs(np.fft.rfft(heard)).argmax() * sound.rate / len(heard))


@pytest.mark.desktop
async def test_the_pieces_are_the_take(stage: Stage, tmp_path: Path) -> None:
    pieces: list[Pcm] = []
    recorder = Recorder()
    await recorder.start(pieces.append)
    await play_into(MICROPHONE_SINK, tone(0.7), tmp_path)
    before = len(pieces)
    take = await recorder.stop()
    assert b"".join(piece.data for piece in pieces) == take.data
    assert {piece.rate for piece in pieces} == {RATE}
    assert before > 5
    assert len(pieces) > before, "the tail comes in pieces, too"
    assert all(piece.seconds < 0.5 for piece in pieces)


@pytest.mark.desktop
async def test_in_its_tail_a_take_may_go_on_without_a_gap(stage: Stage, tmp_path: Path) -> None:
    recorder = Recorder()
    await recorder.start()
    playing = asyncio.create_task(play_into(MICROPHONE_SINK, tone(1.2, 1000), tmp_path))
    await recorder.tail()
    recorder.go_on()
    await playing
    await recorder.tail()
    take = await recorder.stop()
    loud = np.flatnonzero(np.abs(samples(take)) > 0.05)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(1.2, abs=0.02)
    assert np.diff(loud).max() < RATE // 100
    assert pitch(take) == pytest.approx(1000, abs=2)


@pytest.mark.desktop
@pytest.mark.parametrize("rate", [44_100, 48_000])
async def test_another_rate_of_the_device_is_resampled(stage: Stage, tmp_path: Path, rate: int) -> None:
    pieces: list[Pcm] = []
    capture = await open_capture("", 0.6, lambda _: None, rates=(rate,))
    assert capture.rate == rate
    take = Take(60, pieces.append, None, None, lambda _: None)
    take.attach(capture, 0)
    await play_into(MICROPHONE_SINK, tone(1.0, 1234, rate=rate), tmp_path)
    await take.tail(0.3)
    whole = take.end()
    capture.close()
    assert b"".join(piece.data for piece in pieces) == whole.data
    assert pitch(whole) == pytest.approx(1234, abs=2)
    loud = np.flatnonzero(np.abs(samples(whole)) > 0.05)
    assert (loud[-1] - loud[0]) / RATE == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_resampled_in_pieces_is_resampled_as_a_whole(rate: int) -> None:
    sound = tone(0.5, 3000, rate).data
    resampler = Resampler(rate, RATE)
    pieces = [resampler.feed(sound[start : start + 1470]) for start in range(0, len(sound), 1470)]
    apart = np.frombuffer(b"".join(pieces) + resampler.end(), "<i2").astype(int)
    whole = np.frombuffer(resample(sound, rate, RATE), "<i2")
    assert len(apart) == len(whole)
    assert np.abs(apart - whole).max() <= 2


@pytest.mark.desktop
async def test_a_muted_microphone_is_told_once(stage: Stage) -> None:
    faults: list[RecorderError] = []
    lively: list[None] = []
    recorder = Recorder(tail=2.2, on_fault=faults.append, on_live=lambda: lively.append(None))
    await recorder.start()
    take = await recorder.stop()
    assert not any(take.data)
    assert [fault.code for fault in faults] == ["microphone.zeros"]
    assert "mute" in faults[0].fix
    assert lively == []
    assert recorder.fault is None


@pytest.mark.desktop
async def test_a_microphone_that_is_too_loud_is_told_once(stage: Stage, tmp_path: Path) -> None:
    faults: list[RecorderError] = []
    lively: list[None] = []
    recorder = Recorder(on_fault=faults.append, on_live=lambda: lively.append(None))
    await recorder.start()
    await play_into(MICROPHONE_SINK, tone(0.6, level=2), tmp_path)
    await recorder.stop()
    assert [fault.code for fault in faults] == ["microphone.clipping"]
    assert len(lively) == 1


@pytest.mark.desktop
async def test_a_loud_voice_that_fits_is_no_fault(stage: Stage, tmp_path: Path) -> None:
    faults: list[RecorderError] = []
    recorder = Recorder(on_fault=faults.append)
    await recorder.start()
    spikes = pcm(np.where(np.arange(RATE // 2) % 400 == 0, 1.0, 0.3))
    await play_into(MICROPHONE_SINK, spikes, tmp_path)
    await recorder.stop()
    assert faults == []


@pytest.mark.desktop
async def test_nothing_is_fed_after_an_abort(stage: Stage) -> None:
    pieces: list[Pcm] = []
    recorder = Recorder()
    await recorder.start(pieces.append)
    recorder.abort()
    before = len(pieces)
    await recorder.start()
    await recorder.stop()
    assert len(pieces) == before
