"""What bash counts or takes for a name: it evaluates subscripts there, and commands that are in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.shell.words import value
from oi_voice.consent.classify.texts import Origin, Text

if TYPE_CHECKING:
    from tree_sitter import Node

    from oi_voice.consent.classify.shell.walker import Shell

#: Origins of text that cannot hold a command: numbers, and names that hold no bracket are taken for such.
_COUNTED = frozenset((Origin.PLAIN, Origin.NUMBER, Origin.TIME, Origin.FIGURE))
_HOLDS = re.compile(r"\$\((?!\()(.*)\)|`([^`]*)`", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*")
_DEEPEST = 6  # of variables that name variables
_COMPARES = frozenset(("-eq", "-ne", "-lt", "-le", "-gt", "-ge"))
_WHY = "counts with a text that may hold a command"


def evaluates(shell: Shell, text: Text | None, depth: int = 0) -> None:
    """Note what bash runs where it counts with a text, or takes it for a variable's name."""
    options: list[Text | None] = [*(text.options() if text is not None else ())]
    for each in options or [None]:
        if each is None or each.origin not in _COUNTED or depth > _DEEPEST:
            shell.deeds.unknown(_WHY)
            continue
        known = "".join(piece for piece in each.pieces if type(piece) is str)
        _holds(shell, known)
        for name in dict.fromkeys(_NAME.findall(known)):
            held = shell.variables.get(name)
            if held is not None and held.plain != name:
                evaluates(shell, held, depth + 1)


def _holds(shell: Shell, text: str) -> None:
    from oi_voice.consent.classify import shell as inner

    if "$(" in text or "`" in text:
        shell.deeds.unknown(_WHY)
    for found in _HOLDS.finditer(text):
        inner.line(shell.deeds, Text((found[1] or found[2] or "",)), above=shell)


def prompts(shell: Shell, text: Text) -> None:
    """``${x@P}``: a text is gone through as a prompt is."""
    if text.plain is None:
        shell.deeds.unknown(_WHY)
    else:
        _holds(shell, text.plain)


def counts(shell: Shell, node: Node) -> None:
    """``$((…))``, ``((…))``: every part of a sum."""
    for child in node.children:
        if child.type in ("variable_name", "word", "number", "raw_string"):
            evaluates(shell, Text((shell.source(child).strip("'"),)))
        elif child.type == "simple_expansion" and shell.source(child)[1:].isidentifier():
            evaluates(shell, Text((shell.source(child)[1:],)))
        elif child.type in ("simple_expansion", "expansion", "command_substitution", "string", "concatenation"):
            evaluates(shell, value(shell, child))
        elif child.is_named:
            counts(shell, child)


def tests(shell: Shell, node: Node, wide: bool) -> None:
    """``[ -v name ]``, and with ``wide`` the comparing of numbers: both evaluate."""
    operators = {shell.source(child) for child in node.children if child.type == "test_operator"}
    if "-v" in operators or (wide and operators & _COMPARES):
        for child in node.named_children:
            if child.type == "simple_expansion" and shell.source(child)[1:].isidentifier() and "-v" not in operators:
                evaluates(shell, Text((shell.source(child)[1:],)))
            elif child.type != "test_operator":
                evaluates(shell, value(shell, child))
    for child in node.named_children:
        if child.type in ("unary_expression", "binary_expression", "parenthesized_expression", "negation_expression"):
            tests(shell, child, wide)


def _test(line: Line) -> Printed:
    words = line.plain
    for index, word in enumerate(words[:-1]):
        if word == "-v":
            evaluates(line.shell, line.args[index + 1])
    line.deeds.add(Effect.READS)
    return None


def _names(line: Line) -> Printed:
    """Sums, and names of variables: in a bracket behind one a command may stand."""
    for each in line.args:
        evaluates(line.shell, each)
    line.deeds.add(Effect.READS)
    return None


def _completes(line: Line) -> Printed:
    """``compgen`` lists what may be typed; ``-C``, ``-F`` and the words of ``-W`` are run."""
    if line.name != "compgen" or not {*line.plain} <= _LISTS:
        line.deeds.unknown("completes words in a way that may run a command")
        if line.has("-C"):
            from oi_voice.consent.classify import shell

            shell.line(line.deeds, line.value("-C"), above=line.shell)
        for each in line.args:
            _holds(line.shell, (each.plain or "") if each is not None else "")
    line.deeds.add(Effect.READS)
    return Text((Origin.OPAQUE,))


_LISTS = frozenset(("-a", "-b", "-c", "-k", "-A", "function", "alias", "builtin", "command", "keyword"))

HANDLERS: dict[str, Handler] = {
    "let": _names,
    "test": _test,
    **dict.fromkeys(("unset", "getopts", "declare", "typeset", "local", "readonly"), _names),
    **dict.fromkeys(("compgen", "complete", "compopt"), _completes),
}
