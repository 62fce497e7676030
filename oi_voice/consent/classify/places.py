"""Places in the file system: what a path means, what is there, and whether it is more than a file."""

from __future__ import annotations

import glob
import os
import stat
import sys
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from oi_voice.consent.classify.knowledge import places as known
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.scan import Scan, parted, status_of, unescaped
from oi_voice.consent.classify.texts import Text


@dataclass(frozen=True, slots=True)
class Seen:
    """What is there. ``whole`` is False when there was more than could be looked at."""

    files: int = 0
    folders: int = 0
    bytes: int = 0
    whole: bool = True

    @property
    def exists(self) -> bool:
        return bool(self.files or self.folders)


@dataclass
class Places:
    """Paths as the code will mean them: ``here`` follows a change of folder, ``links`` those that the code makes."""

    here: Path | None
    links: dict[str, str] = field(default_factory=dict)
    filled: set[str] = field(default_factory=set)  # names that the code itself puts files of the person's under
    scan: Scan = field(default_factory=Scan)

    def resolve(self, path: Text) -> str | None:
        """The path as an absolute glob pattern, links followed; None when it cannot be told."""
        pattern = path.pattern()
        if not pattern or "\0" in pattern or not _encodes(pattern):
            return None
        if not Path(pattern).is_absolute():
            if self.here is None:
                return None
            pattern = f"{glob.escape(str(self.here))}/{pattern}"
        fixed, _, rest = parted(pattern)
        fixed = self._linked(os.path.normpath(fixed) if ".." not in fixed else fixed)
        fixed = _real(fixed, keep_last=not rest)
        whole = glob.escape(fixed) + (f"/{rest}" if rest else "")
        return os.path.normpath(whole) if ".." in rest else whole

    def _linked(self, path: str) -> str:
        for _ in range(8):  # links to links
            for link, target in self.links.items():
                if path == link or path.startswith(f"{link}/"):
                    path = target + path[len(link) :]
                    break
            else:
                return path
        return path

    def look(self, pattern: str, deep: bool = True) -> Seen:
        """What is there now; with ``deep`` folders count with all that is in them. Bounded in entries and time."""
        files = folders = size = 0
        with self.scan.timed():
            for path in self.scan.matching(pattern):
                for each in (path, *(self.scan.below(path) if deep else ())):
                    status = status_of(each)
                    if status is not None and stat.S_ISDIR(status.st_mode):
                        folders += 1
                    elif status is not None:
                        files, size = files + 1, size + status.st_size
        return Seen(files, folders, size, whole=not self.scan.spent)


def _encodes(path: str) -> bool:
    """Whether the system can be asked for a file of this name."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def _real(path: str, keep_last: bool) -> str:
    """With links followed, but for the last name: to delete a link is not to delete what it leads to."""
    if not keep_last:
        return os.path.realpath(path)
    folder, name = os.path.split(path)
    if name in ("", ".", ".."):
        return os.path.realpath(path)
    return str(Path(os.path.realpath(folder), name))


def final(pattern: str) -> str:
    """What a plain pattern leads to, links followed to the end: where writing would go."""
    fixed, _, rest = parted(pattern)
    return pattern if rest else glob.escape(os.path.realpath(fixed))


def shown(pattern: str) -> str:
    """A pattern without its escapes."""
    return unescaped(pattern)


def magic(pattern: str) -> bool:
    """Whether the pattern may stand for several files."""
    return bool(parted(pattern)[2])


# --- places that are more than files


@cache
def _own(home: str) -> tuple[str, ...]:
    """Where our rules, log, conversations and program are."""
    import platformdirs

    kinds = ("config", "data", "state", "log", "cache")
    folders = [getattr(platformdirs, f"user_{kind}_dir")("oi_voice", appauthor=False) for kind in kinds]
    return (*folders, str(Path(__file__).resolve().parents[2]))


@cache
def _below_home(home: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{home}/{name.replace(chr(0), ' ')}" for name in names)


def nature(pattern: str) -> Effect | None:
    """What writing there, or deleting, is more than: RULES, STARTUP or SYSTEM; None for an ordinary place."""
    home = str(Path.home())
    tries = {shown(pattern), shown(final(pattern))}
    if any(_within(path, _own(home)) for path in tries):
        return Effect.RULES
    if shown(pattern) in known.SINKS:
        return None
    if tries & {"/", "C:/", "C:"}:
        return Effect.SYSTEM
    if any(_starts_up(path, home) for path in tries):
        return Effect.STARTUP
    if any(_within(path.replace("\\", "/"), known.SYSTEM) and not _within(path, (home,)) for path in tries):
        return Effect.SYSTEM
    return None


def secret(pattern: str) -> bool:
    """Whether keys or passwords are kept there, or may be among what the pattern stands for."""
    home = str(Path.home())
    for path in {shown(pattern), shown(final(pattern))}:
        if any(_meets(path, place) for place in _below_home(home, known.SECRETS)):
            return True
        name = path.rpartition("/")[2]
        if any(fnmatch(name, each) for each in known.SECRET_NAMES) and not name.endswith(".pub"):
            return True
    return False


def _starts_up(path: str, home: str) -> bool:
    name = path.rpartition("/")[2]
    if any(_meets(path, place) for place in _below_home(home, known.STARTUP)):
        return True
    if any(fnmatch(name, each) for each in known.STARTUP_NAMES):
        return True
    return any(f"/{folder}/" in path for folder in known.STARTUP_FOLDERS)


def _within(path: str, folders: tuple[str, ...]) -> bool:
    caseless = sys.platform in ("win32", "darwin")
    path = path.lower() if caseless else path
    return any(path == each or path.startswith(f"{each}/") for each in (f.lower() if caseless else f for f in folders))


def _meets(path: str, place: str) -> bool:
    """Whether path and place, either with wildcards, can be one; a place that ends with a slash holds all below it."""
    folder = place.endswith("/")
    place = place.rstrip("/")
    if path == place or (folder and path.startswith(f"{place}/")):
        return True
    if not glob.has_magic(path):
        return glob.has_magic(place) and fnmatch(path, place)
    if path.endswith("/*") and "/." in place[len(path) - 2 :]:
        return False  # a bare * passes over hidden names
    return fnmatch(place, path) or fnmatch(path, place)
