#!/usr/bin/env python3
"""The voice's times in one run, on a virtual sound card: key to listening, text to first audio, barge-in to silence.

    .venv/bin/python benchmarks/voice.py [--repeats 50] [--recognisers]

What is played is timed at the sink's monitor, which is late by up to 10 ms and never early. ``--recognisers`` adds
``voice_stt.py``'s table, release to text, which takes minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import time

from oi_voice.demo.monitor import Monitor
from oi_voice.demo.stage import Stage
from oi_voice.errors import OiVoiceError
from oi_voice.speech import Speech
from oi_voice.voice.player import Player
from oi_voice.voice.recorder import Recorder
from oi_voice.voice.sentences import Sentences
from oi_voice.voice.tts.pyttsx3 import Pyttsx3Synthesizer

REPLY = (
    "There are three files in your folder, and the largest of them is a film. It has two gigabytes, which is a lot. "
    "The others are letters, and they are small. Shall I move the film to the other disk?"
)
PACE = 0.02  # seconds between two words of a reply: 50 tokens a second
SILENT = 0.15  # seconds without sound that are silence


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=50)
    parser.add_argument("--recognisers", action="store_true")
    wanted = parser.parse_args()
    with Stage(screen=False) as stage:
        os.environ.update(stage.env)
        monitor = Monitor(stage)
        monitor.start()
        try:
            asyncio.run(measure(monitor, wanted.repeats))
        finally:
            monitor.close()
    if wanted.recognisers:
        import voice_stt

        sys.argv[1:] = []
        return voice_stt.main()
    return 0


async def measure(monitor: Monitor, repeats: int) -> None:
    print(f"{'ms':34}{'median':>8}{'p95':>8}{'most':>8}{'runs':>6}")
    for name, warm in (("key to listening, on demand", False), ("key to listening, warm ring", True)):
        tell(name, await listening(warm, repeats))
    first, early, silence = await speaking(monitor, repeats)
    tell("text to first audio", first)
    print(f"  of these {early} of {repeats} while the reply still streamed")
    tell("barge-in to silence", silence)
    print(f"  of these {sum(each <= 100 for each in silence)} of {repeats} within 100 ms")


def tell(name: str, times: list[float]) -> None:
    times = sorted(times)
    late = times[round(0.95 * (len(times) - 1))]
    print(f"{name:34}{statistics.median(times):8.1f}{late:8.1f}{times[-1]:8.1f}{len(times):6}")


async def listening(warm: bool, repeats: int) -> list[float]:
    """From the call to the first samples of a take."""
    recorder, times = Recorder(tail=0.1, warm=warm), []
    try:
        await recorder.prepare()
        await recorder.start()
        await recorder.stop()
        for _ in range(repeats):
            began = time.perf_counter()
            await recorder.start()
            times.append((time.perf_counter() - began) * 1000)
            await recorder.stop()
    finally:
        recorder.close()
    return times


async def speaking(monitor: Monitor, repeats: int) -> tuple[list[float], int, list[float]]:
    """From the first word of a reply to its sound, how often that came before its last word, and from a hush on."""
    synthesizer, player = Pyttsx3Synthesizer(), Player("")
    await synthesizer.start()
    first: list[float] = []
    silence: list[float] = []
    early = 0
    try:
        await said(synthesizer, player)
        for _ in range(repeats):
            speech = Speech(Sentences(), synthesizer, player, failed)
            began = clause = time.monotonic()
            for number, word in enumerate(REPLY.split()):
                speech.feed(f"{word} ")
                clause = time.monotonic() if number == 6 else clause  # "folder,": the first clause is whole
                await asyncio.sleep(PACE)
            fed = time.monotonic()
            await asyncio.sleep(1.0)
            hushed = time.monotonic()
            speech.hush()
            await asyncio.sleep(SILENT + 0.2)
            speech.cancel()
            sound, last = monitor.first_sound(began), monitor.last_sound(began)
            if sound is None or last is None:
                raise OiVoiceError("Nothing was heard at the loudspeaker.")
            first.append((sound - clause) * 1000)
            early += sound < fed
            silence.append(max(0.0, (last - hushed) * 1000))
    finally:
        player.close()
        synthesizer.close()
    return first, early, silence


async def said(synthesizer: Pyttsx3Synthesizer, player: Player) -> None:
    """Once before it counts: the device opens."""
    await player.play(await synthesizer.render("Ready."))


def failed(error: OiVoiceError | None) -> None:
    if error:
        raise error


if __name__ == "__main__":
    sys.exit(main())
