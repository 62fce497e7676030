"""Commands that find, filter and hand on: their words may hold commands of their own."""

from __future__ import annotations

import base64
import binascii
import re

from oi_voice.consent.classify.knowledge import listed
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed, command
from oi_voice.consent.classify.texts import Origin, Text, Wild, component, split

_TESTS = frozenset(
    listed(
        """
    -name -iname -path -ipath -wholename -regex -iregex -type -size -mtime -mmin -atime -amin -ctime -cmin
    -newer -user -group -uid -gid -perm -maxdepth -mindepth -empty -readable -writable -executable -links -inum
    -samefile -lname -newermt -daystart -depth -mount -xdev -follow -noleaf -prune -quit -not -a -and -o -or ! (
    ) , -print -print0 -printf -ls -true -false -L -H -P -regextype -fstype -nouser -nogroup -used -anewer
    -cnewer -ilname -d -E -s -x
    """
    )
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
    valued = frozenset(listed("-I -n -P -L -d -s -a -E --max-args --max-procs --delimiter --replace"))
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


def _echo(line: Line) -> Printed:
    """``echo`` and ``printf`` print their words."""
    line.deeds.add(Effect.READS)
    if line.name == "printf" and line.plain[:1] == ["-v"]:
        line.shell.sets(line.plain[1] if len(line.plain) > 1 else "", Text((Origin.OPAQUE,)))
    words = line.rest() if line.name == "echo" else line.args
    pieces: list[str | Origin] = []
    for index, text in enumerate(words):
        if text is None:
            return Text((Origin.OPAQUE,))
        if index:
            pieces.append(" ")
        if any(type(piece) is not str for piece in text.pieces):
            return Text((*pieces, *text.pieces)) if len(words) == 1 else Text((max(text.origin, Origin.PLAIN),))
        pieces.append(text.plain or "")
    whole = "".join(str(piece) for piece in pieces)
    if line.name == "printf" or line.has("-e"):
        whole = re.sub(r"\\n", "\n", whole)
        whole = re.sub(r"\\x([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), whole)
        whole = re.sub(r"\\0?([0-7]{3})", lambda found: chr(int(found[1], 8)), whole)
    return Text((whole,))


_LONG = 2_000  # characters of a script in a word
_SED_FLAGS = re.compile(r"(?:^|[;{}\n0-9$/!])\s*(?:[0-9,$]*|/[^/]*/)\s*(?P<act>[ewWrR])(?:\s|$)")
_SED_RUN = re.compile(r"s(?P<mark>[^\w\s\\]).*?(?P=mark).*?(?P=mark)[gIim0-9p]*[ewEW]")


def _sed(line: Line) -> Printed:
    """``sed``: prints, unless it edits in place, or its script writes or runs."""
    inplace = any(word.startswith(("-i", "--in-place")) or re.match(r"-[nErsz]+i", word) for word in line.plain)
    scripts = [line.value("-e", "--expression")] if line.has("--expression") or "-e" in line.plain else []
    paths = line.rest("-e -f -l --expression --file")
    if not scripts and paths and not line.has("-f", "--file"):
        scripts, paths = [paths[0]], paths[1:]
    for script in scripts:
        head = script.head if script is not None else ""
        if script is None or len(head) > _LONG or _SED_FLAGS.search(head) or _SED_RUN.search(head):
            line.deeds.unknown("runs sed with a script that may write or run something")
    if line.has("-f", "--file"):
        line.deeds.unknown("runs a script of sed that is in a file")
    for path in paths:
        if inplace:
            line.deeds.changes(path)
        else:
            line.deeds.reads(path)
    line.deeds.add(Effect.READS)
    return Text((Origin.FILE,))


_AWK_ACTS = re.compile(
    r"system\s*\(|\|\s*&?\s*[\"'a-z]|\|\s*getline|getline\s*<|print[^;}]*>|@load|close\s*\(|ENVIRON|\binplace"
)


def _awk(line: Line) -> Printed:
    """``awk``: prints, unless its program writes or runs."""
    paths = line.rest("-F -v -f")
    if line.has("-f", "-i", "-E", "--file", "--include", "--exec", "-l", "--load"):
        line.deeds.unknown("runs a program of awk that is in a file")
    elif paths:
        program = paths[0]
        bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', program.head) if program is not None else ""
        if program is None or len(bare) > _LONG or _AWK_ACTS.search(bare) or "system" in program.head:
            line.deeds.unknown("runs awk with a program that may write or run something")
        for path in paths[1:]:
            if path is None or not re.match(r"\w+=", path.head):
                line.deeds.reads(path)
    line.deeds.add(Effect.READS)
    return Text((Origin.FILE,))


def _parallel(line: Line) -> Printed:
    line.deeds.unknown("runs commands that are made as it runs")
    if line.args:
        command(line.shell, [*line.args, Text((Origin.OPAQUE,))], None)
    return None


def _list(line: Line) -> Printed:
    """``ls`` prints names that are there."""
    line.deeds.add(Effect.READS)
    for path in line.rest("-I -w --ignore"):
        line.deeds.reads(path, names_only=True)
    paths = line.rest("-I -w --ignore")
    if len(paths) > 1 or line.has("-l", "-R"):
        return Text((Origin.OPAQUE,))
    path = paths[0] if paths else None
    if path is not None and any(isinstance(piece, Wild) for piece in path.pieces):
        return path
    return Text((Wild("*"),))


def _tells(origin: Origin) -> Handler:
    def handler(line: Line) -> Printed:
        line.deeds.add(Effect.READS)
        return Text((origin,))

    return handler


def _date(line: Line) -> Printed:
    if line.has("--set") or "-s" in line.plain:
        line.deeds.add(Effect.SETTINGS, "setting", "the clock")
    line.deeds.add(Effect.READS)
    return Text((Origin.TIME,))


def _pwd(line: Line) -> Printed:
    here = line.deeds.places.here
    line.deeds.add(Effect.READS)
    return Text((str(here),)) if here is not None else Text((Origin.OPAQUE,))


def _dirname(line: Line) -> Printed:
    line.deeds.add(Effect.READS)
    path = line.rest()[0] if line.rest() else None
    halves = split(path) if path is not None else None
    if halves is None:
        return Text((Origin.NAME,)) if line.name == "basename" else Text((Origin.OPAQUE,))
    if line.name == "basename":
        return halves[1] if len(line.args) == 1 else Text((Origin.NAME,))
    return halves[0]


def _env(line: Line) -> Printed:
    """``printenv`` and a bare ``env``: all variables hold keys too."""
    if not line.args:
        line.deeds.add(Effect.SECRETS, "text", "environment", "reads all environment variables, keys among them")
    line.deeds.add(Effect.READS)
    return Text((Origin.FILE,))


def _read(line: Line) -> Printed:
    """``read name``: what the name is cannot be told, but for a loop over what comes in."""
    given = line.given if line.given is not None and line.given.origin is Origin.NAME else Text((Origin.OPAQUE,))
    for each in line.rest("-p -n -N -t -d -u -a -i"):
        line.shell.sets((each.plain or "") if each is not None else "", given)
    return None


def _base64(line: Line) -> Printed:
    for path in line.rest("-w"):
        line.deeds.reads(path)
    line.deeds.add(Effect.READS)
    decodes = line.has("-d", "-D", "--decode")
    plain = line.given.plain if line.given is not None and not line.rest("-w") else None
    if not decodes or plain is None:
        return Text((Origin.OPAQUE if decodes else Origin.FILE,))
    try:
        found = base64.b64decode(plain.strip()).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return Text((Origin.OPAQUE,))
    line.deeds.decoded.add(found.strip())
    return Text((found,))


HANDLERS: dict[str, Handler] = {
    "find": _find,
    "xargs": _xargs,
    **dict.fromkeys(("echo", "printf"), _echo),
    **dict.fromkeys(("sed", "gsed"), _sed),
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _awk),
    "parallel": _parallel,
    **dict.fromkeys(("ls", "dir", "ll", "la"), _list),
    **dict.fromkeys(("whoami", "hostname.own", "id", "uname", "arch"), _tells(Origin.NAME)),
    **dict.fromkeys(("nproc", "seq", "expr", "bc"), _tells(Origin.NUMBER)),
    "date": _date,
    "pwd": _pwd,
    **dict.fromkeys(("dirname", "basename"), _dirname),
    **dict.fromkeys(("printenv", "set"), _env),
    "read": _read,
    **dict.fromkeys(("base64", "base32"), _base64),
}
