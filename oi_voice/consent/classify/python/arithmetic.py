"""Operators on what is known, computed where that is cheap."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from oi_voice.consent.classify.python import strings
from oi_voice.consent.classify.python.values import (
    Data,
    Items,
    Known,
    Made,
    Place,
    Unknown,
    Value,
    as_path,
    as_text,
    inert,
    loose,
    origin,
)
from oi_voice.consent.classify.texts import Origin, component, joined

LONGEST = 100_000  # characters of a text that is computed
LARGEST = 10**12  # of a number that is computed with

_OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.BitXor: operator.xor,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
}


def binary(left: Value, sign: ast.operator, right: Value) -> Value:
    if isinstance(left, Known) and isinstance(right, Known):
        return _computed(left, sign, right)
    if isinstance(sign, ast.Div) and (isinstance(left, Place) or isinstance(right, Place)):
        folder, name = as_path(left), as_path(right)
        return Place(component(folder, name)) if folder is not None and name is not None else Unknown()
    if isinstance(sign, ast.Add):
        if isinstance(left, Items) and isinstance(right, Items):
            return Items([*left.values, *right.values], left.exact and right.exact)
        if _is_text(left) or _is_text(right):
            one, other = as_text(left), as_text(right)
            return (
                Made(joined(one, other)) if one is not None and other is not None else Made(strings.hole(left, right))
            )
    if isinstance(sign, ast.Mod) and _is_text(left):
        return strings.filled_percent(left, right)
    if isinstance(left, Items) and isinstance(sign, ast.Mult):
        return Items(left.values, exact=False)
    if inert(left) and inert(right):
        numbers = max(origin(left), origin(right), Origin.NUMBER if _number(left) or _number(right) else Origin.PLAIN)
        return Data(numbers, left.kind if isinstance(left, Data) and left.kind == "frame" else "")
    return Unknown(free=loose(left) and loose(right))


def unary(sign: ast.unaryop, value: Value) -> Value:
    if isinstance(value, Known) and isinstance(value.value, int | float):
        known = value.value
        return Known(not known if isinstance(sign, ast.Not) else -known if isinstance(sign, ast.USub) else known)
    if isinstance(sign, ast.Not):
        return Data(Origin.NUMBER)
    return Data(origin(value)) if inert(value) else Unknown(free=loose(value))


def _computed(left: Known, sign: ast.operator, right: Known) -> Value:
    a, b = left.value, right.value
    compute = _OPERATORS.get(type(sign))
    size = max((len(each) for each in (a, b) if isinstance(each, str | bytes)), default=0)
    times = (
        abs(b if isinstance(b, int) else a if isinstance(a, int) else 1) if isinstance(sign, ast.Mult) and size else 1
    )
    large = any(isinstance(each, int | float) and abs(each) > LARGEST for each in (a, b))
    if compute is None or large or size * times > LONGEST:
        return Data(Origin.NUMBER if _number(left) and _number(right) else Origin.PLAIN)
    if isinstance(sign, ast.Mod) and isinstance(a, str | bytes):
        return strings.filled_percent(left, right)
    try:
        return Known(compute(a, b), left.hidden or right.hidden)
    except (ArithmeticError, TypeError, ValueError):
        return Data()


def _is_text(value: Value) -> bool:
    return isinstance(value, Made) or (isinstance(value, Known) and isinstance(value.value, str | bytes))


def _number(value: Value) -> bool:
    if isinstance(value, Data):
        return value.origin is Origin.NUMBER
    return isinstance(value, Known) and isinstance(value.value, int | float)
