"""JavaScript: its calls by their full names, and what they are given as far as it is written in the code."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import javascript as known
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.brackets import declared
from oi_voice.consent.classify.scripts.javascript_acts import does
from oi_voice.consent.classify.scripts.javascript_modules import MODULES, Script, module_of
from oi_voice.consent.classify.scripts.javascript_names import is_definition, is_free, name_used, names, results
from oi_voice.consent.classify.scripts.tokens import JAVASCRIPT, Token, cut
from oi_voice.consent.classify.texts import Text


def inspect(code: str, deeds: Deeds) -> None:
    _through(Script(deeds, _without_optional(cut(code, JAVASCRIPT))))


def _without_optional(tokens: list[Token]) -> list[Token]:
    """``a?.b`` is ``a.b``, and ``a?.(b)`` is ``a(b)``, as far as it matters here."""
    kept = []
    for token, after in zip_longest(tokens, tokens[1:], fillvalue=Token("line", "")):
        if token.text != "?." or token.kind != "sign":
            kept.append(token)
        elif after.text not in ("(", "["):
            kept.append(Token("sign", "."))
    return kept


def _through(script: Script) -> None:
    names(script)
    results(script)
    own = declared(script.tokens)
    script.values.gather(own)
    script.given = set(own)
    free = {token.text for at, token in enumerate(script.tokens) if token.kind == "name" and is_free(script, at)}
    script.closed = (
        not free - script.given - script.functions - known.GLOBALS - known.PURE - known.KEYWORDS - set(script.modules)
    )
    _walk(script)


def _walk(script: Script) -> None:
    tick = script.deeds.tick
    for index, token in enumerate(script.tokens):
        tick()
        for part in token.parts:
            if not isinstance(part, str):
                inner = replace(script, tokens=list(part))
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


_STATEMENTS = known.KEYWORDS - {"import", "super"}


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
        before.text in _STATEMENTS
        or script.at(index - 2) in ("function", "class", "*")
        or is_definition(script, index - 1)
    ):
        return
    else:
        _named(script, index)


def _unnamed(script: Script, index: int, sign: str) -> None:
    if sign == "]":
        _by_name(script, index)
    elif sign == ")":
        begin = _opening(script.tokens, index - 1)
        inside = [token.text for token in script.tokens[begin : index - 1] if token.kind in ("name", "sign")]
        if "function" not in inside and "=>" not in inside and not (begin and _heads(script, begin)):
            script.deeds.unknown("calls something in a way that is not known")


def _by_name(script: Script, index: int) -> None:
    """``module[name](``: known where the name is written in the code."""
    begin = _opening(script.tokens, index - 1)
    name = script.values.told(script.tokens[begin + 1 : index - 1]).plain
    module = script.modules.get(script.at(begin - 1)) or _of_require(script, begin)
    if name is None or not module:
        script.deeds.unknown("calls something whose name is made as it runs")
    else:
        _called(script, f"{module}.{name}", [name], index)


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
    if rooted and root in ("require", "import") and len(names) == 1:
        return
    full = ""
    if rooted and root in script.modules:
        full = ".".join([script.modules[root], *names[1:]])
    elif rooted and (root in known.PURE or len(names) == 1) and root not in script.values.texts:
        full = ".".join(names)
    elif not rooted and _of_require(script, at - 1):
        full = _of_require(script, at - 1) + "." + ".".join(names)
    if full or (names[-1] not in known.METHODS and names[-1] not in script.functions):
        _called(script, full, names, index)


def _called(script: Script, full: str, names: list[str], index: int) -> None:
    full = full.replace("fs.promises.", "fs.")
    if full in known.CALLS:
        args = script.values.arguments(index)
        if known.CALLS[full] == "code":
            _code(script, args[0] if args else None)
        else:
            does(script, known.CALLS[full], full, args, index)
    elif full:
        _known_or_not(script, full, names, index)
    else:
        script.deeds.unknown(f"calls {names[-1]}(), which is not known here")


def _of_require(script: Script, dot: int) -> str:
    """The module of ``require('module').``"""
    if script.at(dot - 1) == ")" and script.at(dot - 3) == "(" and script.at(dot - 4) in ("require", "import"):
        return module_of(script.tokens[dot - 2].text)
    return ""


def _known_or_not(script: Script, full: str, names: list[str], index: int) -> None:
    root = full.partition(".")[0]
    if len(names) == 1 and full in script.given and script.closed and full not in script.values.texts:
        return  # a function that the code gives itself: those that act are not handed on
    if len(names) == 1 and (full in script.functions or full in known.GLOBALS or full in known.PURE):
        if full in ("setTimeout", "setInterval", "setImmediate") and script.tokens[index + 1].kind in ("text", "made"):
            _code(script, script.values.arguments(index)[0])
        return
    if root in known.PURE and full not in known.NOT:
        return
    if names[-1] in known.METHODS and root not in MODULES:
        return
    script.deeds.unknown(f"calls {full}(), which is not known here")


def _code(script: Script, text: Text | None) -> None:
    """Code in a text."""
    if text is None or text.plain is None or script.layer > 3:
        script.deeds.unknown("runs code that is made as it runs")
        return
    if text.plain in script.deeds.decoded:
        script.deeds.add(Effect.HIDDEN, reason="runs code that is hidden in text")
    _through(Script(script.deeds, _without_optional(cut(text.plain, JAVASCRIPT)), layer=script.layer + 1))
