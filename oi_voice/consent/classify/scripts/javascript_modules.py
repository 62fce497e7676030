"""JavaScript's modules: how they come in, and under which names."""

from __future__ import annotations

from dataclasses import dataclass, field

from oi_voice.consent.classify import web
from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge import javascript as known
from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scripts.tokens import Token
from oi_voice.consent.classify.scripts.values import Values

MODULES = (
    names_in(
        """
    fs child_process http https net vm axios node-fetch got ky superagent dgram open dns tls nodemailer
    glob fast-glob globby
    """
    )
    | known.PURE
)


def module_of(text: str) -> str:
    """A module as it is known here: without the ways to say that it is Node's own, or that it gives promises."""
    name = text.removeprefix("node:").removesuffix("/promises")
    return known.ALSO.get(name, name)


def required(script: Script, index: int) -> None:
    """``const name = require('module')``, ``const {a, b} = await import('module')``, ``require('module').name(``."""
    text = script.tokens[index + 2] if index + 2 < len(script.tokens) else Token("sign", "")
    module = module_of(text.text) if text.kind == "text" else ""
    if text.kind != "text" or module not in MODULES or script.at(index + 3) != ")":
        script.deeds.unknown(f"uses {module or 'a module'}, which is not known here")
        return
    at = index + 4
    while script.at(at) == "." and script.at(at + 1) == "promises":
        at += 2
    member = f".{script.at(at + 1)}" if script.at(at) == "." else ""
    before = index - 1 - (script.at(index - 1) == "await")
    result = bool(member) and script.at(at + 2) == "("
    if script.at(before) == "=" and script.at(before - 2) != "." and not result:
        bind(script, before - 1, f"{module}{member}")
    elif not member and script.at(before) not in ("", ";", "}") and script.at(at) != "[":
        script.deeds.unknown("hands a module on")
    elif member and script.at(at + 2) != "(":
        handed(script, f"{module}{member}")


def handed(script: Script, member: str) -> None:
    """What acts is given to something else, that may call it with whatever it likes."""
    verb = known.CALLS.get(member)
    if verb is None:
        return
    script.deeds.unknown(f"hands {member} on")
    if verb == "delete":
        script.deeds.deletes(None)
    elif verb in ("send", "sendhost"):
        web.sends(script.deeds, None)
    elif verb == "end":
        script.deeds.add(Effect.ENDS, "process", "")


def bind(script: Script, index: int, module: str) -> None:
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


def imported(script: Script, index: int) -> None:
    """``import name from 'module'``, ``import {a as b} from 'module'``, ``import * as name from 'module'``."""
    end = index
    while end < len(script.tokens) and script.tokens[end].kind != "text":
        end += 1
    module = module_of(script.tokens[end].text) if end < len(script.tokens) else ""
    if module not in MODULES:
        script.deeds.unknown(f"uses {module or 'a module'}, which is not known here")
        return
    if script.at(end - 1) != "from":
        return
    if script.at(end - 2) == "}":
        bind(script, end - 2, module)
        if script.at(index + 1) not in ("{", "type"):
            script.modules[script.at(index + 1)] = module
    else:
        script.modules[script.at(end - 2)] = module


@dataclass
class Script:
    deeds: Deeds
    tokens: list[Token]
    modules: dict[str, str] = field(default_factory=dict)  # a name in the code, and what it stands for in full
    functions: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)  # names of parameters and variables
    closed: bool = True  # every name is of the code's own, or known
    layer: int = 0  # of code in texts
    values: Values = field(init=False)
    words: list[str] = field(init=False)  # the tokens' signs and names, empty for the others

    def __post_init__(self) -> None:
        self.values = Values(self.tokens, self.modules, self.deeds)
        self.words = [token.text if token.kind in ("sign", "name") else "" for token in self.tokens]

    def at(self, index: int) -> str:
        """The sign or name at an index, empty for texts and beyond the ends."""
        return self.words[index] if 0 <= index < len(self.words) else ""
