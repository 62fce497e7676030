"""What a block of code would do, told without running it: its level, effects and targets.

Not a list of what is forbidden: whatever is not understood is unknown, and asks.
"""

from __future__ import annotations

from pathlib import Path

from oi_voice.consent.classify import remote
from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.risk import Effect, Level, Risk, Target, to_json, unknown
from oi_voice.tags import normal

__all__ = ["LONGEST", "Effect", "Level", "Risk", "Target", "classify", "inspect", "to_json", "unknown"]

LONGEST = 60_000  # characters, some 1500 lines; more is not looked through
SHELLS = frozenset(("shell", "bash", "sh", "zsh", "dash", "ksh"))
PAGES = frozenset(("html", "react"))


def classify(language: str, code: str, here: Path | None = None) -> Risk:
    """What the code would do. Never raises, whatever the code is; what cannot be told is unknown, with a reason.

    ``here`` is where relative names start: the folder in which the code will run; without one, the program's own.
    Looks at the file system for what is there, within ``scan.ENTRIES`` and ``scan.SECONDS``.
    """
    if len(code) > LONGEST:
        return unknown("is too long to be looked through")
    deeds = Deeds(here if here is not None else Path.cwd())
    inspect(language, code, deeds)
    return deeds.risk()


def inspect(language: str, code: str, deeds: Deeds) -> None:
    """Note what a block of code in a language does."""
    name = normal(language)
    if "\0" in code:
        deeds.unknown("holds characters that no program has")
    for far in remote.named(code):
        deeds.add(Effect.NETWORK, "host", far)
    if name == "python":
        from oi_voice.consent.classify import python

        python.inspect(code, deeds)
    elif name in SHELLS:
        from oi_voice.consent.classify import shell

        shell.inspect(code, deeds)
    elif name in PAGES:
        from oi_voice.consent.classify import web

        web.page(code, deeds)
    else:
        from oi_voice.consent.classify import scripts

        scripts.inspect(name, code, deeds)
