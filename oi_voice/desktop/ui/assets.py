"""Where the pictures are: beside the package in the repository, inside it once installed."""

from __future__ import annotations

from pathlib import Path

from oi_voice.errors import DesktopError

_PACKAGE = Path(__file__).resolve().parents[2]
_FOLDERS = (_PACKAGE / "_data" / "assets", _PACKAGE.parent / "assets")


def find(name: str) -> Path:
    """The file ``name`` (a path inside assets/, as ``icons/idle-22.png``)."""
    for folder in _FOLDERS:
        if (folder / name).is_file():
            return folder / name
    raise DesktopError(f"The program's own file {name} is missing.", fix="Install oi_voice again.")


def icon(name: str, size: int) -> Path:
    """A state's icon as PNG: size 22 or 64 pixels."""
    return find(f"icons/{name}-{size}.png")
