"""Transcribing sound files, for people and for tests."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oi_voice.errors import OiVoiceError, TranscriberError
from oi_voice.ports import ANY, Hints, Pcm, Transcriber, Transcript
from oi_voice.runtime import in_thread
from oi_voice.voice.pcm import resample

if TYPE_CHECKING:
    from numpy import floating
    from numpy.typing import NDArray

RATE = 16_000  # Hz, what recognisers want
LONGEST = 3600.0  # seconds
UNREADABLE = "recogniser.file"  # code of the error of a file that is none


async def transcribe(
    files: Iterable[Path], transcriber: Transcriber, hints: Hints = ANY
) -> AsyncGenerator[dict[str, Any], None]:
    """Each file's transcript, as soon as it is known, with the keys file, text, speech, language, confidence, engine
    and timings_ms; a take without speech has an empty ``text``, and ``speech`` False.

    ``transcriber`` is a recogniser, with the activity gate in front. Raises TranscriberError.
    """
    for file in files:
        began = time.perf_counter()
        sound = await in_thread(read, file, name="sound file")
        reading = (time.perf_counter() - began) * 1000
        hearing = transcriber.hear(hints)
        hearing.feed(sound)
        yield _entry(file, await hearing.finish(), reading)


def _entry(file: Path, heard: Transcript, reading: float) -> dict[str, Any]:
    return {
        "file": str(file),
        "text": heard.text,
        "speech": heard.speech,
        "language": heard.language,
        "confidence": round(heard.confidence, 4),
        "engine": heard.engine,
        "timings_ms": {"read": round(reading, 1)} | {leg: round(ms, 1) for leg, ms in heard.timings_ms.items()},
    }


def line(entry: dict[str, Any]) -> str:
    """An entry in words, for a terminal."""
    return f"{entry['file']}: {entry['text'] or ('(not understood)' if entry['speech'] else '(no speech)')}"


def read(file: Path) -> Pcm:
    """A sound file (WAV, FLAC, OGG and whatever else libsndfile reads) as one channel at 16 kHz; blocking.

    Raises TranscriberError.
    """
    import numpy as np

    if not file.is_file():
        raise _unreadable(file, "it is no file" if file.exists() else "there is no such file")
    samples, rate = _samples(file)
    if not np.isfinite(samples).all():
        raise _unreadable(file, "its samples are no numbers")
    data = np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes()
    return Pcm(resample(data, rate, RATE), RATE)


def _samples(file: Path) -> tuple[NDArray[floating[Any]], int]:
    """The mean of its channels, -1 to 1, and their rate."""
    try:
        import soundfile
    except (ImportError, OSError) as missing:
        raise TranscriberError(
            "The library that reads sound files is not installed, or broken.", fix="Install it: pip install soundfile"
        ) from missing
    try:
        with soundfile.SoundFile(str(file)) as sound:
            if sound.frames > LONGEST * sound.samplerate:
                raise _unreadable(file, "it is longer than an hour")
            samples = sound.read(dtype="float32", always_2d=True)
            return samples.mean(axis=1), sound.samplerate
    except (soundfile.LibsndfileError, OSError, RuntimeError) as broken:
        raise _unreadable(file, "it is no sound file of a kind that is known here, or broken") from broken


def _unreadable(file: Path, why: str) -> OiVoiceError:
    return TranscriberError(f"{file} can't be read: {why}.", fix="Give WAV, FLAC, OGG or MP3 files.", code=UNREADABLE)
