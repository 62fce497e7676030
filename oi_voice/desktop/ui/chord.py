"""Ctrl+Return, which says yes only if it comes twice."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from oi_voice.desktop.ui.hand import Stroke
from oi_voice.desktop.ui.press import Press

PRIMED = 5.0  # seconds in which the second one has to come
RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Chord(QObject):
    """``primed`` is the button for which it came once. ``changed`` hears of each change of that."""

    def __init__(self, parent: QObject, changed: Callable[[], None]) -> None:
        super().__init__(parent)
        self.primed: Press | None = None
        self._changed = changed
        self._down: tuple[int, int] | None = None  # when it went down, and the key's code
        self._clock = QTimer(self)
        self._clock.setSingleShot(True)
        self._clock.setInterval(round(1000 * PRIMED))
        self._clock.timeout.connect(self.forget)

    def press(self, event: QKeyEvent) -> None:
        """Return goes down, perhaps beside Ctrl; what a key that is held repeats is nothing."""
        control = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.ControlModifier
        if control and not event.isAutoRepeat():
            self._down = (event.timestamp(), event.nativeScanCode())

    def release(self, event: QKeyEvent) -> Stroke | None:
        """A key goes up; the whole of Ctrl+Return if it was that."""
        if event.isAutoRepeat() or self._down is None or event.nativeScanCode() != self._down[1]:
            return None
        (down, key), self._down = self._down, None
        return Stroke(down, event.timestamp(), key)

    def twice(self, press: Press) -> bool:
        """It was for this button: whether for the second time."""
        if self.primed is press:
            self.forget()
            return True
        self.primed = press
        self._clock.start()
        self._changed()
        return False

    def forget(self) -> None:
        """It has to come twice again."""
        self._clock.stop()
        if self.primed is not None:
            self.primed = None
            self._changed()
