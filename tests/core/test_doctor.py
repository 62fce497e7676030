"""The doctor tries each part by itself, and names the leg that is slow."""

from __future__ import annotations

import pytest

from oi_voice import doctor
from oi_voice.doctor import Check, examine
from oi_voice.errors import SynthesizerError, TranscriberError
from oi_voice.testing import Harness, harness


async def checks(h: Harness, turns: list[dict[str, float]] | None = None) -> dict[str, Check]:
    return {check.name: check async for check in examine(h.kit, turns or [])}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LISTENED", 0.0)


async def test_each_part_is_tried() -> None:
    h = harness()
    h.language.output = "42\n"
    h.recorder.sound = b"\1\2" * 1600
    found = await checks(h)
    assert list(found) == ["Microphone", "Recogniser", "Language model", "Python", "Voice"]
    assert all(check.ok for check in found.values()), found
    assert "scripted is ready" in found["Language model"].words


async def test_what_fails_says_what_to_do_and_the_rest_is_tried_all_the_same() -> None:
    h = harness()
    h.transcriber.error = TranscriberError("It crashed.", fix="Install it anew.")
    h.synthesizer.error = SynthesizerError("No voice.", fix="Install espeak-ng.")
    found = await checks(h)
    assert [name for name, check in found.items() if not check.ok] == ["Microphone", "Recogniser", "Python", "Voice"]
    assert "no sound at all" in found["Microphone"].words
    assert found["Voice"].words == "No voice. Install espeak-ng."


async def test_the_slow_leg_is_named() -> None:
    found = await checks(harness(), [{"transcribing": 3000.0}] * 3)
    assert not found["Latency"].ok
    assert found["Latency"].words.startswith("The recogniser is slow: 3000 ms")
    assert (await checks(harness(), [{"transcribing": 200.0}]))["Latency"].ok
