"""Texts of Python: their methods computed where they are known, and kept as pieces and holes where they are not."""

from __future__ import annotations

import ast
import re
from math import prod

from oi_voice.consent.classify.python.values import (
    Data,
    Items,
    Known,
    Made,
    Table,
    Unknown,
    Value,
    as_text,
    elements,
    inert,
    origin,
)
from oi_voice.consent.classify.texts import WITHIN, Origin, Text, joined

_PERCENT = re.compile(r"%(?:\((\w+)\))?[-+ #0]*\d*(?:\.\d+)?([diouxXeEfFgGcrsa%])")
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}:!]*)(?:![rsa])?(?::([^{}]*))?\}")
_KEEPS = frozenset(["strip", "lstrip", "rstrip", "encode", "decode", "expandtabs"])
_WHOLE = frozenset(["lower", "upper", "title", "capitalize", "casefold", "swapcase"])
LONGEST = 100_000


_DEGRADED = {
    Origin.NUMBER: Origin.PLAIN,
    Origin.TIME: Origin.PLAIN,
    Origin.FIGURE: Origin.FILE,
    Origin.NAME: Origin.FILE,
}


def degraded(made: Text) -> Origin:
    """The origin of a part of a text: a part of a path may be anything."""
    if all(isinstance(piece, Origin) and piece in WITHIN for piece in made.pieces):
        return made.origin
    return _DEGRADED.get(made.origin, made.origin)


def figure(of: Origin) -> Origin:
    """The origin of a number that is made of something."""
    return Origin.FIGURE if of is Origin.FIGURE or of >= Origin.NET else Origin.NUMBER


def hole(*values: Value) -> Text:
    return Text((max(map(origin, values), default=Origin.PLAIN),))


_FORMAT = re.compile(r"[\w.,:;<>=^+%# -]*", re.ASCII)


def written(spec: ast.expr | None) -> str | None:
    """A format as it is written; ``unparse``, which is slow, only where it has more than plain signs."""
    if not isinstance(spec, ast.JoinedStr):
        return None
    plain = "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in spec.values)
    return plain if _FORMAT.fullmatch(plain) else ast.unparse(spec)[2:-1]


def formatted(value: Value, spec: str | None) -> Text:
    """A value in a text, with a format or without."""
    known = as_text(value)
    if known is None:
        return hole(value)
    if spec and spec[-1] in "bdeEfFgGxXo" and "%" not in spec:
        return Text((figure(known.origin),))  # no text takes this format
    if not spec:
        return known
    if isinstance(value, Known):
        return Text((Origin.NUMBER if isinstance(value.value, int | float) else Origin.PLAIN,))
    return Text((known.origin,)) if isinstance(value, Data) else Text((degraded(known),))


def filled_percent(template: Value, argument: Value) -> Value:
    """``template % argument``."""
    values, exact = elements(argument) if isinstance(argument, Items) else ([argument], True)
    text = as_text(template)
    if text is None or text.plain is None or not exact or isinstance(argument, Table):
        return Made(hole(template, argument))
    waiting = list(values)

    def piece(found: re.Match[str]) -> Text:
        if found[2] == "%":
            return Text(("%",))
        value = waiting.pop(0) if waiting else Unknown()
        return formatted(value, "" if found[0] == "%s" else found[2])

    return _filled(text.plain, _PERCENT, piece)


