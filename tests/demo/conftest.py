"""What the demo's tests share."""

from __future__ import annotations

import wave
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest


@pytest.fixture
def wav(tmp_path: Path) -> Callable[[numpy.ndarray], Path]:
    """Writes samples at 16 kHz to a WAV file and returns its path."""

    def write(samples: numpy.ndarray) -> Path:
        path = tmp_path / "sound.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(16000)
            file.writeframes(samples.astype("<i2").tobytes())
        return path

    return write
