"""The doctor tries each part by itself, and names the leg that is slow."""

from __future__ import annotations

import pytest

from oi_voice import doctor
from oi_voice.doctor import SILENCE, Bench, Check, examine
from oi_voice.errors import DesktopError, SynthesizerError, TranscriberError
from oi_voice.ports import ANY, Hints, Pcm, Transcriber
from oi_voice.testing import Harness, harness
from oi_voice.testing.fakes import FakeHearing, FakeTranscriber
from oi_voice.voice.stt.api import ApiTranscriber, Endpoint

TOLD = Pcm(b"\1\2" * 16_000, 16_000)


async def checks(
    h: Harness,
    turns: list[dict[str, float]] | None = None,
    recogniser: Transcriber | None = None,
    key: str | DesktopError = "F9 can be had.",
) -> dict[str, Check]:
    async def tried() -> str:
        if isinstance(key, DesktopError):
            raise key
        return key

    async def render(words: str) -> Pcm:
        await h.synthesizer.render(words)
        return TOLD

    bench = Bench(tried, recogniser or h.transcriber, render)
    return {check.name: check async for check in examine(h.kit, bench, turns or [])}


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LISTENED", 0.0)


async def test_each_part_is_tried() -> None:
    h = harness()
    h.language.output = "42\n"
    h.recorder.sound = b"\1\2" * 1600
    found = await checks(h)
    assert list(found) == ["Talk key", "Microphone", "Recogniser", "Language model", "Python", "Voice"]
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


class Kept(FakeTranscriber):
    """One whose takes can be looked at."""

    def hear(self, hints: Hints = ANY) -> FakeHearing:
        self.take = super().hear(hints)
        return self.take


async def test_with_a_silent_microphone_the_recogniser_hears_our_own_voice_past_the_gate() -> None:
    h = harness()
    h.transcriber.speech, h.transcriber.text = False, ""  # the gate lets nothing through
    behind = Kept(h.journal, "what time is it")
    found = await checks(h, recogniser=behind)
    assert not found["Microphone"].ok
    assert found["Recogniser"].ok
    assert behind.take.sound == TOLD.data
    assert h.journal.of("render")[0] == "What time is it?"
    assert "It heard “what time is it” where my own voice said “What time is it?”" in found["Recogniser"].words


async def test_without_a_voice_the_recogniser_is_tried_with_silence() -> None:
    h = harness()
    h.synthesizer.error = SynthesizerError("No voice.")
    behind = Kept(h.journal, "")
    found = await checks(h, recogniser=behind)
    assert behind.take.sound == SILENCE.data
    assert found["Recogniser"].ok
    assert "no voice to try it with" in found["Recogniser"].words


@pytest.mark.parametrize(
    ("url", "offline", "words"),
    [
        ("what?", False, "The recogniser at what? has no web address. Write it with http://"),
        ("http://127.0.0.1:9/v1", False, "cannot be reached. Check that it runs"),
        ("https://api.openai.com/v1", False, "needs a key, and none is set. Set OPENAI_API_KEY."),
        ("https://api.openai.com/v1", True, "offline is on. Turn offline off"),
    ],
)
async def test_an_endpoint_that_is_none_fails_with_a_silent_microphone_too(url: str, offline: bool, words: str) -> None:
    found = await checks(harness(), recogniser=ApiTranscriber(Endpoint(url), lambda: offline))
    assert not found["Recogniser"].ok
    assert words in found["Recogniser"].words


async def test_a_talk_key_that_cannot_be_had_is_said_with_the_fix() -> None:
    found = await checks(harness(), key=DesktopError("F8 is taken.", fix="Choose another."))
    assert (found["Talk key"].ok, found["Talk key"].words) == (False, "F8 is taken. Choose another.")


async def test_the_slow_leg_is_named() -> None:
    found = await checks(harness(), [{"transcribing": 3000.0}] * 3)
    assert not found["Latency"].ok
    assert found["Latency"].words.startswith("The recogniser is slow: 3000 ms")
    assert (await checks(harness(), [{"transcribing": 200.0}]))["Latency"].ok
