"""Signals, and a sound server that may be killed, for the voice room's tests."""

from __future__ import annotations

import os
import signal
import socket
import struct
import wave
from pathlib import Path

import numpy as np

from oi_voice.demo.stage import Stage
from oi_voice.ports import Pcm

RATE = 16_000


def pcm(samples: np.ndarray, rate: int = RATE) -> Pcm:
    """Samples in -1 to 1 as sound."""
    return Pcm(np.clip(samples * 32767, -32768, 32767).astype("<i2").tobytes(), rate)


def samples(sound: Pcm) -> np.ndarray:
    return np.frombuffer(sound.data, "<i2").astype(float) / 32768


def tone(seconds: float, hertz: float = 440, rate: int = RATE, level: float = 0.4) -> Pcm:
    return pcm(level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate), rate)


def save(sound: Pcm, path: Path) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes(sound.data)
    return path


class SoundServer:
    """A stage's sound server, to be killed, frozen and thawed."""

    def __init__(self, stage: Stage) -> None:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(stage.env["PULSE_SERVER"].removeprefix("unix:"))
            credentials = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        self._pid = struct.unpack("3i", credentials)[0]

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)

    def freeze(self) -> None:
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._pid, signal.SIGCONT)
