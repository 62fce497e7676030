"""The talk key of whoever has none: ``oi-voice talk toggle`` and its kind, sent to the assistant that runs."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path

from oi_voice.desktop.instance import ask
from oi_voice.errors import DesktopError


class Talk(StrEnum):
    """Begin a take, end it, do the one or the other, or drop it with all else that goes on; try the last one again."""

    START = "start"
    STOP = "stop"
    TOGGLE = "toggle"
    CANCEL = "cancel"
    RETRY = "retry"


def talk(path: Path, how: Talk, engine: str = "", language: str = "") -> None:
    """Tell the assistant that listens at ``path``. DesktopError when there is none.

    ``engine`` names another recogniser to try a take again with, ``language`` is a code such as ``de``.
    """
    if sys.platform == "win32":
        raise DesktopError("On Windows nothing can be told to a running oi_voice.", fix="Use its talk key.")
    try:
        answer = ask(path, {"do": f"talk {how}", "engine": engine, "language": language})
    except DesktopError as error:
        if isinstance(error.__cause__, FileNotFoundError | ConnectionRefusedError):
            raise DesktopError("oi_voice is not running.", fix="Start it with: oi-voice") from error
        raise
    if not answer["ok"]:  # an older one runs
        raise DesktopError(f"The oi_voice that runs does not know how to {how} a take.", fix="Start it again.")
