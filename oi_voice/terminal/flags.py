"""The command lines of both programs, made from the settings' declaration."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oi_voice import __version__
from oi_voice.declared import DECLARED, WORDS, Setting
from oi_voice.settings import lookup
from oi_voice.terminal import tools, voice_flags

METAVARS: dict[object, str] = {int: "N", float: "N", list[str]: "LIST"}
# Flags of ``interpreter`` by names that they have elsewhere or had before.
OLDER = {
    **{f"--{name}": f"--{setting.option}" for setting in DECLARED for name in setting.older if name != setting.option},
    "-d": "--verbose", "--debug_mode": "--verbose", "--config": "--profiles", "--config_file": "--profile",
}  # fmt: skip
# Documented flags of ``interpreter`` whose thing is not there yet.
LACKING = {
    "--server": "server",
    "--conversations": "list of conversations to choose from",
    "--local_models": "folder of local models",
    "--reset_profile": "way to reset a profile",
}
SILENT = "The typed chat does not speak; `oi-voice` does."


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What was asked for: ``command`` is "" for the assistant itself; ``settings`` holds only what was given.

    ``profiles``: open the folder of profiles, or the one named. ``notes`` are sentences for the person. ``tool`` is
    what one of ``tools`` is given. ``trust_synthetic_input``: a press of Run need not be made by hand.
    """

    command: str
    settings: dict[str, Any]
    profile: str = ""
    profiles: bool = False
    notes: tuple[str, ...] = ()
    out: Path = Path("demo-out")
    json: bool = False
    keep: bool = False
    here: bool = False
    tool: dict[str, Any] = field(default_factory=dict)
    trust_synthetic_input: bool = False


def assistant(argv: Sequence[str] | None = None) -> CommandLine:
    """``oi-voice``. Ends the program with a sentence on a flag it does not know."""
    parser = argparse.ArgumentParser(
        prog="oi-voice",
        usage=f"%(prog)s [options] [demo | commands | {' | '.join((*tools.TOOLS, *voice_flags.NAMES))}]",
        allow_abbrev=False,
        description="Hold the key, speak, approve, and it is done. Without a command, starts the assistant.",
    )
    _add_version(parser)
    parser.add_argument("--profile", default="", metavar="NAME", help="a profile by name or path")
    parser.add_argument(
        "--trust-synthetic-input", "--trust_synthetic_input", action="store_true",
        help="let programs press Run, too: for tests and demonstrations only, nowhere else",
    )  # fmt: skip
    _add_settings(parser, DECLARED)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog=parser.prog)
    demo = commands.add_parser("demo", help="show the whole loop by itself, also without screen or sound")
    demo.add_argument("--out", type=Path, default=Path("demo-out"), metavar="DIR", help="where the evidence goes")
    demo.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    demo.add_argument("--keep", action="store_true", help="leave the demo's desktop up until Ctrl-C")
    demo.add_argument("--here", action="store_true", help="use this display instead of one of its own")
    _add_settings(demo, [lookup("llm.model"), lookup("voice.stt")])
    commands.add_parser("commands", help="what can I say? (the built-in commands)")
    tools.add(commands)
    voice_flags.add(commands)
    return _read(parser, argv)


