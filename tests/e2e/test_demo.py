"""The whole line, nothing mocked: the demo plays every scene through the real program."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
NANO = ROOT / "tests" / "assets" / "whisper-nano.pt"

pytestmark = [pytest.mark.desktop, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("stt", ["grammar", f"whisper:{NANO}"], ids=["grammar", "whisper"])
def test_every_scene_holds(stt: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "oi_voice", "demo", "--json", "--out", str(out), "--stt", stt]
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
