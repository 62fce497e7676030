"""Commands that find, filter and hand on: their words may hold commands of their own."""

from __future__ import annotations

import re

from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed, command
from oi_voice.consent.classify.texts import Origin, Text, Wild, component, either

_TESTS = names_in(
    """
    -name -iname -path -ipath -wholename -regex -iregex -type -size -mtime -mmin -atime -amin -ctime -cmin
    -newer -user -group -uid -gid -perm -maxdepth -mindepth -empty -readable -writable -executable -links -inum
    -samefile -lname -newermt -daystart -depth -mount -xdev -follow -noleaf -prune -quit -not -a -and -o -or ! (
    ) , -print -print0 -printf -ls -true -false -L -H -P -regextype -fstype -nouser -nogroup -used -anewer
    -cnewer -ilname -d -E -s -x
    """
)


def _find(line: Line) -> Printed:
    """``find``: where, what, and what to do with it."""
    words = line.args
    folders: list[Text | None] = []
    at = 0
    while at < len(words) and words[at] is not None and not _head(words[at]).startswith(("-", "(", "!")):
        folders.append(words[at])
        at += 1
    found = [_below(folder, _name_of(words[at:])) for folder in folders or [Text((".",))]]
    rest = words[at:]
    index = 0
    while index < len(rest):
        word = _head(rest[index])
        if word in ("-exec", "-execdir", "-ok", "-okdir"):
            ends = next((i for i in range(index, len(rest)) if _head(rest[i]) in (";", "+")), len(rest))
            for path in found:
                _runs(line, rest[index + 1 : ends], path)
            index = ends
        elif word == "-delete":
            for path in found:
                line.deeds.deletes(path)
        elif word in ("-fprint", "-fprint0", "-fls", "-fprintf"):
            line.deeds.writes(rest[index + 1] if index + 1 < len(rest) else None)
            index += 1
        elif word.startswith("-") and word not in _TESTS and not re.match(r"-?[+-]?\d", word):
            line.deeds.unknown(f"runs find with {word}, which is not known here")
        index += 1
    line.deeds.add(Effect.READS)
    return found[0] if len(found) == 1 and found[0] is not None else Text((Origin.OPAQUE,))


def _head(text: Text | None) -> str:
    return text.head if text is not None else ""


def _name_of(words: list[Text | None]) -> str:
    """The pattern of ``-name``, where there is one only."""
    names = [words[i + 1] for i, word in enumerate(words[:-1]) if _head(word) in ("-name", "-iname")]
    several = any(_head(word) in ("-o", "-or", "!", "-not") for word in words)
    plain = names[0].plain if len(names) == 1 and names[0] is not None and not several else None
    return plain or "*"


def _below(folder: Text | None, name: str) -> Text | None:
    return component(component(folder, Text((Wild("**"),))), Text((Wild(name),))) if folder is not None else None


def _runs(line: Line, words: list[Text | None], path: Text | None) -> None:
    """``-exec``: ``{}`` is each file, anywhere in the words."""
    filled: list[Text | None] = []
    for word in words:
        plain = word.plain if word is not None else None
        if plain == "{}":
            filled.append(path)
        elif plain is not None and "{}" in plain:
            filled.append(Text((plain.partition("{}")[0], Origin.OPAQUE, plain.partition("{}")[2])))
        else:
            filled.append(word)
    if filled:
        command(line.shell, filled, None)


def _xargs(line: Line) -> Printed:
    """``xargs``: what comes in is the end of the words, or stands where ``-I`` says."""
    valued = names_in("-I -n -P -L -d -s -a -E --max-args --max-procs --delimiter --replace")
    at, mark = 0, ""
    while at < len(line.args) and _head(line.args[at]).startswith("-"):
        word = line.plain[at]
        if word in ("-I", "--replace", "-i") and at + 1 < len(line.args):
            mark = line.plain[at + 1]
        elif word.startswith("-I"):
            mark = word[2:]
        at += 2 if word in valued else 1
    words = line.args[at:]
    given = line.given if line.given is not None else Text((Origin.OPAQUE,))
    own = Line(line.shell, line.name, line.args[:at], None)
    if own.has("--arg-file") or any(word.startswith("-a") for word in own.plain):
        line.deeds.reads(own.value("-a", "--arg-file"))
        given = Text((Origin.FILE,))
    if not words:
        return given
    if mark:
        _runs(
            line,
            [Text(("{}",)) if word is not None and word.plain == mark else _swap(word, mark) for word in words],
            given,
        )
        return None
    for each in _items(given):
        command(line.shell, [*words, each], None)
    return None


def _swap(word: Text | None, mark: str) -> Text | None:
    return Text((word.plain.replace(mark, "{}"),)) if word is not None and word.plain is not None else word


def _items(given: Text) -> list[Text]:
    return [Text((word,)) for word in given.plain.split()[:64]] if given.plain is not None else [given]


def _parallel(line: Line) -> Printed:
    """``parallel``: what comes in is put where ``{}`` stands, or at the end."""
    words = line.rest("-j --jobs -a --arg-file")
    line.deeds.add(Effect.READS)
    if not words or any(word is not None and word.head.startswith(":::") for word in words):
        line.deeds.unknown("runs commands that are made as it runs")
    elif "{}" in line.plain:
        _runs(line, words, line.given or Text((Origin.OPAQUE,)))
    else:
        for each in _items(line.given or Text((Origin.OPAQUE,))):
            command(line.shell, [*words, each], None)
    return None


def _list(line: Line) -> Printed:
    """``ls`` prints names that are there."""
    line.deeds.add(Effect.READS)
    paths = line.rest("-I -w --ignore")
    for path in paths or [Text((".",))]:
        line.deeds.reads(path, names_only=True)
    if len(paths) > 1 or line.has("-l", "-R"):
        return Text((Origin.OPAQUE,))
    path = paths[0] if paths else None
    if path is not None and any(isinstance(piece, Wild) for piece in path.pieces):
        return path
    if line.name == "la" or line.has("-a", "-A", "--all", "--almost-all"):
        return either(Text((Wild("*"),)), Text((Wild(".*"),)))
    return Text((Wild("*"),))


HANDLERS: dict[str, Handler] = {
    "find": _find,
    "xargs": _xargs,
    "parallel": _parallel,
    **dict.fromkeys(("ls", "dir", "ll", "la"), _list),
}
