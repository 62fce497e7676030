"""Synthetic people: short commands in many voices, near and far, in quiet and in noise.

Sound is float64 mono at 16 kHz, within -1 to 1.
"""

from __future__ import annotations

import io
import subprocess
import wave
from functools import cache

import numpy as np
from noises import Sound, band, coloured, echoing
from sounds import RATE

from oi_voice.voice.pcm import resample

NEAR = -26  # dB below full scale, where a voice in front of the microphone usually is
FAR = 30  # dB that another's voice, in the next room, is below that
TEXTS = (
    "stop", "no", "yes", "go", "mute", "undo", "cancel", "help", "wait", "right", "six", "two", "okay", "copy that",
    "go back", "yes, run it", "no, don't run it", "open the text editor", "what is thirty four times twelve",
)  # fmt: skip
VOICES = (
    "espeak-ng en-us", "espeak-ng en-us+f3", "espeak-ng en-gb", "espeak-ng en-us+f5", "espeak-ng en-us+grandma",
    "espeak-ng en-us+Andy", "flite slt", "flite rms", "flite awb", "flite kal16",
)  # fmt: skip
WHISPERING = ("espeak-ng en-us+whisper", "espeak-ng en-gb+whisperf")


@cache
def speak(text: str, voice: str, speed: int = 175) -> Sound:
    """A sentence in a voice such as ``flite slt``, without silence at its ends, at the level ``NEAR``."""
    engine, name = voice.split()
    if engine == "flite":
        command = ["flite", "-voice", name, "--setf", f"duration_stretch={175 / speed}", "-t", text, "-o"]
        command.append("/dev/stdout")
    else:
        command = ["espeak-ng", "-v", name, "-s", str(speed), "--stdout", text]
    written = bytearray(subprocess.run(command, check=True, capture_output=True).stdout)
    with wave.open(io.BytesIO(written)) as file:
        start, rate = written.index(b"data") + 8, file.getframerate()
    length = (len(written) - start) // 2 * 2
    sound = np.frombuffer(resample(bytes(written[start : start + length]), rate, RATE), "<i2") / 32768
    loud = np.flatnonzero(np.abs(sound) > 1e-2 * np.abs(sound).max())
    return at_active_level(sound[loud[0] : loud[-1] + 1], NEAR)


def active_power(sound: Sound) -> float:
    """The mean power of the frames of 20 ms that are within 20 dB of the loudest."""
    powers = (sound[: len(sound) // 320 * 320].reshape(-1, 320) ** 2).mean(axis=1)
    return float(powers[powers > powers.max() / 100].mean())


def at_active_level(sound: Sound, level: float) -> Sound:
    return sound * 10 ** (level / 20) / np.sqrt(active_power(sound))


def framed(sound: Sound, before: float = 0.4, after: float = 0.3) -> Sound:
    """With silence around it, as a key that is held a little longer records it."""
    return np.pad(sound, (round(before * RATE), round(after * RATE)))


def noisy(sound: Sound, snr: float, slope: float, seed: int = 1) -> Sound:
    """With noise (white for a slope of 0, pink for 0.5) that many dB below the voice itself."""
    noise = coloured(np.random.default_rng(seed), len(sound), slope)
    return sound + noise * np.sqrt(active_power(sound) / 10 ** (snr / 10))


def far(sound: Sound, seed: int) -> Sound:
    """The same voice from the next room: 30 dB down, echoing and dull, over a quiet room's tone."""
    random = np.random.default_rng(seed)
    heard = band(echoing(random, framed(sound, 0.4, 0.8), 0.5, 0.6), 100, random.uniform(1500, 6000))
    floor = coloured(random, len(heard), 0.5) * 10 ** (random.uniform(-75, -62) / 20)
    return at_active_level(heard, NEAR - FAR) + floor
