"""Files, folders, sizes and names as a person calls them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from oi_voice.consent.classify.risk import Effect, Target
from oi_voice.consent.classify.spots import home
from oi_voice.reveal import reveal

_NAME = 40  # characters of one name
_UNITS = ("bytes", "KB", "MB", "GB", "TB")
_WILD = "*?["
_SPEAKS = re.compile(r"[.;!?)]\s|\s.*[.!?]$|[“”\"]")
_QUOTES = str.maketrans("“”", '""')


def files(targets: Sequence[Target]) -> str:
    """Files and folders: one by its name, several by their number, size and folder."""
    if not targets:
        return "something"
    if len(targets) == 1:
        return _one(targets[0])
    counts = [target.count for target in targets]
    known = None if None in counts else sum(count or 0 for count in counts)
    number = (
        f"{known} {_noun(targets, known)}" if known is not None else f"{_noun(targets, 2)} (how many cannot be told)"
    )
    if any(target.upto for target in targets):
        number = f"up to {number}" if known is not None else number
    return f"{number}{_size(targets)}{_where([folder_of(target) for target in targets])}"


def _one(target: Target) -> str:
    name = target.name
    if not name:
        return "a file whose name cannot be told"
    if not name.startswith(("/", "~")) and ":" not in name[:3]:
        return clean(name)
    if any(mark in name for mark in _WILD):
        return _pattern(target)
    called = clean(last(name))
    if target.kind == "folder" and target.effect in (Effect.DELETES, Effect.CHANGES):
        if target.effect is Effect.CHANGES:
            return f"what is in {place(name)}"
        inside = f" with {_count(target)}{_size([target])}" if target.exists else ""
        if name == home():
            return f"{place(name)}{inside}"
        return f"the folder {called}{inside}{_where([folder_of(target)])}"
    noun = "the folder " if target.kind == "folder" else ""
    absent = " (not there now)" if target.effect is Effect.DELETES and target.exists is False else ""
    return f"{noun}{called}{_size([target]) if target.exists else ''}{_where([folder_of(target)])}{absent}"


def _pattern(target: Target) -> str:
    name = target.name.rpartition("/")[2].replace("[-0-9 ]*", "*")
    like = f"files like {clean(name)}" if name.strip("*") else "files"
    deep = " and the folders in it" if "**" in target.name else ""
    if target.count is None:
        none = target.exists is False and target.effect is Effect.DELETES
        return f"{like}{_where([folder_of(target)])}{deep}{' (none there now)' if none else ''}"
    upto = "up to " if target.upto else ""
    return f"{upto}{_count(target)}{_size([target])}{_where([folder_of(target)])}{deep}"


def _count(target: Target) -> str:
    if target.count is None:
        return "more files than could be counted"
    return f"{target.count} file{'' if target.count == 1 else 's'}" if target.count else "nothing in it"


def _noun(targets: Sequence[Target], count: int | None) -> str:
    kinds = {target.kind for target in targets}
    noun = "folder" if kinds == {"folder"} else "file"
    return noun if count == 1 else f"{noun}s"


def _size(targets: Sequence[Target]) -> str:
    """The size in brackets, where all of it is known and there is any."""
    sizes = [target.bytes for target in targets if target.exists]
    total = sum(size or 0 for size in sizes)
    if None in sizes or not total:
        return ""
    return f" ({size(total)})"


def size(count: int) -> str:
    """A number of bytes for a person: "812 bytes", "2.1 MB"."""
    amount, unit = float(count), 0
    while amount >= 1000 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    if unit == 0:
        return f"{count} byte{'' if count == 1 else 's'}"
    return f"{amount:.1f} {_UNITS[unit]}".replace(".0 ", " ")


def _where(folders: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(folder for folder in folders if folder))
    if not distinct:
        return ""
    return (
        f" in {listed([place(folder) for folder in distinct])}"
        if len(distinct) <= 2
        else f" in {len(distinct)} folders"
    )


def folder_of(target: Target) -> str:
    path = target.name
    while any(mark in path.rpartition("/")[0] for mark in _WILD):
        path = path.rpartition("/")[0]
    return path.rpartition("/")[0] or "/"


def place(path: str) -> str:
    """A folder as a person calls it: without the home folder's path."""
    if path.rstrip("/") == home():
        return "your home folder"
    return clean(path.removeprefix(f"{home()}/"))


def last(path: str) -> str:
    """A path's last name; of a pattern that says nothing the folder's. A number in a name is ``*``."""
    name = path.rstrip("/").rpartition("/")[2].replace("[-0-9 ]*", "*")
    if not name.strip("*"):
        name = place(path.rstrip("/").rpartition("/")[0]) if path.strip("/*") else ""
    return name or path


def names(targets: Sequence[Target], otherwise: str) -> str:
    names = [
        clean(place(target.name) if target.name.startswith("/") else target.name) for target in targets if target.name
    ]
    return listed(names) if names else otherwise


def listed(names: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(names))
    if len(distinct) > 3:
        distinct = [*distinct[:2], f"{len(distinct) - 2} more"]
    return distinct[0] if len(distinct) == 1 else f"{', '.join(distinct[:-1])} and {distinct[-1]}" if distinct else ""


def clean(name: str) -> str:
    """A name with nothing hidden in it, on one line, cut in the middle where it is long; in quotes where its own words
    could be taken for ours."""
    if name and not name.strip():
        return "a name that is blank"
    shown = clause(name, _NAME)
    return f"“{shown.translate(_QUOTES)}”" if _SPEAKS.search(shown) else shown


def clause(text: str, longest: int) -> str:
    """Part of a sentence, shown likewise."""
    shown = reveal(" ".join(text.split()))[0]
    if len(shown) <= longest:
        return shown
    half = (longest - 1) // 2
    return f"{shown[:half]}…{shown[-half:]}"


def looked_at(targets: Sequence[Target]) -> str:
    """Folders whose names are read."""
    found = [folder_of(each) if any(mark in each.name for mark in _WILD) else each.name for each in targets]
    return listed([place(each) for each in found])
