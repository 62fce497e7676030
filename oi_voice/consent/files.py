"""Files that are the person's alone, and that two programs may not change at once. All of these raise OSError."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Flags with which such a file is opened: a link put in its place is not followed.
PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

PATIENCE, PAUSE = 5.0, 0.01  # seconds for which, and in which, a lock is tried again


def private(folder: Path) -> None:
    """Make the folder, or see that nobody else may write there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    refuse_others(folder.stat())


def refuse_others(found: os.stat_result) -> None:
    """Raise where somebody else may have written this. Not known on Windows."""
    if sys.platform != "win32" and (found.st_uid != os.getuid() or found.st_mode & 0o022):
        raise PermissionError(1, "others may write there: chmod go-w ends that")


def _lock(handle: int) -> None:
    import fcntl

    end = time.monotonic() + PATIENCE
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise TimeoutError(110, "another program holds it") from None
            time.sleep(PAUSE)


@contextmanager
def alone(path: Path) -> Iterator[int]:
    """Hold a file, made if need be, that all who do the same wait for; yields its descriptor. No lock on Windows."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | PLAIN, 0o600)
    try:
        if sys.platform != "win32":
            _lock(handle)
        yield handle
    finally:
        os.close(handle)
