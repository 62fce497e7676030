"""Scripts of other languages: cut into tokens, and known only as far as every word of them is."""

from __future__ import annotations

from importlib import import_module

from oi_voice.consent.classify.deeds import Deeds, TooMuchError
from oi_voice.consent.classify.scripts.tokens import CutError

_MODULES = {each: each for each in ("javascript", "ruby", "r", "powershell", "applescript")} | {
    "typescript": "javascript"
}


def inspect(language: str, code: str, deeds: Deeds) -> None:
    """Note what a block of code does."""
    name = _MODULES.get(language)
    if name is None:
        deeds.unknown(f"is in {language or 'a language without a name'}, which is not looked into")
        return
    try:
        import_module(f"oi_voice.consent.classify.scripts.{name}").inspect(code, deeds)
    except CutError:
        deeds.unknown("cannot be read as a program")
    except (TooMuchError, RecursionError):
        deeds.unknown("goes on for longer than it can be followed")
