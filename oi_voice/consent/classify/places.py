"""Places in the file system: what a path means, and what is there."""

from __future__ import annotations

import glob
import os
import re
import stat
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from oi_voice.consent.classify import remote, spots
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
    _reals: dict[str, str] = field(default_factory=dict)
    _seen: dict[tuple[str, bool], Seen] = field(default_factory=dict)
    _secrets: dict[str, bool] = field(default_factory=dict)

    def resolve(self, path: Text) -> str | None:
        """The path as an absolute glob pattern, links followed; None when it cannot be told."""
        pattern = path.pattern()
        if not pattern or "\0" in pattern or not _encodes(pattern):
            return None
        if remote.host(pattern):
            return os.path.normpath(pattern)
        if not Path(pattern).is_absolute():
            if self.here is None:
                return None
            pattern = f"{glob.escape(str(self.here))}/{pattern}"
        fixed, _, rest = parted(pattern)
        fixed = self._linked(os.path.normpath(fixed) if ".." not in fixed else fixed)
        fixed = self._followed(fixed, keep_last=not rest)
        whole = glob.escape(fixed) + (f"/{rest}" if rest else "")
        return os.path.normpath(whole) if ".." in rest else whole

    def real(self, path: str) -> str:
        """The path with all links followed, as they are now."""
        if path not in self._reals:
            self._reals[path] = remote.followed(path)
        return self._reals[path]

    def final(self, pattern: str) -> str:
        """What a plain pattern leads to, links followed to the end: where writing would go."""
        fixed, _, rest = parted(pattern)
        return pattern if rest else glob.escape(self.real(fixed))

    def _followed(self, path: str, keep_last: bool) -> str:
        """With links followed, but for the last name: to delete a link is not to delete what it leads to."""
        folder, name = os.path.split(path)
        if not keep_last or name in ("", ".", ".."):
            return self.real(path)
        return os.path.normpath(f"{self.real(folder).rstrip('/')}/{name}")

    def nature(self, pattern: str) -> Effect | None:
        """What writing there, or deleting, is more than: RULES, STARTUP or SYSTEM; None for an ordinary place."""
        return spots.nature({shown(pattern), shown(self.final(pattern))})

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
        if (pattern, deep) not in self._seen:
            self._seen[pattern, deep] = self._look(pattern, deep)
        return self._seen[pattern, deep]

    def _look(self, pattern: str, deep: bool) -> Seen:
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

    def secret(self, pattern: str) -> bool:
        """Whether keys or passwords are there, or may be among the files that the pattern finds."""
        if pattern not in self._secrets:
            self._secrets[pattern] = self._secret(pattern)
        return self._secrets[pattern]

    def _secret(self, pattern: str) -> bool:
        if spots.secret(shown(pattern)) or spots.secret(shown(self.final(pattern))):
            return True
        with self.scan.timed():
            return magic(pattern) and any(map(spots.secret, islice(self.scan.matching(pattern), _TRIED)))


_TRIED = 200  # files of a pattern


def _encodes(path: str) -> bool:
    """Whether the system can be asked for a file of this name."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True


def shown(pattern: str) -> str:
    """A pattern without its escapes."""
    return unescaped(pattern)


_DISK = re.compile(r"/dev/(?:[shv]d[a-z]|xvd|nvme|mmcblk|r?disk|loop|mapper/|dm-|md|sr)\w*")


def is_disk(path: str) -> bool:
    return _DISK.match(path) is not None


def short(path: str) -> str:
    """A path's last name."""
    return unescaped(path).rstrip("/").rpartition("/")[2] or path


def magic(pattern: str) -> bool:
    """Whether the pattern may stand for several files."""
    return bool(parted(pattern)[2])
