#!/usr/bin/env python3
"""Write the sounds in which nobody speaks, by which the activity gate is tested, as WAV files to listen to.

    scripts/noises.py FOLDER [--seeds 3] [--check]

``--check`` tells of each whether the gate takes it for speech.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "voice")]

from noises import SEEDS, noises  # noqa: E402 - found on the path above
from sounds import pcm, save  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the noises of the tests as WAV files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="of each kind (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="tell which the gate takes for speech")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    count, passed = 0, []
    for noise in noises(wanted.seeds):
        sound = pcm(noise.sound)
        save(sound, wanted.folder / f"{noise.name.replace(' ', '-')}.wav")
        count += 1
        if wanted.check and is_speech(sound):
            passed.append(noise.name)
    print(f"{count} sounds are in {wanted.folder}.")
    if wanted.check:
        print(f"{len(passed)} of them are taken for speech{': ' if passed else ''}{', '.join(passed)}.")
    return 1 if passed else 0


def is_speech(sound: object) -> bool:
    from oi_voice.voice.activity import Activity
    from oi_voice.voice.activity.silero import Silero

    activity = Activity(Silero())
    activity.feed(sound)
    activity.end()
    return activity.proven


if __name__ == "__main__":
    sys.exit(main())
