"""Places that are more than files: what starts by itself, the system's own, our own, keys and passwords."""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cache
from pathlib import Path

from oi_voice.consent.classify.knowledge import places as known
from oi_voice.consent.classify.risk import Effect


def home() -> str:
    """The home folder, as the system's programs find it."""
    return (os.name == "posix" and os.environ.get("HOME")) or str(Path.home())


@dataclass(frozen=True, slots=True)
class _Spots:
    """Places below a home folder, sorted by how they are looked up."""

    files: frozenset[str]
    folders: frozenset[str]
    wild: re.Pattern[str]
    wilds: tuple[str, ...]

    def holds(self, path: str) -> bool:
        """Whether the path, perhaps with wildcards, may be one of these, or in one of the folders."""
        if path in self.files or path in self.folders or self.wild.match(path):
            return True
        if not self.folders.isdisjoint(_above(path)):
            return True
        if not glob.has_magic(path):
            return False
        bare = f"{path[:-1]}." if path.endswith("/*") else "\0"  # a bare * passes over hidden names
        matches = _pattern(path).match
        return any(
            matches(each) and not each.startswith(bare) and (each not in self.folders or os.path.lexists(each))
            for each in (*self.files, *self.folders, *self.wilds)
        )


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(translate(path))


@cache
def _spots(below: str, names: tuple[str, ...]) -> _Spots:
    whole = [f"{below}/{name.replace(chr(0), ' ')}" for name in names]
    plain = [each for each in whole if not glob.has_magic(each)]
    return _Spots(
        frozenset(each for each in plain if not each.endswith("/")),
        frozenset(each.rstrip("/") for each in plain if each.endswith("/")),
        _any(tuple(glob.escape(below) + each.removeprefix(below) for each in whole if each not in plain)),
        tuple(each for each in whole if each not in plain),
    )


@cache
def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, patterns)) or "(?!)")


@cache
def _own(_: str) -> tuple[str, ...]:
    """Where our rules, log, conversations and program are."""
    import platformdirs

    kinds = ("config", "data", "state", "log", "cache")
    folders = [getattr(platformdirs, f"user_{kind}_dir")("oi_voice", appauthor=False) for kind in kinds]
    return (*folders, str(Path(__file__).resolve().parents[2]))


def nature(paths: set[str]) -> Effect | None:
    """What writing to a place that goes by these paths is more than; None for an ordinary one."""
    below = home()
    if any(_within(path, _own(below)) for path in paths):
        return Effect.RULES
    if paths & set(known.SINKS):
        return None
    if paths & {"/", "C:/", "C:"}:
        return Effect.SYSTEM
    if any(_starts_up(path, below) for path in paths):
        return Effect.STARTUP
    if any(_within(path.replace("\\", "/"), known.SYSTEM) and not _within(path, (below,)) for path in paths):
        return Effect.SYSTEM
    return None


def secret(path: str) -> bool:
    """Whether keys or passwords are kept there, or may be among what the pattern stands for."""
    if known.TELLING.match(path):
        return True
    path = path.replace("\\", "/")  # as Windows' programs write it
    name = path.rpartition("/")[2]
    if _any(known.SECRET_NAMES).match(name) and not name.endswith(".pub"):
        return True
    if _spots("", known.SECRETS_OF_ALL).holds(path):
        return True
    below, someone = home(), _HOMES.match(path)
    if someone and not path.startswith(f"{below}/"):
        path = f"{below}{path[someone.end() :]}"
    return _spots(below, known.SECRETS).holds(path)


_HOMES = re.compile(r"(?:/home/[^/]+|/root|(?:[A-Za-z]:)?/Users/[^/]+)(?=/)")


def _starts_up(path: str, below: str) -> bool:
    if _any(known.STARTUP_NAMES).match(path.rpartition("/")[2]) or _spots(below, known.STARTUP).holds(path):
        return True
    if path.endswith(known.STARTUP_ENDS):
        return True
    return any(f"/{folder}/" in path for folder in known.STARTUP_FOLDERS)


def _within(path: str, folders: tuple[str, ...]) -> bool:
    caseless = sys.platform in ("win32", "darwin")
    path = path.lower() if caseless else path
    return any(path == each or path.startswith(f"{each}/") for each in (f.lower() if caseless else f for f in folders))
