"""Calls of Python: what is called, with what, and whether it is known."""

from __future__ import annotations

import ast
import builtins
from dataclasses import replace

from oi_voice.consent.classify.knowledge import python_pure as pure
from oi_voice.consent.classify.knowledge.python_calls import CALLS, Entry
from oi_voice.consent.classify.knowledge.python_methods import ACTS, ANYWHERE, COMPUTES
from oi_voice.consent.classify.knowledge.python_methods import inert as inert_name
from oi_voice.consent.classify.python import containers, strings
from oi_voice.consent.classify.python.computed import computed
from oi_voice.consent.classify.python.functions import Args, Kwargs, enter
from oi_voice.consent.classify.python.known_calls import computes_on, function_given, just_data
from oi_voice.consent.classify.python.machine import Machine, computes
from oi_voice.consent.classify.python.values import (
    NONE,
    Class,
    Data,
    Function,
    Instance,
    Items,
    Known,
    Made,
    Method,
    Named,
    Place,
    Plain,
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
from oi_voice.consent.classify.texts import Origin


def call_node(machine: Machine, node: ast.Call) -> Value:
    function = node.func
    if isinstance(function, ast.Attribute):
        of = machine.value(function.value)
        args, kwargs = _arguments(machine, node)
        return method(machine, of, function.attr, args, kwargs)
    callee = machine.value(function)
    args, kwargs = _arguments(machine, node)
    return call(machine, callee, args, kwargs)


def _arguments(machine: Machine, node: ast.Call) -> tuple[Args, Kwargs]:
    args: Args = []
    kwargs: Kwargs = {}
    for each in node.args:
        value = machine.value(each.value if isinstance(each, ast.Starred) else each)
        if isinstance(each, ast.Starred):
            inside, _ = elements(value)
            args.extend(inside)
        else:
            args.append(value)
    for keyword in node.keywords:
        value = machine.value(keyword.value)
        if keyword.arg is not None:
            kwargs[keyword.arg] = value
        elif isinstance(value, Table):
            kwargs.update({str(key): each for key, each in value.items.items()})
            if value.rest is not None:
                kwargs["**"] = value.rest
        else:
            kwargs["**"] = value
    return args, kwargs


def call(machine: Machine, callee: Value, args: Args, kwargs: Kwargs) -> Value:
    machine.tick()
    if isinstance(callee, Named):
        return invoke(machine, callee.name, args, kwargs)
    if isinstance(callee, Method):
        return method(machine, callee.of, callee.name, args, kwargs)
    if isinstance(callee, Function):
        return enter(machine, callee, args, kwargs)
    if isinstance(callee, Class):
        return _instance(machine, callee, args, kwargs)
    if isinstance(callee, Instance) and isinstance(callee.of.methods.get("__call__"), Function):
        return method(machine, callee, "__call__", args, kwargs)
    named = callee.name if isinstance(callee, Unknown) else ""
    machine.deeds.unknown(f"uses {named}, which is not known here" if named else "calls something that is not known")
    callbacks(machine, args, kwargs)
    return Unknown()


def invoke(machine: Machine, name: str, args: Args, kwargs: Kwargs) -> Value:
    """Call what has this full name."""
    from oi_voice.consent.classify.python.verbs import act

    entry = CALLS.get(name)
    if entry is not None:
        return act(machine, entry, name, None, args, kwargs)
    module, _, last = name.rpartition(".")
    if module in ("pathlib.Path", "Path") and args:
        return method(machine, args[0], last, args[1:], kwargs)
    kind = getattr(builtins, module.removeprefix("builtins."), None) if module.startswith("builtins.") else None
    if isinstance(kind, type) and hasattr(kind, last) and not last.startswith("_"):
        if args and hasattr("", last) and kind is str and isinstance(args[0], Known | Made | Data | Unknown):
            return method(machine, args[0], last, args[1:], kwargs)
        return computed(f"{kind.__name__}.{last}", args, kwargs) or _result(name, args, kwargs)
    if computes(name):
        callbacks(machine, args, kwargs)
        found = containers.compute(machine, name, args, kwargs)
        return found if found is not None else _result(name, args, kwargs)
    machine.deeds.unknown(f"uses {name.removeprefix('builtins.')}, which is not known here")
    callbacks(machine, args, kwargs)
    return Unknown()


def _result(name: str, args: Args, kwargs: Kwargs) -> Value:
    given = [*args, *kwargs.values()]
    if name in pure.NUMBERS:
        counts = name in ("builtins.len", "builtins.range")
        return Data(Origin.NUMBER if counts else strings.figure(max(map(origin, given), default=Origin.PLAIN)))
    if name in pure.TIMES:
        return Data(Origin.TIME)
    scalar = name.removeprefix("builtins.") in pure.SCALAR
    if not scalar and not all(inert(each) or isinstance(each, Function | Method) or _plain(each) for each in given):
        return Unknown(free=all(loose(each) or isinstance(each, Function | Method) or _plain(each) for each in given))
    return Data(max((origin(each) for each in given if inert(each)), default=Origin.PLAIN))


def _plain(value: Value) -> bool:
    """Whether it is a function or a class that computes, and no module."""
    return isinstance(value, Named) and value.name not in pure.MODULES and computes(value.name)


def method(machine: Machine, of: Value, name: str, args: Args, kwargs: Kwargs) -> Value:
    """Call ``of.name``."""
    from oi_voice.consent.classify.python.attributes import attribute
    from oi_voice.consent.classify.python.verbs import act

    machine.tick()
    if isinstance(of, Named):
        return invoke(machine, f"{of.name}.{name}", args, kwargs)
    if isinstance(of, Instance | Class):
        return _own(machine, attribute(machine, of, name), of, name, args, kwargs)
    if isinstance(of, Known | Made):
        found = strings.method(of, name, args, kwargs)
        if found is not None:
            callbacks(machine, args, kwargs)
            return found
    if isinstance(of, Items | Table):
        found = containers.method(machine, of, name, args, kwargs)
        if found is not None:
            return found
    kind = "path" if isinstance(of, Place) else of.kind if isinstance(of, Data) else ""
    if kind in ("session", "request") and name not in ("get", "head", "options"):
        machine.carried = max([machine.carried, *map(origin, (*args, *kwargs.values()))])
    entry = ACTS.get((kind, name)) or (None if just_data(of, name, args) else ANYWHERE.get(name))
    if entry is not None:
        return act(machine, entry, f"{kind}.{name}", of, args, kwargs)
    if computes_on(of, name, args):
        function_given(machine, name, args, kwargs)
        callbacks(machine, args, kwargs, of)
        if isinstance(of, Unknown) or not all(inert(each) for each in args if isinstance(each, Unknown)):
            return (
                Unknown(free=True) if isinstance(of, Unknown) else Data(Origin.OPAQUE, kind if kind == "frame" else "")
            )
        return Data(max([origin(of), *(origin(each) for each in args if inert(each))]), kind if kind == "frame" else "")
    machine.deeds.unknown(f"calls {name}(), which is not known here")
    callbacks(machine, args, kwargs)
    return Unknown()


_RECORDS = ("_asdict", "_replace", "_make")


def _own(machine: Machine, found: Value, of: Value, name: str, args: Args, kwargs: Kwargs) -> Value:
    if isinstance(of, Class) and isinstance(found, Function):
        found = replace(found, of=None)
    made = of.of if isinstance(of, Instance) else of
    if isinstance(found, Unknown) and isinstance(made, Class) and made.plain:
        if name in ("__init__", "__enter__", "__exit__"):
            return NONE
        inherits = isinstance(made.node, ast.ClassDef) and made.node.bases
        if inherits and (name in COMPUTES or inert_name(name) or name in _RECORDS):
            callbacks(machine, args, kwargs)
            return Data(Origin.OPAQUE)
    if isinstance(found, Unknown) and not found.name:
        machine.deeds.unknown(f"calls {name}(), which is not known here")
        return Unknown()
    return call(machine, found, args, kwargs)


def callbacks(machine: Machine, args: Args, kwargs: Kwargs, of: Value | None = None) -> None:
    """Functions that are given away are called by whoever gets them."""
    if all(isinstance(each, Plain) for each in (*args, *kwargs.values())):
        return
    values = [common(elements(each)[0]) for each in (*args, of) if isinstance(each, Items | Data) and elements(each)[0]]
    for each in (*args, *kwargs.values()):
        if isinstance(each, Function):
            enter(machine, each, values or [Unknown()], {}, guessed=True)
        elif isinstance(each, Method) or (isinstance(each, Named) and _acts(each.name)):
            whole = isinstance(each, Named) and each.name == "os.environ"
            call(machine, each, [] if whole else list(values or [Unknown()]), {})


def _acts(name: str) -> bool:
    return not computes(name) and name not in pure.MODULES and (name in CALLS or "." in name)


def _instance(machine: Machine, made: Class, args: Args, kwargs: Kwargs) -> Value:
    found = Instance(made)
    if not made.plain:
        machine.deeds.unknown("uses something that is not known here")
    if isinstance(made.methods.get("__init__"), Function):
        method(machine, found, "__init__", args, kwargs)
    else:
        fields = [
            each.target.id
            for each in made.node.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        ]
        for name, value in (*zip(fields, args, strict=False), *kwargs.items()):
            made.fields[name] = join(made.fields[name], value) if name in made.fields else value
    return found


def item(machine: Machine, name: str, index: Value) -> Value:
    """What ``name[index]`` is."""
    if name == "os.environ":
        return act_entry(machine, "getenv", [index])
    if name == "sys.argv":
        return Data(Origin.PERSON)
    if name in CALLS or name in pure.NOT or not (computes(name) or name.startswith(pure.SETTABLE)):
        return Unknown()
    return Data(Origin.PLAIN)


def act_entry(machine: Machine, verb: str, args: Args) -> Value:
    from oi_voice.consent.classify.python.verbs import act

    return act(machine, Entry(verb, (("key", 0),)), "", None, args, {})
