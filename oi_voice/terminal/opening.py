"""``interpreter --profiles``: the folder where a person keeps profiles, opened in their desktop."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from oi_voice import profiles
from oi_voice.errors import SettingsError

DEFAULT = f"{profiles.DEFAULT}{profiles.ENDINGS[0]}"


def open_profiles(name: str = "") -> str:
    """Open the folder, or the profile of that name or path, made from the default one; returns what to tell.

    Raises SettingsError where it can't be made.
    """
    folder = profiles.folders()[0]
    path = folder / DEFAULT if not name else _path(folder, name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(_bundled().read_bytes())
    except OSError as error:
        raise SettingsError(f"{path} can't be made ({error.strerror or error}).") from None
    target = path if name else folder
    return f"{'Opened' if opened(target) else 'To be edited:'} {target}"


def _path(folder: Path, name: str) -> Path:
    given = Path(name).expanduser()
    if len(given.parts) > 1 or given.is_file():
        return given.absolute()
    return folder / (name if given.suffix in profiles.ENDINGS else f"{name}{profiles.ENDINGS[0]}")


def _bundled() -> Path:
    return next(path for folder in profiles.folders()[1:] if (path := folder / DEFAULT).is_file())


def opened(path: Path) -> bool:
    """Whether there is a desktop that shows it. (macOS and Windows: not tested.)"""
    if sys.platform == "win32":
        os.startfile(path)
        return True
    program = "open" if sys.platform == "darwin" else "xdg-open"
    desktop = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not desktop or not shutil.which(program):
        return False
    subprocess.Popen([program, path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    return True
