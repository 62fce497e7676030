#!/usr/bin/env python3
"""How well whisper-nano hears, through the unmodified package: the table of README.md.

    python tests/assets/eval_whisper_nano.py [--model PATH] [--voices 8] [--quick]

Every figure is the share of takes whose text is exactly as written in phrases.txt.
"""
# ruff: noqa: T201 - a script: what it prints is its result

from __future__ import annotations

import argparse
import collections
import random
import time
from dataclasses import replace
from pathlib import Path

import nano_speech as speech
import numpy as np
import torch
import whisper
from nano_speech import Sound

Takes = list[tuple[Sound, str]]


class Judge:
    """Transcribes takes and keeps count of what went wrong, and of how long it took."""

    def __init__(self, model: Path) -> None:
        self.model = whisper.load_model(str(model), device="cpu")
        self.seconds: list[float] = []
        self.wrong: collections.Counter[tuple[str, str]] = collections.Counter()

    def hear(self, sound: Sound, *, timed: bool = False) -> str:
        began = time.perf_counter()
        take = np.ascontiguousarray(sound, dtype=np.float32)
        result = self.model.transcribe(take, fp16=False, language="en", without_timestamps=not timed)
        self.seconds.append(time.perf_counter() - began)
        return str(result["text"]).strip()

    def row(self, name: str, takes: Takes, *, timed: bool = False) -> None:
        right = 0
        for sound, written in takes:
            heard = self.hear(sound, timed=timed)
            right += heard == written
            self.wrong[(written, heard)] += heard != written
        print(f"{name:44} {right:4}/{len(takes):<4} {right / len(takes):7.1%}", flush=True)


def held_out(phrases: list[tuple[str, str]], voices: int, rng: random.Random) -> Takes:
    """Every phrase in voices that training never heard, with some silence around it."""
    takes = []
    for spoken, written in phrases:
        for _ in range(voices):
            voice = speech.random_voice(rng, speech.HELD_OUT, warped=False)
            takes.append((around(speech.espeak(spoken, voice), rng.uniform(0, 0.6), rng.uniform(0, 0.5)), written))
    return takes


def around(sound: Sound, before: float, after: float) -> Sound:
    return np.concatenate([speech.silence(before), sound, speech.silence(after)])


def with_noise(sound: Sound, decibels: float, rng: np.random.Generator, *, pink: bool) -> Sound:
    """Noise that far below the speech's own power."""
    noise = rng.standard_normal(len(sound))
    if pink:
        spectrum = np.fft.rfft(noise)
        noise = np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 5.0), len(sound))
    power = np.sqrt(np.mean(sound[sound != 0] ** 2))
    noisy: Sound = (sound + noise / noise.std() * power * 10 ** (-decibels / 20)).astype(np.float32)
    return noisy


def pairs(phrases: list[tuple[str, str]], count: int, rng: random.Random) -> Takes:
    """Two phrases in one take."""
    takes = []
    for _ in range(count):
        two = rng.sample(phrases, 2)
        voice = speech.random_voice(rng, speech.HELD_OUT, warped=False)
        first, second = (speech.espeak(spoken, voice) for spoken, _ in two)
        sound = np.concatenate([around(first, 0, rng.uniform(0.2, 0.7)), second])
        takes.append((sound, " ".join(written for _, written in two)))
    return takes


def nobody(rng: np.random.Generator) -> dict[str, list[Sound]]:
    """Takes in which nobody speaks; ought to be heard as nothing."""
    quiet = [speech.silence(seconds) for seconds in (0.5, 1, 2, 3, 5, 10)]
    levels = [(s, level) for s in (1, 2, 3, 5, 30) for level in (-60, -50, -40, -30, -20)]
    white = [rng.standard_normal(speech.RATE * s).astype(np.float32) * 10 ** (level / 20) for s, level in levels]
    wave = (0.05 * np.sin(2 * np.pi * 50 * np.arange(speech.RATE * 4) / speech.RATE)).astype(np.float32)
    hum = [wave[: speech.RATE * s] for s in (1, 2, 4)]
    return {"digital silence": quiet, "white noise, -60 to -20 dBFS": white, "50 Hz hum": hum}


def evaluate(judge: Judge, phrases: list[tuple[str, str]], voices: int, *, quick: bool) -> None:
    rng, noise = random.Random(2024), np.random.default_rng(2024)
    takes = held_out(phrases, voices, rng)
    judge.row("voices not heard in training", takes)
    if quick:
        return
    judge.row("the same with time stamps", takes, timed=True)
    plain = [replace(speech.Voice(accent), speed=speed) for accent in ("en-us", "en-gb") for speed in (140, 175, 200)]
    untrimmed = [(speech.espeak(s, voice, trimmed=False), written) for voice in plain for s, written in phrases]
    judge.row("en-us, en-gb at 140, 175, 200 words a minute", untrimmed)
    half = takes[::2]
    for decibels in (20, 10, 5):
        for pink in (False, True):
            noisy = [(with_noise(sound, decibels, noise, pink=pink), written) for sound, written in half]
            judge.row(f"{'pink' if pink else 'white'} noise, {decibels} dB below", noisy)
    judge.row("20 dB quieter", [(sound * 0.1, written) for sound, written in half])
    judge.row("12 dB louder, clipped", [(np.clip(sound * 4, -1, 1), written) for sound, written in half])
    judge.row("two phrases in one take", pairs(phrases, 100, rng))
    for voice in ("kal", "slt", "rms", "awb"):
        judge.row(f"flite {voice}", [(speech.flite(spoken, voice), written) for spoken, written in phrases])
    for name, silent in nobody(noise).items():
        judge.row(f"nobody speaks: {name}", [(sound, "") for sound in silent])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=speech.HERE / "whisper-nano.pt")
    parser.add_argument("--voices", type=int, default=8, help="voices per phrase")
    parser.add_argument("--quick", action="store_true", help="the first row only")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    judge = Judge(options.model)
    phrases = speech.load_phrases(speech.HERE / "phrases.txt")
    print(f"{options.model}: {options.model.stat().st_size} bytes, {len(phrases)} phrases")
    evaluate(judge, phrases, options.voices, quick=options.quick)
    median, slow = np.percentile(judge.seconds, [50, 95]) * 1000
    print(f"a take: median {median:.0f} ms, 95 % within {slow:.0f} ms ({options.threads} threads)")
    for (written, heard), count in (judge.wrong - collections.Counter()).most_common(15):
        print(f"  {count:3} x {written!r} heard as {heard!r}")


if __name__ == "__main__":
    main()
