"""Commands on files and folders."""

from __future__ import annotations

import re

from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.spots import home
from oi_voice.consent.classify.texts import Origin, Text, component, joined, split

_DISKS = re.compile(r"/dev/(?!null|zero|u?random|stdout|stderr|tty\b|shm/)")


def _rm(line: Line) -> Printed:
    paths = line.rest()
    for path in paths:
        line.deeds.deletes(path)
    if not paths:
        line.deeds.add(Effect.READS)
    return None


def _mv(line: Line) -> Printed:
    return _two(line, line.deeds.moves, "-t --target-directory -S")


def _cp(line: Line) -> Printed:
    if line.has("-s", "--symbolic-link", "-l", "--link"):
        return _ln(line)
    return _two(line, line.deeds.copies, "-t --target-directory -S")


def _two(line: Line, deed: object, valued: str) -> Printed:
    """Some sources and a target."""
    target = line.value("-t", "--target-directory") if line.has("--target-directory") or "-t" in line.plain else None
    paths = line.rest(valued)
    if target is None and len(paths) > 1:
        *paths, target = paths
    elif target is None:
        line.deeds.add(Effect.READS)
        return None
    if line.has("-n", "--no-clobber", "--update=none") and target is not None:
        for path in paths:
            line.deeds.reads(path, names_only=True)
            line.deeds.makes(target)
        return None
    for path in paths:
        if path is not None and path.head.endswith("/."):
            line.deeds.merges(path, target)
        else:
            deed(path, target)  # type: ignore[operator]  # a method of Deeds on two paths
    return None


def _ln(line: Line) -> Printed:
    paths = line.rest("-t -S")
    if len(paths) == 1:
        halves = split(paths[0]) if paths[0] is not None else None
        paths = [*paths, halves[1] if halves is not None else None]
    target = paths[-1] if paths else None
    for path in paths[:-1]:
        line.deeds.takes(path)
        if line.has("-f", "--force") and target is not None:
            resolved = line.deeds.places.resolve(target)
            if resolved is not None and line.deeds.places.look(resolved, deep=False).files:
                line.deeds.writes(target)
        line.deeds.links(_from_link(path, target), target)
    return None


def _from_link(path: Text | None, link: Text | None) -> Text | None:
    """A link's target counts from the folder that the link is in."""
    halves = split(link) if link is not None else None
    if path is None or halves is None or halves[0].plain == ".":
        return path
    return component(halves[0], path)


def _mkdir(line: Line) -> Printed:
    for path in line.rest("-m --mode"):
        line.deeds.makes(path)
    return None


def _touch(line: Line) -> Printed:
    for path in line.rest("-d -t -r"):
        line.deeds.appends(path)
    return None


_RIGHTS = re.compile(r"[ugoa,rwxX+=-]*[+=][rwxXst]*s|0*[2-7]\d{3}$")


def _change(line: Line) -> Printed:
    """``chmod``, ``chown``: how, and then what."""
    paths = line.rest()
    if line.name == "chmod" and any(_RIGHTS.match(word) for word in line.plain):
        line.deeds.unknown("lets everybody run it with the rights of its owner")
    for path in paths if any("--reference" in word for word in line.plain) else paths[1:]:
        line.deeds.changes(path)
    if line.has("-R", "--recursive") and any(path is not None and path.plain in ("/", "/*") for path in paths):
        line.deeds.add(Effect.SYSTEM, "folder", "/", "changes the system's own files")
    return None


def _tee(line: Line) -> Printed:
    for path in line.rest():
        if line.has("-a", "--append"):
            line.deeds.appends(path)
        else:
            line.deeds.writes(path)
    return line.given


def _truncate(line: Line) -> Printed:
    for path in line.rest("-s --size -r --reference"):
        line.deeds.writes(path)
    return None


def _install(line: Line) -> Printed:
    if line.has("-d", "--directory"):
        return _mkdir(line)
    return _two(line, line.deeds.copies, "-m -o -g -t")


def _dd(line: Line) -> Printed:
    for text in line.args:
        word = text.head if text is not None else ""
        if text is None or not re.match(r"\w+=", word):
            line.deeds.unknown("runs dd with words that are made as it runs")
            continue
        name, _, rest = word.partition("=")
        path = Text((rest, *text.pieces[1:]))
        if name == "if":
            line.deeds.reads(path)
        elif name == "of":
            if _DISKS.match(rest):
                line.deeds.add(Effect.SYSTEM, "disk", rest, "changes the system's own files")
            else:
                line.deeds.writes(path)
    return None


def _mktemp(line: Line) -> Printed:
    line.deeds.add(Effect.SESSION)
    return Text(("/tmp/", Origin.NAME))


def _split(line: Line) -> Printed:
    paths = line.rest("-b -l -n -a -C")
    for path in paths[:1]:
        line.deeds.reads(path)
    prefix = paths[1] if len(paths) > 1 else Text(("x",))
    line.deeds.writes(joined(prefix, Text((Origin.NAME,))) if prefix is not None else None)
    return None


def _cd(line: Line) -> Printed:
    paths = [each for each in line.rest() if each is None or each.plain != "-"]
    if line.name == "popd" or not line.rest():
        line.deeds.enters(Text((home(),)) if line.name == "cd" else None)
    else:
        line.deeds.enters(paths[0] if paths else None)
    return None


def _trash(line: Line) -> Printed:
    paths = line.rest()
    if line.name in ("trash-empty", "trash-rm"):
        line.deeds.add(Effect.DELETES, "file", "everything in the bin", count=None)
        return None
    if line.name in ("trash-list", "trash-restore"):
        line.deeds.add(Effect.READS)
        return None
    for path in paths:
        line.deeds.recycles(path)
    return None


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("rm", "rmdir", "unlink"), _rm),
    "mv": _mv,
    "cp": _cp,
    "ln": _ln,
    "mkdir": _mkdir,
    "touch": _touch,
    **dict.fromkeys(("chmod", "chown", "chgrp"), _change),
    **dict.fromkeys(("tee", "sponge"), _tee),
    "truncate": _truncate,
    "install": _install,
    "dd": _dd,
    "mktemp": _mktemp,
    **dict.fromkeys(("split", "csplit"), _split),
    **dict.fromkeys(("cd", "pushd", "popd"), _cd),
    **dict.fromkeys(("trash", "trash-put", "trash-list", "trash-empty", "trash-restore", "trash-rm"), _trash),
}
