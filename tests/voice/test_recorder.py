"""The recorder on a real sound server: what is played into the virtual microphone is what the take holds."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from patience import SOON
from sounds import RATE, SoundServer, pcm, samples, save, tone

from oi_voice.demo.stage import MICROPHONE_SINK, Stage
from oi_voice.errors import RecorderError
from oi_voice.ports import Pcm
from oi_voice.voice.recorder import Recorder

pytestmark = pytest.mark.desktop


@pytest.fixture
async def recorder(stage: Stage) -> AsyncIterator[Recorder]:
    recorder = Recorder()
    await recorder.prepare()
    yield recorder
    recorder.close()


async def play_into_microphone(path: Path) -> None:
    player = await asyncio.create_subprocess_exec("paplay", f"--device={MICROPHONE_SINK}", str(path))
    assert await player.wait() == 0


def likeness(take: Pcm, original: Pcm) -> float:
    """The best normalised correlation of the original with a stretch of the take."""
    heard, sent = samples(take), samples(original)
    size = len(heard) + len(sent)
    products = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sent, size)), size)
    shift = int(products[: len(heard) - len(sent) + 1].argmax())
    stretch = heard[shift : shift + len(sent)]
    return float(products[shift] / np.linalg.norm(stretch) / np.linalg.norm(sent))


async def test_the_take_is_what_was_played(recorder: Recorder, tmp_path: Path) -> None:
    chirp = np.arange(RATE) / RATE
    sound = pcm(0.4 * np.sin(2 * np.pi * (200 + 1500 * chirp) * chirp))
    await recorder.start()
    await play_into_microphone(save(sound, tmp_path / "chirp.wav"))
    take = await recorder.stop()
    assert take.rate == RATE
    assert likeness(take, sound) > 0.99
    assert recorder.fault is None


async def test_listening_begins_within_50_ms(recorder: Recorder) -> None:
    times = []
    for _ in range(8):
        began = time.perf_counter()
        await recorder.start()
        times.append(time.perf_counter() - began)
        recorder.abort()
    assert min(times) <= 0.05, times


async def test_stop_records_the_tail(stage: Stage) -> None:
    recorder = Recorder(tail=0.3)
    await recorder.start()
    began = time.perf_counter()
    take = await recorder.stop()
    assert take.seconds >= 0.3
    assert time.perf_counter() - began < 0.3 + SOON


async def test_a_take_keeps_its_beginning_when_it_is_too_long(stage: Stage) -> None:
    recorder = Recorder(max_seconds=0.2, tail=0.5)
    await recorder.start()
    assert (await recorder.stop()).seconds == pytest.approx(0.2)


async def test_levels_are_heard_about_30_times_a_second(stage: Stage, tmp_path: Path) -> None:
    levels: list[float] = []
    recorder = Recorder(on_level=levels.append)
    await recorder.start()
    await play_into_microphone(save(tone(1, level=0.5), tmp_path / "loud.wav"))
    take = await recorder.stop()
    assert 20 <= len(levels) / take.seconds <= 40
    assert 0.4 < max(levels) <= 1
    assert min(levels) == 0


async def test_stop_and_abort_are_harmless_when_idle(recorder: Recorder) -> None:
    recorder.abort()
    assert (await recorder.stop()).data == b""
    recorder.close()


async def test_abort_in_mid_start_lets_go_of_the_microphone(recorder: Recorder) -> None:
    starting = asyncio.create_task(recorder.start())
    await asyncio.sleep(0)
    recorder.abort()
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    await recorder.start()
    assert (await recorder.stop()).seconds > 0


async def test_a_dead_sound_server_ends_the_take_with_what_there_is(doomed: SoundServer) -> None:
    lost: asyncio.Future[RecorderError] = asyncio.get_running_loop().create_future()
    recorder = Recorder(on_fault=lost.set_result)
    await recorder.start()
    doomed.kill()
    fault = await asyncio.wait_for(lost, 5)
    assert "lost" in fault.message
    assert "sound server" in fault.fix
    take = await asyncio.wait_for(recorder.stop(), 5)
    assert take.seconds > 0
    assert recorder.fault is fault

    with pytest.raises(RecorderError) as dead:
        await asyncio.wait_for(recorder.start(), 5)
    assert dead.value.fix


async def test_a_frozen_sound_server_does_not_hold_the_take(doomed: SoundServer) -> None:
    recorder = Recorder()
    await recorder.start()
    doomed.freeze()
    try:
        take = await asyncio.wait_for(recorder.stop(), 5)
        assert take.seconds > 0
        with pytest.raises(RecorderError, match="does not answer"):
            await asyncio.wait_for(recorder.start(), 5)
    finally:
        doomed.thaw()


async def test_a_sound_server_that_comes_back_is_used(doomed: SoundServer, stage: Stage) -> None:
    recorder = Recorder()
    doomed.kill()
    with pytest.raises(RecorderError):
        await recorder.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULSE_SERVER", stage.env["PULSE_SERVER"])
        await recorder.start()
    assert (await recorder.stop()).seconds > 0


async def test_an_unknown_microphone_is_named(recorder: Recorder) -> None:
    with pytest.raises(RecorderError, match="no such thing"):
        await Recorder("no such thing").start()


async def test_a_program_that_leaves_while_the_microphone_closes_does_not_hang(stage: Stage) -> None:
    program = (
        "import asyncio\n"
        "from oi_voice.voice.recorder import Recorder\n"
        "async def main():\n"
        "    recorder = Recorder(tail=0)\n"
        "    await recorder.start()\n"
        "    await recorder.stop()\n"
        "asyncio.run(main())\n"
    )
    leaving = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    assert await asyncio.wait_for(leaving.wait(), 10) == 0
