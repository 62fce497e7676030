"""Saved conversations: one JSON file each, whole and readable at every moment, that grows by a line a message.

A file is a JSON array of LMC dicts, one a line, in ASCII. A new message overwrites the closing bracket with itself and
a bracket, in one write, so a process that is killed leaves a whole file, and a machine that loses power one whose last
line is torn. Everything else replaces the file by a new one. A writer adds only to a file that it made itself; where
two programs mean to keep one file, each gets its own.
"""

from __future__ import annotations

import errno
import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from io import FileIO
from itertools import count
from operator import is_
from pathlib import Path
from unicodedata import category

from oi_voice.errors import ConversationError
from oi_voice.lmc import to_lmc
from oi_voice.messages import Kind, Message, Role

ENDING = ".json"
OPEN, BETWEEN, CLOSE = b"[", b",\n", b"\n]"
NAMED = 5, 40  # words and characters of the first message in a file's name


def default_folder() -> Path:
    """Where the program keeps conversations unless told otherwise."""
    import platformdirs

    return Path(platformdirs.user_data_dir("oi_voice", appauthor=False)) / "conversations"


class Conversation:
    """One conversation's file, in ``folder``; without a ``name`` it is named after the first thing saved.

    A file of that name that is already there is kept under another, unless ``loaded`` is what was read from it.
    """

    def __init__(self, folder: Path, name: str = "", loaded: Sequence[Message] | None = None) -> None:
        if name and (Path(name).name != name or name == ".." or not name.isprintable()):
            raise ConversationError(f"{name!r} is no file's name.", fix="Give a name without a folder.")
        self.path = folder / name if name else None
        self._folder = folder
        self._saved: list[Message] = []
        self._strange = loaded is None  # whether what the file may hold is somebody else's
        self._left: tuple[int, int] | None = None  # the file's number and size as we left it

    def save(self, messages: Sequence[Message]) -> None:
        """Make the file hold exactly these: new ones are added, anything else replaces it.

        Adding takes microseconds, replacing waits for the disk. One call at a time. Raises ConversationError when it
        can't be; the next call then saves everything.
        """
        new = list(messages)
        if not new and not self._saved:
            return
        try:
            if self.path is None:
                self._create(new)
            elif self._strange:
                _keep(self.path)
                self._rewrite(self.path, new)
            elif self._taken(self.path):
                self.path = next(free for free in _names(self.path) if not free.exists())
                self._rewrite(self.path, new)
            elif not self._extends(new) or not self._append(new[len(self._saved) :]):
                self._rewrite(self.path, new)
        except OSError as error:
            what = f"The conversation can't be saved as {self.path or self._folder} ({error.strerror or error})."
            fix = "Make room there or choose another folder; all of it is saved as soon as that works."
            raise ConversationError(what, fix=fix) from None
        except (ValueError, RecursionError) as error:  # a program's own entries beside a message's
            raise ConversationError(f"A message can't be written as JSON ({error}).") from None
        self._saved, self._strange = new, False

    def _taken(self, path: Path) -> bool:
        """Whether another program has put something of its own in the file's place."""
        try:
            found = path.stat()
        except FileNotFoundError:
            return False
        return self._left is not None and (found.st_ino, found.st_size) != self._left

    def _extends(self, messages: list[Message]) -> bool:
        return len(messages) >= len(self._saved) and (
            all(map(is_, self._saved, messages)) or all(map(_alike, self._saved, messages))
        )

    def _create(self, messages: list[Message]) -> None:
        """Take a name that is free, then write; a name that nothing could be written to is given up."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in numbered(self._folder, _stem(messages), ENDING):
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
                break
        try:
            self._rewrite(path, messages)
        except (OSError, ValueError, RecursionError):
            with suppress(OSError):
                path.unlink()
            raise
        self.path = path

    def _append(self, messages: list[Message]) -> bool:
        """Add these; False where the file is not as we left it."""
        if self._left is None or self.path is None:
            return False
        if not messages:
            return True
        data = BETWEEN.join(map(_line, messages)) + CLOSE
        try:
            file = self.path.open("r+b", buffering=0)
        except FileNotFoundError:
            return False
        with file:
            handle = file.fileno()
            if not _locked(handle) or _identity(handle) != self._left:
                return False
            _writable(os.fstat(handle))
            end = file.seek(-len(CLOSE), os.SEEK_END)
            if file.read() != CLOSE:
                return False
            try:
                _overwrite(file, end, (BETWEEN if self._saved else b"\n") + data)
            finally:
                self._left = _identity(handle)
        return True

    def _rewrite(self, path: Path, messages: list[Message]) -> None:
        """Put a new file in the place of the old one.

        Where that one holds something, the new one is on the disk first: some file systems lose both with the power.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replaced = 0
        with suppress(FileNotFoundError):
            found = path.stat()
            _writable(found)
            replaced = found.st_size
        lines = BETWEEN.join(map(_line, messages))
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".tmp", delete=False) as file:
            try:
                file.write(OPEN + (b"\n" + lines if lines else b"") + CLOSE)
                file.flush()
                if replaced:
                    os.fsync(file.fileno())
                self._left = _identity(file.fileno())
                file.close()
                Path(file.name).replace(path)
            except OSError:
                self._left = None
                Path(file.name).unlink(missing_ok=True)
                raise


