"""The microphone by itself, without an assistant: which there are, how loud it hears, and whether it works."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from oi_voice.errors import RecorderError
from oi_voice.ports import Pcm
from oi_voice.runtime import in_thread
from oi_voice.voice.capture import open_capture
from oi_voice.voice.devices import MICROPHONE, Device, devices
from oi_voice.voice.pcm import FULL, RAIL, peak, rms
from oi_voice.voice.recorder import Recorder

FLOOR = -60.0  # dB below full scale, where a bar begins: about the noise of a quiet room
FAINT = -35.0  # a voice whose peaks stay below this is too far away to be understood


@dataclass(frozen=True, slots=True)
class Level:
    """A moment's loudness, 0 to 1: of its loudest sample and of it as a whole."""

    peak: float
    rms: float

    def bar(self, width: int = 40) -> str:
        """A line of ``width`` columns and a figure: solid up to the loudness, light up to the peak."""
        solid, light = (round(width * (1 - max(FLOOR, decibels(each)) / FLOOR)) for each in (self.rms, self.peak))
        bar = "█" * solid + "░" * (light - solid)
        return f"{bar:<{width}} {max(FLOOR, decibels(self.peak)):4.0f} dB{' too loud' * (self.peak >= RAIL / FULL)}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a test of the microphone found: a sentence or two, and the error's code where it does not work."""

    words: str
    code: str
    level: Level


async def microphones() -> list[Device]:
    """Those there are now. Raises RecorderError without a sound library."""
    return await in_thread(devices, MICROPHONE, name="sound")


async def meter(device: str = "") -> AsyncGenerator[Level]:
    """How loud it is, about 30 times a second, until closed. Raises RecorderError, at once or when it is lost."""
    heard = asyncio.Event()
    capture = await open_capture(device, 0, lambda _: heard.set())
    try:
        position = capture.listen(heard.set, 0)
        while True:
            await heard.wait()
            heard.clear()
            if capture.closed:
                raise MICROPHONE.lost()
            data, position = capture.ring.read(position)
            if data:
                yield Level(peak(data), rms(data))
    finally:
        capture.close()


async def check(device: str = "", seconds: float = 2.0) -> Finding:
    """Record for so long, and say what is to be said of it."""
    faults: list[RecorderError] = []
    recorder = Recorder(device, tail=seconds, on_fault=faults.append)
    try:
        await recorder.start()
        take = await recorder.stop()
    except RecorderError as error:
        faults, take = [error], Pcm(b"", 0)
    finally:
        recorder.close()
    level = Level(peak(take.data), rms(take.data))
    if faults:
        return Finding(str(faults[0]), faults[0].code, level)
    loudest = f"The loudest was {-decibels(level.peak):.0f} dB below full scale"
    if decibels(level.peak) < FAINT:
        words = (
            f"The microphone works, but heard nobody near. {loudest}: speak up, or turn it up in the sound settings."
        )
        return Finding(words, "microphone.faint", level)
    return Finding(f"The microphone hears you. {loudest}.", "", level)


def decibels(level: float) -> float:
    """Relative to full scale: 0 or less."""
    return 20 * math.log10(level) if level else -math.inf
