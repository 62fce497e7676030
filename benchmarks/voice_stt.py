#!/usr/bin/env python3
"""From the release of the key to text: takes of 5 and 25 s, with and without early decoding, for each recogniser.

    .venv/bin/python benchmarks/voice_stt.py [--repeats 3] [--only grammar]

Speech is espeak-ng's, a sentence after the other, and fed at the pace at which it is spoken, with a tail of 0.3 s
after the release. Whisper has the dimensions of tiny and base with random weights, and says three tokens a second
whatever it hears, so that nothing need be downloaded; its guards are off. These tokens are always the same, so that a
draft made amid speech is never wrong. faster-whisper has the same weights in 8 bits. Prints the median milliseconds
from the release, tail included, and those from the end of the tail.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

from oi_voice.llm.commands import PRONUNCIATIONS, jsgf
from oi_voice.ports import Pcm
from oi_voice.voice.pcm import resample
from oi_voice.voice.stt import fast, guards, session, whisper
from oi_voice.voice.stt.grammar import GrammarEngine
from oi_voice.voice.stt.hosted import Engine, Hosted

RATE = 16_000
PIECE = 0.03  # seconds, as from a recorder
TAIL = 0.3  # seconds recorded after the release
SPEED = 3  # tokens a second; English speech is two words and a half, of 1.3 tokens
SENTENCES = (
    "Open the text editor, and write a letter to my sister. "
    "Tell her that we arrive on Thursday evening, and that nobody has to pick us up at the station. "
    "Then look for the photographs from last summer, and put the best ones into a folder on my desktop. "
    "If there is time left, read me the headlines, and tell me whether it is going to rain tomorrow. "
    "After that close all windows, turn the volume down, and remind me to call the dentist at nine."
)
DIMENSIONS = {"tiny": (384, 6, 4), "base": (512, 8, 6)}  # width, heads, layers


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", default="", help="recognisers whose name begins like that")
    wanted = parser.parse_args()
    trust()
    with tempfile.TemporaryDirectory() as folder:
        takes = {seconds: speech(seconds, Path(folder)) for seconds in (5, 25)}
        sys.stdout.write(f"{'':28}{'take':>6}  {'early':5}{'release':>9}{'tail end':>10}   ms to text\n")
        for name, make in recognisers(Path(folder)):
            if name.startswith(wanted.only):
                asyncio.run(measure(name, make, takes, wanted.repeats))
    return 0


def trust() -> None:
    """Believe random weights, and let them say so many tokens and no more."""
    guards.believable = lambda *_: True
    guards.doubled = lambda *_: False
    session.checked = lambda result, *_: result
    for module in (whisper, fast):
        module.TOKENS, module.TOKENS_A_SECOND = 0, SPEED


def recognisers(folder: Path) -> Iterator[tuple[str, Callable[[bool], Engine]]]:
    """Each one's name, and what makes it, with early decoding or without."""
    yield "grammar", lambda early: GrammarEngine(jsgf(), PRONUNCIATIONS, early=early)
    for size in DIMENSIONS:
        checkpoint = random_weights(size, folder)
        yield f"whisper {size}", lambda early, path=checkpoint: whisper.WhisperEngine(str(path), early=early)
        if importlib.util.find_spec("ctranslate2"):
            from oi_voice.voice.stt.convert import convert

            convert(checkpoint, folder / size)
            yield f"faster-whisper {size}", lambda early, path=folder / size: fast.FastEngine(str(path), early=early)


def random_weights(size: str, folder: Path) -> Path:
    """A checkpoint of these dimensions."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    torch.manual_seed(1)
    width, heads, layers = DIMENSIONS[size]
    model = Whisper(ModelDimensions(80, 1500, width, heads, layers, 51865, 448, width, heads, layers))
    torch.nn.init.normal_(model.decoder.positional_embedding, std=0.02)
    path = folder / f"{size}.pt"
    torch.save({"dims": vars(model.dims), "model_state_dict": model.state_dict()}, path)
    return path


def speech(seconds: float, folder: Path) -> Pcm:
    """So much speech, with quiet before it and the tail after."""
    path = folder / "said.wav"
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "160", "-w", path, SENTENCES], check=True)
    with path.open("rb") as file, wave.open(file) as sound:
        data = resample(sound.readframes(sound.getnframes()), sound.getframerate(), RATE)
    return Pcm(bytes(round(0.3 * RATE) * 2) + data[: round((seconds - 0.3) * RATE) * 2] + quiet(TAIL), RATE)


def quiet(seconds: float) -> bytes:
    return bytes(round(seconds * RATE) * 2)


async def measure(name: str, make: Callable[[bool], Engine], takes: dict[int, Pcm], repeats: int) -> None:
    for early in (False, True):
        host = Hosted(lambda early=early: make(early))
        await host.start()
        for seconds, take in takes.items():
            times = [await once(host, take) for _ in range(repeats)]
            median = statistics.median(times) * 1000
            sys.stdout.write(
                f"{name:28}{seconds:>4} s  {'yes' if early else 'no':5}{median + TAIL * 1000:>9.0f}{median:>10.0f}\n"
            )
            sys.stdout.flush()
        host.close()


async def once(host: Hosted, take: Pcm) -> float:
    """Seconds from the end of the tail to the text."""
    hearing, size = host.hear(), round(PIECE * RATE) * 2
    released = len(take.data) - round(TAIL * RATE) * 2
    began = time.perf_counter()
    for start in range(0, len(take.data), size):
        piece = take.data[start : start + size]
        await asyncio.sleep(began + (start + len(piece)) / 2 / RATE - time.perf_counter())
        if start <= released < start + size:
            hearing.tail()
        hearing.feed(Pcm(piece, RATE))
    ended = time.perf_counter()
    await hearing.finish()
    return time.perf_counter() - ended


if __name__ == "__main__":
    sys.exit(main())
