"""Whether a window that has come up by itself is the person's: they have clicked on it, or turned to it by a key.

A window manager that hands over the keyboard as the window comes is not believed, and the click by which a person
turns to the window does nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QPushButton, QWidget

UNASKED = 1.0  # seconds after the window comes in which the keyboard comes by the window manager's choice
WAKING = 0.5  # seconds in which more clicks belong to the first one, or the first to the change of window
PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class Attention(QObject):
    """Watches ``window`` and all in it; buttons that are ``free`` work at once. ``changed`` hears of each change."""

    def __init__(self, window: QWidget, free: Collection[QWidget], changed: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._free = free
        self._changed = changed
        self._came = self._woke = float("-inf")
        self.awake = False
        for widget in (window, *window.findChildren(QWidget)):
            widget.installEventFilter(self)

    def begin(self) -> None:
        """The window comes up, unasked."""
        self._came, self.awake = time.monotonic(), False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallows what was not meant for a button."""
        kind = event.type()
        if watched is self._window and kind == QEvent.Type.WindowActivate:
            if time.monotonic() - self._came > UNASKED:
                self._turn(True)
        elif watched is self._window and kind == QEvent.Type.WindowDeactivate:
            self._turn(False)
        elif kind in PRESSES and watched not in self._free:
            if not self.awake:
                self._turn(True)
                self._window.activateWindow()
            return isinstance(watched, QPushButton) and time.monotonic() - self._woke < WAKING
        return False

    def _turn(self, awake: bool) -> None:
        if awake != self.awake:
            self.awake = awake
            self._woke = time.monotonic() if awake else self._woke
            self._changed()
