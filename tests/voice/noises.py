"""Sounds in which nobody speaks to the microphone, made from seeds: what a room, a desk and a street put into a take.

Sound is float64 mono at 16 kHz, within -1 to 1. ``noises()`` gives them all, several seeds and levels of each kind.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sounds import RATE

Sound = NDArray[np.float64]
Random = np.random.Generator
Maker = Callable[[Random, int], Sound]
KINDS: dict[str, Maker] = {}
SECONDS = 3
SEEDS = 3
LEVELS = (-18, -30, -45)  # dB below full scale, of the loudest 30 ms: beside the microphone, in the room, far off


@dataclass(frozen=True, slots=True)
class Noise:
    name: str
    sound: Sound


def noises(seeds: int = SEEDS, seconds: float = SECONDS) -> Iterator[Noise]:
    """Every kind with ``seeds`` seeds at each level, and no sound at all."""
    yield Noise("silence", np.zeros(round(seconds * RATE)))
    for kind, make in KINDS.items():
        for seed in range(seeds):
            sound = make(np.random.default_rng((zlib.crc32(kind.encode()), seed)), round(seconds * RATE))
            for level in LEVELS:
                yield Noise(f"{kind} {seed} at {level} dB", at_level(sound, level))


def at_level(sound: Sound, level: float) -> Sound:
    """The sound with its loudest 30 ms at ``level`` dB below full scale; peaks are clipped, as a microphone's are."""
    frames = sound[: len(sound) // 480 * 480].reshape(-1, 480)
    loudest = np.sqrt((frames**2).mean(axis=1).max())
    return np.clip(sound * 10 ** (level / 20) / max(loudest, 1e-9), -1, 1)


def kind(make: Maker) -> Maker:
    KINDS[make.__name__.replace("_", " ")] = make
    return make


# --- what they are made of


def times(length: int) -> Sound:
    return np.arange(length) / RATE


def coloured(random: Random, length: int, slope: float) -> Sound:
    """Unit noise: white for a slope of 0, pink for 0.5, brown for 1."""
    spectrum = np.fft.rfft(random.normal(size=length))
    spectrum /= np.maximum(1, np.fft.rfftfreq(length, 1 / RATE) / 20) ** slope
    sound = np.fft.irfft(spectrum, length)
    return sound / sound.std()


def band(sound: Sound, low: float, high: float) -> Sound:
    """What is between two frequencies in Hz, with soft edges."""
    hertz = np.maximum(np.fft.rfftfreq(len(sound), 1 / RATE), 1)
    shape = 1 / np.sqrt(1 + (low / hertz) ** 8) / np.sqrt(1 + (hertz / high) ** 8)
    return np.fft.irfft(np.fft.rfft(sound) * shape, len(sound))


def harmonics(hertz: Sound | float, length: int, strengths: list[float]) -> Sound:
    """A tone whose pitch may change, with overtones of these strengths."""
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(hertz, length)) / RATE
    return sum((s * np.sin((n + 1) * phase) for n, s in enumerate(strengths)), np.zeros(length))


def fading(length: int, seconds: float, attack: float = 0.003) -> Sound:
    """An envelope: a short rise, then an exponential fall."""
    return np.minimum(1, times(length) / attack) * np.exp(-times(length) / seconds)


def scattered(random: Random, length: int, a_second: float, one: Callable[[], Sound], earliest: float = 0.2) -> Sound:
    """Sounds at random moments, about so many a second and at least one."""
    result = np.zeros(length)
    start = earliest
    while (at := round(start * RATE)) < length - RATE // 10:
        piece = one()[: length - at]
        result[at : at + len(piece)] += piece
        start += 0.3 / a_second + random.exponential(0.7 / a_second)
    return result


def echoing(random: Random, sound: Sound, seconds: float, wet: float) -> Sound:
    """The sound in a room with that reverberation time."""
    tail = random.normal(size=round(seconds * RATE)) * np.exp(-6.9 * times(round(seconds * RATE)) / seconds)
    size = len(sound) + len(tail)
    wetted = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail / np.linalg.norm(tail), size), size)
    return (1 - wet) * sound + wet * wetted[: len(sound)]


def swinging(random: Random, length: int, hertz: float, depth: float) -> Sound:
    return 1 + depth * np.sin(2 * np.pi * hertz * times(length) + random.uniform(0, 6))


# --- steady noise


@kind
def white_noise(random: Random, length: int) -> Sound:
    return coloured(random, length, 0)


@kind
def pink_noise(random: Random, length: int) -> Sound:
    return coloured(random, length, 0.5)


