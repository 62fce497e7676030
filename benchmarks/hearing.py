#!/usr/bin/env python3
"""How much of what is said into the virtual microphone is heard right: recorder, activity gate and recogniser.

    .venv/bin/python benchmarks/hearing.py [--most 0]

``whisper-nano``'s own phrases in its plain voices (espeak-ng), and the commands' examples by flite's slt for the
grammar, each recorded from a real sound server. ``--most`` is how many of each, 0 for all.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

from oi_voice.demo.stage import MICROPHONE_SINK, Stage
from oi_voice.llm.commands import PRONUNCIATIONS, jsgf
from oi_voice.llm.commands.table import sayings
from oi_voice.voice.recorder import Recorder
from oi_voice.voice.stt.gated import Gated
from oi_voice.voice.stt.grammar import GrammarEngine
from oi_voice.voice.stt.hosted import Hosted
from oi_voice.voice.stt.whisper import WhisperEngine

ASSETS = Path(__file__).parents[1] / "tests" / "assets"
ACCENTS = ("en-us", "en-gb")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--most", type=int, default=0)
    most = parser.parse_args().most or None
    lines = (ASSETS / "phrases.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("\t") for line in lines if line.strip() and not line.startswith("#")]
    phrases = [(spoken, written or spoken) for spoken, _, written in pairs]
    commands = [(example, example) for group in sayings().values() for example in group]
    nano = Hosted(lambda: WhisperEngine(str(ASSETS / "whisper-nano.pt")))
    grammar = Hosted(lambda: GrammarEngine(jsgf(), PRONUNCIATIONS))
    with Stage(screen=False) as stage:
        os.environ.update(stage.env)
        asyncio.run(heard("whisper-nano, its phrases, espeak", Gated(nano), phrases[:most], espeak, stage.folder))
        asyncio.run(heard("grammar, all commands, flite slt", Gated(grammar), commands[:most], flite, stage.folder))
    return 0


async def heard(name: str, transcriber: Gated, phrases: list[tuple[str, str]], speak: object, folder: Path) -> None:
    """Say each, and print how many came out right, and those that did not."""
    assert callable(speak)
    await transcriber.start()
    recorder, wrong = Recorder(warm=True), []
    await recorder.prepare()
    try:
        for number, (phrase, written) in enumerate(phrases):
            wav = folder / "phrase.wav"
            speak(phrase, number, wav)
            hearing = transcriber.hear()
            await recorder.start(hearing.feed)
            play = await asyncio.create_subprocess_exec(
                "paplay", f"--device={MICROPHONE_SINK}", "--latency-msec=20", str(wav)
            )
            await play.wait()
            hearing.tail()
            await recorder.stop()
            text = (await hearing.finish()).text
            if plain(text) != plain(written):
                wrong.append(f"{phrase!r} as {text!r}")
    finally:
        recorder.close()
        transcriber.close()
    right = len(phrases) - len(wrong)
    print(f"{name}: {right} of {len(phrases)} right ({100 * right / len(phrases):.1f} %)", *wrong, sep="\n  ")


def espeak(phrase: str, number: int, wav: Path) -> None:
    subprocess.run(["espeak-ng", "-v", ACCENTS[number % 2], "-s", "165", "-w", str(wav), phrase], check=True)


def flite(phrase: str, number: int, wav: Path) -> None:
    subprocess.run(["flite", "-voice", "slt", "-t", phrase, "-o", str(wav)], check=True)


def plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower()))


if __name__ == "__main__":
    sys.exit(main())
