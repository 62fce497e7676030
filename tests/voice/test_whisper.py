"""openai-whisper, unmodified, with the small real checkpoint of the test assets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sounds import RATE, tone

from oi_voice.errors import TranscriberError
from oi_voice.ports import Pcm
from oi_voice.voice.stt.gated import Gated
from oi_voice.voice.stt.whisper import WhisperTranscriber, find_checkpoint

NANO = Path(__file__).parent.parent / "assets" / "whisper-nano.pt"
PHRASES = {
    "what is thirty four times twelve": "What is 34 times 12?",
    "open the text editor": "Open the text editor.",
    "type hello world": "Type hello world.",
    "no don't run it": "No, don't run it.",
    "stop": "Stop.",
    "take a screenshot": "Take a screenshot.",
}
# whisper.tokenizer leaves its vocabulary file to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*tiktoken:ResourceWarning")


@pytest.fixture
async def whisper() -> AsyncIterator[WhisperTranscriber]:
    transcriber = WhisperTranscriber(str(NANO))
    await transcriber.start()
    yield transcriber
    transcriber.close()


async def test_phrases_are_heard(whisper: WhisperTranscriber, say: Callable[[str], Pcm]) -> None:
    for spoken, written in PHRASES.items():
        heard = await whisper.transcribe(say(spoken))
        assert heard.text == written
        assert 0.3 < heard.confidence <= 1
        assert (heard.engine, heard.language) == ("whisper", "en")


@pytest.mark.parametrize("seconds", [0, 0.1, 2, 35])
async def test_silence_is_no_command(whisper: WhisperTranscriber, seconds: float) -> None:
    assert (await whisper.transcribe(Pcm(bytes(round(seconds * RATE) * 2), RATE))).text == ""


async def test_hum_becomes_a_command_only_without_the_gate(whisper: WhisperTranscriber) -> None:
    hum = tone(2, 50, level=0.2)
    assert (await whisper.transcribe(hum)).text != ""
    assert (await Gated(whisper).transcribe(hum)).text == ""


async def test_a_take_at_another_rate_is_refused(whisper: WhisperTranscriber) -> None:
    with pytest.raises(TranscriberError, match="16000"):
        await whisper.transcribe(tone(1, rate=48_000))


def test_a_checkpoint_is_found_by_path_and_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert find_checkpoint(str(NANO)) == NANO
    assert find_checkpoint("turbo") is None
    cached = tmp_path / "whisper" / "large-v3-turbo.pt"
    cached.parent.mkdir()
    cached.touch()
    assert find_checkpoint("turbo") == cached
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert find_checkpoint("turbo") is None


async def test_a_missing_checkpoint_is_said_and_not_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(TranscriberError) as missing:
        await WhisperTranscriber("tiny").start()
    assert "'tiny'" in missing.value.message
    assert "grammar" in missing.value.fix
    assert find_checkpoint("tiny") is None


async def test_a_broken_checkpoint_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"x" * 1000)
    with pytest.raises(TranscriberError, match="could not be loaded"):
        await WhisperTranscriber(str(broken)).start()
