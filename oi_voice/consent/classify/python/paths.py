"""Paths of Python, from ``pathlib`` and from ``os.path``: what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    files,
)
from oi_voice.consent.classify.spots import home
from oi_voice.consent.classify.texts import Origin, Text, Wild, component, joined, split

if TYPE_CHECKING:
    from oi_voice.consent.classify.python.verbs import Call


def _made(text: Text) -> Value:
    return Known(text.plain) if text.plain is not None else Made(text)


def _path(call: Call) -> Value:
    whole = Text(())
    for each in call.args:
        text = as_path(each)
        if text is None:
            return Place(Text((Origin.OPAQUE,)))
        whole = component(whole, text)
    return Place(whole if whole.pieces else Text((".",)))


def home_place(_: Call) -> Value:
    return Place(Text((home(),)))


def _cwd(call: Call) -> Value:
    here = call.deeds.places.here
    return Place(Text((str(here),) if here is not None else (Origin.OPAQUE,)))


def _joinpath(call: Call) -> Value:
    """``os.path.join``"""
    place = _path(call)
    return _made(place.text) if isinstance(place, Place) else place


def _join_path(call: Call) -> Value:
    """``path.joinpath``"""
    whole = as_path(call.of) if call.of is not None else None
    for each in call.args:
        text = as_path(each)
        if whole is None or text is None:
            return Place(Text((Origin.OPAQUE,)))
        whole = component(whole, text)
    return Place(whole) if whole is not None else Unknown()


def _with_name(call: Call) -> Value:
    path, name = as_path(call.of) if call.of else None, as_text(call.args[0]) if call.args else None
    halves = split(path) if path is not None else None
    if halves is None or name is None:
        return Place(Text((Origin.OPAQUE,)))
    return Place(component(halves[0], name))


def _with_suffix(call: Call) -> Value:
    """A path whose ending, or whose name before the ending, is another."""
    path, ending = as_path(call.of) if call.of else None, as_text(call.args[0]) if call.args else None
    halves = split(path) if path is not None else None
    if halves is None or ending is None:
        return Place(Text((Origin.OPAQUE,)))
    folder, name = halves
    if call.name.endswith("with_stem"):
        suffix = f".{name.plain.rpartition('.')[2]}" if name.plain and "." in name.plain else ""
        last = joined(ending, Text((suffix,) if name.plain else (Origin.NAME,)))
    else:
        stem = Text((name.plain.rpartition(".")[0] or name.plain,)) if name.plain else Text((Origin.NAME,))
        last = joined(stem, ending)
    return Place(component(folder, last))


def _expanduser(call: Call) -> Value:
    """``~`` at the beginning of a path."""
    text = call.path() if call.of is None else as_path(call.of)
    if text is None:
        return Data(Origin.OPAQUE)
    first = text.pieces[0] if text.pieces else ""
    if type(first) is str and (first == "~" or first.startswith("~/")):
        text = Text((home() + first[1:], *text.pieces[1:]))
    elif type(first) is str and first.startswith("~"):  # someone else's
        text = Text((f"/home/{first[1:]}", *text.pieces[1:]))
    return Place(text) if call.of is not None else _made(text)


def _samepath(call: Call) -> Value:
    value = call.get(0)
    text = as_path(value) if value is not None else None
    if text is None:
        return Data(Origin.OPAQUE)
    return Place(text) if isinstance(value, Place) and call.of is not None else _made(text)


def _basename(call: Call) -> Value:
    path = call.path()
    halves = split(path) if path is not None else None
    return _made(halves[1]) if halves is not None else Data(Origin.NAME)


def _dirname(call: Call) -> Value:
    path = call.path()
    halves = split(path) if path is not None else None
    return _made(halves[0]) if halves is not None else Data(Origin.OPAQUE)


def _splitext(call: Call) -> Value:
    path = call.path()
    ending = call.name.endswith("splitext")
    if ending and path is not None and path.plain is not None:
        stem, dot, last = path.plain.rpartition(".")
        return Items([Known(stem or path.plain), Known(dot + last if stem else "")])
    halves = split(path) if path is not None else None
    if halves is None:
        return Items([Data(Origin.OPAQUE)], exact=False)
    if ending:
        return Items([_made(component(halves[0], Text((Origin.NAME,)))), Data(Origin.NAME)])
    return Items([_made(halves[0]), _made(halves[1])])


def _names(call: Call) -> Value:
    """``os.listdir``, ``os.scandir``: names, or entries."""
    folder = call.path() if call.get(0) is not None else Text((".",))
    call.deeds.reads(folder, names_only=True)
    if call.name.endswith("scandir"):
        path = component(folder, Text((Wild("*"),))) if folder is not None else None
        return Items([Data(Origin.NAME, "entry", path)], exact=False)
    return Items([Made(Text((Wild("*"),)))], exact=False)


def _names_in(call: Call) -> Value:
    folder = as_path(call.of) if call.of is not None else None
    call.deeds.reads(folder, names_only=True)
    return files(folder, "*") if folder is not None else Items([Place(Text((Origin.OPAQUE,)))], exact=False)


def _walk(call: Call) -> Value:
    """``os.walk``: folder, folders in it, files in it."""
    top = call.path() if call.of is None else as_path(call.of)
    call.deeds.reads(top, names_only=True)
    below = component(top, Text((Wild("**"),))) if top is not None else Text((Origin.OPAQUE,))
    names = Items([Made(Text((Wild("*"),)))], exact=False)
    folder: Value = Made(below) if call.of is None else Place(below)
    return Items([Items([folder, names, names])], exact=False)


def _glob(call: Call) -> Value:
    """``glob.glob``: a pattern that is known in part."""
    pattern = call.path()
    if pattern is None or any(isinstance(piece, Origin) for piece in pattern.pieces):
        call.deeds.reads(None, names_only=True)
        return Items([Data(Origin.OPAQUE)], exact=False)
    wild = Text(())
    for piece in pattern.pieces:
        if type(piece) is not str:
            wild = joined(wild, Text((piece,)))
            continue
        for index, part in enumerate(piece.split("/")):
            if index:
                wild = joined(wild, Text(("/",)))
            wild = joined(wild, Text((Wild(part) if any(mark in part for mark in "*?[") else part,)))
    call.deeds.reads(wild, names_only=True)
    return Items([Made(wild)], exact=False)


def _glob_in(call: Call) -> Value:
    folder = as_path(call.of) if call.of is not None else None
    pattern = as_text(call.args[0]) if call.args else None
    call.deeds.reads(folder, names_only=True)
    if folder is None or pattern is None or pattern.plain is None:
        if pattern is not None and folder is not None and all(not isinstance(p, Origin) for p in pattern.pieces):
            return Items([Place(component(folder, Text((Wild("*"),))))], exact=False)
        return Items([Place(Text((Origin.OPAQUE,)))], exact=False)
    deep = call.name.endswith("rglob")
    return files(folder, f"**/{pattern.plain}" if deep else pattern.plain)


def _part_of(call: Call) -> Value:
    place = call.of
    return Made(place.text) if isinstance(place, Place) and call.name.endswith("posix") else Data(Origin.FILE)


VERBS = {
    "path": _path,
    "home": home_place,
    "cwd": _cwd,
    "joinpath": _joinpath,
    "join_path": _join_path,
    "with_name": _with_name,
    "with_suffix": _with_suffix,
    "expanduser": _expanduser,
    "expanduser_path": _expanduser,
    "samepath": _samepath,
    "basename": _basename,
    "dirname": _dirname,
    "splitext": _splitext,
    "names": _names,
    "names_in": _names_in,
    "walk": _walk,
    "glob": _glob,
    "glob_in": _glob_in,
    "rglob_in": _glob_in,
    "part_of": _part_of,
}
