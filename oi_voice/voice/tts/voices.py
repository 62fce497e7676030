"""Which voice speaks a language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from oi_voice.voice.language import base

# Of several voices for a language the one that most people mean by it.
_USUAL = {"en": "en-us", "pt": "pt-br", "zh": "cmn", "es": "es", "fr": "fr-fr", "de": "de", "no": "nb"}
_OTHER_NAMES = {"zh": ("cmn", "zh"), "no": ("nb", "no"), "nb": ("nb", "no")}


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of a speech engine: what the engine calls it, what people do, and the languages it speaks."""

    id: str
    name: str
    languages: tuple[str, ...] = ()


def pick(voices: Sequence[Voice], wanted: str, language: str) -> str:
    """The id of the voice for a text in ``language``, or nothing for the engine's default.

    The person's own (``wanted``: an id, or a part of a name or id) speaks its own languages, and any if its are
    unknown, or if no other does.
    """
    own = find(voices, wanted) if wanted else None
    if not language or (own and (not own.languages or _speaks(own, language))):
        return own.id if own else wanted
    there = [voice for voice in voices if _speaks(voice, language)]
    usual = [voice for voice in there if _USUAL.get(base(language), "") in map(_plain, voice.languages)]
    exact = [voice for voice in there if _plain(language) in map(_plain, voice.languages)]
    best = (exact if "-" in _plain(language) else []) or usual or exact or there
    return best[0].id if best else own.id if own else wanted


def find(voices: Sequence[Voice], wanted: str) -> Voice | None:
    """The voice of that id or name, or the first with it in its id, languages or name."""
    low = wanted.lower()
    for voice in voices:
        if low in (voice.id.lower(), voice.name.lower()):
            return voice
    tails = [voice for voice in voices if low == re.split(r"[/\\]", voice.id.lower())[-1] or low in voice.languages]
    parts = [voice for voice in voices if low in voice.name.lower() or low in voice.id.lower()]
    return next(iter([*tails, *parts]), None)


def _speaks(voice: Voice, language: str) -> bool:
    wanted = _OTHER_NAMES.get(base(language), (base(language),))
    return any(base(each) in wanted for each in voice.languages)


def _plain(code: str) -> str:
    return code.lower().replace("_", "-")
