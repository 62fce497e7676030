"""Which recogniser a setting names."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from oi_voice.errors import SettingsError
from oi_voice.ports import Transcriber
from oi_voice.voice.stt.api import Endpoint
from oi_voice.voice.stt.checkpoints import CHECKPOINTS, find_checkpoint, find_converted

NAMES = ("auto", "grammar", "whisper", "faster-whisper", "api")
CHOICES = "Say auto, grammar, whisper, faster-whisper or api; the last three also with a model's name: whisper:base.en."


@dataclass(frozen=True, slots=True)
class Around:
    """What recognisers need of the rest: the commands' ``grammar`` (JSGF, and words' pronunciations), an endpoint,
    whether takes must stay on this machine, whether to decode while a take is spoken, whether to time words."""

    grammar: Callable[[], tuple[str, Mapping[str, str]]]
    endpoint: Endpoint = field(default_factory=Endpoint)
    offline: Callable[[], bool] = lambda: False
    early: bool = True
    words: bool = False


def choose(wanted: str, around: Around) -> tuple[Transcriber, str]:
    """The recogniser of that name, and what it is called. Nothing is loaded yet.

    ``auto`` takes faster-whisper where it and a model of it are installed, then Whisper where a checkpoint is there,
    and the grammar where there is neither; never what is elsewhere. Raises SettingsError.
    """
    from oi_voice.voice.stt.hosted import Hosted

    engine, _, name = wanted.strip().partition(":")
    if engine == "auto" and not name:
        engine, name = automatic()
    early, words = around.early, around.words
    if engine == "faster-whisper":
        from oi_voice.voice.stt.fast import FastEngine

        model = name or next(filter(find_converted, CHECKPOINTS), CHECKPOINTS[0])
        return Hosted(lambda: FastEngine(model, early=early, words=words)), f"faster-whisper ({Path(model).name})"
    if engine == "whisper":
        from oi_voice.voice.stt.whisper import WhisperEngine

        model = name or next(filter(find_checkpoint, CHECKPOINTS), CHECKPOINTS[0])
        return Hosted(
            lambda: WhisperEngine(model, early=early, words=words)
        ), f"Whisper ({Path(model).name.removesuffix('.pt')})"
    if engine == "api":
        return _elsewhere(name, around)
    if engine != "grammar" or name:
        raise SettingsError(f"There is no recogniser {wanted!r}.", fix=CHOICES)
    from oi_voice.voice.stt.grammar import GrammarEngine

    return Hosted(lambda: GrammarEngine(*around.grammar(), early=early)), "the built-in commands' grammar"


def automatic() -> tuple[str, str]:
    """The best engine that is ready, and its model."""
    if importlib.util.find_spec("faster_whisper") and (name := next(filter(find_converted, CHECKPOINTS), "")):
        return "faster-whisper", name
    name = next(filter(find_checkpoint, CHECKPOINTS), "")
    return ("whisper", name) if name else ("grammar", "")


def _elsewhere(name: str, around: Around) -> tuple[Transcriber, str]:
    from oi_voice.voice.stt.api import ELSEWHERE, STAY, ApiTranscriber

    endpoint = replace(around.endpoint, model=name) if name else around.endpoint
    if around.offline() and not endpoint.local:
        raise SettingsError(ELSEWHERE, fix=STAY)
    where = "this machine" if endpoint.local else "another machine"
    return ApiTranscriber(endpoint, around.offline), f"{endpoint.model} (on {where})"
