"""What JavaScript's names stand for: modules, functions of the code's own, things that lead anywhere."""

from __future__ import annotations

from oi_voice.consent.classify.knowledge import javascript as known
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.knowledge.variables import SECRET_VARIABLE
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.acts import plain
from oi_voice.consent.classify.scripts.brackets import matching
from oi_voice.consent.classify.scripts.javascript_modules import MODULES, Script, bind, handed, imported, required

#: Names that lead to whatever there is.
_LEADS = names_in(
    """
    globalThis global window document self Deno Bun Reflect Proxy WebAssembly XMLHttpRequest
    EventSource Worker importScripts localStorage module exports arguments
    """
)


_PROPERTIES = frozenset(("constructor", "__proto__", "prototype", "mainModule", "callee", "caller", "binding"))


def names(script: Script) -> None:
    """Which names stand for modules, and which for functions of the code's own."""
    for index, token in enumerate(script.tokens):
        if token.kind != "name":
            continue
        if token.text in ("require", "import") and script.at(index + 1) == "(":
            required(script, index)
        elif token.text == "import":
            imported(script, index)
        elif token.text in script.modules and _is_alias(script, index):
            bind(script, index - 2, _member(script, index)[0])
        elif token.text in ("function", "class"):
            script.functions.add(script.at(index + 2) if script.at(index + 1) == "*" else script.at(index + 1))
        elif (script.at(index + 1) == "=" and _is_function(script, index + 2)) or (
            script.at(index + 1) == "(" and is_definition(script, index)
        ):
            script.functions.add(token.text)


def results(script: Script) -> None:
    """What the code's own functions give back is of the code too, and may be called."""
    for index, token in enumerate(script.tokens):
        own = script.at(index + 2) in script.functions and script.at(index + 3) == "("
        page = script.modules.get(script.at(index + 2)) == "cheerio" and script.at(index + 3) == "."
        opening = index + (3 if own else 5)
        called = script.at(index + 1) == "=" and script.at(opening) == "(" and (own or page)
        if token.kind == "name" and called and script.at(matching(script.tokens, opening) + 1) not in (".", "[", "("):
            script.functions.add(token.text)


def is_free(script: Script, index: int) -> bool:
    """Whether a name stands for itself: it is no property and no key."""
    before = script.at(index - 1)
    if before in (".", "?.") or script.at(index) in ("fetch", "process", "__dirname", "from"):
        return False
    return script.at(index + 1) != ":" or before == "?"


def _is_function(script: Script, index: int) -> bool:
    if script.at(index) == "async":
        index += 1
    if script.at(index) in ("function", "class"):
        return True
    if script.at(index) == "(":
        return script.at(matching(script.tokens, index) + 1) == "=>"
    return script.at(index + 1) == "=>"


def is_definition(script: Script, index: int) -> bool:
    """A method in a class or an object: ``name(…) {``."""
    end = matching(script.tokens, index + 1)
    before = script.at(index - 1)
    return (
        script.at(end + 1) == "{"
        and before in ("{", "}", ";", ",", "async", "static", "get", "set", "*")
        and (script.at(index) not in known.KEYWORDS)
    )


def name_used(script: Script, index: int, name: str) -> None:
    """A name that leads somewhere must be called by what is known of it, and not be handed on."""
    before, after = script.at(index - 1), script.at(index + 1)
    if before in (".", "?."):
        if name in _PROPERTIES:
            script.deeds.unknown(f"uses {name}, which leads to anything")
        return
    if name in _LEADS and not (name in ("module", "exports") and after in (".", "=")) and after != ":":
        script.deeds.unknown(f"uses {name}, which may do anything")
    elif name == "process":
        _process(script, index)
    elif name in script.modules and (after == "." or not _is_binding(script, index)):
        _module_used(script, index, name)
    elif (
        name in ("fetch", "require", "eval", "Function", "WebSocket")
        and after != "("
        and before not in ("const", "let", "var", "{", ",")
    ):
        script.deeds.unknown(f"hands {name} on")


def _is_binding(script: Script, index: int) -> bool:
    """Whether the name is given its meaning here: by itself, or between the braces of an import."""
    before, after = script.at(index - 1), script.at(index + 1)
    other = before == "," and after == "=" and script.at(index + 2) == "require"  # ``const a = …, b = require(…)``
    if before in ("const", "let", "var", "as", "import") or after == "from" or other:
        return True
    if before in (",", "{", ":") and after in (",", "}"):
        end = index
        while end < len(script.tokens) and script.at(end) not in ("}", ")", ";"):
            end += 1
        return script.at(end) == "}" and script.at(end + 1) in ("from", "=")
    return False


def _process(script: Script, index: int) -> None:
    member = script.at(index + 2)
    if script.at(index + 1) not in (".", "?.") or member in _PROPERTIES:
        script.deeds.unknown("hands process on")
    elif known.CALLS.get(f"process.{member}", "pure") != "pure" and script.at(index + 3) != "(":
        handed(script, f"process.{member}")
    elif member == "env" and script.at(index + 3) not in (".", "?.", "["):
        script.deeds.add(Effect.SECRETS, "text", "environment", "reads all environment variables, keys among them")
    elif member == "env":
        key = script.at(index + 4) or script.tokens[index + 4].text if index + 4 < len(script.tokens) else ""
        ends = index + 5 + (script.at(index + 3) == "[")
        if SECRET_VARIABLE.search(key):
            script.deeds.add(Effect.SECRETS, "text", key, "reads keys or passwords")
        if script.at(ends) == "=":
            script.deeds.add(Effect.SESSION)
            script.deeds.steers(key, plain(script.tokens[ends + 1 : ends + 2]))


def _member(script: Script, index: int) -> tuple[str, int]:
    """The full name that begins at an index, and where it ends."""
    member = script.modules[script.at(index)]
    while script.at(index + 1) == ".":
        index += 2
        member += "" if script.at(index) == "promises" else f".{script.at(index)}"
    return member, index


def _is_alias(script: Script, index: int) -> bool:
    """``const name = module.member``: the name stands for it from here on."""
    ends = script.at(_member(script, index)[1] + 1)
    return script.at(index - 1) == "=" and script.at(index - 3) != "." and ends not in ("(", "[", ".", "?", "&&", "||")


def _module_used(script: Script, index: int, name: str) -> None:
    """A module is used by ``name.member(…)`` only; its functions by ``name(…)``."""
    full = script.modules[name]
    member, at = _member(script, index)
    if script.at(at + 1) == "(" and not member.endswith((".call", ".apply", ".bind")):
        return
    if member.startswith(("fs.constants", "os.EOL", "path.sep", "path.posix")) or script.at(at + 1) == "[":
        return
    member = member.removesuffix(".call").removesuffix(".apply").removesuffix(".bind")
    if _is_alias(script, index):
        return
    if known.CALLS.get(member):
        handed(script, member)
    elif full in MODULES and member == full and full not in known.PURE:
        script.deeds.unknown(f"hands {member} on")
