"""Python: read with ``ast``, followed with what can be told without running it."""

from __future__ import annotations

import ast
import warnings

from oi_voice.consent.classify.deeds import Deeds, TooMuchError
from oi_voice.consent.classify.python import magics
from oi_voice.consent.classify.python.machine import Machine

LAYERS = 4  # of code that runs code


def inspect(code: str, deeds: Deeds) -> None:
    """Note what a block of Python does."""
    machine = Machine(deeds)
    command = magics.bare(code)
    if command is not None:
        magics.line(machine, *command)
    try:
        run(machine, code, also=command is not None)
        machine.finish()
    except (TooMuchError, RecursionError):
        deeds.unknown("goes on for longer than it can be followed")


def run(machine: Machine, code: str, also: bool = False) -> None:
    """Go through code; ``also``: it need not be Python."""
    tree = parse(code)
    if tree is None:
        if not also:
            machine.deeds.unknown("is not a complete program")
        return
    machine.run(tree.body)


def layer(machine: Machine, code: str) -> None:
    """Go through code that code runs."""
    machine.layers += 1
    if machine.layers > LAYERS:
        machine.deeds.unknown("runs code in code in code")
    else:
        run(machine, code)
    machine.layers -= 1


def parse(code: str) -> ast.Module | None:
    """The code's tree, with IPython's commands as calls; None where it is no Python."""
    for read in (str, magics.plain):
        try:
            text = read(code)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what Python thinks of the style is not asked here
                tree = compile(text, "<code>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                return tree if isinstance(tree, ast.Module) else None
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue
    return None
