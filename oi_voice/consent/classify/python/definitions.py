"""Functions and classes of Python, where they are defined."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from oi_voice.consent.classify.knowledge import python_pure as pure
from oi_voice.consent.classify.python import imports
from oi_voice.consent.classify.python.binding import defaults
from oi_voice.consent.classify.python.calls import call, callbacks
from oi_voice.consent.classify.python.machine import Machine, Scope, computes
from oi_voice.consent.classify.python.values import (
    Class,
    Data,
    Function,
    Instance,
    Method,
    Named,
    Value,
)


def noted(machine: Machine, annotations: Iterable[ast.expr | None]) -> None:
    """What stands behind a colon is computed too."""
    for each in annotations:
        if each is not None and any(isinstance(inner, ast.Call) for inner in ast.walk(each)):
            machine.value(each)


def function(machine: Machine, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    value: Value = machine.define(Function(node, machine.scope, defaults=defaults(machine, node.args)))
    noted(machine, [node.returns, *(each.annotation for each in ast.walk(node.args) if isinstance(each, ast.arg))])
    for decorator in reversed(node.decorator_list):
        value = _decorated(machine, machine.value(decorator), value)
    machine.assign(node.name, value)


def _decorated(machine: Machine, decorator: Value, value: Value) -> Value:
    if isinstance(decorator, Data) or (isinstance(decorator, Named) and computes(decorator.name)):
        return value
    return call(machine, decorator, [value], {})


def made_class(machine: Machine, node: ast.ClassDef) -> None:
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
    fields = inherited[0].fields if inherited else {}
    others = [base.name for base in bases if isinstance(base, Named)]
    plain = known and len(inherited) + len(others) == len(bases) and all(name in pure.BASES for name in others)
    found = Class(node, methods, fields, plain, tuple(inherited))
    for method in methods.values():
        if isinstance(method, Function):
            method.of = Instance(found)
    callbacks(machine, [each for each in methods.values() if isinstance(each, Named | Method)], {})
    value: Value = found
    for decorator in reversed(node.decorator_list):
        value = _decorated(machine, machine.value(decorator), value)
    machine.assign(node.name, found)