@kind
def brown_noise(random: Random, length: int) -> Sound:
    return coloured(random, length, 1)


@kind
def room_tone(random: Random, length: int) -> Sound:
    hum = harmonics(random.choice([50.0, 60.0]), length, [0.5, 0.3, 0.2])
    return band(coloured(random, length, 0.7), 40, random.uniform(2000, 7000)) + hum * random.uniform(0, 1)


@kind
def fan(random: Random, length: int) -> Sound:
    blades = random.uniform(60, 240)
    air = coloured(random, length, random.uniform(0.6, 1)) * swinging(random, length, blades / 7, 0.3)
    return air + harmonics(blades, length, [0.4, 0.3, 0.2, 0.1])


@kind
def vacuum_cleaner(random: Random, length: int) -> Sound:
    motor = harmonics(random.uniform(180, 420) * swinging(random, length, 0.7, 0.02), length, [1, 0.6, 0.5, 0.4, 0.3])
    return band(coloured(random, length, 0.3), 200, 6000) + 0.5 * motor


@kind
def mains_hum(random: Random, length: int) -> Sound:
    sound = harmonics(random.choice([50.0, 60.0]), length, list(random.uniform(0.1, 1, 12)))
    return sound if random.random() < 0.5 else sound * (times(length) > 1)


