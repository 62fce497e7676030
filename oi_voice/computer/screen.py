"""The screen, by mss."""

from __future__ import annotations

import itertools
import os
import sys
from typing import Any

from oi_voice.computer.x11 import no_display
from oi_voice.errors import ComputerError
from oi_voice.ports import Frame


class MssScreen:
    """Implements ``ports.Screen``: all monitors as one picture."""

    def __init__(self) -> None:
        self._grabber: Any = None
        self._numbers = itertools.count(1)

    def grab(self) -> Frame:
        """The screen now. Raises ComputerError when there is no display or it can't be read."""
        shot = self._ask(lambda grabber: grabber.grab(grabber.monitors[0]))
        return Frame(shot.width, shot.height, shot.rgb, next(self._numbers))

    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        monitor = self._ask(lambda grabber: grabber.monitors[0])
        return monitor["width"], monitor["height"]

    def _ask(self, question: Any) -> Any:
        if sys.platform not in ("darwin", "win32") and not os.environ.get("DISPLAY"):
            raise no_display()
        import mss

        try:
            self._grabber = self._grabber or mss.MSS()
        except mss.ScreenShotError as error:
            raise no_display(str(error).rstrip(".")) from error
        try:
            return question(self._grabber)
        except mss.ScreenShotError as error:
            self._grabber = None  # the next call connects anew
            raise ComputerError(
                f"The screen can't be read: {error}.",
                fix="Allow screen recording for this program, or log in to a desktop that allows it.",
                code="computer.display",
            ) from error
