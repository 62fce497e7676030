"""Assignments, commands, and what goes in and out of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import TYPE_CHECKING

from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell import words
from oi_voice.consent.classify.texts import Origin, Text, either, joined

if TYPE_CHECKING:
    from tree_sitter import Node

    from oi_voice.consent.classify.shell.walker import Shell

_VALUES = 64  # of an array
_RUNS = frozenset(("pipeline", "command", "redirected_statement", "list", "subshell", "compound_statement"))


def _variable_assignment(shell: Shell, node: Node, _: Text | None) -> None:
    from oi_voice.consent.classify.shell.sums import counts

    name = shell.source(node.children[0]).partition("[")[0]
    given = node.children[-1] if len(node.children) > 1 and node.children[-1].type not in ("=", "+=") else None
    adds = any(child.type == "+=" for child in node.children)
    if given is not None and given.type == "array":
        values = [each for child in given.named_children for each in words.expand(shell, child)][:_VALUES]
        shell.arrays[name] = [*(shell.arrays.get(name, []) if adds else ()), *values]
        value = reduce(either, values) if values and not adds else Text((Origin.OPAQUE,))
    else:
        value = words.value(shell, given) if given is not None else Text(())
        if node.children[0].type == "subscript":
            counts(shell, node.children[0])
        shell.arrays.pop(name, None)
        value = joined(shell.variables[name], value) if adds and name in shell.variables else value
    shell.sets(name, value)


def _declaration_command(shell: Shell, node: Node, given: Text | None) -> Text | None:
    from oi_voice.consent.classify.shell.sums import evaluates

    word = shell.source(node.children[0])
    options = [shell.source(child) for child in node.named_children if shell.source(child)[:1] in ("-", "+")]
    names = len(node.named_children) - len(options)
    for child in node.named_children:
        if child.type == "variable_assignment":
            _variable_assignment(shell, child, given)
        elif child.type not in ("variable_name", "word"):
            evaluates(shell, words.value(shell, child))
    if any(each.startswith("-") and "i" in each for each in options):
        shell.counted |= {shell.source(child).partition("=")[0] for child in node.named_children}
        for name in shell.counted & set(shell.variables):
            evaluates(shell, shell.variables[name])
    if not names:
        shell.deeds.add(Effect.SECRETS, "text", "environment", "reads all environment variables, keys among them")
    elif any(each.startswith("-") and "n" in each for each in options):
        shell.deeds.unknown("gives another meaning to a name")
    if word == "export":
        shell.deeds.add(Effect.SESSION)
    return None


def _unset_command(shell: Shell, node: Node, _: Text | None) -> None:
    from oi_voice.consent.classify.shell.sums import evaluates

    for child in node.named_children:
        name = words.value(shell, child)
        if not shell.source(child).startswith("-"):
            evaluates(shell, Text((name.plain,)) if name.plain not in shell.variables and name.plain else name)
        shell.variables.pop(shell.source(child), None)


def _test_command(shell: Shell, node: Node, _: Text | None) -> None:
    from oi_voice.consent.classify.shell.sums import counts, tests

    _substitutions(shell, node)
    if node.children and node.children[0].type == "((":
        counts(shell, node)
    else:
        tests(shell, node, wide=bool(node.children) and node.children[0].type == "[[")


def _substitutions(shell: Shell, node: Node) -> None:
    """The commands that stand inside a test or a sum."""
    for child in node.children:
        if child.type in ("command_substitution", "process_substitution"):
            words.value(shell, child)
        else:
            _substitutions(shell, child)


def _redirected_statement(shell: Shell, node: Node, given: Text | None) -> Text | None:
    body: Node | None = None
    following: Node | None = None
    writes: list[Node] = []
    more: list[Node] = []  # words of the command that stand behind where its output goes
    for child in node.children:
        if child.type == "heredoc_redirect":
            given = words.heredoc(shell, child)
            following = next((each for each in child.named_children if each.type in _RUNS), following)
            writes += [each for each in child.named_children if each.type == "file_redirect"]
        elif child.type == "herestring_redirect":
            given = words.value(shell, child.named_children[-1])
        elif child.type == "file_redirect":
            more += _target(child)[1:]
            if any(each.type == "<" for each in child.children):
                given = _file_redirect(shell, child, None)
            else:
                writes.append(child)
        elif child.is_named:
            body = child
    if body is not None and body.type != "command":
        printed = shell.run(body, given)
    else:
        printed = _command(shell, body, given, more)
    for each in writes:  # what a list's last command writes, in the folder where the list ends
        _file_redirect(shell, each, None)
    if following is not None:
        return shell.run(following, printed)
    kept = all(any(sign in shell.source(each) for sign in (">&", "2>", "/dev/null")) for each in writes)
    return printed if kept else None


def _file_redirect(shell: Shell, node: Node, _: Text | None) -> Text | None:
    """``>``, ``>>``, ``<``; what is read comes back."""
    sign = next((child.type for child in node.children if not child.is_named), ">")
    path = next(iter(words.expand(shell, _target(node)[0])), None) if _target(node) else None
    plain = path.plain if path is not None else None
    if sign in (">&", "<&") and (plain is None or plain.isdigit() or plain == "-"):
        return None
    if plain is not None and plain.startswith(("/dev/tcp/", "/dev/udp/")):
        shell.deeds.add(Effect.SENDS, "host", plain.split("/")[3])
    elif sign == "<":
        shell.deeds.reads(path)
        return Text((Origin.FILE,))
    elif sign in (">>", "&>>"):
        shell.deeds.appends(path)
    else:
        shell.deeds.writes(path)
    return None


def _herestring_redirect(shell: Shell, node: Node, _: Text | None) -> None:
    words.value(shell, node.named_children[-1])


def _command(shell: Shell, node: Node | None, given: Text | None, more: Sequence[Node] = ()) -> Text | None:
    from oi_voice.consent.classify.shell.commands import command

    found: list[Text | None] = []
    children = [(child, child.type) for child in (*(node.children if node is not None else ()), *more)]
    named = next((index for index, (_, kind) in enumerate(children) if kind == "command_name"), 0)
    reads = named > 0 and shell.source(children[named][0]) == "read"
    for child, kind in children:
        if kind == "variable_assignment":
            if not (reads and shell.source(child).startswith("IFS=")):  # how read cuts its line, and no more
                _variable_assignment(shell, child, None)
        elif kind == "herestring_redirect":
            given = words.value(shell, child.named_children[-1])
        elif kind == "file_redirect":
            _file_redirect(shell, child, None)
            found += [each for word in _target(child)[1:] for each in words.expand(shell, word)]
        elif kind == "command_name":
            found += words.expand(shell, child.children[0]) if child.children else []
        elif child.is_named:
            found += words.expand(shell, child)
        elif kind not in ("&", ";"):
            found.append(Text((shell.source(child),)))
    return command(shell, found, given) if found else None


def _target(node: Node) -> list[Node]:
    """Where a redirection leads to, and words behind it, which are the command's."""
    return [child for child in node.named_children if child.type != "file_descriptor"]


HANDLERS: dict[str, Callable[[Shell, Node, Text | None], Text | None]] = {
    "variable_assignment": _variable_assignment,
    "declaration_command": _declaration_command,
    "unset_command": _unset_command,
    "test_command": _test_command,
    "redirected_statement": _redirected_statement,
    "file_redirect": _file_redirect,
    "herestring_redirect": _herestring_redirect,
    "command": _command,
}
