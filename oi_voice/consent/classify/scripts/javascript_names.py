"""What JavaScript's names stand for: modules, functions of the code's own, things that lead anywhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import javascript as known
from oi_voice.consent.classify.knowledge import listed
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.tokens import Token
from oi_voice.consent.classify.scripts.values import Values, matching

#: Names that lead to whatever there is.
_LEADS = frozenset(
    listed(
        """
    globalThis global window document self Deno Bun eval Function Reflect Proxy WebAssembly XMLHttpRequest
    WebSocket EventSource Worker importScripts localStorage module exports arguments
    """
    )
)


_PROPERTIES = frozenset(("constructor", "__proto__", "prototype", "mainModule", "callee", "caller", "binding"))


MODULES = (
    frozenset(
        listed(
            """
    fs child_process http https net vm axios node-fetch got ky superagent dgram open
    """
        )
    )
    | known.PURE
)


@dataclass
class Script:
    deeds: Deeds
    tokens: list[Token]
    modules: dict[str, str] = field(default_factory=dict)  # a name in the code, and what it stands for in full
    functions: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)  # names of parameters and variables
    closed: bool = True  # every name is of the code's own, or known
    values: Values = field(init=False)

    def __post_init__(self) -> None:
        self.values = Values(self.tokens, self.modules, self.deeds)

    def at(self, index: int) -> str:
        """The sign or name at an index, empty for texts and beyond the ends."""
        if 0 <= index < len(self.tokens) and self.tokens[index].kind in ("sign", "name"):
            return self.tokens[index].text
        return ""


def names(script: Script) -> None:
    """Which names stand for modules, and which for functions of the code's own."""
    for index, token in enumerate(script.tokens):
        if token.kind != "name":
            continue
        if token.text == "require" and script.at(index + 1) == "(":
            _required(script, index)
        elif token.text == "import" and script.at(index + 1) != "(":
            _imported(script, index)
        elif token.text in ("function", "class"):
            script.functions.add(script.at(index + 2) if script.at(index + 1) == "*" else script.at(index + 1))
        elif (script.at(index + 1) == "=" and _is_function(script, index + 2)) or (
            script.at(index + 1) == "(" and is_definition(script, index)
        ):
            script.functions.add(token.text)


def is_free(script: Script, index: int) -> bool:
    """Whether a name stands for itself: it is no property and no key."""
    token = script.tokens[index]
    if (
        token.kind != "name"
        or script.at(index - 1) in (".", "?.")
        or token.text in ("fetch", "process", "__dirname", "from")
    ):
        return False
    return script.at(index + 1) != ":" or script.at(index - 1) == "?"


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


def _required(script: Script, index: int) -> None:
    """``const name = require('module')``, ``const {a, b} = require('module')``, ``require('module').name(``."""
    text = script.tokens[index + 2] if index + 2 < len(script.tokens) else Token("sign", "")
    module = text.text.removeprefix("node:").removesuffix("/promises") if text.kind == "text" else ""
    if text.kind != "text" or module not in MODULES or script.at(index + 3) != ")":
        script.deeds.unknown(f"uses {module or 'a module'}, which is not known here")
        return
    after = script.at(index + 4)
    member = f".{script.at(index + 5)}" if after == "." else ""
    if member == ".promises":
        member = ""
        after = script.at(index + 6)
        if after == ".":
            member = f".{script.at(index + 7)}"
    if script.at(index - 1) == "=":
        _bind(script, index - 2, f"{module}{member}")
    elif not member and script.at(index - 1) not in ("", ";", "}"):
        script.deeds.unknown("hands a module on")


def _bind(script: Script, index: int, module: str) -> None:
    """Bind a name, or the names in braces, that end at an index."""
    if script.at(index) != "}":
        script.modules[script.at(index)] = module
        return
    begin = index
    while begin > 0 and script.at(begin) != "{":
        begin -= 1
    at = begin + 1
    while at < index:
        name, alias = script.at(at), script.at(at)
        if script.at(at + 1) in (":", "as"):
            alias = script.at(at + 2)
            at += 2
        if name not in (",", ""):
            script.modules[alias] = module if name == "promises" else f"{module}.{name}"
        at += 1


def _imported(script: Script, index: int) -> None:
    """``import name from 'module'``, ``import {a as b} from 'module'``, ``import * as name from 'module'``."""
    end = index
    while end < len(script.tokens) and script.tokens[end].kind != "text":
        end += 1
    module = script.tokens[end].text.removeprefix("node:").removesuffix("/promises") if end < len(script.tokens) else ""
    if module not in MODULES:
        script.deeds.unknown(f"uses {module or 'a module'}, which is not known here")
        return
    if script.at(end - 1) != "from":
        return
    if script.at(end - 2) == "}":
        _bind(script, end - 2, module)
        if script.at(index + 1) not in ("{", "type"):
            script.modules[script.at(index + 1)] = module
    else:
        script.modules[script.at(end - 2)] = module


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
    elif (
        name in script.modules
        and before not in ("const", "let", "var", "{", ",", "as", "import")
        and after not in ("from", ",", "}")
    ):
        _module_used(script, index, name)
    elif name in script.modules and before in (",", "{") and after in (",", "}", ")"):
        if not _in_binding(script, index):
            _module_used(script, index, name)
    elif name in ("fetch", "require") and after != "(" and before not in ("const", "let", "var", "{", ","):
        script.deeds.unknown(f"hands {name} on")


def _in_binding(script: Script, index: int) -> bool:
    """Whether the name is between the braces of an import, or of what ``require`` gives."""
    end = index
    while end < len(script.tokens) and script.at(end) not in ("}", ")", ";"):
        end += 1
    return script.at(end) == "}" and script.at(end + 1) in ("from", "=")


def _process(script: Script, index: int) -> None:
    member = script.at(index + 2)
    if script.at(index + 1) not in (".", "?.") or member in _PROPERTIES:
        script.deeds.unknown("hands process on")
    elif member == "env" and script.at(index + 3) not in (".", "?.", "["):
        script.deeds.add(Effect.SECRETS, "text", "environment", "reads all environment variables, keys among them")


def _module_used(script: Script, index: int, name: str) -> None:
    """A module is used by ``name.member(…)`` only; its functions by ``name(…)``."""
    full = script.modules[name]
    member = full
    at = index
    while script.at(at + 1) in (".", "?."):
        member += f".{script.at(at + 2)}"
        at += 2
    if script.at(at + 1) == "(" or member.startswith(("fs.constants", "os.EOL", "path.sep", "path.posix")):
        return
    if known.CALLS.get(member.replace(".promises", "")) or (
        full in MODULES and member == full and full not in known.PURE
    ):
        if script.at(index - 1) == "=" and member == "fs.promises":
            return
        if known.CALLS.get(member.replace(".promises", "")) == "delete":
            script.deeds.deletes(None)
        script.deeds.unknown(f"hands {member} on")
    elif script.at(at + 1) == "[":
        script.deeds.unknown(f"uses {member} by a name that is made as it runs")
