"""What the scripts' verbs do with the texts that stand in a call, and what those texts are."""

from __future__ import annotations

from collections.abc import Mapping

from oi_voice.consent.classify import shell, web
from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.brackets import divided, matching
from oi_voice.consent.classify.scripts.tokens import Token
from oi_voice.consent.classify.spots import home
from oi_voice.consent.classify.texts import BLAND, Origin, Text, component, joined

_OPAQUE = Text((Origin.OPAQUE,))
LAYERS = 4  # of code in texts


def plain(tokens: list[Token]) -> Text | None:
    """The text, where the tokens are one text and no more."""
    return Text((tokens[0].text,)) if len(tokens) == 1 and tokens[0].kind == "text" else None


def told(tokens: list[Token], calls: Mapping[str, str], texts: Mapping[str, Text]) -> Text:
    """What an expression is as text. ``calls`` says of functions how they make one: home, join, first, concat."""
    whole = Text(())
    for row in divided(tokens, "+"):
        whole = joined(whole, _term(row, calls, texts))
    return whole if tokens else _OPAQUE


def _term(row: list[Token], calls: Mapping[str, str], texts: Mapping[str, Text]) -> Text:
    if len(row) == 1 and row[0].kind == "text":
        return _home(row[0].text)
    if len(row) == 1 and row[0].kind == "made" and row[0].text != "`":
        whole = Text(())
        for part in row[0].parts:
            whole = joined(whole, _home(part) if isinstance(part, str) else told(list(part), calls, texts))
        return whole
    opening = next((at for at, token in enumerate(row) if token.text in ("(", "[")), len(row))
    name = "".join(token.text for token in row[:opening])
    if len(row) == 1 and name in texts:
        return texts[name]
    if opening < len(row) - 1 and matching(row, opening) != len(row) - 1:
        return _OPAQUE
    given = [told(each, calls, texts) for each in divided(row[opening + 1 : -1])]
    way = calls.get(name, "")
    if way == "home" or (way == "variable" and given and given[0].plain in ("HOME", "USERPROFILE")):
        return Text((home(),))
    if way == "first" and given:
        return given[0]
    if way in ("join", "concat") and given:
        whole = given[0]
        for each in given[1:]:
            whole = component(whole, each) if way == "join" else joined(whole, each)
        return whole
    return Text((Origin.FILE,)) if way == "variable" else _OPAQUE


def _home(text: str) -> Text:
    return Text((f"{home()}{text[1:]}" if text == "~" or text.startswith("~/") else text,))


_EFFECTS = {
    "install": (Effect.INSTALLS, "package"),
    "opens": (Effect.OPENS, "program"),
    "settings": (Effect.SETTINGS, "setting"),
    "startup": (Effect.STARTUP, "service"),
    "system": (Effect.SYSTEM, "setting"),
    "screen": (Effect.SCREEN, ""),
    "clipboard": (Effect.CLIPBOARD, ""),
    "create": (Effect.CREATES, ""),
    "change": (Effect.CHANGES, ""),
}


def act(deeds: Deeds, verb: str, args: list[Text | None], what: str) -> None:
    """Do what a verb says; ``what`` is how it is written."""
    first, second = (*args, None, None)[:2]
    paths = {
        "read": deeds.reads,
        "write": deeds.writes,
        "append": deeds.appends,
        "delete": deeds.deletes,
        "make": deeds.makes,
        "enter": deeds.enters,
    }
    if verb == "open":
        verb, first = _opened(first, second, given=len(args) > 1)
        args = [first]
    if verb == "read" and first is not None and first.head.lstrip().startswith("|"):  # Ruby runs what is behind it
        verb, args = "shell", [Text((first.head.lstrip()[1:], *first.pieces[1:]))]
        first = args[0]
    if verb == "read" and first is not None and web.is_address(first.head):
        verb = "fetch"
    if verb in paths:
        paths[verb](first)
    elif verb in ("move", "copy", "merge"):
        {"move": deeds.moves, "copy": deeds.copies, "merge": deeds.merges}[verb](first, second)
    elif verb == "names":
        deeds.reads(first if first is not None else Text((".",)), names_only=True)
    elif verb == "shell" and len(args) > 1:
        shell.argv(deeds, args, exact=True)
    elif verb == "shell":
        shell.line(deeds, first)
    elif verb in ("fetch", "send"):
        told_more = any(each is None or each.origin not in BLAND for each in args[1:])
        web.fetches(deeds, first, tells=verb == "send" or told_more)
    elif verb == "download":
        web.fetches(deeds, first)
        deeds.writes(second)
    elif verb == "code":
        deeds.unknown("runs code that is made as it runs")
    else:
        _affect(deeds, verb, first, what)


def _opened(path: Text | None, mode: Text | None, given: bool) -> tuple[str, Text | None]:
    """The verb that follows from a file's mode; ``|name`` is a command."""
    if path is not None and path.head.startswith("|"):
        return "shell", Text((path.head[1:], *path.pieces[1:]))
    letters = (mode.plain or "w" if mode is not None else "w") if given else "r"
    return {"r": "read", "a": "append"}.get(letters[:1], "write") if "+" not in letters else "write", path


def _affect(deeds: Deeds, verb: str, first: Text | None, what: str) -> None:
    name = (first.plain or "") if first is not None else ""
    if verb in ("resolve", "sendhost"):
        bland = verb == "resolve" and first is not None and first.origin in BLAND
        deeds.add(Effect.NETWORK if bland else Effect.SENDS, "host", name)
    elif verb == "secrets":
        deeds.add(Effect.SECRETS, "text", "environment", "reads all environment variables, keys among them")
    elif verb == "end":
        deeds.add(Effect.ENDS, "process", "the computer" if "computer" in what or what == "shutdown" else name)
    else:
        effect, kind = _EFFECTS[verb]
        deeds.add(effect, kind, name if first is not None else what)


def handed(deeds: Deeds, verb: str, what: str) -> None:
    """What acts is given to something else, that may call it with whatever it likes."""
    deeds.unknown(f"hands {what} on")
    if verb in ("delete", "send", "sendhost", "end"):
        act(deeds, verb, [None], "")


def again(deeds: Deeds, language: str, code: Text | None) -> None:
    """Code in a text."""
    from oi_voice.consent.classify import inspect

    if code is None or code.plain is None or deeds.layers >= LAYERS:
        deeds.unknown("runs code that is made as it runs")
        return
    deeds.layers += 1
    inspect(language, code.plain, deeds)
    deeds.layers -= 1
