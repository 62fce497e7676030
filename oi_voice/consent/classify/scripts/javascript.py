"""JavaScript: its calls by their full names, and what they are given as far as it is written in the code."""

from __future__ import annotations

from oi_voice.consent.classify import web
from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import javascript as known
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.javascript_names import MODULES, Script, is_definition, is_free, name_used, names
from oi_voice.consent.classify.scripts.tokens import JAVASCRIPT, Token, cut
from oi_voice.consent.classify.scripts.values import divided, matching, own_names
from oi_voice.consent.classify.texts import Text


def inspect(code: str, deeds: Deeds) -> None:
    _through(Script(deeds, cut(code, JAVASCRIPT)))


def _through(script: Script) -> None:
    names(script)
    script.values.gather()
    script.given = own_names(script.tokens)
    free = {token.text for index, token in enumerate(script.tokens) if is_free(script, index)}
    script.closed = (
        not free - script.given - script.functions - known.GLOBALS - known.PURE - known.KEYWORDS - set(script.modules)
    )
    _walk(script)


def _walk(script: Script) -> None:
    for index, token in enumerate(script.tokens):
        script.deeds.tick()
        for part in token.parts:
            if not isinstance(part, str):
                inner = Script(script.deeds, list(part), script.modules, script.functions, script.given, script.closed)
                inner.values.texts = script.values.texts
                _walk(inner)
        if token.kind == "name":
            name_used(script, index, token.text)
        elif token.kind == "sign" and token.text == "(":
            _call(script, index)
        elif (
            token.parts
            and index
            and script.tokens[index - 1].kind == "name"
            and (script.at(index - 1) not in known.KEYWORDS)
        ):
            script.deeds.unknown("calls something in a way that is not known")


def _call(script: Script, index: int) -> None:
    """What stands before a bracket, if it is a call."""
    if index == 0:
        return
    before = script.tokens[index - 1]
    if before.kind in ("text", "number", "made", "pattern"):
        script.deeds.unknown("calls something in a way that is not known")
    elif before.kind == "sign":
        _unnamed(script, index, before.text)
    elif script.at(index - 2) not in (".", "?.") and (
        before.text in known.KEYWORDS - {"import", "super"}
        or script.at(index - 2) in ("function", "class", "*")
        or is_definition(script, index - 1)
    ):
        return
    else:
        _named(script, index)


def _unnamed(script: Script, index: int, sign: str) -> None:
    if sign == "]":
        script.deeds.unknown("calls something whose name is made as it runs")
    elif sign in (")", "?."):
        begin = _opening(script.tokens, index - 1)
        inside = [token.text for token in script.tokens[begin : index - 1] if token.kind in ("name", "sign")]
        if "function" not in inside and "=>" not in inside and not (begin and _heads(script, begin)):
            script.deeds.unknown("calls something in a way that is not known")


def _heads(script: Script, begin: int) -> bool:
    return script.at(begin - 1) in ("if", "for", "while", "switch", "catch", "with")


def _opening(tokens: list[Token], index: int) -> int:
    level = 0
    for at in range(index, -1, -1):
        if tokens[at].kind == "sign":
            level += (tokens[at].text in (")", "]", "}")) - (tokens[at].text in ("(", "[", "{"))
        if level == 0:
            return at
    return 0


def _named(script: Script, index: int) -> None:
    """``a.b.c(``, or ``….c(`` of what is not known by name."""
    at = index - 1
    names = [script.at(at)]
    while script.at(at - 1) in (".", "?.") and at >= 2 and script.tokens[at - 2].kind == "name":
        at -= 2
        names.insert(0, script.at(at))
    rooted = script.at(at - 1) not in (".", "?.")
    root = names[0]
    if rooted and root == "require" and len(names) == 1:
        return
    full = ""
    if rooted and root in script.modules:
        full = ".".join([script.modules[root], *names[1:]])
    elif rooted and (root in known.PURE or len(names) == 1) and root not in script.values.texts:
        full = ".".join(names)
    elif not rooted and _of_require(script, at - 1):
        full = _of_require(script, at - 1) + "." + ".".join(names)
    full = full.replace("fs.promises.", "fs.")
    if full in known.CALLS:
        _act(script, known.CALLS[full], full, index)
    elif full:
        _known_or_not(script, full, names, index)
    elif names[-1] not in known.METHODS and names[-1] not in script.functions:
        script.deeds.unknown(f"calls {names[-1]}(), which is not known here")


def _of_require(script: Script, dot: int) -> str:
    """The module of ``require('module').``"""
    if script.at(dot - 1) == ")" and script.at(dot - 3) == "(" and script.at(dot - 4) == "require":
        return script.tokens[dot - 2].text.removeprefix("node:").removesuffix("/promises")
    return ""


def _known_or_not(script: Script, full: str, names: list[str], index: int) -> None:
    root = full.partition(".")[0]
    if len(names) == 1 and full in script.given and script.closed and full not in script.values.texts:
        return  # a function that the code gives itself: those that act are not handed on
    if len(names) == 1 and (full in script.functions or full in known.GLOBALS or full in known.PURE):
        if full in ("setTimeout", "setInterval", "setImmediate") and script.tokens[index + 1].kind in ("text", "made"):
            script.deeds.unknown("runs a text as code")
        return
    if root in known.PURE and full not in known.NOT:
        return
    if names[-1] in known.METHODS and root not in MODULES:
        return
    script.deeds.unknown(f"calls {full}(), which is not known here")


def _act(script: Script, verb: str, full: str, index: int) -> None:
    """Do what a call says."""
    deeds, args = script.deeds, script.values.arguments(index)
    first = args[0] if args else None
    second = args[1] if len(args) > 1 else None
    simple = {
        "read": deeds.reads,
        "write": deeds.writes,
        "append": deeds.appends,
        "delete": deeds.deletes,
        "make": deeds.makes,
        "change": deeds.changes,
        "enter": deeds.enters,
    }
    if verb in simple:
        simple[verb](first)
    elif verb == "names":
        deeds.reads(first, names_only=True)
    elif verb in ("move", "copy", "link"):
        {"move": deeds.moves, "copy": deeds.copies, "link": deeds.links}[verb](first, second)
    elif verb in ("look", "pure"):
        deeds.add(Effect.READS)
    elif verb in ("shell", "argv"):
        _runs(script, verb, first, index)
    elif verb in ("fetch", "send"):
        web.fetches(deeds, first, tells=verb == "send" or _posts(script, index))
    elif verb == "end":
        deeds.add(Effect.ENDS, "process", "")
    elif verb == "opens":
        deeds.add(Effect.OPENS, "program", first.plain or "" if first is not None else "")
    else:
        deeds.unknown(f"uses {full}, which may do anything")


def _runs(script: Script, verb: str, first: Text | None, index: int) -> None:
    from oi_voice.consent.classify import shell

    inside = script.tokens[index : matching(script.tokens, index)]
    if any(token.text in ("env", "shell", "cwd", "argv0") and token.kind == "name" for token in inside):
        script.deeds.unknown("runs a program in a place or a way of its own")
    if verb == "shell":
        shell.line(script.deeds, first)
        return
    words = script.values.listed(index)
    shell.words(script.deeds, [first, *(words or [])], exact=words is not None)


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
