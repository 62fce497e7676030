"""faster-whisper with the small real checkpoint, converted without the network."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hearings import heard
from sounds import RATE

from oi_voice.errors import TranscriberError
from oi_voice.ports import Hints, Pcm
from oi_voice.voice.stt.checkpoints import converted, find_converted
from oi_voice.voice.stt.convert import convert
from oi_voice.voice.stt.fast import FastEngine
from oi_voice.voice.stt.hosted import Hosted

ASSETS = Path(__file__).parent.parent / "assets"
PHRASES = [line.split("\t") for line in (ASSETS / "phrases.txt").read_text(encoding="utf-8").splitlines()]
pytest.importorskip("ctranslate2", reason="the extra 'fast' is not installed")
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*tiktoken:ResourceWarning")


@pytest.fixture(scope="module")
def nano(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("converted") / "nano"
    convert(ASSETS / "whisper-nano.pt", folder)
    return folder


@pytest.fixture
async def fast(nano: Path) -> AsyncIterator[Hosted]:
    host = Hosted(lambda: FastEngine(str(nano), words=True))
    await host.start()
    yield host
    host.close()


async def test_its_phrases_are_heard_as_by_the_checkpoint(fast: Hosted, say: Callable[[str], Pcm]) -> None:
    wrong = []
    for phrase, written in PHRASES:
        transcript = await heard(fast, say(phrase))
        if transcript.text != written:
            wrong.append((written, transcript.text))
        assert (transcript.engine, transcript.language) == ("faster-whisper", "en")
        assert " ".join(word.text for word in transcript.words) == transcript.text
    assert len(wrong) <= len(PHRASES) // 20, wrong


async def test_vocabulary_and_silence(fast: Hosted, say: Callable[[str], Pcm]) -> None:
    hints = Hints(("en",), ("kubectl", "Wojciech"))
    assert (await heard(fast, say("stop"), hints)).text == "Stop."
    for seconds in (0, 0.1, 2, 35):
        assert (await heard(fast, Pcm(bytes(round(seconds * RATE) * 2), RATE), hints)).text == ""


def test_the_tokenizer_is_the_checkpoints_own(nano: Path) -> None:
    import tokenizers
    from whisper.tokenizer import get_tokenizer

    ours = tokenizers.Tokenizer.from_file(str(nano / "tokenizer.json"))
    theirs = get_tokenizer(multilingual=False)
    for text in (" What is 34 times 12?", "naïve Straße 東京 🎉", " don't\n  indent", "x" * 50):
        assert ours.encode(text).ids == theirs.encode(text)
        assert ours.decode(ours.encode(text).ids) == text


def test_a_model_is_found_by_path_converted_and_in_the_hubs_cache(
    nano: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("HF_HOME", raising=False)
    assert find_converted(str(nano)) == nano
    assert find_converted("base") is None
    snapshot = tmp_path / "huggingface/hub/models--Systran--faster-whisper-base/snapshots/0a1b"
    snapshot.parent.mkdir(parents=True)
    snapshot.symlink_to(nano)
    assert find_converted("base") == snapshot
    converted("base").parent.mkdir(parents=True)
    converted("base").symlink_to(nano)
    assert find_converted("base") == converted("base")


async def test_a_missing_or_broken_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(TranscriberError, match="no model 'nothing'"):
        await Hosted(lambda: FastEngine("nothing")).start()
    for part in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / part).write_bytes(b"{}")
    with pytest.raises(TranscriberError, match="could not be loaded"):
        await Hosted(lambda: FastEngine(str(tmp_path))).start()


def test_what_is_no_checkpoint_is_not_converted(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"x" * 1000)
    with pytest.raises(TranscriberError, match="could not be loaded"):
        convert(broken, tmp_path / "out")
    assert not (tmp_path / "out").exists()
