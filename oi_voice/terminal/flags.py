"""The command lines of both programs, made from the settings' declaration."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oi_voice import __version__
from oi_voice.declared import DECLARED, Setting
from oi_voice.settings import lookup

METAVARS: dict[object, str] = {int: "N", float: "N", list[str]: "LIST"}


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What was asked for: ``command`` is "" for the assistant itself; ``settings`` holds only what was given."""

    command: str
    settings: dict[str, Any]
    profile: str = ""
    out: Path = Path("demo-out")
    json: bool = False
    keep: bool = False
    here: bool = False


def assistant(argv: Sequence[str] | None = None) -> CommandLine:
    """``oi-voice``. Ends the program with a sentence on a flag it does not know."""
    parser = argparse.ArgumentParser(
        prog="oi-voice",
        usage="%(prog)s [options] [demo | commands]",
        description="Hold the key, speak, approve, and it is done. Without a command, starts the assistant.",
    )
    _add_common(parser, DECLARED)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    demo = commands.add_parser("demo", help="show the whole loop by itself, also without screen or sound")
    demo.add_argument("--out", type=Path, default=Path("demo-out"), metavar="DIR", help="where the evidence goes")
    demo.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    demo.add_argument("--keep", action="store_true", help="leave the demo's desktop up until Ctrl-C")
    demo.add_argument("--here", action="store_true", help="use this display instead of one of its own")
    _add_settings(demo, [lookup("llm.model"), lookup("voice.stt")])
    commands.add_parser("commands", help="what can I say? (the built-in commands)")
    return _read(parser, argv)


def chat(argv: Sequence[str] | None = None) -> CommandLine:
    """``interpreter``."""
    parser = argparse.ArgumentParser(
        prog="interpreter", usage="%(prog)s [options]", description="A typed chat with the same engine and consent."
    )
    _add_common(parser, [setting for setting in DECLARED if setting.group != "voice"])
    return _read(parser, argv)


def _add_common(parser: argparse.ArgumentParser, settings: Iterable[Setting]) -> None:
    parser.add_argument("--version", action="version", version=f"oi_voice {__version__}")
    parser.add_argument("--profile", default="", metavar="NAME", help="a profile by name or path")
    _add_settings(parser, settings)


def _add_settings(parser: argparse.ArgumentParser, settings: Iterable[Setting]) -> None:
    for setting in settings:
        names = [f"--{setting.option}", *([f"-{setting.short}"] if setting.short else [])]
        # SUPPRESS: only what was really given is a flag; the rest is left to the layers below.
        given: dict[str, Any] = {
            "dest": f"set_{setting.name}",
            "default": argparse.SUPPRESS,
            "help": setting.help.replace("%", "%%"),
        }
        if setting.type is bool:
            parser.add_argument(*names, action=argparse.BooleanOptionalAction, **given)
        else:
            parser.add_argument(*names, metavar=setting.metavar or METAVARS.get(setting.type, "TEXT"), **given)


def _read(parser: argparse.ArgumentParser, argv: Sequence[str] | None) -> CommandLine:
    values = vars(parser.parse_args([_underscored(word) for word in (sys.argv[1:] if argv is None else argv)]))
    settings = {name.removeprefix("set_"): value for name, value in values.items() if name.startswith("set_")}
    rest = {name: value for name, value in values.items() if not name.startswith("set_")}
    return CommandLine(**{**rest, "command": rest.get("command") or "", "settings": settings})


def _underscored(word: str) -> str:
    """``--auto-run`` as ``--auto_run``: both spellings are one flag."""
    name, equals, value = word.partition("=")
    if not re.fullmatch(r"--\w[\w-]*", name):
        return word
    negated = "--no-" if name.startswith(("--no-", "--no_")) else "--"
    return negated + name[len(negated) :].replace("-", "_") + equals + value
