"""Commands that filter and print: their words may hold commands of their own, and what they print may be run."""

from __future__ import annotations

import re
from functools import reduce

from oi_voice.consent.classify.knowledge.variables import SECRET_VARIABLE
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed
from oi_voice.consent.classify.texts import OPTIONS, Origin, Text, either, split


def _echo(line: Line) -> Printed:
    """``echo`` and ``printf`` print their words."""
    from oi_voice.consent.classify.shell.sums import evaluates

    line.deeds.add(Effect.READS)
    args = line.rest() if line.name == "echo" else list(line.args)
    name = line.plain[1] if line.name == "printf" and line.plain[:1] == ["-v"] and len(args) > 1 else ""
    printed = _printed(line, args[2:] if name else args)
    if name:
        evaluates(line.shell, args[1])
        line.shell.sets(name, printed)
        return None
    return printed


def _printed(line: Line, args: list[Text | None]) -> Text:
    words = [each for each in args if each is not None]
    if len(words) < len(args):
        return Text((Origin.OPAQUE,))
    plain = [each.plain for each in words if each.plain is not None]
    if len(plain) < len(words):
        made = words[0] if len(words) == 1 else words[1] if line.plain[:1] in (["%s"], ["%s\\n"]) else None
        alone = made is not None and len(words) <= 2
        return made if alone and made is not None else Text((max(each.origin for each in words),))
    if line.name == "printf":
        return Text((_filled(plain),))
    return Text((_escaped(" ".join(plain)) if line.has("-e") else " ".join(plain),))


