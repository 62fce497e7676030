"""openai-whisper, unmodified, with the small real checkpoint of the test assets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hearings import heard
from sounds import RATE, tone

from oi_voice.errors import TranscriberError
from oi_voice.ports import Hints, Pcm
from oi_voice.voice.stt.checkpoints import find_checkpoint
from oi_voice.voice.stt.draft import decode
from oi_voice.voice.stt.early import Stopped
from oi_voice.voice.stt.hosted import Hosted
from oi_voice.voice.stt.whisper import LANGUAGES, WhisperEngine, shortened, spoken

NANO = Path(__file__).parent.parent / "assets" / "whisper-nano.pt"
PHRASES = [line.split("\t") for line in NANO.with_name("phrases.txt").read_text(encoding="utf-8").splitlines()]
# whisper.tokenizer leaves its vocabulary file to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*tiktoken:ResourceWarning")


@pytest.fixture
async def whisper() -> AsyncIterator[Hosted]:
    host = Hosted(lambda: WhisperEngine(str(NANO)))
    await host.start()
    yield host
    host.close()


async def test_its_phrases_are_heard(whisper: Hosted, say: Callable[[str], Pcm]) -> None:
    wrong = []
    for phrase, written in PHRASES:
        transcript = await heard(whisper, say(phrase))
        if transcript.text != written:
            wrong.append((written, transcript.text))
        assert 0 <= transcript.confidence <= 1
        assert (transcript.engine, transcript.language) == ("whisper", "en")
    assert len(wrong) <= len(PHRASES) // 20, wrong


class Listener:
    """A session that is given up when it has been asked for that so many times."""

    hints = Hints()

    def __init__(self, patience: int = 1_000_000) -> None:
        self.left = patience

    def aborted(self) -> bool:
        self.left -= 1
        return self.left < 0

    def waiting(self) -> bytes:
        return b""

    def ending(self) -> bool:
        return False


def test_a_phrase_is_text_before_the_take_ends_and_both_of_two_are_heard(say: Callable[[str], Pcm]) -> None:
    engine = WhisperEngine(str(NANO))
    engine.load()
    take = engine.take(Listener())
    sound = say("open the calculator").data + bytes(RATE * 2) + say("stop").data + bytes(RATE)
    for start in range(0, len(sound), RATE // 5):
        take.more(sound[start : start + RATE // 5])
    transcript = take.whole()
    assert transcript.text == "Open the calculator. Stop."
    assert transcript.timings_ms["decode"] < transcript.timings_ms["early"]


@pytest.mark.parametrize("prompt", [None, "kubectl, Wojciech, the quarterly report"])
def test_a_draft_changes_how_fast_a_text_comes_and_nothing_else(say: Callable[[str], Pcm], prompt: str | None) -> None:
    import torch
    import whisper

    model = whisper.load_model(str(NANO), device="cpu")
    sound = torch.frombuffer(bytearray(say("create a folder called projects").data), dtype=torch.int16) / 32768
    mel = whisper.log_mel_spectrogram(whisper.pad_or_trim(sound), model.dims.n_mels)
    passes: list[object] = []
    model.decoder.register_forward_pre_hook(lambda *given: passes.append(given))
    with torch.no_grad():
        features = model.embed_audio(mel[None])
        options = whisper.DecodingOptions(language="en", without_timestamps=True, fp16=False, prompt=prompt)
        [plain] = model.decode(features, options)
        steps, right = len(passes), plain.tokens
        for draft, saved in (
            ((), 0),
            (right, len(right)),
            (right[:3], 3),
            ([*right, *right], len(right)),  # longer than what was said
            ([*right[:2], right[0], *right[3:]], 2),
            ([right[-1], right[-1]], 0),
            (right * 100, len(right)),  # longer than any text
        ):
            passes.clear()
            drafted = decode(model, features, options, draft)
            assert (drafted.tokens, drafted.text) == (right, "Create a folder called projects.")
            assert drafted.avg_logprob == pytest.approx(plain.avg_logprob, abs=1e-4)
            assert drafted.no_speech_prob == pytest.approx(plain.no_speech_prob, abs=1e-4)
            assert len(passes) == steps - saved
    assert not model.decoder.ln._forward_hooks


async def test_vocabulary_goes_into_the_prompt_and_is_not_taken_for_speech(
    whisper: Hosted, say: Callable[[str], Pcm]
) -> None:
    hints = Hints(("en",), ("kubectl", "Wojciech", "the quarterly report"))
    assert (await heard(whisper, say("take a screenshot"), hints)).text == "Take a screenshot."
    assert (await heard(whisper, Pcm(bytes(2 * RATE), RATE), hints)).text == ""


async def test_words_have_times(say: Callable[[str], Pcm]) -> None:
    host = Hosted(lambda: WhisperEngine(str(NANO), words=True))
    transcript = await heard(host, say("open the text editor"))
    assert [word.text for word in transcript.words] == ["Open", "the", "text", "editor."]
    assert all(word.start <= word.end for word in transcript.words)
    host.close()


@pytest.mark.parametrize("seconds", [0, 0.1, 2, 35])
async def test_silence_is_no_command(whisper: Hosted, seconds: float) -> None:
    assert (await heard(whisper, Pcm(bytes(round(seconds * RATE) * 2), RATE))).text == ""


def test_an_aborted_decode_stops_within_it(say: Callable[[str], Pcm]) -> None:
    engine = WhisperEngine(str(NANO))
    engine.load()
    listener = Listener(patience=2)
    take = engine.take(listener)
    with pytest.raises(Stopped):
        take.more(say("stop").data)
        take.whole()
    assert listener.left >= -2, "it went on decoding"


async def test_an_english_model_says_so(whisper: Hosted, say: Callable[[str], Pcm]) -> None:
    with pytest.raises(TranscriberError, match="English only"):
        await heard(whisper, say("stop"), Hints(("de", "fr")))
    assert (await heard(whisper, say("stop"), Hints(("de", "en-GB")))).text == "Stop."


def test_languages_are_those_that_whisper_knows() -> None:
    from whisper.tokenizer import LANGUAGES as THEIRS

    assert set(THEIRS) == LANGUAGES
    assert spoken(("de-AT", "DE", "en_US"), True, "base") == ("de", "en")
    assert spoken((), True, "base") == ()
    with pytest.raises(TranscriberError, match="klingon"):
        spoken(("klingon",), True, "base")


def test_the_language_is_chosen_among_those_that_may_be_spoken() -> None:
    import numpy as np
    import torch
    from whisper.model import ModelDimensions, Whisper

    torch.manual_seed(3)
    engine = WhisperEngine("random")
    engine._model = Whisper(ModelDimensions(80, 1500, 16, 2, 1, 51865, 448, 16, 2, 1)).eval()
    torch.nn.init.normal_(engine._model.decoder.positional_embedding)
    with torch.no_grad(), shortened(engine._model, 100):
        features = engine._model.embed_audio(torch.zeros(1, 80, 200))
        _, [chances] = engine._model.detect_language(features)
        best = sorted(chances, key=chances.get)  # type: ignore[arg-type]
        hints = Hints((best[5], best[50], best[20]))
        assert engine._language(features, hints.languages) == best[50]
        assert engine._language(features, ()) == best[-1]
    assert engine._decode(hints, np.zeros(RATE, np.float32), "", lambda: False).language in hints.languages


def test_a_shortened_model_is_whole_again_after() -> None:
    from whisper.model import ModelDimensions, Whisper

    model = Whisper(ModelDimensions(80, 1500, 16, 2, 1, 51864, 32, 16, 2, 1))
    with shortened(model, 100):
        assert len(model.encoder.positional_embedding) == model.dims.n_audio_ctx == 100
    assert len(model.encoder.positional_embedding) == model.dims.n_audio_ctx == 1500


async def test_sound_at_another_rate_is_refused(whisper: Hosted) -> None:
    with pytest.raises(TranscriberError, match="16000"):
        await heard(whisper, tone(1, rate=48_000))


def test_a_checkpoint_is_found_by_path_and_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert find_checkpoint(str(NANO)) == NANO
    assert find_checkpoint("turbo") is None
    cached = tmp_path / "whisper" / "large-v3-turbo.pt"
    cached.parent.mkdir()
    cached.touch()
    assert find_checkpoint("turbo") == cached
    assert find_checkpoint("../whisper/turbo") is None
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert find_checkpoint("turbo") is None


async def test_a_missing_checkpoint_is_said_and_not_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(TranscriberError) as missing:
        await Hosted(lambda: WhisperEngine("tiny")).start()
    assert "'tiny'" in missing.value.message
    assert "grammar" in missing.value.fix
    assert find_checkpoint("tiny") is None


async def test_a_broken_checkpoint_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pt"
    broken.write_bytes(b"x" * 1000)
    with pytest.raises(TranscriberError, match="could not be loaded"):
        await Hosted(lambda: WhisperEngine(str(broken))).start()
