"""Shells and interpreters: code in a word, from a file, or from another command."""

from __future__ import annotations

import re
import sys

from oi_voice.consent.classify.knowledge import commands as known
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.shell.commands import Handler, Line, Printed, command
from oi_voice.consent.classify.shell.options import strange
from oi_voice.consent.classify.texts import Origin, Text


def again(line: Line, code: Text | None) -> None:
    from oi_voice.consent.classify import shell

    if code is not None and code.plain is not None and code.plain.strip() in line.deeds.decoded:
        line.deeds.add(Effect.HIDDEN, reason="runs code that is hidden in text")
    shell.line(line.deeds, code, above=line.shell)


def _shell(line: Line) -> Printed:
    """``sh -c …``, ``… | sh``, ``sh file``."""
    flags = [word for word in line.plain if re.fullmatch(r"-[a-z]*c[a-z]*", word)]
    if flags:
        at = line.plain.index(flags[0])
        again(line, line.args[at + 1] if at + 1 < len(line.args) else None)
        return Text((Origin.OPAQUE,))
    files = line.rest("-o -O")
    if files and not line.has("-s"):
        run_file(line, files[0])
    else:
        _comes_in(line, "shell")
    return Text((Origin.OPAQUE,))


def run_file(line: Line, path: Text | None) -> None:
    """A program in a file, that is not looked into."""
    name = path.plain.rpartition("/")[2] if path is not None and path.plain else "a file"
    if path is not None and path.plain == "/dev/fd/1":
        line.deeds.add(Effect.FOREIGN, reason="runs what another program prints")
    else:
        line.deeds.unknown(f"runs the program in {name}, which is not looked into")


def _comes_in(line: Line, language: str) -> None:
    """Code that another command prints."""
    given = line.given
    if given is None:
        line.deeds.unknown("waits for commands")
    elif given.plain is None:
        foreign = given.origin is Origin.NET
        if foreign:
            line.deeds.add(Effect.FOREIGN, reason="runs code that comes from a host")
        else:
            line.deeds.unknown("runs code that another program prints")
    else:
        code(line, language, given)


def code(line: Line, language: str, text: Text | None) -> None:
    """Code of a language, written in the command."""
    from oi_voice.consent.classify import inspect

    if language in ("perl", "") and text is not None and re.search(r"\b(?:unlink|rmtree|remove_tree)\b", text.head):
        line.deeds.deletes(None)
    if language in ("shell", "bash"):
        again(line, text)
    elif text is None or text.plain is None:
        line.deeds.unknown("runs code that is made as it runs")
    elif line.shell.layer > 3:
        line.deeds.unknown("runs code in code in code")
    else:
        line.shell.layer += 1
        inspect(language, text.plain, line.deeds)
        line.shell.layer -= 1


#: Modules that read and print, with the options that they may have.
_MODULES = {
    "json.tool": "- sort-keys indent: compact tab no-indent no-ensure-ascii json-lines",
    "calendar": "- type: month: locale: encoding: width: lines: spacing: months:",
    "this": "-",
    "platform": "-",
    "site": "- user-site user-base",
    "venv": "- system-site-packages without-pip prompt: clear upgrade-deps",
    "timeit": "n:r:s:u:pv number: repeat: setup: unit: process verbose",
    "pydoc": "-",
}
_BEFORE = frozenset(("-u", "-B", "-I", "-s", "-S", "-E", "-q", "-O", "-OO", "-P"))  # python's own, without a value


def _interpreter(line: Line) -> Printed:
    language = known.INTERPRETERS[line.name]
    option = known.CODE[language]
    words = line.plain
    options = (
        (option, "-p", "--eval", "-pe")
        if language == "javascript"
        else (option, "-c")
        if language == "powershell"
        else (option,)
    )
    found = next((word for word in words if word in options), "")
    if found:
        at = words.index(found)
        if language == "python" and not {*words[:at]} <= _BEFORE:
            line.deeds.unknown("runs python with words that are not known here")
        code(line, language or "perl", line.args[at + 1] if at + 1 < len(line.args) else None)
    elif language == "python" and "-m" in words:
        if not {*words[: words.index("-m")]} <= _BEFORE:
            line.deeds.unknown("runs python with words that are not known here")
        _module(line, words[words.index("-m") + 1 :])
    elif line.rest() and line.plain[0] != "-":
        run_file(line, line.rest()[0])
    else:
        _comes_in(line, language or "perl")
    return Text((Origin.OPAQUE,))


def _module(line: Line, words: list[str]) -> None:
    name = words[0] if words else ""
    if name == "pip":
        command(line.shell, [Text(("pip",)), *line.args[line.plain.index("-m") + 2 :]], None)
    elif name in _MODULES:
        _known_module(line, name, line.args[line.plain.index("-m") + 2 :])
    elif name in ("http.server", "SimpleHTTPServer"):
        line.deeds.unknown("lets others connect to this computer")
    else:
        line.deeds.unknown(f"runs {name or 'a module'}, which is not known here")


def _known_module(line: Line, name: str, words: list[Text | None]) -> None:
    """A module that reads: what else its words make of it."""
    there = Line(line.shell, name, words, line.given)
    rest = there.rest("-n -r -s -u --setup --number --repeat --unit --indent --prompt")
    if strange(words, _MODULES[name]) or (
        name == "pydoc" and any((each.plain if each else "") not in sys.stdlib_module_names for each in rest)
    ):
        line.deeds.unknown(f"runs {name} with words that are not known here")
    if name == "venv":
        for each in rest:
            (line.deeds.deletes if there.has("--clear") else line.deeds.makes)(each)
    elif name == "json.tool":
        for each in rest[:1]:
            line.deeds.reads(each)
        for each in rest[1:2]:
            line.deeds.writes(each)
    elif name == "timeit":
        for each in [*rest, *([there.value("-s", "--setup")] if there.has("-s", "--setup") else [])]:
            code(line, "python", each)
    line.deeds.add(Effect.READS)


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(known.SHELLS, _shell),
    **dict.fromkeys(known.INTERPRETERS, _interpreter),
}
