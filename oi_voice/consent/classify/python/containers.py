"""Lists, dicts and the functions on them: what goes in comes out."""

from __future__ import annotations

from collections.abc import Callable

from oi_voice.consent.classify.python.computed import computed, from_numbers
from oi_voice.consent.classify.python.machine import Machine
from oi_voice.consent.classify.python.values import (
    NONE,
    Data,
    Items,
    Known,
    Made,
    Place,
    Table,
    Unknown,
    Value,
    common,
    elements,
    inert,
    join,
    loose,
)
from oi_voice.consent.classify.texts import Origin

_MOST = 64


def compute(machine: Machine, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value | None:
    """What a function on containers gives; None where it is none."""
    found = computed(name, args, kwargs)
    if found is not None:
        return found
    if name == "builtins.str" and args and isinstance(args[0], Made | Place):
        return Known(args[0].text.plain) if args[0].text.plain is not None else Made(args[0].text)
    if name == "builtins.bytes" and args and isinstance(args[0], Items):
        return from_numbers(args[0])
    function = _FUNCTIONS.get(name)
    return function(machine, args, kwargs) if function is not None else None


def _list(_: Machine, args: list[Value], __: dict[str, Value]) -> Value | None:
    if not args:
        return Items([])
    values, exact = elements(args[0])
    return (
        Items(list(values), exact)
        if inert(args[0]) or isinstance(args[0], Items | Table)
        else Unknown(free=loose(args[0]))
    )


def _set(_: Machine, args: list[Value], __: dict[str, Value]) -> Value | None:
    return Items(list(elements(args[0])[0]) if args else [], exact=not args)


def _sorted(machine: Machine, args: list[Value], kwargs: dict[str, Value]) -> Value | None:
    values, exact = elements(args[0]) if args else ([], True)
    known = all(isinstance(each, Known) and isinstance(each.value, str) for each in values) and not kwargs
    if exact and known:
        return Items(sorted(values, key=lambda each: str(getattr(each, "value", ""))))
    _must_know(machine, kwargs.get("key"))
    return Items(list(values), exact=False)


def _reversed(_: Machine, args: list[Value], __: dict[str, Value]) -> Value | None:
    values, exact = elements(args[0]) if args else ([], False)
    return Items(values[::-1], exact)


def _enumerate(_: Machine, args: list[Value], __: dict[str, Value]) -> Value | None:
    values, exact = elements(args[0]) if args else ([], False)
    return Items([Items([Data(Origin.NUMBER), each]) for each in values], exact)


def _zip(_: Machine, args: list[Value], __: dict[str, Value]) -> Value | None:
    rows = [elements(each) for each in args]
    if rows and all(exact for _, exact in rows):
        return Items([Items(list(row)) for row in zip(*(values for values, _ in rows), strict=False)])
    return Items([Items([common(values) for values, _ in rows])], exact=False)


def _range(_: Machine, args: list[Value], __: dict[str, Value]) -> Value | None:
    bounds = [each.value for each in args if isinstance(each, Known) and isinstance(each.value, int)]
    if len(bounds) == len(args) and 0 < len(bounds) < 4 and (len(bounds) < 3 or bounds[2] != 0):
        numbers = range(*bounds)
        if len(numbers) <= _MOST:
            return Items([Known(number) for number in numbers])
    return Items([Data(Origin.NUMBER)], exact=False)


def _mapped(machine: Machine, args: list[Value], _: dict[str, Value]) -> Value | None:
    from oi_voice.consent.classify.python.calls import call

    if not args:
        return None
    _must_know(machine, args[0])
    rows = _zip(machine, args[1:], {})
    if isinstance(args[0], Unknown) or not isinstance(rows, Items):
        return Unknown()
    several = rows.values[:32]
    results = [call(machine, args[0], list(row.values), {}) for row in several if isinstance(row, Items)]
    return Items(results, rows.exact and len(several) == len(rows.values))


def _filtered(machine: Machine, args: list[Value], _: dict[str, Value]) -> Value | None:
    if args:
        _must_know(machine, args[0])
    return Items(list(elements(args[1])[0]), exact=False) if len(args) > 1 else None


def _reduced(machine: Machine, args: list[Value], _: dict[str, Value]) -> Value | None:
    if args:
        _must_know(machine, args[0])
    return None


def _one(machine: Machine, args: list[Value], kwargs: dict[str, Value]) -> Value | None:
    _must_know(machine, kwargs.get("key"))
    if len(args) > 1:
        return common(args)
    values = elements(args[0])[0] if args else []
    return common(values) if values else None


def _must_know(machine: Machine, function: Value | None) -> None:
    if isinstance(function, Unknown):
        machine.deeds.unknown(f"runs {function.name or 'something'}, which is not known here")


def _dict(_: Machine, args: list[Value], kwargs: dict[str, Value]) -> Value | None:
    if args and not isinstance(args[0], Table):
        inside = [common(elements(each)[0]) for each in elements(args[0])[0]]
        return Table(dict(kwargs), common(inside)) if inside else Table(dict(kwargs))
    base = args[0] if args else Table({})
    assert isinstance(base, Table)
    return Table({**base.items, **kwargs}, base.rest)


_FUNCTIONS: dict[str, Callable[[Machine, list[Value], dict[str, Value]], Value | None]] = {
    **dict.fromkeys(("builtins.list", "builtins.tuple", "builtins.iter", "copy.copy", "copy.deepcopy"), _list),
    **dict.fromkeys(("tqdm.tqdm", "tqdm", "tqdm.auto.tqdm", "itertools.islice", "rich.progress.track"), _list),
    **dict.fromkeys(("builtins.set", "builtins.frozenset", "random.sample", "itertools.cycle"), _set),
    **dict.fromkeys(("builtins.next", "builtins.min", "builtins.max", "random.choice"), _one),
    **dict.fromkeys(("builtins.zip", "itertools.product", "itertools.zip_longest"), _zip),
    "builtins.sorted": _sorted,
    "builtins.reversed": _reversed,
    "builtins.enumerate": _enumerate,
    "builtins.range": _range,
    "builtins.map": _mapped,
    "builtins.filter": _filtered,
    "functools.reduce": _reduced,
    "builtins.dict": _dict,
}


def method(machine: Machine, of: Items | Table, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value | None:
    """What a container's method gives; None where it is left to what all inert values have."""
    from oi_voice.consent.classify.python.calls import callbacks

    callbacks(machine, [], kwargs, of)
    if isinstance(of, Table):
        return _of_table(of, name, args, kwargs)
    if name in ("append", "add", "appendleft") and args:
        of.add(args[0])
        return NONE
    if name in ("extend", "update", "union") and args:
        for each in elements(args[0])[0]:
            of.add(each)
        of.exact &= elements(args[0])[1]
        return of
    if name == "insert" and len(args) > 1:
        of.add(args[1])
        of.exact = False
        return NONE
    if name in ("pop", "popleft", "__getitem__"):
        of.exact = False
        return common(of.values) if of.values else Unknown()
    if name == "copy":
        return Items(list(of.values), of.exact)
    if name in ("sort", "reverse", "remove", "clear", "discard"):
        of.exact = False
        return NONE
    return Data(Origin.NUMBER) if name in ("index", "count") else None


def _of_table(of: Table, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value | None:
    if name in ("get", "setdefault", "pop"):
        other = args[1] if len(args) > 1 else NONE
        known = args and isinstance(args[0], Known) and of.rest is None
        if name == "setdefault":
            of.rest = other if of.rest is None else join(of.rest, other)
        if known and args[0].value in of.items:  # type: ignore[union-attr]  # it is Known
            return of.items[args[0].value]  # type: ignore[union-attr]
        return common([*of.all(), other])
    if name == "values":
        return Items(of.all(), of.rest is None)
    if name == "items":
        pairs: list[Value] = [Items([Known(key), value]) for key, value in of.items.items()]
        return Items([*pairs, *([Items([Data(Origin.NAME), of.rest])] if of.rest is not None else [])], of.rest is None)
    if name == "keys":
        return Items(elements(of)[0], of.rest is None)
    if name == "update":
        for each in (*args, *([Table(dict(kwargs))] if kwargs else [])):
            if isinstance(each, Table):
                of.items |= each.items
                of.rest = each.rest if of.rest is None else of.rest if each.rest is None else join(of.rest, each.rest)
            else:
                of.rest = Unknown()
        return NONE
    return None