@kind
def rain(random: Random, length: int) -> Sound:
    drops = np.zeros(length)
    drops[random.integers(0, length, length // 40)] = random.exponential(1, length // 40)
    return band(drops, 500, 7000) * 8 + 0.2 * coloured(random, length, 0.3)


@kind
def wind(random: Random, length: int) -> Sound:
    gusts = np.abs(band(coloured(random, length, 1), 0.2, 2))
    return band(coloured(random, length, 1), 20, 600) * (0.3 + gusts)


@kind
def traffic(random: Random, length: int) -> Sound:
    engine = harmonics(random.uniform(50, 90) + 15 * np.sin(times(length)), length, [1, 0.7, 0.5, 0.4, 0.2])
    passing = np.exp(-(((times(length) - random.uniform(0.5, 2.5)) / 0.8) ** 2))
    return (coloured(random, length, 0.8) + engine) * (0.1 + passing)


# --- at the desk


@kind
def typing(random: Random, length: int) -> Sound:
    def stroke() -> Sound:
        down = band(random.normal(size=1600), random.uniform(800, 2000), 6000) * fading(1600, 0.006)
        thump = np.sin(2 * np.pi * random.uniform(120, 300) * times(1600)) * fading(1600, 0.012)
        up = np.roll(down, random.integers(700, 1500)) * 0.4
        return (down + 0.4 * thump + up) * random.uniform(0.4, 1)

    return scattered(random, length, random.uniform(4, 11), stroke)


@kind
def mouse_clicks(random: Random, length: int) -> Sound:
    def click() -> Sound:
        one = band(random.normal(size=2400), 1500, 7000) * fading(2400, 0.002, 0.0005)
        return one + 0.7 * np.roll(one, random.integers(900, 1900))

    return scattered(random, length, random.uniform(1, 4), click)


@kind
def scroll_wheel(random: Random, length: int) -> Sound:
    return scattered(random, length, 25, lambda: random.normal(size=160) * fading(160, 0.001, 0.0002))


@kind
def a_pen_tapping(random: Random, length: int) -> Sound:
    def tap() -> Sound:
        modes = sum(np.sin(2 * np.pi * hertz * times(1600)) for hertz in random.uniform(400, 3500, 4))
        return modes * fading(1600, 0.01, 0.0005)

    return scattered(random, length, random.uniform(2, 6), tap)


@kind
def paper(random: Random, length: int) -> Sound:
    rustle = np.abs(band(coloured(random, length, 0), 3, 14))
    crackle = random.normal(size=length) * (random.random(length) < 0.03) * 6
    return band(random.normal(size=length) + crackle, 1500, 7500) * rustle**2


@kind
def a_chair(random: Random, length: int) -> Sound:
    def creak() -> Sound:
        size = random.integers(4000, 9000)
        slips = (np.cumsum(random.uniform(30, 110) * swinging(random, size, 3, 0.4)) / RATE) % 1
        pulses = np.diff((slips < 0.5).astype(float), prepend=0)
        return band(pulses + 0.02 * random.normal(size=size), 600, 3000) * np.hanning(size)

    return scattered(random, length, 0.8, creak)


@kind
def a_handled_microphone(random: Random, length: int) -> Sound:
    def thump() -> Sound:
        return band(random.normal(size=4000), 30, 250) * fading(4000, 0.05) * random.uniform(0.3, 1)

    return scattered(random, length, 3, thump) + 0.05 * coloured(random, length, 0.5)


# --- in the house


@kind
def a_door(random: Random, length: int) -> Sound:
    def slam() -> Sound:
        body = band(random.normal(size=9600), 40, random.uniform(200, 500)) * fading(9600, 0.09)
        latch = band(random.normal(size=9600), 1500, 5000) * fading(9600, 0.01)
        return body + 0.4 * np.roll(latch, random.integers(0, 1500))

    return echoing(random, scattered(random, length, 0.6, slam), 0.4, 0.3)


@kind
def knocking(random: Random, length: int) -> Sound:
    def knock() -> Sound:
        wood = sum(np.sin(2 * np.pi * hertz * times(2400)) for hertz in random.uniform(120, 900, 4))
        return (wood + random.normal(size=2400) * 0.4) * fading(2400, 0.02)

    return echoing(random, scattered(random, length, 4, knock), 0.3, 0.2)


@kind
def dishes(random: Random, length: int) -> Sound:
    def clink() -> Sound:
        modes = random.uniform(1800, 7000, 5)
        return sum(np.sin(2 * np.pi * hertz * times(6000)) * random.random() for hertz in modes) * fading(6000, 0.06)

    return scattered(random, length, 3, clink)


@kind
def footsteps(random: Random, length: int) -> Sound:
    def step() -> Sound:
        heel = band(random.normal(size=3200), 60, 400) * fading(3200, 0.03)
        return heel + 0.3 * np.roll(band(random.normal(size=3200), 800, 4000) * fading(3200, 0.02), 1400)

    return scattered(random, length, 1.8, step)


@kind
def water(random: Random, length: int) -> Sound:
    def bubble() -> Sound:
        rise = random.uniform(400, 1500) * (1 + 4 * times(800))
        return harmonics(rise, 800, [1.0]) * fading(800, 0.01)

    return scattered(random, length, 40, bubble) + 0.5 * band(coloured(random, length, 0.2), 400, 5000)


@kind
def crackling_fire(random: Random, length: int) -> Sound:
    def crack() -> Sound:
        return random.normal(size=800) * fading(800, random.uniform(0.001, 0.01), 0.0003) * random.exponential(1)

    return scattered(random, length, 15, crack) + 0.1 * coloured(random, length, 0.9)


# --- signals


@kind
def beeps(random: Random, length: int) -> Sound:
    hertz, every = random.uniform(400, 3000), random.uniform(0.3, 1)
    return harmonics(hertz, length, [1.0, 0.1]) * (times(length) % every < every / 2) * (times(length) > 0.2)


@kind
def a_steady_tone(random: Random, length: int) -> Sound:
    return harmonics(random.uniform(150, 1500), length, [1.0])


@kind
def a_chime(random: Random, length: int) -> Sound:
    def bell() -> Sound:
        hertz = random.uniform(400, 1200)
        partials = zip((1, 2.0, 2.76, 5.4), (1, 0.5, 0.3, 0.1), strict=True)
        return sum(a * np.sin(2 * np.pi * hertz * p * times(16000)) for p, a in partials) * fading(16000, 0.3)

    return scattered(random, length, 1.5, bell)


@kind
def a_ringing_phone(random: Random, length: int) -> Sound:
    if random.random() < 0.5:
        tones = np.sin(2 * np.pi * 440 * times(length)) + np.sin(2 * np.pi * 480 * times(length))
        return tones * (times(length) % 3 < 2)
    hertz = random.uniform(600, 1400) * np.where(times(length) * 20 % 2 < 1, 1, 1.25)
    return harmonics(hertz, length, [1, 0.3, 0.2]) * (times(length) % 1.5 < 0.9)


@kind
def dial_tones(random: Random, length: int) -> Sound:
    if random.random() < 0.3:
        return np.sin(2 * np.pi * 350 * times(length)) + np.sin(2 * np.pi * 440 * times(length))
    low, high = random.choice([697, 770, 852, 941], 99), random.choice([1209, 1336, 1477], 99)
    key = (times(length) / 0.25).astype(int)
    pair = np.sin(2 * np.pi * low[key] * times(length)) + np.sin(2 * np.pi * high[key] * times(length))
    return pair * (times(length) % 0.25 < 0.15)


@kind
def an_alarm(random: Random, length: int) -> Sound:
    sweep = random.uniform(600, 900) * (1.3 + 0.3 * np.sin(2 * np.pi * random.uniform(0.5, 3) * times(length)))
    return harmonics(sweep, length, [1, 0.2, 0.3, 0.1, 0.1])


# --- music


def tune(random: Random, length: int, note: Callable[[float, int], Sound]) -> Sound:
    """Notes of a pentatonic scale, one after the other."""
    beat = round(random.uniform(0.18, 0.5) * RATE)
    result = np.zeros(length)
    for start in range(0, length - beat, beat):
        hertz = random.choice([220, 261.6]) * 2 ** (random.choice([0, 2, 4, 7, 9, 12]) / 12)
        size = min(length - start, beat * 2)
        result[start : start + size] += note(float(hertz), size)
    return result


@kind
def a_piano(random: Random, length: int) -> Sound:
    return tune(random, length, lambda hertz, n: harmonics(hertz, n, [1, 0.6, 0.4, 0.25, 0.15, 0.1]) * fading(n, 0.35))


@kind
def a_guitar(random: Random, length: int) -> Sound:
    strengths = list(1 / np.arange(1, 15))
    return tune(random, length, lambda hertz, n: harmonics(hertz, n, strengths) * fading(n, 0.2, 0.001))


@kind
def a_flute(random: Random, length: int) -> Sound:
    def note(hertz: float, size: int) -> Sound:
        breath = band(random.normal(size=size), hertz, hertz * 4) * 0.1
        tone = harmonics(2 * hertz * swinging(random, size, 5, 0.006), size, [1, 0.3, 0.1])
        return (tone + breath) * np.hanning(size)

    return tune(random, length, note)


@kind
def chords(random: Random, length: int) -> Sound:
    def note(hertz: float, size: int) -> Sound:
        triad = [hertz * 2 ** (step / 12) for step in (0, random.choice([3, 4]), 7)]
        return sum(harmonics(one, size, [1, 0.5, 0.3, 0.2]) for one in triad) * np.hanning(size)

    return tune(random, length, note)


@kind
def drums(random: Random, length: int) -> Sound:
    def hit() -> Sound:
        n = 4800
        kick = harmonics(50 + 120 * np.exp(-times(n) / 0.03), n, [1.0]) * fading(n, 0.12)
        snare = (random.normal(size=n) + np.sin(2 * np.pi * 190 * times(n))) * fading(n, 0.08)
        hat = band(random.normal(size=n), 5000, 7900) * fading(n, 0.03)
        return (kick * 2, snare, hat)[random.integers(3)]

    return scattered(random, length, random.uniform(3, 8), hit)


@kind
def a_band(random: Random, length: int) -> Sound:
    bass = tune(random, length, lambda hertz, n: harmonics(hertz / 4, n, [1, 0.7, 0.4, 0.2]) * fading(n, 0.3))
    return chords(random, length) / 3 + bass + drums(random, length)


# --- people who say nothing


@kind
def breathing(random: Random, length: int) -> Sound:
    flow = np.maximum(0, np.sin(2 * np.pi * random.uniform(0.4, 0.8) * times(length) + random.uniform(0, 6)))
    return band(coloured(random, length, 0.3), random.uniform(200, 700), random.uniform(1500, 4000)) * flow**1.5


@kind
def blowing_into_the_microphone(random: Random, length: int) -> Sound:
    puffs = np.maximum(0, np.sin(2 * np.pi * random.uniform(0.7, 2) * times(length))) ** 3
    return band(coloured(random, length, 1), 20, 900) * puffs


@kind
def coughing(random: Random, length: int) -> Sound:
    def cough() -> Sound:
        n = 5600
        burst = random.normal(size=n)
        shaped = band(burst, 250, 700) + band(burst, 1000, 1800) + 0.5 * band(burst, 2400, 3600)
        return shaped * (fading(n, 0.05) + 0.3 * np.roll(fading(n, 0.08, 0.02), 2400))

    return echoing(random, scattered(random, length, 1.5, cough), 0.25, 0.2)


@kind
def a_sniff(random: Random, length: int) -> Sound:
    def sniff() -> Sound:
        size = random.integers(3000, 6500)
        return band(random.normal(size=size), random.uniform(800, 1500), 6000) * np.hanning(size) ** 2

    return scattered(random, length, 1, sniff)


@kind
def lip_smacks(random: Random, length: int) -> Sound:
    def smack() -> Sound:
        return band(random.normal(size=1200), 900, 3500) * fading(1200, random.uniform(0.004, 0.012), 0.001)

    return scattered(random, length, 2, smack)


@kind
def clapping(random: Random, length: int) -> Sound:
    def clap() -> Sound:
        return band(random.normal(size=1600), 600, 3000) * fading(1600, 0.008, 0.0005) * random.uniform(0.5, 1)

    return echoing(random, scattered(random, length, random.uniform(3, 12), clap), 0.4, 0.3)
