"""What the scripts' verbs do with the texts that stand in a call."""

from __future__ import annotations

from oi_voice.consent.classify import web
from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.tokens import Token
from oi_voice.consent.classify.texts import Text


def plain(tokens: list[Token]) -> Text | None:
    """The text, where the tokens are one text and no more."""
    return Text((tokens[0].text,)) if len(tokens) == 1 and tokens[0].kind == "text" else None


def act(deeds: Deeds, verb: str, args: list[Text | None], what: str) -> None:
    """Do what a verb says; ``what`` is how it is written."""
    first = args[0] if args else None
    second = args[1] if len(args) > 1 else None
    paths = {
        "read": deeds.reads,
        "write": deeds.writes,
        "append": deeds.appends,
        "delete": deeds.deletes,
        "make": deeds.makes,
        "enter": deeds.enters,
    }
    pairs = {"move": deeds.moves, "copy": deeds.copies}
    plain_effects = {
        "end": (Effect.ENDS, "process"),
        "install": (Effect.INSTALLS, "package"),
        "opens": (Effect.OPENS, "program"),
        "settings": (Effect.SETTINGS, "setting"),
        "startup": (Effect.STARTUP, "service"),
        "system": (Effect.SYSTEM, "file"),
        "screen": (Effect.SCREEN, ""),
        "clipboard": (Effect.CLIPBOARD, ""),
        "create": (Effect.CREATES, ""),
        "change": (Effect.CHANGES, ""),
    }
    if verb in paths:
        paths[verb](first)
    elif verb in pairs:
        pairs[verb](first, second)
    elif verb == "names":
        deeds.reads(first if first is not None else Text((".",)), names_only=True)
    elif verb == "shell":
        from oi_voice.consent.classify import shell

        shell.line(deeds, first)
    elif verb in ("fetch", "send"):
        web.fetches(deeds, first, tells=verb == "send")
    else:
        effect, kind = plain_effects[verb]
        deeds.add(effect, kind, (first.plain or "") if first is not None else what)
