"""Buttons of the popup, and when those that say yes may be pressed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QPushButton

from oi_voice.desktop.ui import look
from oi_voice.desktop.ui.hand import Stroke

DELAY = 1.0  # seconds without any change before a yes can be given
TICK_MS = 40
RADIUS = 6  # of a button's corners, as in the style sheet


class Press(QPushButton):
    """A button that no key presses. While ``clicked`` is told, ``stroke`` is what the pointer did, or None: then it
    was an assistive tool, or a program that says it is one."""

    def __init__(self, text: str, name: str, kind: str, clicked: Callable[[], None]) -> None:
        super().__init__(text)
        self.stroke: Stroke | None = None
        self._down: int | None = None
        self._filled = 0.0
        self.setAccessibleName(name)
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.clicked.connect(lambda: clicked())

    def fill(self, part: float) -> None:
        """Show how much of the wait is over, 0 to 1."""
        if part != self._filled:
            self._filled = part
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._down = event.timestamp()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        down, self._down = self._down, None
        if down is not None:
            self.stroke = Stroke(down, event.timestamp())
        super().mouseReleaseEvent(event)
        self.stroke = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isEnabled() or not self._filled:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.setClipPath(shape)
        colour = QColor(look.current().accent)
        colour.setAlpha(90)
        painter.fillRect(QRectF(0, 0, self.width() * self._filled, self.height()), colour)
        painter.end()


class Arming(QObject):
    """Keeps ``buttons`` disabled until nothing has changed for a while, and ``ready`` says yes.

    ``told`` hears of it each time that they become enabled or disabled.
    """

    def __init__(
        self, parent: QObject, buttons: Sequence[Press], ready: Callable[[], bool], told: Callable[[bool], None]
    ) -> None:
        super().__init__(parent)
        self._buttons = buttons
        self._ready = ready
        self._told = told
        self._armed = False
        self._since = self._until = time.monotonic()
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self.look)
        self._show(0.0, False)

    def disturb(self, seconds: float = DELAY) -> None:
        """Something has changed: wait for so long from now on, or longer if that was so already."""
        now = time.monotonic()
        if now + seconds > self._until:
            self._since, self._until = now, now + seconds
        self._clock.start()
        self.look()

    def look(self) -> None:
        """See whether it is time, and things are as they must be."""
        now = time.monotonic()
        part = min(1.0, (now - self._since) / max(self._until - self._since, 0.001))
        if part == 1:
            self._clock.stop()
        ready = self._ready()
        self._show(part if ready and part < 1 else 0.0, ready and part == 1)

    def _show(self, part: float, armed: bool) -> None:
        for button in self._buttons:
            button.fill(part)
            button.setEnabled(armed)
        if armed != self._armed:
            self._armed = armed
            self._told(armed)
