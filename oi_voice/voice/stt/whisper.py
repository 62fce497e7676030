"""The openai-whisper recogniser, with any checkpoint that is on this machine; nothing is downloaded.

Whisper encodes 30 s however short the clip is. Here the encoder sees the clip and a margin only (its positions are
sinusoids from the window's beginning, so the first ones are those of a shorter window), which is several times
faster; a result that looks wrong is asked for again with the whole window (see ``guards``).
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from oi_voice.errors import TranscriberError
from oi_voice.ports import Hints, Word
from oi_voice.voice.stt.checkpoints import find_checkpoint
from oi_voice.voice.stt.draft import decode
from oi_voice.voice.stt.early import Growing, Listening, Stopped
from oi_voice.voice.stt.guards import ATTEMPTS, Attempt, Heard, settle

if TYPE_CHECKING:
    from pathlib import Path

    from oi_voice.voice.stt.endpoint import Floats

RATE = 16_000  # Hz, Whisper's own
POSITIONS = 50  # of the encoder, a second
FULL = 30  # seconds of the whole window
MARGIN = 1.0  # seconds of silence after the clip, at least; clips are rounded up to whole seconds
TOKENS, TOKENS_A_SECOND = 24, 24  # more than anybody says: a model that runs wild is cut short
# What loading a file that is no checkpoint, or half of one, has been seen to raise.
BROKEN = (OSError, RuntimeError, AttributeError, LookupError, TypeError, ValueError, EOFError, pickle.UnpicklingError)


class WhisperEngine:
    """openai-whisper, in 32 bits on the processor.

    ``name_or_path`` is a checkpoint file, or the name of one in Whisper's cache. ``early`` decodes while the take is
    spoken. ``words`` tells the time of each word, which costs about as much again as the text.
    """

    name = "whisper"

    def __init__(self, name_or_path: str, *, early: bool = True, words: bool = False) -> None:
        self._name = name_or_path
        self._early = early
        self._words = words
        self._model: Any = None
        self._stopped: Callable[[], bool] = lambda: False
        self._draft: Sequence[int] = ()  # tokens of what was heard last, in this take

    def load(self) -> None:
        import numpy as np

        checkpoint = find_checkpoint(self._name)
        if checkpoint is None:
            raise TranscriberError(
                f"There is no Whisper checkpoint {self._name!r} on this machine.",
                fix="Download it, give the path of its .pt file, or use the built-in grammar recogniser.",
                code="recogniser.missing",
            )
        # Threads that wait for one another awake burn all cores, and on a busy machine are several times slower.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        try:
            import whisper
        except (ImportError, OSError) as missing:
            raise TranscriberError(
                "openai-whisper is not installed, or broken.", fix="Install it: pip install openai-whisper"
            ) from missing
        try:
            self._model = whisper.load_model(str(checkpoint), device="cpu")
        except BROKEN as broken:
            raise unreadable(checkpoint) from broken
        for module in (*self._model.encoder.blocks, self._model.decoder):
            module.register_forward_pre_hook(self._check)
        self._attempt(Attempt(), np.zeros(RATE, np.float32), ("en",), "", tokens=2)

    def take(self, listening: Listening) -> Growing:
        self._draft = ()
        hints = listening.hints
        guess = partial(self._guess, hints)
        return Growing(partial(self._decode, hints), listening, self.name, early=self._early, guess=guess)

    def close(self) -> None:
        self._model = None

    def _check(self, *_: object) -> None:
        if self._stopped():
            raise Stopped

    def _decode(self, hints: Hints, sound: Floats, language: str, stopped: Callable[[], bool]) -> Heard:
        ask = partial(self._window(hints, sound, language), words=self._words)
        with self._until(stopped):
            return settle(ask, len(sound) / RATE, hints.prompt)

    def _guess(self, hints: Hints, sound: Floats, language: str, stopped: Callable[[], bool]) -> None:
        """Leave a draft of these words, for the next decode to begin with."""
        with self._until(stopped):
            self._window(hints, sound, language)(ATTEMPTS[0])

    @contextmanager
    def _until(self, stopped: Callable[[], bool]) -> Iterator[None]:
        self._stopped = stopped
        try:
            yield
        finally:
            self._stopped = lambda: False

    def _window(self, hints: Hints, sound: Floats, language: str) -> Callable[..., Heard]:
        """What decodes a window: given an ``Attempt``, and whether the times of its ``words`` are wanted."""
        languages = (language,) if language else spoken(hints.languages, self._model.is_multilingual, self._name)
        tokens = round(TOKENS + TOKENS_A_SECOND * len(sound) / RATE)
        return partial(self._attempt, sound=sound, languages=languages, prompt=hints.prompt, tokens=tokens)

    def _attempt(
        self,
        attempt: Attempt,
        sound: Floats,
        languages: Sequence[str],
        prompt: str,
        *,
        tokens: int,
        words: bool = False,
    ) -> Heard:
        import torch
        import whisper

        model = self._model
        length = FULL if attempt.padded else min(FULL, round(len(sound) / RATE + MARGIN + 0.5))
        padding = max(0, length * RATE - len(sound))
        mel = whisper.log_mel_spectrogram(sound, model.dims.n_mels, padding=padding)
        with torch.no_grad(), shortened(model, length * POSITIONS):
            features = model.embed_audio(mel[None, :, : 2 * length * POSITIONS])
            language = self._language(features, languages)
            options = whisper.DecodingOptions(
                language=language,
                temperature=attempt.temperature,
                prompt=prompt if attempt.prompted and prompt else None,
                sample_len=min(tokens, model.dims.n_text_ctx // 2),
                without_timestamps=True,
                fp16=False,
            )
            result = decode(model, features, options, self._draft)
            self._draft = result.tokens
            times = tuple(whole(self._times(mel, result))) if words and result.text.strip() else ()
        return Heard(result.text, language, result.avg_logprob, result.no_speech_prob, len(result.tokens) + 1, times)

    def _language(self, features: Any, languages: Sequence[str]) -> str:
        if not self._model.is_multilingual:
            return "en"
        if len(languages) == 1:
            return languages[0]
        _, [probabilities] = self._model.detect_language(features)
        return str(max(languages or probabilities, key=lambda code: probabilities[code]))

    def _times(self, mel: Any, result: Any) -> Iterator[Word]:
        """The time of each word, from what the decoder attends to."""
        from whisper.timing import find_alignment
        from whisper.tokenizer import get_tokenizer

        model = self._model
        tokenizer = get_tokenizer(
            model.is_multilingual, num_languages=model.num_languages, language=result.language, task="transcribe"
        )
        frames = 2 * model.dims.n_audio_ctx
        for part in find_alignment(model, tokenizer, result.tokens, mel[:, :frames], frames):
            yield Word(part.word, float(part.start), float(part.end), float(part.probability))


def unreadable(checkpoint: Path) -> TranscriberError:
    return TranscriberError(
        f"The Whisper checkpoint {checkpoint} could not be loaded.",
        fix="It may be incomplete: fetch it again, or choose another.",
        code="recogniser.broken",
    )


def whole(parts: Iterable[Word]) -> Iterator[Word]:
    """The words, each with the marks that follow it."""
    word: Word | None = None
    for part in parts:
        if word and not any(letter.isalnum() for letter in part.text):
            word = replace(word, text=word.text + part.text.strip())
            continue
        if word:
            yield word
        word = replace(part, text=part.text.strip())
    if word and word.text:
        yield word


@contextmanager
def shortened(model: Any, positions: int) -> Iterator[None]:
    """The model, with a window of so many encoder positions (a 50th of a second each)."""
    encoder, dims = model.encoder, model.dims
    whole, size = encoder.positional_embedding, dims.n_audio_ctx
    encoder.positional_embedding, dims.n_audio_ctx = whole[:positions], positions
    try:
        yield
    finally:
        encoder.positional_embedding, dims.n_audio_ctx = whole, size


def spoken(wanted: Sequence[str], multilingual: bool, name: str) -> tuple[str, ...]:
    """The languages to choose from, none for all. Raises TranscriberError for those that a model can't know."""
    languages = tuple(dict.fromkeys(code.lower().replace("_", "-").partition("-")[0] for code in wanted))
    if not multilingual:
        if languages and "en" not in languages:
            raise TranscriberError(
                f"The model {name} knows English only.", fix="Choose one without .en in its name.",
                code="recogniser.language",
            )  # fmt: skip
        return ("en",)
    if unknown := [code for code in languages if code not in LANGUAGES]:
        raise TranscriberError(
            f"Whisper does not know the language {', '.join(unknown)}.", fix="Use codes such as en, de or fr.",
            code="recogniser.language",
        )  # fmt: skip
    return languages


# Whisper's languages, as codes; the last came with large-v3.
_CODES = """
    en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml
    cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am
    yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue
"""
LANGUAGES = frozenset(_CODES.split())
