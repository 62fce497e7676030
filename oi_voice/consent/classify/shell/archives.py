"""Commands that pack and unpack."""

from __future__ import annotations

import re

from oi_voice.consent.classify.knowledge.options_more import ACTORS
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.shell.options import strange
from oi_voice.consent.classify.texts import Origin, Text, joined


def _compress(line: Line) -> Printed:
    """``gzip`` and its like: the file is replaced by one with another name."""
    if line.has("-c", "--stdout", "-l", "-t", "--list", "--test", "-k", "--keep") or not line.rest():
        for path in line.rest("-S"):
            line.deeds.reads(path)
        if line.has("-k", "--keep"):
            line.deeds.add(Effect.CREATES)
        return Text((Origin.FILE,))
    for path in line.rest("-S"):
        line.deeds.changes(path)
        if line.has("-f", "--force"):
            line.deeds.writes(_packed(line, path))
    return None


def _packed(line: Line, path: Text | None) -> Text | None:
    """The name that a file has after it was packed, or unpacked."""
    ending = {"g": ".gz", "b": ".bz2", "x": ".xz", "z": ".zst", "l": ".lz4"}[line.name.removeprefix("un")[0]]
    if "un" in line.name or line.has("-d", "--decompress"):
        plain = path.plain if path is not None else None
        return Text((plain.removesuffix(ending),)) if plain else None
    return joined(path, Text((ending,))) if path is not None else None


#: Options of tar's that name a command.
_TAR_RUNS = (
    "--to-command",
    "--checkpoint-action",
    "--use-compress-program",
    "-I",
    "--rsh-command",
    "--info-script",
    "-F",
)


def _tar(line: Line) -> Printed:
    words = line.plain
    first = words[0] if words else ""
    letters = first.lstrip("-") if not first.startswith("--") else ""
    mode = next((letter for letter in letters if letter in "cxturA"), "")
    mode = mode or next((name[2] for name in words if name in ("--create", "--extract", "--list", "--append")), "")
    mode = mode or next((word[1] for word in words if re.match(r"-[cxturA]", word)), "")
    mode = {"l": "t", "e": "x", "a": "r"}.get(mode, mode)
    if first and not first.startswith("-") and strange([Text((f"-{first.partition('f')[0]}",))], ACTORS["tar"]):
        line.deeds.unknown("runs tar with words that are not known here")
    _tar_runs(line)
    paths = line.rest("-C -f --directory --file -X -T --exclude")
    paths = paths[(not first.startswith("-")) + ("f" in letters) :]
    file = line.value("--file", "-f")
    if file is None and "f" in letters:
        file = line.args[1] if len(line.args) > 1 else None
    for path in paths if mode and mode in "cruA" else ():
        line.deeds.takes(path)
        if line.has("--remove-files"):
            line.deeds.deletes(path)
    named = file is not None or "f" in letters or line.has("--file")
    if mode == "c" and (not named or (file is not None and file.plain == "-")):
        return Text((Origin.FILE,))
    if mode and mode in "cruA":
        (line.deeds.writes if mode == "c" else line.deeds.appends)(file)
    elif mode in ("t", "x"):
        line.deeds.reads(file)
        if mode == "x":
            kept = line.has("-k", "--keep-old-files", "--skip-old-files", "-O")
            line.deeds.fills(line.value("-C", "--directory") or Text((".",)), over=not kept)
    else:
        line.deeds.unknown("runs tar in a way that is not known")
    return None


def _tar_runs(line: Line) -> None:
    from oi_voice.consent.classify import shell

    for option in _TAR_RUNS:
        value = line.value(option) if any(word.startswith(option) for word in line.plain) else None
        if value is not None and option == "--checkpoint-action" and value.plain in ("dot", "echo"):
            continue
        if value is not None:
            shell.line(line.deeds, Text((value.head.removeprefix("exec="), *value.pieces[1:])), above=line.shell)


def _zip(line: Line) -> Printed:
    archive, *paths = line.rest("-x -i -n -t -b -P") or [None]
    if line.has("-d", "--delete") or (line.has("-T") and line.has("-TT")):
        line.deeds.unknown("takes files out of an archive, or runs a command of its own")
    for path in paths:
        line.deeds.takes(path)
        if line.has("-m", "--move"):
            line.deeds.deletes(path)
    if archive is not None and archive.plain and "." not in archive.plain.rpartition("/")[2]:
        archive = Text((f"{archive.plain}.zip",))
    if archive is not None and archive.plain != "-":
        line.deeds.appends(archive)
    return Text((Origin.FILE,))


def _unzip(line: Line) -> Printed:
    for path in line.rest("-d -x -P")[:1]:
        line.deeds.reads(path)
    if line.has("-l", "-t", "-v", "-Z", "-p"):
        return Text((Origin.FILE,))
    line.deeds.fills(line.value("-d") or Text((".",)), over=not line.has("-n"))
    return None


def _sevenzip(line: Line) -> Printed:
    words = line.plain
    if words[:1] == ["l"] or words[:1] == ["t"]:
        line.deeds.add(Effect.READS)
    elif words[:1] in (["x"], ["e"]):
        kept = {"-aos", "-o-", "-or", "-k"} & {*words}
        target = next((each for each in line.args if each is not None and re.match(r"-o[^+-]", each.head)), None)
        folder = Text((target.head[2:], *target.pieces[1:])) if target is not None else Text((".",))
        line.deeds.fills(folder, over=not kept)
    elif words[:1] == ["a"] and len(words) > 1 and not any(word.startswith("-sdel") for word in words):
        line.deeds.appends(line.args[1])
    else:
        line.deeds.unknown("runs 7z in a way that is not known")
    return None


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("gzip", "gunzip", "bzip2", "bunzip2", "xz", "unxz", "zstd", "unzstd", "lz4"), _compress),
    **dict.fromkeys(("tar", "bsdtar", "gtar"), _tar),
    "zip": _zip,
    "unzip": _unzip,
    **dict.fromkeys(("7z", "7za", "unar", "unrar"), _sevenzip),
}
