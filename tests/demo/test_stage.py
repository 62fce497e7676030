"""The stage: it comes up whole, carries sound faithfully, and leaves nothing behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest

from oi_voice.demo.stage import MICROPHONE_SINK, SPEAKER, Stage
from oi_voice.errors import DesktopError

pytestmark = pytest.mark.desktop

RECORD = """
import sys, sounddevice
taken = sounddevice.rec(4 * 16000, samplerate=16000, channels=1, dtype="int16")
print("recording", flush=True)
sounddevice.wait()
sys.stdout.buffer.write(taken.tobytes())
"""

OWNER = """
import signal, sys
from oi_voice.demo.stage import Stage
stage = Stage().up()
print(stage.folder, *(process.pid for _, process in stage.children._running), flush=True)
sys.stdin.read()
"""


def speech_like(seconds: float, rate: int = 16000) -> numpy.ndarray:
    """Noise of up to about 1 kHz, repeatable: it correlates with nothing but itself."""
    noise = numpy.random.default_rng(7).normal(0, 1, int(seconds * rate))
    smooth = numpy.convolve(noise, numpy.hanning(32), "same")
    return (smooth / abs(smooth).max() * 12000).astype("<i2")


def test_what_is_spoken_arrives_at_the_default_microphone(stage: Stage, wav: Callable[[numpy.ndarray], Path]) -> None:
    sent = speech_like(1.5)
    with subprocess.Popen([sys.executable, "-c", RECORD], env=stage.env, stdout=subprocess.PIPE) as recorder:
        assert recorder.stdout is not None
        assert recorder.stdout.readline() == b"recording\n"
        subprocess.run(["paplay", f"--device={MICROPHONE_SINK}", str(wav(sent))], env=stage.env, check=True)
        heard = numpy.frombuffer(recorder.stdout.read(), "<i2").astype(float)
    assert correlation(sent.astype(float), heard) >= 0.99


def correlation(sent: numpy.ndarray, heard: numpy.ndarray) -> float:
    """The best normalised correlation of ``sent`` with any stretch of ``heard``."""
    size = len(sent) + len(heard)
    both = numpy.fft.irfft(numpy.fft.rfft(heard, size) * numpy.conj(numpy.fft.rfft(sent, size)), size)
    at = int(both[: len(heard) - len(sent)].argmax())
    stretch = heard[at : at + len(sent)]
    return float(numpy.dot(stretch, sent) / numpy.linalg.norm(stretch) / numpy.linalg.norm(sent))


def test_two_stages_stand_side_by_side_and_each_takes_down_only_itself(stage: Stage) -> None:
    with Stage() as other:
        assert other.display != stage.display
        folder, started = other.folder, [process for _, process in other.children._running]
    assert all(process.poll() is not None for process in started)
    assert not folder.exists()
    stage.children.check()


def test_a_temporary_folder_with_a_long_name_is_no_hindrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("x" * 100)))
    with Stage(screen=False) as up:
        assert SPEAKER in subprocess.run(["pactl", "info"], env=up.env, capture_output=True, text=True).stdout


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_its_owner(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as owner:
        assert owner.stdout is not None
        folder, *pids = owner.stdout.readline().decode().split()
        watched = [os.pidfd_open(int(pid)) for pid in pids]
        owner.send_signal(number)
    for descriptor in watched:
        assert select.select([descriptor], [], [], 5)[0], "a child is still there"
        os.close(descriptor)
    subprocess.run(["rm", "-r", "--", folder], check=True)


def test_absent_programs_are_named_all_at_once_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(DesktopError) as caught:
        Stage().up()
    for program in ("Xvfb", "openbox", "trayer", "pulseaudio", "dbus-daemon"):
        assert program in str(caught.value)
    assert "apt-get install" in caught.value.fix


def test_a_program_that_dies_while_starting_is_named_and_nothing_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "Xvfb").write_text("#!/bin/sh\necho no screen today >&2\nexit 3\n")
    (tmp_path / "Xvfb").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    failing = Stage()
    with pytest.raises(DesktopError, match="Xvfb ended with status 3: no screen today"):
        failing.up()
    assert not failing.folder.exists()