def chat(argv: Sequence[str] | None = None) -> CommandLine:
    """``interpreter``. Ends the program with a sentence on a flag that it does not know or can't serve."""
    parser = argparse.ArgumentParser(
        prog="interpreter",
        usage="%(prog)s [options]",
        allow_abbrev=False,
        description="A typed chat with the same engine and consent. In it, %help lists its commands.",
    )
    _add_version(parser)
    parser.add_argument(
        "--profile", "-p", nargs="?", default="", metavar="NAME",
        help="a profile by name or path; without one, as --profiles",
    )  # fmt: skip
    parser.add_argument("--profiles", action="store_true", help="open the folder of profiles, and end")
    _add_settings(parser, [setting for setting in DECLARED if setting.group != "voice"])
    speak = lookup("voice.speak")
    parser.add_argument(
        "--speak_messages", f"-{speak.short}", dest=f"set_{speak.name}", action=argparse.BooleanOptionalAction,
        default=argparse.SUPPRESS, help=f"Accepted. {SILENT}",
    )  # fmt: skip
    parser.add_argument(
        "--stdin", action="store_true", dest="set_plain_text_display", default=argparse.SUPPRESS,
        help="Accepted: lines are read from standard input in any case; shows text without formatting.",
    )  # fmt: skip
    for flag in LACKING:
        parser.add_argument(flag, action=_Lacking, nargs="*", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return _read(parser, argv, OLDER)


class _Switch(argparse.BooleanOptionalAction):
    """``--auto_run``, ``--no-auto_run``, and ``--auto_run=reads`` where a setting has such a word between the two."""

    def __init__(self, option_strings: Sequence[str], dest: str, middle: str = "", **options: Any) -> None:
        super().__init__(option_strings, dest, **options)
        self.between = {f"{option_strings[0]}={middle}": middle} if middle else {}
        self.option_strings = [*self.option_strings, *self.between]

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        setattr(namespace, self.dest, self.between.get(option or "", not (option or "").startswith("--no-")))


class _Lacking(argparse.Action):
    """A flag that only says what is not there."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        parser.exit(2, f"{parser.prog}: This version has no {LACKING[self.option_strings[0]]} yet.\n")


def _add_version(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--version", action="version", version=f"oi_voice {__version__}")


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
            parser.add_argument(*names, action=_Switch, middle=setting.middle, **given)
        else:
            parser.add_argument(*names, metavar=setting.metavar or METAVARS.get(setting.type, "TEXT"), **given)


def _read(
    parser: argparse.ArgumentParser, argv: Sequence[str] | None, older: dict[str, str] | None = None
) -> CommandLine:
    words, notes = _todays(sys.argv[1:] if argv is None else argv, older or {})
    found, unknown = parser.parse_known_args(_with_values(parser, words))
    if unknown:
        parser.error(_unknown(parser, unknown[0]))
    values = vars(found)
    settings, tool = _part(values, "set_"), _part(values, tools.DEST)
    rest = {name: value for name, value in values.items() if not name.startswith(("set_", tools.DEST))}
    if rest["profile"] is None:
        rest |= {"profile": "", "profiles": True}
    if parser.prog == "interpreter" and settings.get("voice.speak"):
        notes.append(SILENT)
    rest |= {"command": rest.get("command") or "", "notes": tuple(notes)}
    return CommandLine(**rest, settings=settings, tool=tool)


def _part(values: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}


def _todays(argv: Iterable[str], older: dict[str, str]) -> tuple[list[str], list[str]]:
    """The words with today's names of flags, and a sentence for each that has another now."""
    words, notes = [], []
    for word in map(_underscored, argv):
        name, equals, value = word.partition("=")
        positive = f"--{name[5:]}" if name.startswith("--no-") else name
        if positive in older:
            now = older[positive]
            notes.append(f"{positive} is now called {now}.")
            word = (f"--no-{now[2:]}" if positive != name else now) + equals + value
        words.append(word)
    return words, notes


def _with_values(parser: argparse.ArgumentParser, words: Sequence[str]) -> list[str]:
    """Without ``true`` or ``false`` behind a flag that is on or off, or joined to it: ``--no-`` says it instead.

    A word between the two is always joined to it.
    """
    result: list[str] = []
    for word in words:
        joined = word.startswith("-") or not result
        flag, _, value = (word if joined else f"{result[-1]}={word}").partition("=")
        if said := _switched(parser, flag, value.lower()):
            word = said
            if not joined:
                result.pop()
        result.append(word)
    return result


def _switched(parser: argparse.ArgumentParser, flag: str, value: str) -> str:
    """The flag that alone says this value of a flag that is on or off; empty for others."""
    action = parser._option_string_actions.get(flag)  # argparse tells it nobody else
    if not isinstance(action, argparse.BooleanOptionalAction) or flag.startswith("--no-"):
        return ""
    if WORDS.get(value):
        return flag
    if value in WORDS:
        return next(name for name in action.option_strings if name.startswith("--no-"))
    return next((name for name in action.option_strings if name.endswith(f"={value}")), "")


def _unknown(parser: argparse.ArgumentParser, word: str) -> str:
    flag = word.partition("=")[0]
    if not flag.startswith("-"):
        return f"There is nothing to do with {word!r}: flags begin with --, and what you want to say comes later."
    if flag in parser._option_string_actions:
        return f"{flag} comes before the command, as in: {parser.prog} {flag} …"
    near = difflib.get_close_matches(flag, [*parser._option_string_actions], 1)
    return f"There is no flag {flag}. " + (f"Did you mean {near[0]}?" if near else "--help lists what there is.")


def _underscored(word: str) -> str:
    """``--auto-run`` as ``--auto_run``: both spellings are one flag."""
    name, equals, value = word.partition("=")
    if not re.fullmatch(r"--\w[\w-]*", name):
        return word
    negated = "--no-" if name.startswith(("--no-", "--no_")) else "--"
    return negated + name[len(negated) :].replace("-", "_") + equals + value
