"""The verbs on tables, databases, archives and what is kept in files by libraries."""

from __future__ import annotations

import re

from oi_voice.consent.classify import web
from oi_voice.consent.classify.python.values import (
    NONE,
    Data,
    Known,
    Named,
    Value,
    as_path,
    as_text,
    inert,
)
from oi_voice.consent.classify.python.verbs import Call, Verb
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.sql import statement
from oi_voice.consent.classify.texts import BLAND, Origin, Text, Wild, component, joined

_LOCKED = frozenset(("none", "null", ":memory:", ""))


def _dump(call: Call) -> Value:
    """Into a file that was opened before, or that is named here."""
    value = call.get(1) or next(
        (call.kwargs[key] for key in ("fp", "file", "f", "filename") if key in call.kwargs), None
    )
    if isinstance(value, Data) and value.kind == "file":
        return NONE
    if value is None or value == NONE:
        return Data(call.origin)
    if inert(value) and not isinstance(value, Data):
        call.deeds.writes(as_path(value))
    else:
        call.deeds.unknown("writes to something that was opened elsewhere")
    return NONE


def _load(call: Call) -> Value:
    value = call.get(0)
    if isinstance(value, Known):
        call.deeds.reads(call.path())
    return Data(Origin.FILE)


def _pickled(call: Call) -> Value:
    call.deeds.unknown("loads data that may run code of its own")
    return Data(Origin.FILE)


def _logging(call: Call) -> Value:
    path, mode = call.path(), call.get(1) or call.kwargs.get("filemode", Known("a"))
    if call.get(0) is not None:
        (call.deeds.appends if mode == Known("a") else call.deeds.writes)(path)
    return NONE


def _database(call: Call) -> Value:
    """A database file is made when something is put into it; what is done is told by the statements."""
    path = call.path()
    if path is not None and path.plain in _LOCKED:
        return Data(Origin.PLAIN, "database", Text((":memory:",)))
    return Data(Origin.FILE, "database", path)


def _sql(call: Call) -> Value:
    value = call.get(0)
    text = as_text(value) if value is not None else None
    base = call.of.text if isinstance(call.of, Data) else None
    if call.name.startswith("pandas.") and text is not None and text.plain is not None and " " not in text.plain:
        text = Text(("SELECT",))
    statement(call.deeds, text, base)
    return Data(Origin.FILE, call.entry.kind)


def _sqlwrite(call: Call) -> Value:
    call.deeds.add(Effect.CHANGES, "file", "a database")
    exists = call.kwargs.get("if_exists", call.args[3] if len(call.args) > 3 else call.kwargs.get("**"))
    if exists is not None and exists not in (Known("fail"), Known("append")):
        call.deeds.add(Effect.OVERWRITES, "file", "a table of a database")
    return NONE


def _expression(call: Call) -> Value:
    """pandas runs the text of a query: a plain comparison is known, anything that calls is not."""
    value = call.get(0)
    text = as_text(value) if value is not None else None
    plain = text.head if text is not None else None
    if plain is None or text is None or "__" in plain or ("@" in plain and "(" in plain):
        call.deeds.unknown("runs a text as code")
    return Data(call.origin, "frame")


def _read_config(call: Call) -> Value:
    value = call.get(0)
    if not (isinstance(value, Data) and value.kind == "file"):
        call.deeds.reads(call.path())
    return Data(Origin.FILE)


def _dump_self(call: Call) -> Value:
    value = call.get(0)
    if not (isinstance(value, Data) and value.kind == "file"):
        call.deeds.unknown("writes to something that was opened elsewhere")
    return NONE


def _container(call: Call) -> Value:
    """An archive."""
    mode = call.get(1)
    plain = str(mode.value) if isinstance(mode, Known) else "r"
    memory = isinstance(call.get(0), Data) and not isinstance(call.get(0), Known)
    if not memory or call.path() is None:
        if plain.startswith(("w", "x")):
            call.deeds.writes(call.path())
        elif plain.startswith("a"):
            call.deeds.appends(call.path())
        else:
            call.deeds.reads(call.path())
    return Data(Origin.FILE, "archive", call.path())


def _put(call: Call) -> Value:
    """A file goes into an archive."""
    path = call.path()
    if path is not None and call.deeds.places.resolve(path) is not None:
        call.deeds.takes(path)
    return Data(call.origin)


def _unpack(call: Call) -> Value:
    target = call.path(1) if call.get(1) is not None else Text((".",))
    call.deeds.reads(call.path())
    call.deeds.fills(target, over=True)
    return NONE


def _unpack_in(call: Call) -> Value:
    one = call.name.endswith("extract")
    value = call.kwargs.get("path", next(iter(call.args[one:]), None))
    if isinstance(call.of, Data) and call.of.kind != "archive" and one:
        return Data(call.origin)  # a table's text.extract
    folder = as_path(value) if value is not None else Text((".",))
    member = as_path(call.args[0]) if one and call.args else None
    if member is not None and member.plain is not None and folder is not None:
        call.deeds.writes(component(folder, member))
    else:
        call.deeds.fills(folder, over=True)
    return NONE


def _archive(call: Call) -> Value:
    """``shutil.make_archive``: the format is the ending."""
    path, form = call.path(), as_text(call.get(1) or NONE)
    ending = (
        {"gztar": "tar.gz", "bztar": "tar.bz2", "xztar": "tar.xz"}.get(form.plain or "", form.plain or "")
        if form
        else ""
    )
    call.deeds.writes(joined(path, Text((f".{ending}",))) if path is not None and ending else None)
    return call.get(0) or NONE


def _record(_: Call) -> Value:
    """``namedtuple``: what it makes holds what it is given."""
    return Named("types.SimpleNamespace")


def _pdf_append(call: Call) -> Value:
    value = call.get(0)
    if not isinstance(value, Data):
        call.deeds.reads(call.path())
    return NONE


def _formula(call: Call) -> Value:
    """sympy runs a text that it is given."""
    if not all(isinstance(each, Data) and each.origin in BLAND for each in call.args):
        call.deeds.unknown("runs a text as code")
    return Data(call.origin)


_TABLE = re.compile(r"(?i)(?:\b(?:from|join|copy|to|attach)|[(,\[])\s*'([^']*)'")


def _tables(call: Call) -> Value:
    """A question to duckdb: texts in it that stand for a table are files or addresses."""
    value = call.get(0)
    text = as_text(value) if value is not None else None
    for found in _TABLE.finditer(text.plain or "" if text is not None else ""):
        name = Text(tuple(Wild(part) if part in "*?" else part for part in re.split(r"([*?])", found[1]) if part))
        web.fetches(call.deeds, name) if web.is_address(name.head) else call.deeds.reads(name)
    return _sql(call)


VERBS: dict[str, Verb] = {
    "record": _record,
    "pdf_append": _pdf_append,
    "formula": _formula,
    "tables": _tables,
    "dump": _dump,
    "dump_self": _dump_self,
    "read_config": _read_config,
    "load": _load,
    "pickled": _pickled,
    "logging": _logging,
    "database": _database,
    "sql": _sql,
    "sqlwrite": _sqlwrite,
    "expression": _expression,
    "container": _container,
    "unpack": _unpack,
    "unpack_in": _unpack_in,
    "put": _put,
    "archive": _archive,
}
