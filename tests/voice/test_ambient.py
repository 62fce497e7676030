"""Hands-free: what is said into the real microphone begins and ends a take, and what is no voice does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sounds import RATE, SoundServer, save

from oi_voice.demo.stage import MICROPHONE_SINK, Stage
from oi_voice.ports import Pcm
from oi_voice.runtime import spawn
from oi_voice.voice.ambient import Ambient

pytestmark = pytest.mark.desktop


async def play(sound: Pcm, folder: Path) -> None:
    wav = save(sound, folder / "sound.wav")
    process = await asyncio.create_subprocess_exec(
        "paplay", f"--device={MICROPHONE_SINK}", "--latency-msec=20", str(wav)
    )
    assert await process.wait() == 0


async def test_somebody_who_speaks_begins_a_take_and_silence_ends_it(
    stage: Stage, tmp_path: Path, say: Callable[[str], Pcm]
) -> None:
    events: asyncio.Queue[str] = asyncio.Queue()
    ambient = Ambient("", 60.0, lambda: events.put_nowait("began"), lambda: events.put_nowait("ended"))
    listening = spawn(ambient.run(), "hands-free")
    said = say("open the text editor")
    quiet = Pcm(bytes(RATE), RATE)
    try:
        for _ in range(5):  # the first may be over before the stream is open
            await play(Pcm(quiet.data + said.data + quiet.data, RATE), tmp_path)
            if not events.empty():
                break
        async with asyncio.timeout(20):
            assert [await events.get(), await events.get()] == ["began", "ended"]
        ambient.deaf = True  # as while the assistant speaks
        await play(said, tmp_path)
        assert events.empty()
    finally:
        listening.cancel()
        await asyncio.wait([listening])


async def test_a_microphone_that_is_lost_in_mid_take_ends_it(
    doomed: SoundServer, tmp_path: Path, say: Callable[[str], Pcm]
) -> None:
    events: asyncio.Queue[str] = asyncio.Queue()
    ambient = Ambient("", 60.0, lambda: events.put_nowait("began"), lambda: events.put_nowait("ended"))
    listening = spawn(ambient.run(), "hands-free")
    wav = save(Pcm(say("open the text editor").data * 3, RATE), tmp_path / "sound.wav")  # the first may come too early
    speaker = await asyncio.create_subprocess_exec("paplay", f"--device={MICROPHONE_SINK}", str(wav))
    async with asyncio.timeout(20):
        assert await events.get() == "began"
        doomed.kill()
        assert await events.get() == "ended"
    listening.cancel()
    await asyncio.wait([listening, spawn(speaker.wait(), "speaker")])
