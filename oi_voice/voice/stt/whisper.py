"""The openai-whisper recogniser, with any checkpoint that is on this machine; nothing is downloaded."""

from __future__ import annotations

import math
import os
import pickle
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from oi_voice.errors import TranscriberError
from oi_voice.ports import Pcm, Transcript
from oi_voice.runtime import Worker

T = TypeVar("T")

RATE = 16_000  # Hz, Whisper's own

# openai-whisper's own thresholds. It drops a segment only when both say silence; either is enough here, for a
# confident hallucination passes the pair, and a command that was not given is worse than one said twice.
NO_SPEECH = 0.6
LOG_PROBABILITY = -1.0
COMPRESSION = 2.4  # text that packs better than this repeats itself
# What loading a file that is no checkpoint, or half of one, has been seen to raise.
BROKEN = (OSError, RuntimeError, AttributeError, LookupError, TypeError, ValueError, EOFError, pickle.UnpicklingError)
TEMPERATURES = (0.0, 0.2, 0.4)  # the next is tried when the text looks wrong; hotter ones invent


def find_checkpoint(name: str) -> Path | None:
    """The checkpoint file of that path, or of that name in Whisper's cache. Imports nothing, loads nothing."""
    path = Path(name).expanduser()
    if path.is_file():
        return path
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whisper"
    official = {"turbo": "large-v3-turbo", "large": "large-v3"}.get(name, name)
    cached = cache / f"{official}.pt"
    return cached if official == Path(official).name and cached.is_file() else None


class WhisperTranscriber:
    """The port's Transcriber over openai-whisper, on one thread of its own, in 32 bits on the processor.

    ``name_or_path`` is a checkpoint file, or the name of one in Whisper's cache. ``language`` is a code such as
    ``en``; empty has Whisper tell.
    """

    def __init__(self, name_or_path: str, language: str = "en") -> None:
        self._name = name_or_path
        self._language = language
        self._worker: Worker | None = None
        self._model: Any = None

    async def start(self) -> None:
        if find_checkpoint(self._name) is None:
            raise TranscriberError(
                f"There is no Whisper checkpoint {self._name!r} on this machine.",
                fix="Put its .pt file into ~/.cache/whisper, give its path, or use the built-in grammar recogniser.",
            )
        await self._on_worker(self._load)

    async def transcribe(self, take: Pcm) -> Transcript:
        if take.rate != RATE:
            raise TranscriberError(f"The recogniser needs sound at {RATE} Hz, not {take.rate}.")
        if not take.data:
            return Transcript("", self._language, engine="whisper")
        return await self._on_worker(self._transcribe, take)

    def close(self) -> None:
        if self._worker:
            self._worker.close()
        self._worker = self._model = None

    async def _on_worker(self, what: Callable[..., T], *args: Any) -> T:
        if self._worker is None:
            self._worker = Worker("whisper")
        return await self._worker.run(what, *args)

    def _load(self) -> None:
        try:
            import whisper
        except (ImportError, OSError) as missing:
            raise TranscriberError(
                "openai-whisper is not installed, or broken.", fix="Install it: pip install openai-whisper"
            ) from missing
        checkpoint = find_checkpoint(self._name)
        try:
            self._model = whisper.load_model(str(checkpoint), device="cpu")
        except (
            OSError,
            RuntimeError,
            AttributeError,
            LookupError,
            TypeError,
            ValueError,
            EOFError,
            pickle.UnpicklingError,
        ) as broken:
            raise TranscriberError(
                f"The Whisper checkpoint {checkpoint} could not be loaded.",
                fix="It may be incomplete: fetch it again, or choose another.",
            ) from broken
        self._infer(bytes(2 * RATE))

    def _transcribe(self, take: Pcm) -> Transcript:
        if self._model is None:
            self._load()
        began = time.perf_counter()
        result = self._infer(take.data)
        kept = [segment for segment in result["segments"] if _believable(segment)]
        return Transcript(
            "".join(segment["text"] for segment in kept).strip(),
            result["language"],
            _confidence(kept),
            "whisper",
            {"whisper": (time.perf_counter() - began) * 1000},
        )

    def _infer(self, data: bytes) -> dict[str, Any]:
        import numpy as np

        result: dict[str, Any] = self._model.transcribe(
            np.frombuffer(data, "<i2").astype(np.float32) / 32768,
            language=self._language or None,
            temperature=TEMPERATURES,
            condition_on_previous_text=False,  # one invented sentence must not breed the next
            no_speech_threshold=NO_SPEECH,
            logprob_threshold=LOG_PROBABILITY,
            compression_ratio_threshold=COMPRESSION,
            fp16=False,
        )
        return result


def _believable(segment: dict[str, Any]) -> bool:
    return bool(
        segment["no_speech_prob"] <= NO_SPEECH
        and segment["avg_logprob"] >= LOG_PROBABILITY
        and segment["compression_ratio"] <= COMPRESSION
    )


def _confidence(segments: list[dict[str, Any]]) -> float:
    """The geometric mean of the words' probabilities; nothing heard is certain."""
    if not segments:
        return 1.0
    return math.exp(sum(segment["avg_logprob"] for segment in segments) / len(segments))
