"""The shell: read with tree-sitter's grammar of bash, followed with what can be told without running it."""

from __future__ import annotations

import re
import time
from functools import cache
from typing import TYPE_CHECKING

from oi_voice.consent.classify.deeds import Deeds, TooMuchError
from oi_voice.consent.classify.risk import Effect, Level
from oi_voice.consent.classify.shell.walker import LAYERS, Shell
from oi_voice.consent.classify.texts import WITHIN, OneOf, Origin, Text, Wild

if TYPE_CHECKING:
    from tree_sitter import Parser, Tree


@cache
def _parser() -> Parser:
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


#: Pipes in one program; the grammar's time grows with their square.
PIPES = 2_000


def _tree(code: bytes, until: float) -> Tree | None:
    """The program's tree; None where reading it takes too long."""
    if code.count(b"|") > PIPES:
        return None
    try:
        return _parser().parse(
            lambda at, _: code[at : at + 8192],
            progress_callback=lambda *_: time.perf_counter() > until,
        )
    except ValueError:
        _parser().reset()  # else it goes on where it stopped, whatever it is given next
        return None


def inspect(code: str, deeds: Deeds) -> None:
    """Note what a shell's program does."""
    _through(Shell(deeds), code)


def line(deeds: Deeds, text: Text | None, above: Shell | None = None) -> None:
    """A command line that code puts together: a hole in it may hold a command of its own."""
    if text is None:
        deeds.unknown("runs a command line that is made as it runs")
        return
    if text.origin is Origin.NET:
        deeds.add(Effect.FOREIGN, reason="runs code that comes from a host")
    shell = _below(deeds, above)
    plain = ""
    for piece in text.pieces:
        if type(piece) is str:
            plain += piece
            continue
        if isinstance(piece, OneOf) or (isinstance(piece, Origin) and piece not in WITHIN):
            deeds.unknown("runs a command line that is made as it runs")
        plain += f"__HOLE{len(shell.holes)}__"
        shell.holes.append(piece if not isinstance(piece, Wild) else Wild(piece))
    _through(shell, plain)


def argv(deeds: Deeds, given: list[Text | None], exact: bool, typed: Text | None = None) -> None:
    """A program and its words, without a shell between; ``typed`` is what it is given to read."""
    from oi_voice.consent.classify.shell.commands import command

    if not exact:
        deeds.unknown("runs a program with words that are made as it runs")
    if given:
        command(Shell(deeds), given, typed)


def typed(deeds: Deeds, text: Text | None) -> None:
    """What is typed may go to a terminal; nobody knows here which window is in front."""
    opened = [target.name.lower() for target in deeds.targets.values() if target.effect is Effect.OPENS]
    there = Deeds(deeds.places.here)
    line(there, text)
    if any(map(_TERMINAL.search, opened)) or (
        there.risk().level > Level.UNKNOWN and not there.effects.keys() & _UNSURE
    ):
        line(deeds, text)


_TERMINAL = re.compile(r"term|konsole|console|shell|\bcmd\b|alacritty|kitty|bash|\bx?fce4")
_UNSURE = {Effect.UNKNOWN, Effect.HIDDEN}


def _below(deeds: Deeds, above: Shell | None) -> Shell:
    if above is None:
        return Shell(deeds)
    kept = dict(above.variables)
    return Shell(deeds, variables=kept, functions={}, layer=above.layer + 1, active=above.active)


def _through(shell: Shell, code: str) -> None:
    if shell.layer > LAYERS:
        shell.deeds.unknown("runs code in code in code")
        return
    shell.code = code.encode("utf-8", "replace")
    tree = _tree(shell.code, shell.deeds.until)
    if tree is None:
        shell.deeds.unknown("takes too long to be read")
        return
    if tree.root_node.has_error or "\0" in code:
        shell.deeds.unknown("is not a complete program")
    try:
        shell.program(tree.root_node)
    except (TooMuchError, RecursionError):
        shell.deeds.unknown("goes on for longer than it can be followed")
