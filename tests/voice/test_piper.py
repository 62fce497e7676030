"""Piper's adapter against a program that speaks piper's protocol; the real one is not needed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sounds import samples

from oi_voice.errors import SettingsError, SynthesizerError
from oi_voice.ports import Pcm
from oi_voice.voice.tts import piper, warm
from oi_voice.voice.tts.choose import Wishes, choose
from oi_voice.voice.tts.piper import PiperSynthesizer, voices

STAND_IN = Path(__file__).with_name("piper_stand_in.py")
Make = Callable[..., PiperSynthesizer]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "run").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "run"))
    folder = tmp_path / "voices"
    folder.mkdir()
    for name, code in (("en_US-one-low", "en_US"), ("de_DE-two-low", "")):
        (folder / f"{name}.onnx").touch()
        (folder / f"{name}.onnx.json").write_text(json.dumps({"language": {"code": code}} if code else {}))
    return folder


@pytest.fixture
def make(folder: Path) -> object:
    made = []

    def make(voice: str = "", **more: object) -> PiperSynthesizer:
        if voice and not (folder / f"{voice}.onnx").exists():
            (folder / f"{voice}.onnx").touch()
            (folder / f"{voice}.onnx.json").write_text("{}")
        made.append(PiperSynthesizer(voice, program=str(STAND_IN), folders=[folder], **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


def hertz(sound: Pcm) -> float:
    spectrum = abs(np.fft.rfft(samples(sound)))
    return float(spectrum.argmax() * sound.rate / len(samples(sound)))


@pytest.mark.parametrize("kind", ["en_US-cpp", "en_US-python"])
async def test_sentences_are_rendered_by_one_warm_program(make: Make, folder: Path, kind: str) -> None:
    synthesizer = make(kind)
    await synthesizer.start()
    sounds = [await synthesizer.render(text) for text in ("x" * 50, "x" * 100, "two\nlines")]
    assert [sound.rate for sound in sounds] == [16_000] * 3
    assert [sound.seconds for sound in sounds] == pytest.approx([0.5, 1.0, 0.09], abs=0.01)
    assert (folder / "starts").read_text() == "x"
    assert not [*(folder.parent / "run").rglob("*.wav")]


async def test_rate_and_volume_are_heard(make: Make) -> None:
    synthesizer = make()
    plain = await synthesizer.render("x" * 100)
    synthesizer.tune(350, "", 0.5)
    changed = await synthesizer.render("x" * 100)
    assert changed.seconds == pytest.approx(plain.seconds / 2, abs=0.01)
    assert abs(samples(changed)).max() == pytest.approx(abs(samples(plain)).max() / 2, rel=0.01)


async def test_a_text_is_spoken_by_a_voice_of_its_language(make: Make) -> None:
    synthesizer = make("en_US-one-low")
    spoken = [await synthesizer.render("x" * 50, language) for language in ("en", "de", "fr", "")]
    assert [round(hertz(sound), -1) for sound in spoken] == [440, 880, 440, 440]


async def test_a_program_that_dies_or_hangs_is_replaced(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "PATIENCE", 1.5)
    synthesizer = make()
    assert (await synthesizer.render("die")).seconds > 0
    assert (await synthesizer.render("hang")).seconds > 0


async def test_one_that_always_dies_ends_in_words(make: Make) -> None:
    with pytest.raises(SynthesizerError, match="crashed"):
        await make("en_US-mortal").render("hello")


async def test_one_that_always_hangs_ends_in_words(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "PATIENCE", 0.5)
    with pytest.raises(SynthesizerError, match="did not answer"):
        await make("en_US-mute").render("hello")


async def test_a_voice_may_be_a_file(make: Make, folder: Path) -> None:
    file = folder / "de_DE-two-low.onnx"
    assert round(hertz(await make(str(file)[:-5]).render("x" * 50)), -1) == 880
    synthesizer = PiperSynthesizer(str(file), program=str(STAND_IN), folders=[])
    assert round(hertz(await synthesizer.render("x" * 50)), -1) == 880
    synthesizer.close()


async def test_what_is_missing_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SynthesizerError, match="no piper voice called 'nobody'") as missing:
        await PiperSynthesizer("nobody", folders=[folder]).start()
    assert ".onnx" in missing.value.fix
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SynthesizerError, match="not installed") as absent:
        await PiperSynthesizer(folders=[folder]).start()
    assert "pip install piper-tts" in absent.value.fix


def test_the_voices_there_are(folder: Path) -> None:
    (folder / "alone.onnx").touch()
    assert [(voice.name, voice.languages) for voice in voices([folder])] == [
        ("de_DE-two-low", ("de_DE",)),
        ("en_US-one-low", ("en_US",)),
    ]


@pytest.mark.parametrize(
    ("wanted", "kind", "name"),
    [
        ("pyttsx3", "Pyttsx3Synthesizer", "the system's voices (pyttsx3)"),
        ("piper:en_US-one-low", "PiperSynthesizer", "piper (en_US-one-low)"),
        ("piper", "PiperSynthesizer", "piper (its first voice)"),
        ("api", "ApiSynthesizer", "gpt-4o-mini-tts, voice alloy, at OpenAI"),
        ("api:tts-1", "ApiSynthesizer", "tts-1, voice alloy, at OpenAI"),
        ("api:org/kokoro/bella", "ApiSynthesizer", "org/kokoro, voice bella, at OpenAI"),
    ],
)
def test_a_setting_names_an_engine(wanted: str, kind: str, name: str) -> None:
    made, called = choose(wanted, Wishes())
    assert (type(made).__name__, called) == (kind, name)


def test_auto_takes_piper_where_all_of_it_is_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(folder.parent))
    monkeypatch.setenv("PATH", "")
    assert type(choose("auto")[0]).__name__ == "Pyttsx3Synthesizer"
    monkeypatch.setattr(piper, "program", lambda: [sys.executable, str(STAND_IN)])
    assert type(choose("auto")[0]).__name__ == "Pyttsx3Synthesizer"
    folder.rename(folder.with_name("piper-voices"))
    assert type(choose("auto")[0]).__name__ == "PiperSynthesizer"
    assert type(choose("auto", Wishes(voice="en-us"))[0]).__name__ == "Pyttsx3Synthesizer"


@pytest.mark.parametrize("wanted", ["festival", "pyttsx3:x", ""])
def test_another_engine_is_refused(wanted: str) -> None:
    with pytest.raises(SettingsError, match="no speech engine") as unknown:
        choose(wanted)
    assert "piper:VOICE" in unknown.value.fix
