"""The strip at the lower edge of the screen while the assistant listens: how loud it is, and what was heard.

It takes neither keys nor clicks: what is below it is reached through it.
"""

from __future__ import annotations

import math
from collections import deque
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QCursor, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from oi_voice.desktop.ui import look
from oi_voice.desktop.ui.parts import box, label, named

WIDTH = 520
MARGIN = 64  # to the lower edge of the screen, above a panel
LINGER = 2.5  # seconds that what was heard stays, and
READING = 0.05  # more for each of its characters
LONGEST = 8.0
BARS = 32  # a second of levels
QUIET = 0.003  # peak level, -50 dB, at which a bar is empty
STATES = {"listening": "Listening…", "transcribing": "Understanding…"}


class Overlay(QWidget):
    """Follows StateChanged, AudioLevel, Heard and TurnEnded, as JSON. ``key`` is what to let go of."""

    def __init__(self) -> None:
        flags = Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags | Qt.WindowType.WindowTransparentForInput | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setObjectName("card")
        self.setWindowTitle("oi_voice listens")
        self.setAccessibleName("oi_voice listens")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self._state = ""
        self._words, self._heard = label("title", "State"), label("account", "What was heard")
        self._heard.setWordWrap(True)
        self._meter = Meter()
        head = box(QHBoxLayout(), 12)
        head.addWidget(self._words, 1)
        head.addWidget(self._meter)
        inner = box(QVBoxLayout(self), 6, 18, 12, 18, 12)
        inner.addLayout(head)
        inner.addWidget(self._heard)
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.timeout.connect(self.hide)
        self.restyle()

    def state(self, event: dict[str, Any]) -> None:
        """Come up with a take; what was heard stays for as long as it takes to read."""
        before, self._state = self._state, event["state"]
        if self._state == before:
            return
        if self._state == "listening":
            self._heard.setText("")
            self._meter.clear()
        if self._state in STATES:
            self._words.setText(STATES[self._state])
            self._meter.setVisible(self._state == "listening")
            self._come()
        elif self._state == "running" or not self._heard.text():  # code may look at the screen
            self.hide()

    def level(self, event: dict[str, Any]) -> None:
        """How loud it is."""
        if self._state == "listening":
            self._meter.add(event["level"])

    def heard(self, event: dict[str, Any]) -> None:
        """What the recogniser made of it."""
        self._words.setText("Heard" if event["confidence"] >= 0.6 else "Heard, not sure")
        self._heard.setText(f"“{event['text']}”")
        self._meter.hide()
        self._come()
        self._leaving.start(round(1000 * min(LINGER + READING * len(event["text"]), LONGEST)))

    def ended(self, event: dict[str, Any]) -> None:
        """The turn is over; where nothing was heard nothing is left to read."""
        self._state = ""
        if not self._leaving.isActive():
            self.hide()

    def restyle(self) -> None:
        self.setStyleSheet(look.sheet(look.current()))

    def _come(self) -> None:
        self._leaving.stop()
        self._heard.setVisible(bool(self._heard.text()))
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        width = min(WIDTH, room.width())
        layout = self.layout()
        assert layout is not None
        layout.activate()
        height = min(max(layout.totalHeightForWidth(width), layout.totalSizeHint().height()), room.height() // 3)
        self.setFixedSize(width, height)
        self.move(room.center().x() - width // 2, room.bottom() - MARGIN - height)
        self.show()
        self.raise_()


class Meter(QWidget):
    """The latest levels as bars, the newest at the right, on a scale of decibels."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "Loudness")
        self._levels: deque[float] = deque([0.0] * BARS, BARS)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(5 * BARS, 26)

    def clear(self) -> None:
        self._levels.extend([0.0] * BARS)

    def add(self, level: float) -> None:
        self._levels.append(level)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        theme, middle = look.current(), self.height() / 2
        for place, level in enumerate(self._levels):
            painter.setBrush(QColor(theme.danger if level > 0.98 else theme.accent))
            tall = max(2.0, (self.height() - 2) * _share(level))
            painter.drawRoundedRect(QRectF(place * 5 + 1, middle - tall / 2, 3, tall), 1.5, 1.5)


def _share(level: float) -> float:
    """Of the scale from ``QUIET`` to full, 0 to 1."""
    return max(0.0, 1 - math.log(max(level, QUIET)) / math.log(QUIET))
