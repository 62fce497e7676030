"""What JavaScript's calls do."""

from __future__ import annotations

from oi_voice.consent.classify import web
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.acts import act
from oi_voice.consent.classify.scripts.brackets import divided, matching
from oi_voice.consent.classify.scripts.javascript_modules import Script
from oi_voice.consent.classify.scripts.tokens import Token
from oi_voice.consent.classify.texts import Text


def does(script: Script, verb: str, full: str, args: list[Text | None], index: int) -> None:
    """Do what a call says, whose bracket is at the index."""
    deeds = script.deeds
    first, second = (*args, None, None)[:2]
    if verb == "pure":
        deeds.add(Effect.READS)
    elif verb == "look":
        deeds.looks(first)
    elif verb == "change":
        deeds.changes(first)
    elif verb == "link":
        deeds.links(first, second)
    elif verb in ("shell", "argv"):
        _runs(script, verb, first, index)
    elif verb in ("fetch", "send"):
        _through(script, index)
        web.fetches(deeds, first, tells=verb == "send" or _posts(script, index))
    elif verb in ("resolve", "sendhost"):  # the host may stand behind its port
        host = next((each for each in args if each is not None and "." in each.head), first)
        act(deeds, verb, [host], full)
    elif verb == "unknown":
        deeds.unknown(f"uses {full}, which may do anything")
    else:
        act(deeds, verb, [] if verb == "end" else args if verb == "open" else [first, second], full)


def _runs(script: Script, verb: str, first: Text | None, index: int) -> None:
    from oi_voice.consent.classify import shell

    inside = script.tokens[index : matching(script.tokens, index)]
    if any(token.text in ("env", "shell", "cwd", "argv0") and token.kind == "name" for token in inside):
        script.deeds.unknown("runs a program in a place or a way of its own")
    if verb == "shell" or any(token.text == "shell" and token.kind == "name" for token in inside):
        shell.line(script.deeds, first)
        return
    words = script.values.listed(index)
    shell.argv(script.deeds, [first, *(words or [])], exact=words is not None)


def _through(script: Script, index: int) -> None:
    """A request goes through another host: the first text behind the option is taken for its name."""
    inside = script.tokens[index : matching(script.tokens, index)]
    for at, token in enumerate(inside):
        if token.text in ("proxy", "agent", "dispatcher", "httpAgent", "httpsAgent") and token.kind in ("name", "text"):
            host = next((each for each in inside[at + 1 :] if each.kind == "text"), None)
            web.fetches(script.deeds, Text((host.text,)) if host is not None else None)


def _posts(script: Script, index: int) -> bool:
    """Whether a request's options send something."""
    inside = script.tokens[index : matching(script.tokens, index)]
    rows = divided(inside[1:])
    if len(rows) > 1 and rows[1][0].text != "{":
        return True
    for at, token in enumerate(inside):
        if token.kind in ("name", "text") and token.text in ("body", "data", "params", "auth", "headers"):
            return not (token.text == "headers" and _plain_headers(inside[at:]))
        if token.text == "method" and at + 2 < len(inside) and inside[at + 2].text.upper() not in ("GET", "HEAD"):
            return True
        if token.text == "...":
            return True
    return False


def _plain_headers(tokens: list[Token]) -> bool:
    end = next((at for at, token in enumerate(tokens) if token.text == "}"), len(tokens))
    values = [token for at, token in enumerate(tokens[:end]) if at and tokens[at - 1].text == ":"]
    return all(token.kind in ("text", "number") or token.text == "{" for token in values)