def filled_braces(template: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
    """``template.format(...)``."""
    waiting = list(args)

    def piece(found: re.Match[str]) -> Text:
        if found[0] in ("{{", "}}"):
            return Text((found[0][0],))
        name = found[1] or ""
        if not name:
            value = waiting.pop(0) if waiting else Unknown()
        elif name.isdigit():
            value = args[int(name)] if int(name) < len(args) else Unknown()
        else:
            value = kwargs.get(name, Unknown())
        return formatted(value, found[2])

    return _filled(template, _BRACES, piece)


def _filled(template: str, pattern: re.Pattern[str], piece: object) -> Value:
    whole, at = Text(()), 0
    for found in pattern.finditer(template):
        whole = joined(joined(whole, Text((template[at : found.start()],))), piece(found))  # type: ignore[operator]
        at = found.end()
    whole = joined(whole, Text((template[at:],)))
    return Known(whole.plain) if whole.plain is not None else Made(whole)


def sliced(value: Value, node: ast.expr, index: Value) -> Value:
    """``text[…]``."""
    if isinstance(value, Known) and isinstance(value.value, str | bytes):
        try:
            if isinstance(node, ast.Slice):
                bounds = [
                    None if each is None else ast.literal_eval(each) for each in (node.lower, node.upper, node.step)
                ]
                return Known(value.value[slice(*bounds)], value.hidden)
            if isinstance(index, Known):
                return Known(value.value[index.value], value.hidden)
        except (ValueError, TypeError, LookupError):
            return Data()
    text = as_text(value)
    return Data(degraded(text) if text is not None else Origin.OPAQUE)


def method(value: Known | Made, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value | None:
    """What a text's method gives; None where texts have no such method."""
    if not hasattr(value.value if isinstance(value, Known) else "", name):
        return None
    if name == "join" and args:
        return _joined(value, args[0])
    if name == "format":
        text = as_text(value)
        return filled_braces(text.plain, args, kwargs) if text and text.plain is not None else Made(hole(value, *args))
    if isinstance(value, Known) and all(isinstance(each, Known) for each in (*args, *kwargs.values())):
        return _computed(value, name, args, kwargs)
    inside = [value, *args, *kwargs.values()]
    if name in ("split", "rsplit", "splitlines", "partition", "rpartition"):
        return Items([Data(_part(inside))], exact=False)
    if name in _KEEPS and isinstance(value, Made) and not args:
        return value
    if name in _WHOLE and isinstance(value, Made):
        return Made(Text(tuple(getattr(piece, name)() if type(piece) is str else piece for piece in value.text.pieces)))
    if name.startswith(("is", "start", "end", "find", "count", "index", "rfind", "rindex")):
        return Data(Origin.NUMBER)
    return Data(_part(inside)) if all(map(inert, inside)) else Unknown()


def _part(values: list[Value]) -> Origin:
    texts = [as_text(value) for value in values]
    return max((degraded(text) if text is not None else Origin.OPAQUE for text in texts), default=Origin.PLAIN)


def _joined(separator: Known | Made, value: Value) -> Value:
    values, exact = elements(value)
    between = as_text(separator) or Text(())
    if isinstance(separator, Known) and isinstance(separator.value, bytes) and not separator.value:
        between = Text(())
    whole = Text(())
    for index, each in enumerate(values):
        text = as_text(each)
        if not exact or text is None:
            return Made(hole(separator, *values))
        whole = joined(joined(whole, between) if index else whole, text)
    hidden = any(isinstance(each, Known) and each.hidden for each in values)
    return Known(whole.plain, hidden) if whole.plain is not None else Made(whole)


def _computed(value: Known, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
    plain = [each.value for each in args if isinstance(each, Known)]
    named = {key: each.value for key, each in kwargs.items() if isinstance(each, Known)}
    sizes = [len(each) for each in (value.value, *plain) if isinstance(each, str | bytes)]
    if any(isinstance(each, int) and abs(each) > LONGEST for each in plain) or prod(sizes[:1] + sizes[2:]) > LONGEST:
        return Data()
    try:
        result = getattr(value.value, name)(*plain, **named)
    except (TypeError, ValueError, LookupError, AttributeError, OverflowError):
        return Data()
    if isinstance(result, list | tuple):
        return Items([Known(each, value.hidden) for each in result])
    return Known(result, value.hidden) if isinstance(result, str | bytes | int | float | bool) else Data()
