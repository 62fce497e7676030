"""The verbs on files, tables and databases."""

from __future__ import annotations

import os

from oi_voice.consent.classify import web
from oi_voice.consent.classify.knowledge.python_methods import IN_PLACE, TARGETS
from oi_voice.consent.classify.python import paths
from oi_voice.consent.classify.python.values import (
    NONE,
    Data,
    Items,
    Known,
    Value,
    as_path,
)
from oi_voice.consent.classify.python.verbs import Call, Verb
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.texts import Origin, Text


def _delete(call: Call) -> Value:
    call.deeds.deletes(call.path())
    return NONE


def _recycle(call: Call) -> Value:
    call.deeds.recycles(call.path())
    return NONE


def _move(call: Call) -> Value:
    call.deeds.moves(call.path(), call.path(1))
    return call.get(1) or NONE


def _copy(call: Call) -> Value:
    (call.deeds.merges if "dirs_exist_ok" in call.kwargs else call.deeds.copies)(call.path(), call.path(1))
    return call.get(1) or NONE


def _link(call: Call) -> Value:
    call.deeds.links(call.path(), call.path(1))
    return NONE


def _hardlink(call: Call) -> Value:
    """What is in a file has another name from then on, by which it may be read."""
    call.deeds.takes(call.path())
    return _link(call)


def _make(call: Call) -> Value:
    call.deeds.makes(call.path())
    return NONE


def _change(call: Call) -> Value:
    call.deeds.changes(call.path())
    return NONE


def _enter(call: Call) -> Value:
    call.deeds.enters(call.path())
    return Data(Origin.PLAIN, call.entry.kind)


def _read(call: Call) -> Value:
    call.deeds.reads(call.path())
    return Data(Origin.FILE, call.entry.kind if call.entry.kind != "text" else "")


def _readopt(call: Call) -> Value:
    """Reads a document, or begins a new one."""
    if call.args or call.kwargs:
        value = call.get(0) or call.args[0] if call.args else next(iter(call.kwargs.values()))
        call.deeds.reads(as_path(value))
    return Data(Origin.FILE, "frame")


def _readurl(call: Call) -> Value:
    """Reads a file, or an address, into a table."""
    path = call.path()
    value = call.get(0)
    if path is not None and web.is_address(path.head):
        web.fetches(call.deeds, path)
        return Data(Origin.NET, call.entry.kind)
    if isinstance(value, Data) and not value.kind and value.text is None and value.origin is not Origin.OPAQUE:
        return Data(value.origin, call.entry.kind)  # from memory: a StringIO, a page that was fetched
    if not (isinstance(value, Data) and value.kind in ("file", "response")):
        call.deeds.reads(path)
    return Data(Origin.FILE, call.entry.kind)


def _write(call: Call) -> Value:
    value = call.get(0)
    if isinstance(value, Data) and value.kind in ("file", "frame"):
        return Data()  # opened before, and noted then
    call.deeds.writes(call.path())
    return Data(Origin.FILE, "file", call.path())


def _writeopt(call: Call) -> Value:
    """Writes where it is given a name, and only makes a text where not."""
    value = call.get(0)
    if value is None and call.kwargs and not call.args:
        value = next((call.kwargs[key] for key in TARGETS if key in call.kwargs), None)
    if value is None and call.args:
        value = call.args[0]
    if value is None and call.name.endswith(IN_PLACE):
        call.deeds.unknown("writes to something that was opened elsewhere")
    if value is None or value == NONE:
        return Data(call.origin)
    if isinstance(value, Data) and not value.kind:
        if value.origin not in (Origin.NUMBER, Origin.PLAIN) or call.name.endswith(("save", "savefig")):
            call.deeds.writes(as_path(value))
        return Data(call.origin)
    return _write_to(call, value)


def _write_to(call: Call, value: Value) -> Value:
    if not (isinstance(value, Data) and value.kind in ("file", "frame")):
        call.deeds.writes(as_path(value))
    return NONE


