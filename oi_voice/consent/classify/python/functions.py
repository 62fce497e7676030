"""Functions of the code's own, gone through where they are called."""

from __future__ import annotations

import ast

from oi_voice.consent.classify.deeds import TooMuchError
from oi_voice.consent.classify.python.machine import DEPTH, Machine, Scope
from oi_voice.consent.classify.python.values import (
    NONE,
    Class,
    Data,
    Function,
    Instance,
    Items,
    Known,
    Made,
    Place,
    Table,
    Unknown,
    Value,
    common,
)
from oi_voice.consent.classify.texts import Origin

ROUNDS = 2  # calls of a function by itself that are gone through with what they are given; then with anything


Args = list[Value]


Kwargs = dict[str, Value]


def enter(machine: Machine, function: Function, args: Args, kwargs: Kwargs, guessed: bool = False) -> Value:
    """Go through a function's body with these arguments; ``guessed`` ones may be too few."""
    rounds = sum(each.node is function.node for each in machine.active)
    if rounds > ROUNDS or len(machine.active) >= DEPTH:
        if len(machine.active) >= DEPTH:
            raise TooMuchError
        return Unknown()
    machine.called.add(id(function.node))
    scope = Scope(above=function.scope)
    _bind_parameters(function, scope, args, kwargs, anything=guessed, blurred=rounds == ROUNDS)
    if rounds == ROUNDS:
        given = tuple(each if isinstance(each, Data | Unknown) else id(each) for each in scope.values.values())
        if (id(function.node), *given) in machine.blurred:
            return Unknown()
        machine.blurred.add((id(function.node), *given))
    outer, machine.scope = machine.scope, scope
    machine.active.append(function)
    machine.results.append([])
    machine.yielded.append([])
    if isinstance(function.node, ast.Lambda):
        machine.results[-1].append(machine.value(function.node.body))
    else:
        machine.run(function.node.body)
    returned, yielded = machine.results.pop(), machine.yielded.pop()
    machine.active.pop()
    machine.scope = outer
    if yielded:
        return Items(yielded, exact=False)
    return common(returned) if returned else NONE


def _bind_parameters(
    function: Function, scope: Scope, args: Args, kwargs: Kwargs, anything: bool, blurred: bool
) -> None:
    spec = function.node.args
    names = [each.arg for each in (*spec.posonlyargs, *spec.args)]
    given = ([function.of] if function.of is not None else []) + args
    for index, name in enumerate([*names, *(each.arg for each in spec.kwonlyargs)]):
        if index < min(len(given), len(names)):
            value: Value = given[index]
        elif name in kwargs:
            value = kwargs[name]
        else:
            value = function.defaults.get(name, Unknown()) if not anything else Unknown(free=True)
        scope.values[name] = _blur(value) if blurred else value
    if spec.vararg:
        scope.values[spec.vararg.arg] = Items(list(given[len(names) :]) or [Unknown(free=True)], exact=not anything)
    if spec.kwarg:
        rest = {key: value for key, value in kwargs.items() if key not in names}
        scope.values[spec.kwarg.arg] = Table(dict(rest), Unknown(free=True) if anything else None)


def _blur(value: Value) -> Value:
    """What a value may become as a function calls itself again and again."""
    if isinstance(value, Known):
        return Data(Origin.NUMBER) if isinstance(value.value, int | float) else Data(Origin.OPAQUE)
    if isinstance(value, Made | Place | Data):
        return Data(Origin.OPAQUE)
    return value if isinstance(value, Instance | Class | Function) else Unknown()
