"""Statements of Python, gone through one by one."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from oi_voice.consent.classify.python import imports
from oi_voice.consent.classify.python.binding import bind, defaults
from oi_voice.consent.classify.python.calls import call
from oi_voice.consent.classify.python.machine import Machine, Scope, computes
from oi_voice.consent.classify.python.values import (
    Class,
    Data,
    Function,
    Instance,
    Items,
    Known,
    Named,
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
            machine.value(target.value)
            machine.value(target.slice)


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
    for item in node.items:
        value = machine.value(item.context_expr)
        if isinstance(value, Instance):
            value = _entered(machine, value)
        elif isinstance(value, Unknown) and not value.name:
            machine.deeds.unknown("uses something that is not known here")
        if item.optional_vars is not None:
            bind(machine, item.optional_vars, value)
    machine.run(node.body)


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


def _function(machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    value: Value = machine.define(Function(node, machine.scope, defaults=defaults(machine, node.args)))
    for decorator in reversed(node.decorator_list):
        value = _decorated(machine, machine.value(decorator), value)
    machine.assign(node.name, value)


def _decorated(machine: Machine, decorator: Value, value: Value) -> Value:
    if isinstance(decorator, Data) or (isinstance(decorator, Named) and computes(decorator.name)):
        return value
    return call(machine, decorator, [value], {})


def _class(machine: Machine, node: ast.ClassDef) -> None:
    bases = [machine.value(base) for base in node.bases]
    inherited = [base for base in bases if isinstance(base, Class)]
    outer, machine.scope = machine.scope, Scope(above=machine.scope, of_class=True)
    machine.run(node.body)
    methods = machine.scope.values
    machine.scope = outer
    for base in reversed(inherited):
        methods = {**base.methods, **methods}
    known = all(isinstance(base, Class) or (isinstance(base, Named) and imports.known(base.name)) for base in bases)
    if node.keywords:
        machine.deeds.unknown("changes how classes are made")
    found = Class(node, methods, plain=known and len(inherited) == len(bases))
    for method in methods.values():
        if isinstance(method, Function):
            method.of = Instance(found)
    for decorator in node.decorator_list:
        machine.value(decorator)
    machine.assign(node.name, found)


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


def _shared(machine: Machine, node: ast.Global | ast.Nonlocal) -> None:
    machine.scope.shared.update(node.names)


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
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.Raise: _raise,
    ast.Assert: _assert,
    ast.Global: _shared,
    ast.Nonlocal: _shared,
    ast.Import: imports.plain,
    ast.ImportFrom: imports.some,
}
