"""Scripts of other languages: cut into tokens, and known only as far as every word of them is."""

from __future__ import annotations

from oi_voice.consent.classify.deeds import Deeds, TooMuchError
from oi_voice.consent.classify.scripts.tokens import CutError


def inspect(language: str, code: str, deeds: Deeds) -> None:
    """Note what a block of code does."""
    from oi_voice.consent.classify.scripts import applescript, javascript, powershell, r, ruby

    languages = {
        "javascript": javascript.inspect,
        "typescript": javascript.inspect,
        "ruby": ruby.inspect,
        "r": r.inspect,
        "powershell": powershell.inspect,
        "applescript": applescript.inspect,
    }
    known = languages.get(language)
    if known is None:
        deeds.unknown(f"is in {language or 'a language without a name'}, which is not looked into")
        return
    try:
        known(code, deeds)
    except CutError:
        deeds.unknown("cannot be read as a program")
    except (TooMuchError, RecursionError):
        deeds.unknown("goes on for longer than it can be followed")
