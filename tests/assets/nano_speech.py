"""Synthetic speech for whisper-nano: phrases spoken by espeak-ng in many voices, and what a room does to them.

Sound is float32 mono at 16 kHz, within -1 to 1.
"""

from __future__ import annotations

import random
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]
RATE = 16_000
HERE = Path(__file__).parent


def _names(text: str) -> list[str]:
    return text.split()


# Repeated names are drawn more often.
ACCENTS = _names("""en-us en-us en-us en-gb en-gb en-gb-x-rp en-gb-scotland en-gb-x-gbclan en-gb-x-gbcwmd en-029""")
VARIANTS = _names("""
    m1 m2 m4 m5 m6 m8 f1 f3 f4 klatt klatt2 klatt4 adam Alex Alicia Andrea Annie anika antonio aunty belinda boris david
    Denis Diogo edward Gene grandma grandpa Henrique Hugo iven iven2 Jacky john kaukovalta Lee marcelo Marco Mario max
    michel miguel Mike norbert pablo paul quincy rob robert sandro shelby steph victor zac caleb UniRobot robosoft2
    announcer croak""")
TRAINED = ["", "", "", "", *VARIANTS]
# Never heard in training; the evaluation's own.
HELD_OUT = _names("m3 m7 f2 f5 klatt3 Andy benjamin ed gustave iven3 linda Michael pedro steph2 travis edward2")


@dataclass(frozen=True, slots=True)
class Voice:
    """How espeak-ng speaks: words a minute, pitch 0-99, gap in 10 ms; ``warp`` > 1 is faster and higher."""

    accent: str = "en-us"
    variant: str = ""
    speed: int = 170
    pitch: int = 50
    gap: int = 0
    warp: float = 1.0


PLAIN = [Voice(accent, speed=speed) for speed in (175, 150) for accent in ("en-us", "en-gb")]


