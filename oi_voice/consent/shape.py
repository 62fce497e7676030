"""The shape of what code does, and a rule: shapes of that sort are allowed, and not asked about again.

A rule goes by the shape of what code would do, never by its text, and covers another shape only as a whole. A yes for
once makes no rule: it is bound to the bytes (see ``gate``). What destroys, sends, is not understood or touches the
rules gets none, not even for a conversation: the next code of that shape would do it to something else, and it could
not be taken back. What depends on what is in front, or on what somebody put into a package, gets none for always.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from oi_voice.errors import OiVoiceError
from oi_voice.tags import normal

LEVELS = ("read", "reversible", "changes")  # for which there may be rules, from less to more


@dataclass(frozen=True, slots=True)
class _Effect:
    """How an effect is told, with places and without; ``lasts``: there may be a rule for always."""

    at: str
    plain: str
    lasts: bool = True


#: Effects for which there may be rules. One that is not here never gets any.
EFFECTS: Mapping[str, _Effect] = {
    "reads": _Effect("reads files in {}", "looks at this computer"),
    "network": _Effect("fetches from {}", "fetches from the network"),
    "creates": _Effect("makes new files in {}", "makes new files"),
    "copies": _Effect("copies files to {}", "copies files"),
    "moves": _Effect("moves files in {}", "moves files"),
    "recycles": _Effect("moves files in {} to the bin", "moves files to the bin"),
    "opens": _Effect("opens {}", "opens programs"),
    "clipboard": _Effect("uses the clipboard ({})", "uses the clipboard"),
    "session": _Effect("arranges {}", "arranges windows and sound"),
    "changes": _Effect("changes files in {}", "changes files"),
    "settings": _Effect("changes the settings {}", "changes settings"),
    "screen": _Effect("clicks and types in {}", "clicks and types into what is in front", lasts=False),
    "installs": _Effect("installs {}", "installs programs", lasts=False),
    "starts": _Effect("starts {}", "starts programs", lasts=False),
}
# Devices tell what is typed, or hold all files at once, keys among them; another computer sees what is asked of it.
_DEVICE = re.compile(r"/dev/(?!shm/|fd/|std)|/proc/(?:kcore|kmsg|[^/]+/(?:task/[^/]+/)?(?:mem|fd/))")
_REMOTE = re.compile(r"/net/|/afs/|[\\/]{2}[^\\/]")
_APART = ("the device ", "another computer's ")
_LANGUAGES = {"javascript": "JavaScript", "powershell": "PowerShell", "applescript": "AppleScript", "html": "HTML"}


class RuleError(OiVoiceError):
    """There can be no such rule, or the rules can't be kept; nothing was changed."""

    code = "rules"


class Scope(StrEnum):
    CONVERSATION = "conversation"
    ALWAYS = "always"
    SETTING = "setting"  # follows from a setting, and is in no file


@dataclass(frozen=True, slots=True)
class Shape:
    """What sort of thing code does.

    ``places`` are made by ``place``, one for each target: each belongs to one of the effects, so that who may read in
    one folder and write in another may not do it the other way round.
    """

    language: str
    level: str
    effects: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    scope: Scope
    shape: Shape
    since: str = ""  # the day, 2026-11-21


READS = Rule("auto_run: reads", Scope.SETTING, Shape("", "read"))


def place(effect: str, kind: str, name: str) -> str:
    """An effect on a target as a place: a file's folder, else the target itself.

    ``name`` may have ``*`` for what cannot be told: then it is the folder before that. A file that is not known by an
    absolute path makes a place that fits no rule. A device, and what another computer has, is only like itself.
    """
    if kind in ("file", "folder", "source"):
        start, star, _ = name.partition("*")
        if kind != "folder" and _DEVICE.match(name):
            return f"{effect} {_APART[0]}{name}"
        if _REMOTE.match(name):
            return f"{effect} {_APART[1]}{name}"
        path = _path(start)
        inside = not start.endswith(("/", "\\")) if star else kind != "folder"
        name = str(path.parent if inside else path) if path else ""
    return f"{effect} {name}"


