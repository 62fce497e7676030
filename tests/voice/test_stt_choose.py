"""Which recogniser a setting names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hearings import heard

from oi_voice.errors import SettingsError, TranscriberError
from oi_voice.ports import Pcm
from oi_voice.voice.stt.api import ApiTranscriber, Endpoint
from oi_voice.voice.stt.choose import Around, automatic, choose


def grammar() -> tuple[str, Mapping[str, str]]:
    return "#JSGF V1.0; grammar g; public <c> = stop;", {}


AROUND = Around(grammar)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("HF_HOME", raising=False)
    return tmp_path / "whisper"


def test_auto_is_the_best_that_is_ready(cache: Path) -> None:
    assert choose("auto", AROUND)[1] == "the built-in commands' grammar"
    cache.mkdir()
    (cache / "tiny.pt").touch()
    assert choose("auto", AROUND)[1] == "Whisper (tiny)"
    (cache / "base.en.pt").touch()
    assert choose("auto", AROUND)[1] == "Whisper (base.en)"
    assert choose("whisper", AROUND)[1] == "Whisper (base.en)"


def test_auto_prefers_faster_whisper_where_it_and_a_model_are_there(cache: Path) -> None:
    pytest.importorskip("faster_whisper", reason="the extra 'fast' is not installed")
    folder = cache / "faster" / "base"
    folder.mkdir(parents=True)
    (cache / "base.en.pt").touch()
    assert automatic() == ("whisper", "base.en")
    for part in ("model.bin", "config.json", "tokenizer.json"):
        (folder / part).touch()
    assert choose("auto", AROUND)[1] == "faster-whisper (base)"


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("grammar", "the built-in commands' grammar"),
        ("whisper", "Whisper (base.en)"),
        ("whisper:small", "Whisper (small)"),
        ("whisper:/models/mine.pt", "Whisper (mine)"),
        ("faster-whisper:/models/mine", "faster-whisper (mine)"),
        ("api:gpt-4o-transcribe", "gpt-4o-transcribe (on another machine)"),
        (" grammar ", "the built-in commands' grammar"),
    ],
)
def test_names_are_told_in_words(cache: Path, wanted: str, name: str) -> None:
    assert choose(wanted, AROUND)[1] == name


@pytest.mark.parametrize("wanted", ["", "grammer", "auto:base", "grammar:mine", "google"])
def test_what_there_is_not_is_told(cache: Path, wanted: str) -> None:
    with pytest.raises(SettingsError, match="no recogniser") as told:
        choose(wanted, AROUND)
    assert "faster-whisper" in told.value.fix


def test_offline_no_take_leaves_this_machine(cache: Path) -> None:
    with pytest.raises(SettingsError, match="offline is on"):
        choose("api", Around(grammar, offline=lambda: True))
    here = Around(grammar, Endpoint("http://127.0.0.1:8000/v1", model="base", local=True), offline=lambda: True)
    transcriber, name = choose("api", here)
    assert isinstance(transcriber, ApiTranscriber)
    assert name == "base (on this machine)"


async def test_offline_turned_on_later_the_next_take_stays_here(cache: Path) -> None:
    offline = False
    there = Endpoint("http://example.com/v1", lambda: "key", "large")
    transcriber, _ = choose("api", Around(grammar, there, lambda: offline))
    await transcriber.start()
    offline = True
    with pytest.raises(TranscriberError, match="offline is on"):
        await heard(transcriber, Pcm(bytes(3200), 16_000))
