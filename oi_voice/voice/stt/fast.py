"""The faster-whisper recogniser: Whisper on CTranslate2, in 8 bits on the processor, several times faster.

Its models are folders (``checkpoints.find_converted``). Its library's own ``transcribe`` fills every clip up to 30 s;
CTranslate2 takes a window of any length, so what is said of that in ``whisper`` goes here too. Decoding can't be
interrupted within a window, only between attempts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from oi_voice.errors import TranscriberError
from oi_voice.ports import Hints, Word
from oi_voice.voice.stt.checkpoints import find_converted
from oi_voice.voice.stt.early import Growing, Listening, Stopped
from oi_voice.voice.stt.guards import Attempt, Heard, settle
from oi_voice.voice.stt.whisper import FULL, MARGIN, RATE, TOKENS, TOKENS_A_SECOND, spoken, whole

if TYPE_CHECKING:
    from oi_voice.voice.stt.endpoint import Floats

FRAMES = 100  # of the spectrogram, a second


class FastEngine:
    """faster-whisper. ``name_or_path`` is a model's folder, or the name of one that is found.

    ``early`` decodes in the pauses of a take; ``words`` tells the time of each word.
    """

    name = "faster-whisper"

    def __init__(self, name_or_path: str, *, early: bool = True, words: bool = False) -> None:
        self._name = name_or_path
        self._early = early
        self._words = words
        self._model: Any = None

    def load(self) -> None:
        import numpy as np

        folder = find_converted(self._name)
        if folder is None:
            raise TranscriberError(
                f"There is no model {self._name!r} for faster-whisper on this machine.",
                fix="Give the path of its folder, or use another recogniser.",
                code="recogniser.missing",
            )
        try:
            import faster_whisper
        except (ImportError, OSError) as missing:
            raise TranscriberError(
                "faster-whisper is not installed, or broken.", fix='Install it: pip install "oi_voice[fast]"'
            ) from missing
        try:
            self._model = faster_whisper.WhisperModel(
                str(folder), device="cpu", compute_type="int8", local_files_only=True
            )
        except (OSError, RuntimeError, ValueError) as broken:
            raise TranscriberError(
                f"The model {folder} could not be loaded.",
                fix="It may be incomplete: fetch or convert it again, or choose another.",
                code="recogniser.broken",
            ) from broken
        self._attempt(Attempt(), np.zeros(RATE, np.float32), ("en",), "", tokens=2)

    def take(self, listening: Listening) -> Growing:
        return Growing(partial(self._decode, listening.hints), listening, self.name, early=self._early)

    def close(self) -> None:
        self._model = None

    def _decode(self, hints: Hints, sound: Floats, language: str, stopped: Callable[[], bool]) -> Heard:
        multilingual = self._model.model.is_multilingual
        languages = (language,) if language else spoken(hints.languages, multilingual, self._name)
        prompt = hints.prompt
        seconds = len(sound) / RATE

        def attempt(how: Attempt) -> Heard:
            if stopped():
                raise Stopped
            limit = round(TOKENS + TOKENS_A_SECOND * seconds)
            return self._attempt(how, sound, languages, prompt, tokens=limit)

        return settle(attempt, seconds, prompt)

    def _attempt(self, attempt: Attempt, sound: Floats, languages: Sequence[str], prompt: str, *, tokens: int) -> Heard:
        import numpy as np
        from faster_whisper.tokenizer import Tokenizer

        model = self._model
        length = FULL if attempt.padded else min(FULL, round(len(sound) / RATE + MARGIN + 0.5))
        padding = max(0, length * RATE - len(sound))
        mel = model.feature_extractor(sound, padding=padding)[:, : length * FRAMES]
        features = model.encode(np.ascontiguousarray(mel, np.float32))
        multilingual = model.model.is_multilingual
        language = self._language(features, languages) if multilingual else "en"
        tokenizer = Tokenizer(model.hf_tokenizer, multilingual, "transcribe", language)
        window = int(model.max_length) // 2
        given = tokenizer.encode(f" {prompt}")[-(window - 1) :] if attempt.prompted and prompt else []
        start = [*([tokenizer.sot_prev] if given else []), *given, *tokenizer.sot_sequence, tokenizer.no_timestamps]
        result = model.model.generate(
            features,
            [start],
            beam_size=1,
            length_penalty=0,  # the score is the sum
            max_length=len(start) + min(tokens, window),
            sampling_topk=0 if attempt.temperature else 1,
            sampling_temperature=attempt.temperature or 1,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        said = result.sequences_ids[0]
        text = tokenizer.decode(said).strip()
        words = tuple(whole(self._times(features, tokenizer, said, length))) if self._words and text else ()
        mean = result.scores[0] / (len(said) + 1)
        return Heard(text, language, mean, result.no_speech_prob, len(said) + 1, words)

    def _language(self, features: Any, languages: Sequence[str]) -> str:
        if len(languages) == 1:
            return languages[0]
        found = {token[2:-2]: chance for token, chance in self._model.model.detect_language(features)[0]}
        return str(max(languages or found, key=lambda code: found.get(code, 0.0)))

    def _times(self, features: Any, tokenizer: Any, said: list[int], length: int) -> Iterator[Word]:
        """The time of each word, from what the decoder attends to."""
        frames = length * FRAMES
        [alignment] = self._model.find_alignment(tokenizer, [said], features, frames) or [[]]
        for part in alignment:
            yield Word(part["word"], float(part["start"]), float(part["end"]), float(part["probability"]))
