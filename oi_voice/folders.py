"""Folders for what lives no longer than the program."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

PATH_MAX = 103 if sys.platform == "darwin" else 107  # bytes of a socket's name
LONGEST = "oi-voice-12345678/run/oi_voice/socket"


def place(longest: str) -> str | None:
    """Where to make a folder so that sockets fit in it: None for the usual place.

    ``longest`` is such a socket's path from there.
    """
    fits = len(os.fsencode(tempfile.gettempdir())) + 1 + len(longest) <= PATH_MAX
    return None if fits or sys.platform == "win32" else "/tmp"


def private() -> Path:
    """A new folder, readable by its owner alone, that sockets fit in."""
    return Path(tempfile.mkdtemp(prefix="oi-voice-", dir=place(LONGEST)))