def rule(shape: Shape, scope: Scope) -> Rule:
    """A new rule that allows this shape. Raises RuleError."""
    if why := refusal(shape, scope):
        raise RuleError(why, fix="It is asked about each time.")
    return Rule(secrets.token_hex(4), scope, shape, date.today().isoformat())


def refusal(shape: Shape, scope: Scope) -> str:
    """Why there can be no such rule; empty when there can."""
    if shape.level not in LEVELS:
        return f"There is no rule for code of the level {shape.level!r}."
    if unruly := sorted(shape.effects - EFFECTS.keys()):
        return f"There is no rule for code that does this: {', '.join(unruly)}."
    if scope is Scope.ALWAYS and (passing := sorted(name for name in shape.effects if not EFFECTS[name].lasts)):
        return f"There is no rule for always for code that {_and([EFFECTS[name].plain for name in passing])}."
    if normal(shape.language) != shape.language or not shape.language:
        return f"{shape.language!r} is no language's name."
    return next((f"{text!r} is no place for a rule." for text in sorted(shape.places) if not _fit(text, shape)), "")


def covers(rule: Rule, shape: Shape) -> bool:
    """Whether all that the shape does is within the rule."""
    if rule == READS:
        # An address tells its host something: who has read a file could put it there.
        apart = any(text.partition(" ")[2].startswith(_APART) for text in shape.places)
        return shape.level == "read" and shape.effects <= EFFECTS.keys() - {"network"} and not apart
    if refusal(shape, Scope.CONVERSATION) or refusal(rule.shape, rule.scope):
        return False
    if LEVELS.index(shape.level) > LEVELS.index(rule.shape.level):
        return False
    if rule.shape.language != shape.language or not shape.effects <= rule.shape.effects:
        return False
    placed = {_effect(text) for text in shape.places}
    if placed != {_effect(text) for text in rule.shape.places} & shape.effects:
        return False  # places that could not be told are not within any
    return all(any(_within(text, other) for other in rule.shape.places) for text in shape.places)


def words(rule: Rule) -> str:
    """The rule as a person reads it, on one line: "Python code that only reads files in Documents"."""
    if rule == READS:
        return "Code that only reads"
    told = []
    for name in (name for name in EFFECTS if name in rule.shape.effects):
        places = sorted(_shown(text) for text in rule.shape.places if _effect(text) == name)
        told.append(EFFECTS[name].at.format(_and(places)) if places else EFFECTS[name].plain)
    language = _LANGUAGES.get(rule.shape.language, rule.shape.language.capitalize())
    return f"{language} code that only {_and(told) or 'computes'}"


def _and(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def _effect(text: str) -> str:
    return text.partition(" ")[0]


def _path(name: str) -> PurePath | None:
    """The absolute path that a target's name is, if it is one."""
    if re.match(r"[A-Za-z]:[\\/]|\\\\", name):
        return PureWindowsPath(name)
    return PurePosixPath("/" + name.lstrip("/")) if name.startswith("/") else None


def path(text: str) -> PurePath | None:
    """The absolute path that a place is on, if it is on one."""
    return _path(text.partition(" ")[2])


def _fit(text: str, shape: Shape) -> bool:
    """Whether a rule may go by this place: of an effect of the shape, and neither unclear nor a whole disk."""
    effect, _, name = text.partition(" ")
    where = path(text)
    clear = bool(name.strip()) and name.isprintable() and "*" not in name
    return effect in shape.effects and clear and (where is None or (".." not in where.parts and where != where.parent))


def _within(text: str, other: str) -> bool:
    inner, outer = path(text), path(other)
    if inner is None or outer is None:
        return text == other
    return _effect(text) == _effect(other) and type(inner) is type(outer) and inner.is_relative_to(outer)


def _shown(text: str) -> str:
    name, home = text.partition(" ")[2], Path.home().as_posix()
    if name == home:
        return "your home folder"
    return name.removeprefix(f"{home}/")