def _writeext(call: Call) -> Value:
    """numpy adds an ending of its own."""
    path = call.path()
    ending = ".npz" if "savez" in call.name else ".npy"
    if path is not None and path.plain and "savetxt" not in call.name and not path.plain.endswith(ending):
        path = Text((path.plain + ending,))
    call.deeds.writes(path)
    return NONE


def _append(call: Call) -> Value:
    call.deeds.appends(call.path())
    return Data()


def _open(call: Call) -> Value:
    """``open``: what follows from the mode."""
    path, mode = call.path(), call.get(1)
    mode = call.kwargs.get("mode", mode)
    plain = mode.value if isinstance(mode, Known) else "r" if mode is None else None
    if path is not None and path.plain in ("/dev/null",):
        return Data(Origin.PLAIN, "file", path)
    if not isinstance(plain, str):
        call.deeds.unknown("opens a file in a way that is made as it runs")
    elif "w" in plain:
        call.deeds.writes(path)
    elif "x" in plain:
        call.deeds.begins(path)
    elif "a" in plain:
        call.deeds.appends(path)
    elif "+" in plain:
        call.deeds.changes(path)
    else:
        call.deeds.reads(path)
    if "opener" in call.kwargs:
        call.deeds.unknown("opens a file in a way of its own")
    return Data(Origin.FILE, "file", path)


def _osopen(call: Call) -> Value:
    """``os.open``: what follows from the flags."""
    flags = call.get(1)
    bits = flags.value if isinstance(flags, Known) and isinstance(flags.value, int) else None
    if bits is None:
        call.deeds.unknown("opens a file in a way that is not known")
    elif bits & os.O_CREAT and bits & os.O_EXCL:
        call.deeds.begins(call.path())
    elif bits & os.O_TRUNC:
        call.deeds.writes(call.path())
    elif bits & os.O_APPEND:
        call.deeds.appends(call.path())
    elif bits & (os.O_WRONLY | os.O_RDWR):
        call.deeds.changes(call.path())
    else:
        call.deeds.reads(call.path())
    return Data(Origin.FILE, "file", call.path())


def _through(call: Call) -> Value:
    """What was opened before is written to: that it is written was noted then."""
    value = call.get(0)
    if not (isinstance(value, Data) and value.kind == "file"):
        call.deeds.unknown("writes to something that was opened elsewhere")
    return value or NONE


def _openwav(call: Call) -> Value:
    mode = call.get(1)
    plain = str(mode.value) if isinstance(mode, Known) else ""
    if "w" in plain or (call.name.endswith("Writer") and "a" not in plain):
        call.deeds.writes(call.path())
        return Data(Origin.FILE, "file")
    if "a" in plain:
        call.deeds.appends(call.path())
        return Data(Origin.FILE, "file")
    call.deeds.reads(call.path())
    return Data(Origin.FILE, "file")


def _temporary(call: Call) -> Value:
    call.deeds.add(Effect.SESSION)
    if "mkstemp" in call.name:
        return Items([Data(Origin.NUMBER), Data(Origin.NAME)])
    import tempfile

    place = Text((tempfile.gettempdir(), "/", Origin.NAME))
    return Data(Origin.NAME, "file", place) if "File" in call.name else Data(Origin.NAME, "entry", place)


def _inplace(call: Call) -> Value:
    if "inplace" in call.kwargs:
        call.deeds.writes(call.path())
    else:
        call.deeds.reads(call.path())
    return Data(Origin.FILE)


VERBS: dict[str, Verb] = {
    **paths.VERBS,
    "delete": _delete,
    "recycle": _recycle,
    "move": _move,
    "copy": _copy,
    "link": _link,
    "hardlink": _hardlink,
    "make": _make,
    "change": _change,
    "enter": _enter,
    "read": _read,
    "readopt": _readopt,
    "readurl": _readurl,
    "write": _write,
    "writeopt": _writeopt,
    "writeext": _writeext,
    "append": _append,
    "open": _open,
    "osopen": _osopen,
    "through": _through,
    "openwav": _openwav,
    "temporary": _temporary,
    "inplace": _inplace,
}