def _escaped(text: str) -> str:
    text = re.sub(r"\\n", "\n", text)
    text = re.sub(r"\\x([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"\\0?([0-7]{3})", lambda found: chr(int(found[1], 8)), text)


def _filled(words: list[str]) -> str:
    """What ``printf`` makes of a form and its values: the form again and again until there are no more."""
    form, rest = (_escaped(words[0]) if words else ""), words[1:]
    marks = len(re.findall(r"%[-\d.]*[a-zA-Z]", form.replace("%%", "")))
    found = ""
    for at in range(0, max(len(rest), 1), max(marks, 1)):
        values = iter(rest[at : at + marks])
        found += re.sub(r"%(?:%|[-\d.]*[a-zA-Z])", lambda mark: "%" if mark[0] == "%%" else next(values, ""), form)  # noqa: B023  # used at once
        if not marks or len(found) > _LONGEST:
            break
    return found


_LONG = 2_000  # characters of a script in a word
_LONGEST = 20_000  # characters of what is printed
_SED_WRITES = re.compile(r"(?:^|[;{}\n0-9$/!])\s*w\s+([^\n;}]+)")
_SED_RUNS = re.compile(r"(?:^|[;{}\n0-9$/!])\s*e\s+([^\n]+)")
_SED_FLAGS = re.compile(r"(?:^|[;{}\n0-9$/!])\s*(?:[0-9,$]*|/[^/]*/)\s*(?P<act>[ewWrR])(?:\s|$)")
_SED_RUN = re.compile(r"s(?P<mark>[^\w\s\\]).*?(?P=mark).*?(?P=mark)[gIim0-9p]*[ewEW]")


def _script(line: Line, script: Text | None) -> str | None:
    """A script as it is written; None where what is put into it cannot be told."""
    if script is None or len(script.head) > _LONG or (script.plain is None and script.origin >= Origin.NET):
        return None
    return "".join(piece if type(piece) is str else "0" for piece in script.pieces)


def _does(line: Line, text: str, writes: re.Pattern[str], runs: re.Pattern[str]) -> str:
    """Note the files that a script writes and the commands that it runs; the rest of it comes back."""
    from oi_voice.consent.classify import shell

    for found in writes.finditer(text):
        line.deeds.writes(Text((found[1].strip(),)))
    for found in runs.finditer(text := writes.sub("", text)):
        shell.line(line.deeds, Text((next(filter(None, found.groups()), ""),)), above=line.shell)
    return runs.sub("", text)


def _sed(line: Line) -> Printed:
    """``sed``: prints, unless it edits in place, or its script writes or runs."""
    inplace = any(word.startswith(("-i", "--in-place")) or re.match(r"-[nErsz]+i", word) for word in line.plain)
    scripts = [line.value("-e", "--expression")] if line.has("--expression") or "-e" in line.plain else []
    paths = line.rest("-e -f -l --expression --file")
    if not scripts and paths and not line.has("-f", "--file"):
        scripts, paths = [paths[0]], paths[1:]
    for script in scripts:
        head = _script(line, script)
        rest = _does(line, head, _SED_WRITES, _SED_RUNS) if head is not None else ""
        if head is None or _SED_FLAGS.search(rest) or _SED_RUN.search(rest):
            line.deeds.unknown("runs sed with a script that may write or run something")
    if line.has("-f", "--file"):
        line.deeds.unknown("runs a script of sed that is in a file")
    for path in paths:
        if inplace:
            line.deeds.writes(path)
        else:
            line.deeds.reads(path)
    line.deeds.add(Effect.READS)
    return Text((Origin.FILE,))


_AWK_WRITES = re.compile(r"print[^;}\n]*?>>?\s*\"([^\"\\]*)\"")
_AWK_RUNS = re.compile(r"system\s*\(\s*\"([^\"\\]*)\"\s*\)|\|\s*&?\s*\"([^\"\\]*)\"|\"([^\"\\]*)\"\s*\|\s*getline")
_AWK_ACTS = re.compile(
    r"system\s*\(|\|\s*&?\s*[\"'a-z]|\|\s*getline|getline\b[^;}\n]*<|\bARG[CV]\b|print[^;}]*>|@load|close\s*\(|ENVIRON|\binplace"
)


def _awk(line: Line) -> Printed:
    """``awk``: prints, unless its program writes or runs."""
    paths = line.rest("-F -v -f")
    if line.has("-f", "-i", "-E", "--file", "--include", "--exec", "-l", "--load"):
        line.deeds.unknown("runs a program of awk that is in a file")
    elif paths:
        program = _script(line, paths[0])
        rest = _does(line, program, _AWK_WRITES, _AWK_RUNS) if program is not None else ""
        if program is None or _AWK_ACTS.search(re.sub(r'"(?:[^"\\]|\\.)*"', '""', rest)) or "system" in rest:
            line.deeds.unknown("runs awk with a program that may write or run something")
        for path in paths[1:]:
            if path is None or not re.match(r"\w+=", path.head):
                line.deeds.reads(path)
    line.deeds.add(Effect.READS)
    return Text((Origin.FILE,))


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
    if not line.args or any(SECRET_VARIABLE.search(word) for word in line.plain):
        line.deeds.add(Effect.SECRETS, "text", "environment", "reads all environment variables, keys among them")
    line.deeds.add(Effect.READS)
    return Text((Origin.FILE,))


def _read(line: Line) -> Printed:
    """``read name``: one of the lines that come in."""
    from oi_voice.consent.classify.shell.sums import evaluates

    given = Text((Origin.OPAQUE,))
    if line.given is not None and line.given.origin is Origin.NAME:
        given = line.given
    elif line.given is not None and line.given.plain is not None and line.given.plain.count("\n") < OPTIONS:
        given = reduce(either, [Text((each,)) for each in line.given.plain.rstrip("\n").split("\n")])
    for each in [*line.rest("-p -n -N -t -d -u -a -i"), *([line.value("-a")] if line.has("-a") else [])]:
        if each is None or each.plain is None or not each.plain.isidentifier():
            evaluates(line.shell, each)
        line.shell.sets((each.plain or "") if each is not None else "", given)
    return None


def _lines(line: Line) -> Printed:
    """``mapfile name``: the lines that come in; ``-C`` runs a command for each."""
    from oi_voice.consent.classify import shell
    from oi_voice.consent.classify.shell.sums import evaluates

    if line.has("-C"):
        shell.line(line.deeds, line.value("-C"), above=line.shell)
    for each in line.rest("-C -c -d -n -O -s -u") or [Text(("MAPFILE",))]:
        if each is None or each.plain is None or not each.plain.isidentifier():
            evaluates(line.shell, each)
        if each is not None and each.plain:
            line.shell.arrays[each.plain] = [line.given or Text((Origin.OPAQUE,))]
    return None


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("echo", "printf"), _echo),
    **dict.fromkeys(("sed", "gsed"), _sed),
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _awk),
    **dict.fromkeys(("whoami", "id", "uname", "arch"), _tells(Origin.NAME)),
    **dict.fromkeys(("nproc", "seq", "expr", "bc"), _tells(Origin.NUMBER)),
    "date": _date,
    "pwd": _pwd,
    **dict.fromkeys(("dirname", "basename"), _dirname),
    **dict.fromkeys(("printenv", "set"), _env),
    "read": _read,
    **dict.fromkeys(("mapfile", "readarray"), _lines),
}
