"""Expressions of Python: what each is known to be."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from oi_voice.consent.classify.python import arithmetic, calls, strings
from oi_voice.consent.classify.python.attributes import attribute
from oi_voice.consent.classify.python.binding import bind, defaults
from oi_voice.consent.classify.python.machine import Machine, Scope
from oi_voice.consent.classify.python.values import (
    Data,
    Function,
    Items,
    Known,
    Made,
    Named,
    Place,
    Table,
    Unknown,
    Value,
    common,
    elements,
    inert,
    join,
    loose,
    origin,
)
from oi_voice.consent.classify.texts import Origin, Text, joined


def other(machine: Machine, node: ast.expr | None) -> Value:
    """Of what is not among ``EXPRESSIONS``, the parts."""
    if node is None:
        return Known(None)
    inside = [machine.value(each) for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]
    if all(map(inert, inside)):
        return Data(max(map(origin, inside), default=Origin.PLAIN))
    return Unknown(free=all(map(loose, inside)))


def _constant(_: Machine, node: ast.Constant) -> Value:
    return Data() if node.value is ... else Known(node.value)


def _name(machine: Machine, node: ast.Name) -> Value:
    return machine.lookup(node.id)


def _attribute(machine: Machine, node: ast.Attribute) -> Value:
    return attribute(machine, machine.value(node.value), node.attr)


def _subscript(machine: Machine, node: ast.Subscript) -> Value:
    value, index = machine.value(node.value), machine.value(node.slice)
    if isinstance(value, Items):
        return _of_items(value, index, isinstance(node.slice, ast.Slice))
    if isinstance(value, Table):
        if isinstance(index, Known) and value.rest is None and index.value in value.items:
            return value.items[index.value]
        return common(value.all()) if value.all() else Unknown()
    if isinstance(value, Known | Made | Place):
        return strings.sliced(value, node.slice, index)
    if isinstance(value, Named):
        return calls.item(machine, value.name, index)
    return Data(value.origin, value.kind, value.text) if isinstance(value, Data) else Unknown(free=loose(value))


def _of_items(value: Items, index: Value, several: bool) -> Value:
    if several:
        return Items(list(value.values), exact=False)
    known = isinstance(index, Known) and isinstance(index.value, int) and value.exact
    if known and -len(value.values) <= index.value < len(value.values):  # type: ignore[union-attr]  # it is Known
        return value.values[index.value]  # type: ignore[union-attr]
    return common(value.values) if value.values else Data()


def _formatted(machine: Machine, node: ast.JoinedStr) -> Value:
    whole = Text(())
    for each in node.values:
        if isinstance(each, ast.Constant):
            piece = Text((str(each.value),))
        else:
            assert isinstance(each, ast.FormattedValue)
            value = machine.value(each.value)
            if each.format_spec is not None:
                machine.value(each.format_spec)
            piece = strings.formatted(value, strings.written(each.format_spec))
        whole = joined(whole, piece)
    return Known(whole.plain) if whole.plain is not None else Made(whole)


def _items(machine: Machine, node: ast.List | ast.Tuple | ast.Set) -> Value:
    found = Items([], exact=not isinstance(node, ast.Set))
    for each in node.elts:
        value = machine.value(each.value if isinstance(each, ast.Starred) else each)
        if isinstance(each, ast.Starred):
            inside, exact = elements(value)
            found.exact &= exact
            found.values.extend(inside)
        else:
            found.values.append(value)
    return found


def _table(machine: Machine, node: ast.Dict) -> Value:
    found = Table({})
    for key, each in zip(node.keys, node.values, strict=True):
        value = machine.value(each)
        name = machine.value(key) if key is not None else None
        if isinstance(name, Known):
            found.items[name.value] = value
        elif name is None and isinstance(value, Table):
            found.items |= value.items
            found.rest = join(found.rest, value.rest) if found.rest and value.rest else found.rest or value.rest
        else:
            found.rest = value if found.rest is None else join(found.rest, value)
    return found


def _comprehension(machine: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> Value:
    outer, machine.scope = machine.scope, Scope(above=machine.scope, passing=True)
    found, table = Items([]), Table({})

    def inner() -> None:
        if isinstance(node, ast.DictComp):
            key, value = machine.value(node.key), machine.value(node.value)
            if isinstance(key, Known):
                table.items[key.value] = value
            else:
                table.rest = value if table.rest is None else join(table.rest, value)
        else:
            found.add(machine.value(node.elt))

    found.exact = _rounds(machine, node.generators, inner) and not isinstance(node, ast.SetComp)
    machine.scope = outer
    return table if isinstance(node, ast.DictComp) else found


def _rounds(machine: Machine, generators: list[ast.comprehension], inner: Callable[[], None]) -> bool:
    """Go through a comprehension's loops; whether what they give is known exactly."""
    from oi_voice.consent.classify.python.statements import UNROLLED

    if not generators:
        inner()
        return True
    first, *rest = generators
    values, exact = elements(machine.value(first.iter))
    unrolled = exact and len(values) <= UNROLLED
    whole = unrolled and not first.ifs
    for value in list(values) if unrolled else [common(values)]:
        bind(machine, first.target, value)
        for test in first.ifs:
            machine.value(test)
        with machine.deeds.maybe(bool(first.ifs)):
            whole &= _rounds(machine, rest, inner)
    return whole


def _lambda(machine: Machine, node: ast.Lambda) -> Value:
    return machine.define(Function(node, machine.scope, defaults=defaults(machine, node.args)))


def _either(machine: Machine, node: ast.BoolOp) -> Value:
    return common([machine.value(each) for each in node.values])


def _choice(machine: Machine, node: ast.IfExp) -> Value:
    machine.value(node.test)
    with machine.deeds.maybe():
        return join(machine.value(node.body), machine.value(node.orelse))


def _compare(machine: Machine, node: ast.Compare) -> Value:
    for each in (node.left, *node.comparators):
        machine.value(each)
    return Data(Origin.NUMBER)


def _binary(machine: Machine, node: ast.BinOp) -> Value:
    return arithmetic.binary(machine.value(node.left), node.op, machine.value(node.right))


def _unary(machine: Machine, node: ast.UnaryOp) -> Value:
    return arithmetic.unary(node.op, machine.value(node.operand))


def _walrus(machine: Machine, node: ast.NamedExpr) -> Value:
    value = machine.value(node.value)
    inner = machine.scope
    while machine.scope.passing and machine.scope.above is not None:
        machine.scope = machine.scope.above
    machine.assign(node.target.id, value)
    machine.scope = inner
    return value


def _await(machine: Machine, node: ast.Await) -> Value:
    return machine.value(node.value)


def _yield(machine: Machine, node: ast.Yield | ast.YieldFrom) -> Value:
    value = machine.value(node.value)
    if machine.yielded:
        machine.yielded[-1].extend(elements(value)[0] if isinstance(node, ast.YieldFrom) else [value])
    return Unknown()


def _slice(machine: Machine, node: ast.Slice) -> Value:
    for each in (node.lower, node.upper, node.step):
        if each is not None:
            machine.value(each)
    return Data()


EXPRESSIONS: dict[type, Callable[[Machine, Any], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.JoinedStr: _formatted,
    ast.List: _items,
    ast.Tuple: _items,
    ast.Set: _items,
    ast.Dict: _table,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
    ast.Lambda: _lambda,
    ast.BoolOp: _either,
    ast.IfExp: _choice,
    ast.Compare: _compare,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.NamedExpr: _walrus,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.Slice: _slice,
    ast.Call: calls.call_node,
}
