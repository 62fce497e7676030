"""What the voice room's tests share: spoken phrases, and a sound server that may be killed."""

from __future__ import annotations

import subprocess
import wave
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from sounds import RATE, SoundServer

from oi_voice.computer.own import Own
from oi_voice.computer.windows import Windows
from oi_voice.demo.stage import Stage
from oi_voice.demo.x11 import environment
from oi_voice.ports import Pcm
from oi_voice.sound import Sound
from oi_voice.testing import Harness, harness
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
async def h(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Harness]:
    """An engine that is to have a real ear: see ``sound``. Nobody tells of a locked screen."""
    for bus in ("SESSION", "SYSTEM"):
        monkeypatch.setenv(f"DBUS_{bus}_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    h = harness(**{"voice.earcons": False, "voice.speak": False})
    yield h
    await h.engine.close()


@pytest.fixture
async def sound(h: Harness) -> AsyncIterator[Sound]:
    """The ear of ``h``; not prepared."""
    sound = Sound(h.engine, h.settings, h.transcriber, "fake", Windows(Own()))
    h.kit.ear, h.kit.mouth = sound.ear, sound.mouth
    yield sound
    sound.close()


@pytest.fixture
def doomed(stage: Stage) -> Iterator[SoundServer]:
    """A sound server of the test's own in place of the stage's, to which all goes back after."""
    with Stage(screen=False) as own, environment(own.env):
        server = SoundServer(own)
        yield server
