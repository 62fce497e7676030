"""The whole line, nothing mocked: the demo plays every scene through the real program."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from PIL import Image

from oi_voice.testing.processes import ended

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.desktop, pytest.mark.slow, pytest.mark.timeout(300)]


def test_terminated_in_the_middle_it_takes_everything_down(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "oi_voice", "demo", "--out", str(tmp_path / "out")]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as demo:
        assert demo.stderr is not None
        said = next(line for line in demo.stderr if "is asked about" in line)  # all is up, a question is open
        assert "34 * 12" in said
        demo.terminate()
        demo.communicate(timeout=30)
    assert demo.returncode == 130
    assert not list(tmp_path.glob("oi-voice-*"))
    for pid in living(str(tmp_path)):
        assert ended(pid, 5), Path(f"/proc/{pid}/cmdline").read_bytes()


def living(marked: str) -> list[int]:
    """Processes whose environment mentions this test's own folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if marked.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
    return found


def test_every_scene_holds(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "oi_voice", "demo", "--json", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False)
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr + json.dumps(report, indent=1)
    assert report["ok"]
    scenes = {scene["name"]: scene for scene in report["scenes"]}
    assert list(scenes) == list("abcdef")
    assert "408" in scenes["a"]["said"]
    assert scenes["c"]["approved"] is False
    assert scenes["d"]["legs_ms"]["barge_in_to_silence"] <= 100
    assert scenes["e"]["approved"] is None
    for name in ("a-question.png", "b-editor.png", "c-question.png", "f-screenshot.png"):
        with Image.open(out / name) as picture:
            assert picture.size == (1280, 800)
    with wave.open(str(out / "spoken.wav")) as spoken:
        assert spoken.getnframes() / spoken.getframerate() > 10
    assert json.loads((out / "transcript.json").read_text())
