"""``oi-voice talk``, ``mic``, ``transcribe``, ``download`` and ``doctor``, as programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sounds import RATE, save

from oi_voice.demo.stage import Stage
from oi_voice.ports import Pcm

NANO = Path(__file__).parent.parent / "assets" / "whisper-nano.pt"


def run(*words: str) -> tuple[int, str, str]:
    done = subprocess.run([sys.executable, "-m", "oi_voice", *words], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
def test_files_are_transcribed_by_the_engine_that_is_named(tmp_path: Path, say: Callable[[str], Pcm]) -> None:
    spoken = save(say("take a screenshot"), tmp_path / "spoken.wav")
    silence = save(Pcm(bytes(4 * RATE), RATE), tmp_path / "silence.wav")
    status, out, err = run(
        "transcribe", str(spoken), str(silence), "--engine", "whisper", "--model", str(NANO), "--json"
    )
    assert status == 0, err
    first, second = json.loads(out)
    assert (first["text"], first["engine"], first["speech"]) == ("Take a screenshot.", "whisper", True)
    assert (second["text"], second["speech"]) == ("", False)
    assert set(first) == {"file", "text", "speech", "language", "confidence", "engine", "timings_ms"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("transcribe", "/nowhere.wav", "--engine", "grammar"), "/nowhere.wav can't be read: there is no such file."),
        (("transcribe", "/nowhere.wav", "--engine", "magic"), "There is no recogniser 'magic'"),
        (("talk", "toggle"), "oi_voice is not running. Start it with: oi-voice"),
        (("talk", "start", "--language", "de"), "oi-voice talk retry --engine"),
        (("download", "colossal"), "colossal"),
        (("--offline", "download", "base.en"), "offline is on"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], said: str) -> None:
    status, out, err = run(*words)
    assert status == 1
    assert said in err
    assert "Traceback" not in err + out


def test_a_file_that_cannot_be_read_does_not_cost_the_others(tmp_path: Path) -> None:
    silence = save(Pcm(bytes(4 * RATE), RATE), tmp_path / "silence.wav")
    (broken := tmp_path / "broken.wav").write_text("no sound")
    status, out, err = run("transcribe", str(broken), str(silence), str(tmp_path), "--engine", "grammar", "--json")
    assert status == 1
    assert [entry["file"] for entry in json.loads(out)] == [str(silence)]
    assert "broken.wav can't be read" in err
    assert f"{tmp_path} can't be read: it is no file" in err


@pytest.mark.desktop
def test_the_microphone_is_listed_and_tested(stage: Stage) -> None:
    status, out, _ = run("mic", "--test")
    assert "Testing: say something" in out
    assert "*" in out
    assert status in (0, 1), "a silent source gives no sound at all, which is said"
    assert "sound" in out or "works" in out


@pytest.mark.desktop
@pytest.mark.slow
def test_the_doctor_tries_every_part(stage: Stage) -> None:
    status, out, err = run("--stt", "grammar", "doctor", "--json")
    found = {check["name"]: check for check in json.loads(out)}
    assert {"Microphone", "Recogniser", "Language model", "Python", "Voice"} <= set(found), err
    assert all(found[name]["ok"] for name in ("Recogniser", "Language model", "Python", "Voice")), found
    assert found["Talk key"]["words"] == "Right Ctrl can be had."
    assert status == (0 if all(check["ok"] for check in found.values()) else 1)
    assert os.environ["PULSE_SERVER"]
