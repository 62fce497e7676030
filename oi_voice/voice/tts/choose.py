"""The speech engine that a setting names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from oi_voice.addresses import place
from oi_voice.errors import SettingsError
from oi_voice.ports import Pcm
from oi_voice.voice.tts import piper
from oi_voice.voice.tts.api import MODEL, VOICE, ApiSynthesizer
from oi_voice.voice.tts.piper import PiperSynthesizer
from oi_voice.voice.tts.pyttsx3 import Pyttsx3Synthesizer
from oi_voice.voice.tts.voices import find


class Tunable(Protocol):
    """The port's Synthesizer, with what may be set while it runs."""

    async def start(self) -> None: ...

    async def render(self, text: str, language: str = "") -> Pcm: ...

    def tune(self, rate: int, voice: str, volume: float | None = None) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is set beside the engine: words a minute, volume 0 to 1, a voice's name, and the speech server's address and
    key. ``offline()`` tells whether only this machine may be used."""

    rate: int = 175
    volume: float = 1.0
    voice: str = ""
    base: str = ""
    key: str = ""
    offline: Callable[[], bool] = lambda: False


def _has(voice: str) -> bool:
    """Whether piper has that voice; empty is any."""
    there = piper.voices()
    return find(there, voice) is not None if voice else bool(there)


def choose(wanted: str, wishes: Wishes = Wishes()) -> tuple[Tunable, str]:
    """The engine of that name (``auto``, ``pyttsx3``, ``piper[:VOICE]``, ``api[:MODEL[/VOICE]]``), and its own name.

    ``auto`` takes piper where its program and a voice are installed, else the platform's own voices; it never sends a
    text anywhere. Raises SettingsError.
    """
    engine, _, which = wanted.strip().partition(":")
    if engine == "auto" and not which:
        engine = "piper" if piper.program() and _has(wishes.voice) else "pyttsx3"
    if engine == "pyttsx3" and not which:
        return Pyttsx3Synthesizer(wishes.rate, wishes.voice, wishes.volume), "the system's voices (pyttsx3)"
    if engine == "piper":
        voice = which or wishes.voice
        return PiperSynthesizer(voice, wishes.rate, wishes.volume), f"piper ({Path(voice).stem or 'its first voice'})"
    if engine == "api":
        model, _, voice = which.rpartition("/") if "/" in which else (which, "", "")
        model, voice = model or MODEL, voice or wishes.voice or VOICE
        made = ApiSynthesizer(
            model, voice, base=wishes.base, key=wishes.key, rate=wishes.rate, volume=wishes.volume,
            offline=wishes.offline,
        )  # fmt: skip
        return made, f"{model}, voice {voice}, at {place(wishes.base) or 'OpenAI'}"
    raise SettingsError(
        f"There is no speech engine {wanted!r}.",
        fix="Say auto, pyttsx3, piper, piper:VOICE, api, api:MODEL or api:MODEL/VOICE.",
    )
