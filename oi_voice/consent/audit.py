"""The record of what was asked, answered and done: JSON lines that are only ever added to, each tied to the one before.

A line holds its number and the SHA-256 of the bytes of the line before it, so that a change or a cut in the middle
shows. Number and hash of the last line are kept beside the file, so that a cut at the end shows as well. Who may write
as the person can make all of it anew: this finds accidents and meddling, it is no seal. Blocking; call it off the
loop. Two programs at once are kept apart on POSIX only.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oi_voice.consent.files import PLAIN, alone, private
from oi_voice.consent.redact import redact
from oi_voice.errors import OiVoiceError

LIMIT = 10_000_000  # bytes of one file
FIELD = 16_384  # characters kept of one field, its two ends; the digest stands for the whole
_TAIL, _NONE = 1 << 20, (0, "0" * 64)  # bytes, longer than any line; what is before the first line


class AuditError(OiVoiceError):
    """The record can't be written: what needs a line in it must not happen."""

    code = "audit"


@dataclass(frozen=True, slots=True)
class Decision:
    """One question and its answer. ``question`` is the code, ``words`` what the person was told of it.

    ``by`` is popup, terminal, voice, rule, auto_run, timeout or stop; ``said`` the phrase or the rule's id.
    """

    turn: str
    question: str
    words: str
    language: str
    digest: str
    level: str
    verdict: str  # approve or deny
    by: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written; ``line`` counts from 1 in that file."""

    file: str
    line: int
    words: str


def default_path() -> Path:
    """The record, in the program's own state folder."""
    import platformdirs

    return Path(platformdirs.user_state_dir("oi_voice", appauthor=False)) / "audit" / "audit.jsonl"


class AuditLog:
    """Adds to the record; several programs may at once. Every failure is an AuditError."""

    def __init__(self, path: Path, limit: int = LIMIT) -> None:
        self.path = path
        self._limit = limit
        self._added = _NONE  # by this program, which notices where the whole folder is gone

    def decided(self, decision: Decision) -> int:
        """Record an answer, on the disk when this returns. Returns the line's number, for ``ended``."""
        return self._add({"kind": "decision", **asdict(decision)})

    def ended(self, number: int, result: str) -> int:
        """Record how what was decided in that line came out."""
        return self._add({"kind": "result", "of": number, "result": result})

    def _add(self, fields: dict[str, Any]) -> int:
        texts = {name: value for name, value in fields.items() if isinstance(value, str) and name != "digest"}
        kept = fields | {name: _shortened(redact(text)) for name, text in texts.items()}
        try:
            private(self.path.parent)
            with alone(_head(self.path)) as head:
                return self._append(head, kept)
        except OSError as error:
            raise AuditError(
                f"What was decided can't be recorded in {self.path} ({error.strerror or error}), so nothing is run.",
                fix="Make room on the disk, or make that folder yours alone and writable.",
            ) from error

    def _append(self, head: int, fields: dict[str, Any]) -> int:
        number, previous = max(_read_head(head), _last(self.path), self._added, key=lambda entry: entry[0])
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"n": number + 1, "at": at, **fields, "previous": previous}).encode("ascii")
        size = self.path.stat().st_size if self.path.exists() else 0
        if size and size + len(line) > self._limit:
            filled = max(_older(self.path), default=0) + 1
            self.path.rename(self.path.with_name(f"{self.path.stem}.{filled:04d}{self.path.suffix}"))
        _write(self.path, line)
        os.lseek(head, 0, os.SEEK_SET)
        os.write(head, _head_line(number + 1, line))
        self._added = number + 1, _hash(line)
        return number + 1


def verify(path: Path) -> list[Finding]:
    """Read the whole record, older files first; what is wrong with it. Raises OSError where it can't be read."""
    findings: list[Finding] = []
    last, file, count = _NONE, path, 0
    for file in files(path):
        with file.open("rb") as lines:
            for count, line in enumerate(lines, 1):
                last, words = _checked(line.removesuffix(b"\n"), last)
                findings += [Finding(file.name, count, words)] if words else []
    findings += [Finding(file.name, count, words) for words in _cut(path, last)]
    return findings


