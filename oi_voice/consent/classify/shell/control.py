"""What a shell's program is made of: lists, pipes, branches, loops, functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from oi_voice.consent.classify.shell import words
from oi_voice.consent.classify.texts import Origin, Text, either

if TYPE_CHECKING:
    from tree_sitter import Node

    from oi_voice.consent.classify.shell.walker import Shell

MOST = 64  # rounds of a loop that are gone through one by one


def _pipeline(shell: Shell, node: Node, given: Text | None) -> Text | None:
    for child in node.children:
        if child.is_named:
            with shell.aside():
                given = shell.run(child, given)
    return given


def _list(shell: Shell, node: Node, given: Text | None) -> Text | None:
    signs = {child.type for child in node.children}
    first, *rest = [child for child in node.children if child.is_named]
    printed, before = shell.run(first, given), dict(shell.variables)
    with shell.deeds.maybe("||" in signs):
        for child in rest:
            printed = shell.run(child, given) or printed
    if signs & {"&&", "||"}:
        _or_else(shell, before)
    return printed


def _or_else(shell: Shell, other: dict[str, Text]) -> None:
    """The variables are as they are, or as they were elsewhere."""
    for name, value in other.items():
        shell.variables[name] = either(value, shell.variables.get(name, value))


def _subshell(shell: Shell, node: Node, given: Text | None) -> Text | None:
    with shell.aside():
        return shell.walk_inside(node, given)


def _command_substitution(shell: Shell, node: Node, _: Text | None) -> Text | None:
    return words.value(shell, node)


def _if_statement(shell: Shell, node: Node, given: Text | None) -> Text | None:
    before, here = dict(shell.variables), shell.deeds.places.here
    ends = [before]
    with shell.deeds.maybe():
        for child in node.children:
            if child.type in ("elif_clause", "else_clause", "case_item"):
                ends.append(shell.variables)
                shell.variables = dict(before)
            if child.is_named and child.type not in ("heredoc_redirect", "comment"):
                shell.run(child, given)
    for end in ends:
        _or_else(shell, end)
    if shell.deeds.places.here != here:
        shell.deeds.places.here = None
    return None


def _while_statement(shell: Shell, node: Node, given: Text | None) -> Text | None:
    for child in node.children:
        if child.type == "command":  # while read -r name: what comes in, line by line
            parts = [shell.source(each) for each in child.named_children]
            if parts[:1] == ["read"]:
                for name in parts[1:]:
                    shell.variables[name] = given if given is not None else Text((Origin.OPAQUE,))
    for _ in range(2):
        _if_statement(shell, node, given)
    return None


def _for_statement(shell: Shell, node: Node, given: Text | None) -> Text | None:
    from oi_voice.consent.classify.shell.sums import counts

    name = next((shell.source(child) for child in node.children if child.type == "variable_name"), "")
    body = next((child for child in node.children if child.type in ("do_group", "compound_statement")), None)
    values: list[Text] = []
    for child in node.children:
        if child.is_named and child.type not in ("variable_name", "do_group", "comment", "compound_statement"):
            values += words.expand(shell, child)
    if node.type == "c_style_for_statement":
        for part in ("initializer", "condition", "update"):
            for each in node.children_by_field_name(part):
                counts(shell, each)
        values = [Text((Origin.NUMBER,))]
    for value in values[:MOST] or [Text((Origin.OPAQUE,))]:
        if name:
            shell.variables[name] = value
        if body is not None:
            shell.run(body, given)
    if len(values) > MOST:
        shell.deeds.unknown("goes on for longer than it can be followed")
    return None


def _function_definition(shell: Shell, node: Node, _: Text | None) -> None:
    name = shell.source(node.children[1] if node.children[0].type == "function" else node.children[0])
    body = next((child for child in node.children if child.type in ("compound_statement", "subshell")), None)
    if body is not None:
        shell.functions[name] = body


def _compound(shell: Shell, node: Node, given: Text | None) -> Text | None:
    """``{ … }``, and ``((…))``, which counts."""
    from oi_voice.consent.classify.shell.sums import counts

    if node.children and node.children[0].type == "((":
        counts(shell, node)
        return None
    return shell.walk_inside(node, given)


HANDLERS: dict[str, Callable[[Shell, Node, Text | None], Text | None]] = {
    "compound_statement": _compound,
    "pipeline": _pipeline,
    "list": _list,
    "subshell": _subshell,
    "command_substitution": _command_substitution,
    "process_substitution": _command_substitution,
    "if_statement": _if_statement,
    "case_statement": _if_statement,
    "while_statement": _while_statement,
    "for_statement": _for_statement,
    "c_style_for_statement": _for_statement,
    "function_definition": _function_definition,
}
