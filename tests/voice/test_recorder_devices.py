"""Microphones that come, go and change while they are in use; one that is always open; and what is left after."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from sounds import RATE, SoundServer, samples, save, tone

from oi_voice.demo.stage import MICROPHONE, MICROPHONE_SINK, Stage
from oi_voice.errors import RecorderError
from oi_voice.ports import Pcm
from oi_voice.voice.recorder import Recorder

pytestmark = pytest.mark.desktop


async def run(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode()


async def play_into(sink: str, path: Path, silence: float = 0.0) -> None:
    """A tone, and seconds of silence after it: a busy server is later than the program that plays."""
    sound = Pcm(tone(0.5).data + bytes(2 * round(silence * RATE)), RATE)
    await run("paplay", f"--device={sink}", str(save(sound, path)))


class Told:
    """A callback to wait for."""

    def __init__(self) -> None:
        self.all: list[object] = []
        self._more = asyncio.Event()

    def __call__(self, what: object) -> None:
        self.all.append(what)
        self._more.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.all) < count:
                self._more.clear()
                await self._more.wait()


async def test_a_take_goes_on_in_a_microphone_that_was_lost(doomed: SoundServer, stage: Stage, tmp_path: Path) -> None:
    faults = Told()
    recorder = Recorder(on_fault=faults)
    await recorder.start()
    await play_into(MICROPHONE_SINK, tmp_path / "before.wav")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULSE_SERVER", stage.env["PULSE_SERVER"])
        doomed.kill()
        await faults.until(2)
        await play_into(MICROPHONE_SINK, tmp_path / "after.wav")
        take = await recorder.stop()
    lost, back = faults.all
    assert isinstance(lost, RecorderError)
    assert isinstance(back, RecorderError)
    assert (lost.code, back.code) == ("microphone", "microphone.back")
    assert recorder.fault is lost
    assert (abs(samples(take)) > 0.1).mean() * take.seconds == pytest.approx(0.85, abs=0.1), "both tones are in it"


async def test_a_source_that_goes_leaves_the_take_to_another(doomed: SoundServer) -> None:
    recorder = Recorder(MICROPHONE)
    await recorder.start()
    modules = [line.split("\t") for line in (await run("pactl", "list", "short", "modules")).splitlines()]
    [source] = [each[0] for each in modules if each[1] == "module-remap-source"]
    await run("pactl", "unload-module", source)
    take = await asyncio.wait_for(recorder.stop(), 5)
    assert take.seconds >= 0.3
    assert recorder.fault is None


async def test_the_ring_follows_the_systems_default(doomed: SoundServer, tmp_path: Path) -> None:
    warm = Told()
    recorder = Recorder(warm=True, on_warm=warm)
    await recorder.prepare()
    await warm.until(1)
    await run("pactl", "load-module", "module-null-sink", "sink_name=other", "rate=48000", "norewinds=1")
    await run("pactl", "set-default-source", "other.monitor")
    await recorder.start()
    await play_into("other", tmp_path / "other.wav")
    take = await recorder.stop()
    recorder.close()
    assert samples(take).max() > 0.3


async def test_another_microphone_is_used_from_the_next_take_on(doomed: SoundServer) -> None:
    recorder = Recorder(MICROPHONE)
    await recorder.start()
    recorder.choose("no such thing")
    assert (await recorder.stop()).seconds > 0
    with pytest.raises(RecorderError, match="no such thing"):
        await recorder.start()
    recorder.choose("")
    await recorder.start()
    assert (await recorder.stop()).seconds > 0


async def test_the_ring_is_open_when_wanted_and_awake(stage: Stage) -> None:
    warm = Told()
    recorder = Recorder(warm=True, on_warm=warm)
    await recorder.prepare()
    await warm.until(1)
    assert recorder.warm
    recorder.sleep()
    assert not recorder.warm
    with pytest.raises(RecorderError, match="locked"):
        await recorder.start()  # whoever stands before a locked screen
    assert not recorder.warm
    recorder.wake()
    await warm.until(3)
    recorder.keep_warm(False)
    recorder.keep_warm(True)
    await warm.until(5)
    recorder.close()
    assert warm.all == [True, False, True, False, True, False]


async def test_a_lost_ring_is_opened_again(doomed: SoundServer, stage: Stage) -> None:
    warm, faults = Told(), Told()
    recorder = Recorder(warm=True, on_warm=warm, on_fault=faults)
    await recorder.prepare()
    await warm.until(1)
    doomed.kill()
    await warm.until(2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULSE_SERVER", stage.env["PULSE_SERVER"])
        await warm.until(3)
        recorder.close()
    assert warm.all == [True, False, True, False]
    assert faults.all == [], "nobody was speaking"


async def test_a_take_has_nothing_of_the_one_before(stage: Stage, tmp_path: Path) -> None:
    warm = Told()
    recorder = Recorder(warm=True, ring_seconds=2, on_warm=warm)
    await recorder.prepare()
    await warm.until(1)
    await recorder.start()
    await play_into(MICROPHONE_SINK, tmp_path / "first.wav", silence=0.5)
    assert samples(await recorder.stop()).max() > 0.3
    await recorder.start()
    second = await recorder.stop()
    recorder.close()
    assert samples(second).max() == 0


async def test_close_leaves_neither_streams_nor_threads(stage: Stage) -> None:
    warm = Told()
    recorder = Recorder(warm=True, on_warm=warm)
    streams, threads = await recording(), set(threading.enumerate())
    await recorder.prepare()
    await warm.until(1)
    assert await recording() > streams
    await recorder.start()
    await recorder.stop()
    recorder.close()
    for thread in set(threading.enumerate()) - threads:
        thread.join(5)
    assert set(threading.enumerate()) <= threads
    assert await recording() == streams


async def recording() -> set[str]:
    """The streams that record at the sound server."""
    return {line.split("\t")[0] for line in (await run("pactl", "list", "short", "source-outputs")).splitlines()}
