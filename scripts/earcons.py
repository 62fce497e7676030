#!/usr/bin/env python3
"""Make the earcons of assets/earcons: short sounds that tell what happens to whoever does not look.

Each differs from the others in melody and in rhythm, and all are equally loud. Run it again after a change:
``python scripts/earcons.py [FOLDER]``. The sounds it makes are kept in the repository; they are the same wherever it
runs, but for rounding.
"""

from __future__ import annotations

import math
import sys
import wave
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "assets" / "earcons"
RATE = 24_000  # Hz
LOUD = 0.08  # root mean square of the part that sounds, 0 to 1, as the ear weighs it
EDGE = 0.004  # seconds in which a note rises: no click, and still a beginning
A4 = 440.0

# Semitones above A4, seconds until the next note, and how it dies away (per second).
Note = tuple[float, float, float]
EARCONS: dict[str, tuple[Note, ...]] = {
    "start": ((3, 0.06, 18), (10, 0.09, 22)),  # up a fifth: go on
    "ready": ((22, 0.07, 40),),  # one high drop: speak
    "sent": ((15, 0.05, 30), (8, 0.05, 30), (3, 0.08, 26)),  # down in three quick steps: gone
    "question": ((8, 0.11, 10), (8, 0.03, 60), (13, 0.10, 14)),  # two, and up: your turn
    "done": ((3, 0.07, 16), (7, 0.07, 16), (15, 0.10, 14)),  # a chord, up: it is good
    "error": ((-14, 0.13, 5), (-15, 0.12, 6)),  # low and rough
    "cancelled": ((1, 0.10, 20), (-6, 0.14, 16)),  # slowly down a fifth: it is over
}
ROUGH = {"error"}  # made of odd partials


def samples(name: str) -> list[float]:
    """An earcon, -1 to 1, at ``RATE``."""
    notes = EARCONS[name]
    partials = ((1, 1.0), (3, 0.5), (5, 0.35)) if name in ROUGH else ((1, 1.0), (2, 0.25), (3, 0.08))
    total = round(sum(length for _, length, _ in notes) * RATE)
    sound = [0.0] * total
    begin = 0
    for semitones, length, decay in notes:
        hertz, count = A4 * 2 ** (semitones / 12), round(length * RATE)
        for at in range(min(count, total - begin)):
            seconds = at / RATE
            shape = min(1.0, seconds / EDGE) * math.exp(-decay * seconds) * min(1.0, (count - at) / RATE / EDGE)
            wave_ = sum(level * math.sin(2 * math.pi * hertz * number * seconds) for number, level in partials)
            sound[begin + at] += shape * wave_
        begin += count
    gain = LOUD / loudness(sound)
    return [gain * value for value in sound]


def loudness(sound: list[float]) -> float:
    """Root mean square after the K-weighting of ITU-R BS.1770 in a simple form: low tones count for less.

    One high-pass at 60 Hz and one shelf of +4 dB above 1.5 kHz, both of first order; the standard's are of second.
    """
    low = high = 0.0
    slow, fast = 1 - math.exp(-2 * math.pi * 60 / RATE), 1 - math.exp(-2 * math.pi * 1500 / RATE)
    power = 0.0
    for value in sound:
        low += slow * (value - low)
        high += fast * (value - low - high)
        weighted = (value - low) + 0.585 * (value - low - high)
        power += weighted * weighted
    return math.sqrt(power / len(sound))


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in EARCONS:
        data = b"".join(round(32767 * value).to_bytes(2, "little", signed=True) for value in samples(name))
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
