#!/usr/bin/env python3
"""Speaks piper's protocol: a line of text in, a WAV file written, its name out.

How it misbehaves is in its model's name, or in the text.

Each letter of the text takes 10 ms of sound, times the length scale; the pitch tells the model.
"""

import argparse
import math
import os
import struct
import sys
import time
import wave
from pathlib import Path

RATE = 16_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--output_dir", required=True)
    parser.add_argument("--length_scale", type=float, default=1.0)
    given = parser.parse_args()
    sys.stderr.write("[piper] [info] Loaded voice in 0.1 second(s)\n")
    marks = Path(given.model).parent
    with (marks / "starts").open("a") as file:
        file.write("x")
    for line in sys.stdin:
        text = line.strip()
        if "mute" in given.model or (text == "hang" and not (marks / "hung").exists()):
            (marks / "hung").touch()
            time.sleep(60)
        if "mortal" in given.model or (text == "die" and not (marks / "died").exists()):
            (marks / "died").touch()
            os._exit(1)
        path = Path(given.output_dir) / f"{time.monotonic_ns()}.wav"
        hertz = 880 if "de_DE" in given.model else 440
        count = round(len(text) * 0.01 * given.length_scale * RATE)
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            waves = (round(9000 * math.sin(2 * math.pi * hertz * at / RATE)) for at in range(count))
            sound.writeframes(b"".join(struct.pack("<h", value) for value in waves))
        if "python" in given.model:
            sys.stderr.write(f"INFO:__main__:Wrote {path}\n")
        else:
            sys.stderr.write("[piper] [info] Real-time factor: 0.1 (infer=0.1 sec, audio=1 sec)\n")
            sys.stdout.write(f"{path}\n")
        sys.stdout.flush()
        sys.stderr.flush()


main()