def load_phrases(path: Path) -> list[tuple[str, str]]:
    """The ``spoken<TAB>written`` pairs of a file."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return [(spoken.strip(), (written or spoken).strip()) for spoken, _, written in pairs]


def read_wav(data: bytes) -> tuple[Sound, int]:
    """Samples and rate of a 16-bit mono WAV, also one whose header was written before its length was known."""
    start = data.index(b"data") + 8
    samples = np.frombuffer(data[start : start + (len(data) - start) // 2 * 2], dtype="<i2")
    return samples.astype(np.float32) / np.float32(32768), int.from_bytes(data[24:28], "little")


def resample(sound: Sound, length: int) -> Sound:
    """The same sound in ``length`` samples (even), by cutting or padding its spectrum."""
    sound = np.pad(sound, (0, len(sound) % 2))
    old = np.fft.rfft(sound)
    new = np.zeros(length // 2 + 1, dtype=complex)
    shared = min(len(new), len(old))
    new[:shared] = old[:shared]
    return (np.fft.irfft(new, length) * (length / len(sound))).astype(np.float32)


def trim(sound: Sound) -> Sound:
    """Without the silence at both ends."""
    loud = np.flatnonzero(np.abs(sound) > 1e-3 * np.abs(sound).max())
    return sound[loud[0] : loud[-1] + 1] if len(loud) else sound


def normalise(sound: Sound) -> Sound:
    return (sound * (0.5 / max(1e-4, float(np.abs(sound).max())))).astype(np.float32)


def espeak(text: str, voice: Voice = Voice(), *, trimmed: bool = True) -> Sound:
    """Speak ``text``; peak 0.5. Raises CalledProcessError when espeak-ng does not know the voice."""
    name = f"{voice.accent}+{voice.variant}" if voice.variant else voice.accent
    command = ["espeak-ng", "-v", name, "-s", str(voice.speed), "-p", str(voice.pitch), "-g", str(voice.gap)]
    sound, rate = read_wav(subprocess.run([*command, "--stdout", text], capture_output=True, check=True).stdout)
    if trimmed:
        sound = trim(sound)
    length = max(2, int(len(sound) * RATE / rate / voice.warp))
    return normalise(resample(sound, length + length % 2))


def flite(text: str, voice: str) -> Sound:
    """Speak ``text`` with another engine; peak 0.5."""
    command = ["flite", "-voice", voice, "-t", text, "-o", "/dev/stdout"]
    sound, rate = read_wav(subprocess.run(command, capture_output=True, check=True).stdout)
    return normalise(resample(sound, int(len(sound) * RATE / rate) // 2 * 2))


def random_voice(rng: random.Random, variants: list[str], *, warped: bool = True) -> Voice:
    warp = rng.uniform(0.92, 1.08) if warped else 1.0
    speed, pitch, gap = rng.randint(125, 225), rng.randint(20, 80), rng.choice([0, 0, 0, 1, 2])
    return Voice(rng.choice(ACCENTS), rng.choice(variants), speed, pitch, gap, warp)


def corpus(phrases: list[tuple[str, str]], per_phrase: int, seed: int) -> list[tuple[int, NDArray[np.int16]]]:
    """Clips of every phrase in ``per_phrase`` trained voices, the plain ones always among them."""
    rng = random.Random(seed)
    voices = [*PLAIN, *([None] * per_phrase)][:per_phrase]
    jobs = [
        (i, spoken, voice or random_voice(rng, TRAINED)) for i, (spoken, _) in enumerate(phrases) for voice in voices
    ]

    def speak(job: tuple[int, str, Voice]) -> tuple[int, NDArray[np.int16]]:
        number, spoken, voice = job
        return number, (espeak(spoken, voice) * 32767).astype(np.int16)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(speak, jobs))


# --- what a room and a microphone do


def silence(seconds: float) -> Sound:
    return np.zeros(int(seconds * RATE), np.float32)


def noise(rng: np.random.Generator, length: int) -> Sound:
    """White to brown noise, now and then with a hum; unit power."""
    kind = rng.random()
    sound = rng.standard_normal(length)
    if kind > 0.4:
        spectrum = np.fft.rfft(sound)
        spectrum *= (np.arange(len(spectrum)) + 20.0 * length / RATE) ** (-rng.uniform(0.2, 1.2))
        sound = np.fft.irfft(spectrum, length)
    if kind > 0.9:
        hum = np.sin(2 * np.pi * rng.choice([50, 60, 100, 120, 440, 1000]) * np.arange(length) / RATE)
        sound = sound + np.std(sound) * rng.uniform(0.5, 3) * hum
    return (sound / (np.std(sound) + 1e-9)).astype(np.float32)


def empty_room(rng: np.random.Generator, length: int) -> Sound:
    """A take in which nobody speaks: nothing, noise, or bumps."""
    sound = np.zeros(length, np.float32)
    if rng.random() < 0.85:
        sound += noise(rng, length) * np.float32(10 ** rng.uniform(-4.5, -0.9))
    if rng.random() < 0.3:
        for _ in range(rng.integers(1, 5)):
            start = rng.integers(0, length - 400)
            bump = rng.standard_normal(400) * np.exp(-np.arange(400) / rng.uniform(5, 100))
            sound[start : start + 400] += (bump * rng.uniform(0.01, 0.5)).astype(np.float32)
    return sound


def through_a_room(rng: np.random.Generator, sound: Sound, noisy: float) -> Sound:
    """Speech with a microphone's colour, an echo, a level and (with probability ``noisy``) noise."""
    sound = sound.copy()
    if rng.random() < 0.35:
        sound[1:] += np.float32(rng.uniform(-0.6, 0.6)) * sound[:-1]
    if rng.random() < 0.15:
        delay = rng.integers(200, 2400)
        sound[delay:] += np.float32(rng.uniform(0.1, 0.4)) * sound[:-delay]
    sound *= np.float32(10 ** rng.uniform(-1.3, 0.25) / max(1e-6, float(np.abs(sound).max())))
    if rng.random() < noisy:
        power = np.sqrt(np.mean(sound[sound != 0] ** 2) + 1e-12)
        sound += noise(rng, len(sound)) * np.float32(power * 10 ** (-rng.uniform(6, 40) / 20))
    return np.clip(sound, -1, 1)
