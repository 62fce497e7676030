"""Statements of Python, gone through one by one."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from oi_voice.consent.classify.python import imports
from oi_voice.consent.classify.python.binding import bind
from oi_voice.consent.classify.python.calls import call
from oi_voice.consent.classify.python.definitions import function, made_class, noted
from oi_voice.consent.classify.python.machine import Machine
from oi_voice.consent.classify.python.values import (
    Data,
    Function,
    Instance,
    Items,
    Known,
    Unknown,
    Value,
    common,
    elements,
    inert,
    loose,
    origin,
)

UNROLLED = 32  # rounds of a loop over known values that are gone through one by one


def execute(machine: Machine, node: ast.stmt) -> None:
    handler = STATEMENTS.get(type(node))
    if handler is not None:
        handler(machine, node)


def _assign(machine: Machine, node: ast.Assign) -> None:
    value = machine.value(node.value)
    for target in node.targets:
        bind(machine, target, value)


def _annotated(machine: Machine, node: ast.AnnAssign) -> None:
    noted(machine, [node.annotation])
    if node.value is not None:
        bind(machine, node.target, machine.value(node.value))


def _augmented(machine: Machine, node: ast.AugAssign) -> None:
    whole = ast.copy_location(ast.BinOp(_loaded(node.target), node.op, node.value), node)
    before = machine.value(_loaded(node.target))
    value = machine.value(whole)
    if isinstance(before, Items) and isinstance(value, Items):
        before.exact, before.values = value.exact, value.values
        return
    bind(machine, node.target, value)


def _loaded(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    return target


def _delete(machine: Machine, node: ast.Delete) -> None:
    for target in node.targets:
        if isinstance(target, ast.Attribute):
            machine.deeds.unknown("changes how Python itself works")
        elif isinstance(target, ast.Subscript):
            on = machine.value(target.value)
            machine.value(target.slice)
            if isinstance(on, Items):
                on.exact = False


def _expression(machine: Machine, node: ast.Expr) -> None:
    machine.value(node.value)


def _if(machine: Machine, node: ast.If) -> None:
    machine.value(node.test)
    if "__name__" in ast.unparse(node.test):
        machine.run(node.body)
        return
    with machine.branch():
        machine.run(node.body)
    with machine.branch():
        machine.run(node.orelse)


def _for(machine: Machine, node: ast.For | ast.AsyncFor) -> None:
    values, exact = elements(machine.value(node.iter))
    if exact and len(values) <= UNROLLED:
        for value in list(values):
            bind(machine, node.target, value)
            machine.run(node.body)
    else:
        for _ in range(2):  # what a round leaves behind, the next one finds
            with machine.branch(doubt=False):
                bind(machine, node.target, common(values))
                machine.run(node.body)
    machine.run(node.orelse)


def _while(machine: Machine, node: ast.While) -> None:
    for _ in range(2):
        machine.value(node.test)
        with machine.branch():
            machine.run(node.body)
    machine.run(node.orelse)


def _with(machine: Machine, node: ast.With | ast.AsyncWith) -> None:
    here = machine.deeds.places.here
    entered = False
    for item in node.items:
        value = machine.value(item.context_expr)
        entered |= isinstance(value, Data) and value.kind == "folder"
        if isinstance(value, Instance):
            value = _entered(machine, value)
        elif isinstance(value, Unknown) and not value.name:
            machine.deeds.unknown("uses something that is not known here")
        if item.optional_vars is not None:
            bind(machine, item.optional_vars, value)
    machine.run(node.body)
    if entered:
        machine.deeds.places.here = here


def _entered(machine: Machine, value: Instance) -> Value:
    """What ``as`` names; leaving is gone through too."""
    found: Value = value
    for name in ("__enter__", "__aenter__", "__exit__", "__aexit__"):
        if name in value.of.methods:
            result = call(machine, _method(value, name), [Unknown()] * 3, {})
            found = result if name.endswith("enter__") else found
    return found


def _method(value: Instance, name: str) -> Value:
    found = value.of.methods[name]
    return replace(found, of=value) if isinstance(found, Function) else found


def _try(machine: Machine, node: ast.Try) -> None:
    with machine.branch(doubt=False):
        machine.run(node.body)
    for handler in node.handlers:
        with machine.branch():
            if handler.name:
                machine.assign(handler.name, Data())
            machine.run(handler.body)
    machine.run(node.orelse)
    machine.run(node.finalbody)


def _match(machine: Machine, node: ast.Match) -> None:
    subject = machine.value(node.subject)
    for case in node.cases:
        for each in ast.walk(case.pattern):
            name = getattr(each, "name", None) or getattr(each, "rest", None)
            if isinstance(name, str):
                machine.assign(name, Data(origin(subject)) if inert(subject) else Unknown(free=loose(subject)))
        if case.guard is not None:
            machine.value(case.guard)
        with machine.branch():
            machine.run(case.body)


def _return(machine: Machine, node: ast.Return) -> None:
    value = machine.value(node.value) if node.value is not None else Known(None)
    if machine.results:
        machine.results[-1].append(value)


def _raise(machine: Machine, node: ast.Raise) -> None:
    for each in (node.exc, node.cause):
        if each is not None:
            machine.value(each)


def _assert(machine: Machine, node: ast.Assert) -> None:
    machine.value(node.test)
    if node.msg is not None:
        machine.value(node.msg)


def _global(machine: Machine, node: ast.Global) -> None:
    outermost = machine.scope
    while outermost.above is not None:
        outermost = outermost.above
    machine.scope.shared.update(dict.fromkeys(node.names, outermost))


def _nonlocal(machine: Machine, node: ast.Nonlocal) -> None:
    for name in node.names:
        scope = machine.scope.above
        while scope is not None and scope.above is not None and name not in scope.values:
            scope = scope.above
        if scope is not None:
            machine.scope.shared[name] = scope


STATEMENTS: dict[type, Callable[[Machine, Any], None]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.Expr: _expression,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.While: _while,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
    ast.FunctionDef: function,
    ast.AsyncFunctionDef: function,
    ast.ClassDef: made_class,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Import: imports.plain,
    ast.ImportFrom: imports.some,
}
