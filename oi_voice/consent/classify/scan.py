"""Looks at folders, within bounds of number and time."""

from __future__ import annotations

import glob
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import translate
from functools import lru_cache
from itertools import islice

from oi_voice.consent.classify import remote

ENTRIES = 10_000  # looked at for one block of code
SECONDS = 0.05  # spent on looking for one block of code


@dataclass
class Scan:
    """Walks folders until it has seen enough entries or taken enough time, over all its walks together.

    What it has listed it does not list again: a scan is for one look at one block of code, and is not kept.
    """

    left: int = ENTRIES
    seconds: float = SECONDS
    _until: float = 0.0
    _listed: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)

    @property
    def spent(self) -> bool:
        return self.left <= 0 or self.seconds <= 0

    @contextmanager
    def timed(self) -> Iterator[None]:
        """What is walked inside takes of the time that is left."""
        begun = time.perf_counter()
        self._until = begun + self.seconds
        yield
        self.seconds -= time.perf_counter() - begun

    def matching(self, pattern: str) -> Iterator[str]:
        """What matches a pattern, hidden names only where the pattern names them."""
        fixed, _, rest = parted(pattern)
        if rest:
            yield from self._expand(fixed, rest.split("/"))
        elif status_of(fixed) is not None:
            yield fixed

    def below(self, folder: str) -> Iterator[str]:
        """Everything in a folder and the folders in it, links not followed."""
        for path, deeper in self._entries(folder):
            yield path
            if deeper:
                yield from self.below(path)

    def _expand(self, folder: str, parts: list[str]) -> Iterator[str]:
        part, rest = parts[0], parts[1:]
        if part == "**":
            yield from self._anywhere(folder, rest)
        elif not wild(part):
            path = f"{folder}/{unescaped(part)}"
            if status_of(path) is not None:
                yield from self._expand(path, rest) if rest else (path,)
        else:
            match = re.compile(translate(part)).match
            for path, _ in self._entries(folder):
                name = path[len(folder) + 1 :]
                if match(name) and (not name.startswith(".") or part.startswith(".")):
                    yield from self._expand(path, rest) if rest else (path,)

    def _anywhere(self, folder: str, rest: list[str]) -> Iterator[str]:
        """``**``: a folder itself and those below it, but for hidden ones."""
        if rest:
            yield from self._expand(folder, rest)
        for path, deeper in self._entries(folder):
            if not path[len(folder) + 1 :].startswith("."):
                if not rest:
                    yield path
                if deeper:
                    yield from self._anywhere(path, rest)

    def _entries(self, folder: str) -> list[tuple[str, bool]]:
        """What is in a folder, in order, and whether each is a folder that may be walked."""
        if self.spent or time.perf_counter() > self._until:
            self.left = 0
            return []
        if folder in self._listed:
            return self._listed[folder]
        if remote.host(folder):
            return []
        try:
            with os.scandir(folder) as entries:
                found = [(f"{folder}/{each.name}", _walks(each)) for each in islice(entries, self.left)]
        except (OSError, ValueError):
            return []
        self.left -= len(found) + 1
        self._listed[folder] = sorted(found)
        return self._listed[folder]


def _walks(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


@lru_cache(2_000)
def parted(pattern: str) -> tuple[str, str, str]:
    """A pattern's part without wildcards, unescaped, and the rest of it."""
    parts = pattern.split("/")
    for index, part in enumerate(parts):
        if wild(part):
            return unescaped("/".join(parts[:index])) or "/", "/", "/".join(parts[index:])
    return unescaped(pattern), "", ""


def wild(part: str) -> bool:
    return ("*" in part or "?" in part or "[" in part) and glob.has_magic(re.sub(r"\[[*?[]\]", "", part))


def unescaped(pattern: str) -> str:
    return pattern if "[" not in pattern else re.sub(r"\[([*?[])\]", r"\1", pattern)


def status_of(path: str) -> os.stat_result | None:
    """What is known of a file here; None where there is none, and for another computer's, which is not asked."""
    if remote.host(path):
        return None
    try:
        return os.lstat(path)
    except (OSError, ValueError):
        return None


def is_folder(path: str) -> bool:
    """Whether a folder is there, and no link to one."""
    status = status_of(path)
    return status is not None and stat.S_ISDIR(status.st_mode)


def is_there(path: str) -> bool:
    return status_of(path) is not None
