"""``$name``, ``${name…}`` and arrays: what a shell's variables become."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from oi_voice.consent.classify.knowledge.variables import SECRET_VARIABLE
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.spots import home
from oi_voice.consent.classify.texts import Origin, Text, either, joined, split

if TYPE_CHECKING:
    from tree_sitter import Node

    from oi_voice.consent.classify.shell.walker import Shell

_OPAQUE = Text((Origin.OPAQUE,))
_NUMBERS = frozenset(("?", "#", "$", "!", "RANDOM", "SECONDS", "LINENO", "UID", "PPID", "EUID"))
_CASES = {"^": str.capitalize, "^^": str.upper, ",": str.lower, ",,": str.lower}
#: What leaves a name a name.
_KEEP = frozenset(("#", "##", "%", "%%", "/", "//", *_CASES))
_LONGEST = 1_000


def variable(shell: Shell, name: str) -> Text:
    if name in shell.variables:
        return shell.variables[name]
    if name == "HOME":
        return Text((home(),))
    if name == "PWD":
        here = shell.deeds.places.here
        return Text((str(here),)) if here is not None else _OPAQUE
    if name in _NUMBERS:
        return Text((Origin.NUMBER,))
    if SECRET_VARIABLE.search(name):
        shell.deeds.add(Effect.SECRETS, "text", name, "reads keys or passwords")
    return Text((Origin.NAME,)) if name in ("USER", "LOGNAME", "HOSTNAME") else _OPAQUE


def array(shell: Shell, node: Node) -> list[Text] | None:
    """The values of ``${name[@]}``, in quotes or not; None for anything else, or one that is not known."""
    inner = [child for child in node.children if child.type != '"']
    if node.type == "string":
        return array(shell, inner[0]) if len(inner) == 1 and inner[0].type == "expansion" else None
    name, _, rest = shell.source(node).removeprefix("${").partition("[")
    return shell.arrays.get(name) if node.type == "expansion" and rest in ("@]}", "*]}") else None


def simple(shell: Shell, node: Node) -> Text:
    return variable(shell, shell.source(node)[1:])


def expansion(shell: Shell, node: Node) -> Text:
    """``${name}`` and what can be done to it."""
    from oi_voice.consent.classify.shell.sums import counts, evaluates, prompts
    from oi_voice.consent.classify.shell.words import value

    shell.walk_inside(node)
    for child in node.children:
        if child.type == "subscript":
            for index in child.named_children[1:]:
                counts(shell, child) if index.type != "word" or shell.source(index) not in "@*" else None
    inner = [child for child in node.children if child.type not in ("${", "}")]
    names = [child for child in inner if child.type in ("variable_name", "special_variable_name")]
    if inner and inner[0].type == "#":
        return Text((Origin.NUMBER,))
    if not names:
        return _OPAQUE
    name = shell.source(names[0])
    known = variable(shell, name)
    if len(inner) > 1 and shell.source(node).endswith("@P}"):
        prompts(shell, known)
    if inner[0].type == "!":
        if not shell.source(node).endswith(("[@]}", "[*]}")):
            evaluates(shell, known)
        return variable(shell, known.plain) if known.plain and len(inner) == 2 else _OPAQUE
    if len(inner) == 1:
        return known
    sign = shell.source(inner[1])
    if sign == ":":
        evaluates(shell, Text(("".join(map(shell.source, inner[2:])),)))
    if sign in (":-", "-", ":=", "="):
        known = _or(known, value(shell, inner[2]) if len(inner) > 2 else Text(()))
        if "=" in sign:
            shell.sets(name, known)
        return known
    return _changed(known, sign, [shell.source(each) for each in inner[2:]])


def _or(known: Text, other: Text) -> Text:
    """Either of them: a variable that nobody has set here mostly is not set."""
    return either(known, other) if known.plain is not None or known == _OPAQUE else _most(known, other)


def _most(known: Text, other: Text) -> Text:
    return Text((max(known.origin, other.origin),))


def _changed(known: Text, sign: str, rest: list[str]) -> Text:
    """A part of a value, or the value with letters replaced; computed where it is known."""
    if known.plain is not None:
        found = _computed(known.plain, sign, rest) if len(known.plain) < _LONGEST else None
        return Text((found,)) if found is not None else _OPAQUE
    if known.origin is Origin.OPAQUE or sign not in _KEEP:
        return _OPAQUE
    if sign[0] == "/" and not re.fullmatch(r"/?[\w -]*", "".join(rest[1:])):
        return _OPAQUE  # what is put in may lead out of a folder
    slashes = any("/" in piece for piece in known.pieces if isinstance(piece, str))
    if not slashes or (sign == "##" and rest[-1:] == ["*/"]):
        return Text((Origin.NAME,))
    return _cut(known) if sign in ("%", "%%") else _OPAQUE


def _computed(plain: str, sign: str, rest: list[str]) -> str | None:
    given = "".join(rest)
    if sign in _CASES and not rest:
        return _CASES[sign](plain)
    if sign == ":" and re.fullmatch(r"\d+(:\d+)?", given):
        begin, _, many = given.partition(":")
        return plain[int(begin) :][: int(many) if many else None]
    if sign in ("/", "//") and rest and re.fullmatch(r"[\w .,:+-]+", rest[0]):
        return plain.replace(rest[0], "".join(rest[2:]), -1 if sign == "//" else 1)
    if sign in ("%", "%%", "#", "##") and rest and not re.search(r"[$`\\\"']", given):
        lengths = range(len(plain) + 1) if len(sign) == 1 else range(len(plain), -1, -1)
        for length in lengths:
            part = plain[:length] if sign[0] == "#" else plain[len(plain) - length :]
            if fnmatchcase(part, given):
                return plain[length:] if sign[0] == "#" else plain[: len(plain) - length]
        return plain
    return None


def _cut(path: Text) -> Text:
    """A path without its ending: its folder and a name."""
    halves = split(path)
    if halves is None:
        return _OPAQUE
    return joined(joined(halves[0], Text(("/",))), Text((Origin.NAME,)))
