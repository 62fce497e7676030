"""What names, attributes and items are given."""

from __future__ import annotations

import ast

from oi_voice.consent.classify.knowledge import python_pure as pure
from oi_voice.consent.classify.python.attributes import THROUGH
from oi_voice.consent.classify.python.calls import callbacks, invoke
from oi_voice.consent.classify.python.machine import Machine, computes
from oi_voice.consent.classify.python.values import (
    Class,
    Data,
    Instance,
    Items,
    Known,
    Named,
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


def bind(machine: Machine, target: ast.expr, value: Value) -> None:
    """Give a value to a name, or to each of several."""
    if isinstance(target, ast.Name):
        machine.assign(target.id, value)
    elif isinstance(target, ast.Starred):
        known = isinstance(value, Items) or inert(value)
        bind(machine, target.value, value if known else Items([Unknown(free=loose(value))], exact=False))
    elif isinstance(target, ast.Tuple | ast.List):
        values, exact = elements(value)
        starred = next((at for at, each in enumerate(target.elts) if isinstance(each, ast.Starred)), None)
        missing = len(values) - len(target.elts)
        if exact and starred is not None and missing >= -1:
            rest = Items(values[starred : starred + missing + 1])
            values = [*values[:starred], rest, *values[starred + missing + 1 :]]
        for index, each in enumerate(target.elts):
            bind(machine, each, values[index] if exact and len(values) == len(target.elts) else common(values))
    elif isinstance(target, ast.Attribute):
        set_attribute(machine, machine.value(target.value), target.attr, value)
    elif isinstance(target, ast.Subscript):
        _set_item(machine, machine.value(target.value), machine.value(target.slice), value)


def set_attribute(machine: Machine, on: Value, name: str, value: Value) -> None:
    """``on.name = value``. What acts and is hidden in something else may be called from there."""
    if isinstance(on, Instance | Class):
        fields = on.of.fields if isinstance(on, Instance) else on.fields
        fields[name] = join(fields[name], value) if name in fields else value
        if name.startswith("__"):
            machine.deeds.unknown("changes how Python itself works")
    elif isinstance(on, Named):
        if not (inert(value) and f"{on.name}.{name}".startswith(pure.SETTABLE)):
            machine.deeds.unknown("changes how Python itself works")
            callbacks(machine, [value], {})
    elif isinstance(on, Data) and on.kind in ("session", "request"):
        if name in THROUGH:
            machine.deeds.unknown("changes where requests go or whom they trust")
        machine.carried = max(machine.carried, origin(value))
    elif name.startswith("__") or not (inert(value) or (isinstance(value, Named) and computes(value.name))):
        machine.deeds.unknown("hides something that can run in a value")
        callbacks(machine, [value], {})


def _set_item(machine: Machine, on: Value, key: Value, value: Value) -> None:
    if isinstance(on, Table):
        if isinstance(key, Known) and not isinstance(key.value, float):
            before = on.items.get(key.value)
            on.items[key.value] = value if before is None else join(before, value)
        else:
            on.rest = value if on.rest is None else join(on.rest, value)
    elif isinstance(on, Items):
        on.add(value)
        on.exact = False
    elif isinstance(on, Named):
        if on.name == "os.environ" and inert(value):
            invoke(machine, "os.environ.update", [Table({key.value: value} if isinstance(key, Known) else {})], {})
        elif not (inert(value) and on.name.startswith(pure.SETTABLE)):
            machine.deeds.unknown("changes how Python itself works")
    elif isinstance(on, Data) and on.kind in ("session", "request"):
        machine.carried = max(machine.carried, origin(value))
    elif isinstance(on, Unknown) and not on.free:
        machine.deeds.unknown("changes something in a way that cannot be followed")
    elif not inert(value) and not isinstance(value, Unknown | Items | Table):
        machine.deeds.unknown("hides something that can run in a value")


def defaults(machine: Machine, spec: ast.arguments) -> dict[str, Value]:
    """What parameters are where nothing is given for them."""
    names = [each.arg for each in (*spec.posonlyargs, *spec.args)]
    found = {name: machine.value(node) for name, node in zip(names[::-1], spec.defaults[::-1], strict=False)}
    named = zip(spec.kwonlyargs, spec.kw_defaults, strict=True)
    return found | {each.arg: machine.value(node) for each, node in named if node is not None}
