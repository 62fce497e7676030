"""What the voice room's tests share: spoken phrases, and a sound server that may be killed."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import Callable, Iterator

import pytest
from sounds import RATE, SoundServer

from oi_voice.demo.stage import Stage
from oi_voice.demo.x11 import environment
from oi_voice.ports import Pcm
from oi_voice.voice.pcm import resample


@pytest.fixture(scope="session")
def say(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Pcm]:
    """A sentence in espeak-ng's American voice, at 16 kHz, with a little silence around it."""
    folder = tmp_path_factory.mktemp("said")

    def render(text: str) -> Pcm:
        path = folder / "said.wav"
        subprocess.run(["espeak-ng", "-v", "en-us", "-s", "175", "-w", path, text], check=True)
        with path.open("rb") as file, wave.open(file) as sound:
            data = resample(sound.readframes(sound.getnframes()), sound.getframerate(), RATE)
        return Pcm(bytes(RATE // 2) + data, RATE)

    return render


@pytest.fixture
def doomed(stage: Stage) -> Iterator[SoundServer]:
    """A sound server of the test's own in place of the stage's, to which all goes back after."""
    with Stage(screen=False) as own, environment(own.env):
        server = SoundServer(own)
        yield server
