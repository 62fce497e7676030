"""The verbs on the screen, the clipboard and what the person has open."""

from __future__ import annotations

import re

from oi_voice.consent.classify.python.values import (
    Data,
    Known,
    Value,
    as_text,
)
from oi_voice.consent.classify.python.verbs import Call, Verb
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.texts import BLAND, Origin


def _person(_: Call) -> Value:
    return Data(Origin.PERSON)


_KEYS = {"space": " ", "enter": "\n", "return": "\n"}


def _screen(call: Call) -> Value:
    """Clicks and keys; what was copied may be put in by them, and a line may be typed key by key."""
    from oi_voice.consent.classify import shell

    keys = [str(each.value) for each in call.args if isinstance(each, Known)]
    if call.machine.copied is not None and (call.name.endswith("paste") or "v" in keys):
        shell.typed(call.deeds, call.machine.copied)
    if call.name.endswith("press"):
        call.machine.keys += "".join(_KEYS.get(key, key if len(key) == 1 else "") for key in keys)
    call.deeds.add(Effect.SCREEN)
    return Data(Origin.PERSON)


def _session(call: Call) -> Value:
    call.deeds.add(Effect.SESSION)
    return Data(Origin.PERSON)


def _clip_read(call: Call) -> Value:
    call.deeds.add(Effect.READS, "text", "the clipboard")
    return Data(Origin.PERSON)


def _clip_write(call: Call) -> Value:
    call.machine.copied = as_text(call.args[0]) if call.args else None
    call.deeds.add(Effect.CLIPBOARD)
    return Data(Origin.PERSON)


def _look(call: Call) -> Value:
    """Looks at the screen or at what a file is, not at what is in it."""
    if call.entry.params:
        call.deeds.looks(call.path())
    of = next((each for each in ("clipboard", "display") if f"{each}." in call.name), "")
    if of:
        call.deeds.add(Effect.READS, "text", "the clipboard" if of == "clipboard" else "the screen")
    call.deeds.add(Effect.READS)
    return Data(Origin.NUMBER) if call.name.startswith(("os.", "path.", ".")) else Data(Origin.PERSON)


def _close(call: Call) -> Value:
    call.deeds.add(Effect.ENDS, "window", _told(call.get(0)))
    return Data(Origin.PERSON)


def _opens(call: Call) -> Value:
    """A program, a document or a page; the page's address tells its host what is in it."""
    from oi_voice.consent.classify import web

    value = call.get(0)
    text = as_text(value) if value is not None else None
    if text is not None and (web.is_address(text.head) or "://" in text.head):
        web.fetches(call.deeds, text)
    elif text is not None and text.origin not in BLAND and re.match(r"[a-z][\w+-]+:", text.head):
        call.deeds.add(Effect.SENDS, "host", text.head.partition(":")[2].partition("?")[0])
    elif text is None or text.plain is None:
        if not _within(call):
            call.deeds.unknown("opens something whose name is made as it runs")
    elif text.plain.endswith((".sh", ".py", ".bat", ".cmd", ".ps1", ".exe", ".desktop", ".command", ".app", ".jar")):
        call.deeds.unknown("runs another program file")
    call.deeds.add(Effect.OPENS, "program", _told(value))
    return Data(Origin.PERSON)


def _within(call: Call) -> bool:
    """Whether what is opened is a file of a folder that is known."""
    path = call.path()
    return path is not None and call.deeds.places.resolve(path) is not None


def _told(value: Value | None) -> str:
    text = as_text(value) if value is not None else None
    return text.plain or "" if text is not None else ""


VERBS: dict[str, Verb] = {
    "person": _person,
    "screen": _screen,
    "session": _session,
    "clip_read": _clip_read,
    "clip_write": _clip_write,
    "look": _look,
    "close": _close,
    "opens": _opens,
}
