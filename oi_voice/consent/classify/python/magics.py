"""IPython's own commands: ``!ls``, ``%cd``, ``%%bash``, and a line that begins with the name of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from oi_voice.consent.classify.knowledge import names_in
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.texts import Text

if TYPE_CHECKING:
    from oi_voice.consent.classify.python.machine import Machine

_LINE = re.compile(r"^([ \t]*+)(?:(\w++(?: *+, *+\w++)*+) *+= *+)?(!!?|%)(.*)$")
_HELP = re.compile(r"^\s*(\?{1,2}[\w.*]+|[\w.]+\?{1,2})\s*$")
_CELL = re.compile(r"\s*%%(\w+!?)[ \t]*([^\n]*)\n?(.*)", re.DOTALL)
_BARE = re.compile(r"\s*([a-z_]\w*)(?:\s+([^=(\s.,][^\n]*))?\s*$")
_BRACES = re.compile(r"\{\}|\$\{\w+\}|\{[\w.]*(?:,[\w.]*)+\}|\{\d+\.\.\d+\}")  # what is the shell's own

_SHELLS = names_in("bash sh script system sx zsh !")
_LOOKS = names_in(
    """
    pwd who whos who_ls time timeit matplotlib precision pprint lsmagic quickref magic hist history psearch
    pinfo pdoc page pylab config autoreload colors xmode tb capture autosave dhist
    """
)
_COMMANDS = names_in("ls ll l cat less more man rm rmdir mv cp mkdir ldir lf lk lx")
_PYTHON = frozenset(("time", "timeit", "capture", "prun", "python", "python3", "pypy"))
_PAGES = frozenset(("html", "HTML", "markdown", "latex", "svg", "SVG"))
NAMES = (
    _LOOKS
    | _COMMANDS
    | names_in(
        """
    cd env set_env pip conda run load writefile sx system edit reset bookmark
    """
    )
)


def plain(code: str) -> str:
    """The code with IPython's commands as calls of what runs them."""
    cell_found = _CELL.match(code)
    if cell_found:
        return f"get_ipython().run_cell_magic({cell_found[1]!r}, {cell_found[2]!r}, {cell_found[3]!r})"
    return "\n".join(map(_line, code.split("\n")))


def bare(code: str) -> tuple[str, str] | None:
    """A block of one line that IPython takes for a command though it may be Python: ``rm -f or x``."""
    found = _BARE.match(code) if "\n" not in code.strip() else None
    return (found[1], found[2] or "") if found and found[1] in NAMES else None


def _line(line: str) -> str:
    if _HELP.match(line):
        return "pass"
    found = _LINE.match(line)
    if not found:
        return line
    blank, name, mark, rest = found.groups()
    if mark == "%":
        command, _, rest = rest.partition(" ")
        call = f"get_ipython().run_line_magic({command!r}, {rest!r})"
    else:  # IPython puts values in: !rm {name}
        filled = "f" if "{" in _BRACES.sub("", rest) else ""
        call = f"get_ipython().system({filled}{rest!r})"
    return f"{blank}{name + ' = ' if name else ''}{call}"


def line(machine: Machine, name: str, rest: str) -> None:
    """``%name rest``"""
    from oi_voice.consent.classify import shell

    if name in _SHELLS or name in _COMMANDS:
        shell.line(machine.deeds, Text((rest if name in _SHELLS else f"{name} {rest}",)))
    elif name == "cd":
        shell.line(machine.deeds, Text((f"cd {rest}",)))
    elif name in ("pip", "conda", "mamba"):
        shell.line(machine.deeds, Text((f"{name} {rest}",)))
    elif name in ("time", "timeit", "prun") and rest.strip():
        _python(machine, rest)
    elif name in ("env", "set_env") and rest.strip():
        machine.deeds.add(Effect.SESSION)
        key, _, value = rest.replace("=", " ", 1).strip().partition(" ")
        machine.deeds.steers(key, Text((value.strip(),)))
    elif name not in _LOOKS:
        machine.deeds.unknown(f"uses %{name}, which is not known here")


def cell(machine: Machine, name: str, rest: str, body: str) -> None:
    """``%%name rest`` over a body"""
    from oi_voice.consent.classify import shell

    if name in _SHELLS:
        shell.line(machine.deeds, Text((body,)))
        if rest.strip():
            machine.deeds.unknown(f"uses %%{name} in a way that is not known here")
    elif name in _PYTHON:
        _python(machine, body)
    elif name == "writefile":
        words = rest.split()
        path = Text((words[-1],)) if words else None
        (machine.deeds.appends if "-a" in words else machine.deeds.writes)(path)
    elif name in _PAGES:
        from oi_voice.consent.classify import web

        web.page(body, machine.deeds)
    else:
        machine.deeds.unknown(f"uses %%{name}, which is not known here")


def _python(machine: Machine, code: str) -> None:
    from oi_voice.consent.classify.python import layer

    layer(machine, re.sub(r"^(\s*-\w+(\s+\d+)?)+\s+", "", code))