def _keep(path: Path) -> None:
    """Give a file that is there another name, with the time of its last message."""
    with suppress(FileNotFoundError):
        found = path.stat()
        if found.st_size and stat.S_ISREG(found.st_mode):
            _writable(found)
            when = datetime.fromtimestamp(found.st_mtime)
            named = numbered(path.parent, f"{path.stem} {when:%Y-%m-%d %H-%M-%S}", path.suffix)
            other = next(free for free in named if not free.exists())
            try:
                other.hardlink_to(path)  # so that there is no moment without the file
            except OSError:
                path.rename(other)


def _names(path: Path) -> Iterator[Path]:
    return numbered(path.parent, path.stem, path.suffix)


def numbered(folder: Path, stem: str, ending: str) -> Iterator[Path]:
    """Names for a file, the plain one first."""
    yield folder / f"{stem}{ending}"
    yield from (folder / f"{stem} {number}{ending}" for number in count(2))


def first_words(messages: Sequence[Message]) -> str:
    """The first thing that a person said, on one line."""
    said = (m.content.lstrip()[:1000] for m in messages if m.role is Role.USER and m.kind is Kind.MESSAGE)
    return " ".join(next(filter(None, said), "").split())


def _stem(messages: Sequence[Message]) -> str:
    """A file's name, without its ending, that every file system takes: the time and the first words."""
    words, characters = NAMED
    kept = (" " if category(c)[0] == "C" or (c.isascii() and not c.isalnum()) else c for c in first_words(messages))
    named = " ".join("".join(kept).split()[:words])[:characters]
    return f"{datetime.now():%Y-%m-%d %H-%M} {named}".strip()


def _line(message: Message) -> bytes:
    return json.dumps(to_lmc(message, calls=True), skipkeys=True, default=str).encode("ascii")


def _alike(one: Message, other: Message) -> bool:
    return one == other and one.extra == other.extra


def _identity(handle: int) -> tuple[int, int]:
    found = os.fstat(handle)
    return found.st_ino, found.st_size


def _writable(found: os.stat_result) -> None:
    """Raise where a person made the file read-only: replacing it would go around that."""
    if not found.st_mode & stat.S_IWUSR:
        raise PermissionError(errno.EACCES, "the file is read-only")


def _locked(handle: int) -> bool:
    """Whether no other program adds to the file now; the lock goes when the file is closed.

    Another's new file may have the number and the size that ours had; on Windows numbers are not used again.
    """
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
    return True


def _overwrite(file: FileIO, end: int, data: bytes) -> None:
    """Write from ``end`` on, at once. Where there is no room for all of it, the file is as it was; raises OSError."""
    file.seek(end)
    try:
        while data:
            data = data[file.write(data) :]
    except OSError:
        file.seek(end)
        file.write(CLOSE)
        file.truncate()
        raise