def _checked(line: bytes, last: tuple[int, str]) -> tuple[tuple[int, str], str]:
    """Number and hash of this line, or those of the last where it is none; and what is wrong."""
    entry = _entry(line)
    if entry is None:
        return last, "This is no whole line of the record."
    number, previous = entry
    words = ""
    if number != last[0] + 1:
        words = f"Line number {last[0] + 1} should stand here, not {number}: some are missing, or were put in."
    elif previous != last[1]:
        words = "A line before this one was changed."
    return (number, _hash(line)), words


def _cut(path: Path, last: tuple[int, str]) -> Iterator[str]:
    """What the file beside the record has to say against its last line."""
    head = _NONE
    with suppress(FileNotFoundError):
        handle = os.open(_head(path), os.O_RDONLY | PLAIN)
        try:
            head = _read_head(handle)
        finally:
            os.close(handle)
    if head[0] > last[0]:
        yield f"The record ends with number {last[0]}, and had got to {head[0]}."
    elif head[0] < last[0] - 1:  # by one where the program was killed between the two
        yield f"What tells of the record's end is missing or old: it knows {head[0]} of {last[0]} lines."
    elif head[0] == last[0] and head[1] != last[1]:
        yield "The last line was changed."


def _entry(line: bytes) -> tuple[int, str] | None:
    """A line's number and the hash that it has of the one before."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or type(found.get("n")) is not int or not isinstance(found.get("previous"), str):
        return None
    return found["n"], found["previous"]


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _head(path: Path) -> Path:
    return path.with_name(f"{path.name}.end")


def _head_line(number: int, line: bytes) -> bytes:
    return f"{number:020d} {_hash(line)}\n".encode()  # always as long, so that it is overwritten in place


def _read_head(handle: int) -> tuple[int, str]:
    os.lseek(handle, 0, os.SEEK_SET)
    number, _, previous = os.read(handle, 128).decode("ascii", "replace").strip().partition(" ")
    return (int(number), previous) if number.isdecimal() and len(previous) == 64 else _NONE


def _last(path: Path) -> tuple[int, str]:
    """Number and hash of the last whole line there is, in whichever file."""
    for file in reversed(files(path)):
        with file.open("rb") as lines:
            lines.seek(max(0, file.stat().st_size - _TAIL))
            for line in reversed(lines.read(_TAIL).split(b"\n")):
                if entry := _entry(line):
                    return entry[0], _hash(line)
    return _NONE


def _older(path: Path) -> dict[int, Path]:
    """The files that have been filled, by their number."""
    named = re.compile(rf"{re.escape(path.stem)}\.(\d+){re.escape(path.suffix)}")
    found = ((named.fullmatch(file.name), file) for file in path.parent.iterdir())
    return dict(sorted((int(match[1]), file) for match, file in found if match))


def files(path: Path) -> list[Path]:
    """The record's files, the oldest first. Raises OSError where one is a link, a device or anything else."""
    if not path.parent.exists():
        return []
    found = [*_older(path).values(), *([path] if os.path.lexists(path) else [])]
    if not all(stat.S_ISREG(file.lstat().st_mode) for file in found):
        raise OSError(22, "it is no plain file")
    return found


def _write(path: Path, line: bytes) -> None:
    """Add a line, all of it or nothing; on the disk when this returns."""
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | PLAIN, 0o600)
    try:
        found = os.fstat(handle)
        if sys.platform != "win32":
            os.fchmod(handle, 0o600)
        data = b"\n" * _torn(handle) + line + b"\n"
        try:
            if os.write(handle, data) != len(data):
                raise OSError(28, "there is no room")
            os.fsync(handle)
        except OSError:
            os.ftruncate(handle, found.st_size)
            raise
    finally:
        os.close(handle)


def _torn(handle: int) -> bool:
    """Whether the file ends within a line: the machine lost power there."""
    if not os.fstat(handle).st_size:
        return False
    os.lseek(handle, -1, os.SEEK_END)
    return os.read(handle, 1) != b"\n"


def _shortened(text: str) -> str:
    half = FIELD // 2
    return text if len(text) <= FIELD else f"{text[:half]}\n[… {len(text) - 2 * half} characters …]\n{text[-half:]}"
