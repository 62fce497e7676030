"""What both question windows are: a small frameless card at the lower right, above all others, with a count-down."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QCursor, QGuiApplication, QMouseEvent, QMoveEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from oi_voice.desktop.ui import look
from oi_voice.desktop.ui.code import CodeView
from oi_voice.desktop.ui.parts import box, button, label, named, picture

WIDTH = 620
MARGIN = 24  # to the edges of the screen
PANEL = 44  # to its lower edge, where a panel may be that tells no one of itself
HURRY = 10.0  # seconds before the end when the count-down changes colour
TICK_MS = 200
SETTLE_MS = 50  # while a window manager takes the window over, wrong places are reported for some ms
NAMES = {"javascript": "JavaScript", "typescript": "TypeScript", "html": "HTML", "applescript": "AppleScript"}


class Card(QWidget):
    """One window, shown again for each question. ``tell`` sends a line to the parent.

    A question is an event as JSON, known by its ``key``; ``buttons`` are told of by name once they are on the screen.
    """

    key = ""

    def __init__(self, tell: Callable[[dict[str, Any]], None], flags: Qt.WindowType) -> None:
        super().__init__(None, flags | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self._tell = tell
        self._asked: dict[str, Any] | None = None
        self._painted = True
        self._grip: QPoint | None = None
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self._buttons: dict[str, QWidget] = {}
        self._corner = QPoint()
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLE_MS)
        self._settling.timeout.connect(self._settled)
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self._tick)

    def ask(self, event: dict[str, Any]) -> None:
        """Show a question. One still open is answered no."""
        self._refuse()
        self._asked, self._painted = event, False
        self._fill(event)
        self._tick()
        self._place()
        self._clock.start()
        self.show()
        self.raise_()

    def settle(self, key: str) -> None:
        """Someone else has answered."""
        if self._asked is not None and self._asked[self.key] == key:
            self._asked = None
            self._leave()

    def warm(self, event: dict[str, Any]) -> None:
        """Do now what the first showing, of something like ``event``, would have to wait for."""
        self._fill(event)
        self._place()
        self.grab()
        self.winId()

    def restyle(self) -> None:
        self.setStyleSheet(look.sheet(look.current()))

    def _fill(self, event: dict[str, Any]) -> None:
        raise NotImplementedError

    def _refuse(self, late: bool = False) -> None:
        """Answer no, as all that is unclear is answered."""
        raise NotImplementedError

    def _left_words(self, left: str) -> str:
        """What is said of the time that is left."""
        raise NotImplementedError

    def _length_words(self, lines: int, cut: bool) -> str:
        """What is said of the text's length; ``cut`` where it does not fit."""
        raise NotImplementedError

    def _taken(self) -> dict[str, Any] | None:
        """The question, which is closed with that."""
        asked, self._asked = self._asked, None
        if asked is not None:
            self._leave()
        return asked

    def _build(self, text: CodeView, middle: list[QWidget], foot: list[QWidget]) -> None:
        """Head, ``text``, the widgets of the ``middle``, and a row whose right end is ``foot``."""
        self._text = text
        self._icon = label("", "Icon")
        self._icon.setPixmap(picture("asking", 36, self.devicePixelRatioF()))
        self._title, self._what = label("title", "Question"), label("quiet", "Explanation")
        self._what.setWordWrap(True)
        self._lines, self._left = label("quiet", "Length"), label("quiet", "Time left")
        self._bar = named(QProgressBar(), "Time left")
        self._bar.setTextVisible(False)
        self._bar.setMaximum(1000)
        close = self._buttons["close"] = button("×", "Close", "plain", self._refuse)
        words = box(QVBoxLayout(), 3)
        words.addWidget(self._title)
        words.addWidget(self._what)
        head = box(QHBoxLayout(), 12)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        row = box(QHBoxLayout(), 10)
        row.addWidget(self._lines)
        row.addStretch(1)
        for widget in (self._left, *foot):
            row.addWidget(widget)
        inner = box(QVBoxLayout(), 12, 18, 16, 18, 14)
        inner.addLayout(head)
        inner.addWidget(text, 1)
        for widget in middle:
            inner.addWidget(widget)
        inner.addLayout(row)
        outer = box(QVBoxLayout(self), 0, 1, 1, 1, 1)
        outer.addLayout(inner)
        outer.addWidget(self._bar)
        self.restyle()

    def _place(self) -> None:
        """As high as the text needs, at most 70 % of the screen, at its lower right."""
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        width = min(WIDTH, room.width() - 2 * MARGIN)
        wanted, most = self._text.wanted_height(width - 40), round(room.height() * 0.5)
        self._text.setFixedHeight(min(wanted, most))
        self._lines.setText(self._length_words(self._text.blockCount(), wanted > most))
        layout = self.layout()
        assert layout is not None
        layout.activate()
        height = max(layout.totalHeightForWidth(width), layout.totalSizeHint().height())
        self.setFixedSize(width, min(height, room.height() - MARGIN - PANEL))
        right, bottom = room.right() - MARGIN, room.bottom() - PANEL
        self._corner = QPoint(right - self.width() + 1, bottom - self.height() + 1)
        self.move(self._corner)

    def _tick(self) -> None:
        if self._asked is None:
            return
        timeout = self._asked["timeout"]
        self._left.setVisible(timeout > 0)
        self._bar.setVisible(timeout > 0)
        if not timeout:  # it waits for ever
            return
        left = max(0.0, self._asked["at"] + timeout - time.monotonic())
        self._left.setText(self._left_words(f"{round(left)} s" if left < 600 else f"{round(left / 60)} min"))
        self._bar.setValue(round(1000 * left / timeout))
        kind = "warning" if left < HURRY else ""
        if self._bar.property("kind") != kind:
            self._bar.setProperty("kind", kind)
            self._bar.setStyle(self._bar.style())  # has the style sheet read the property again
        if left == 0:
            self._refuse(late=True)

    def _leave(self) -> None:
        self._clock.stop()
        self.hide()

    def _shown(self) -> None:
        if self._asked is None:
            return
        since = (time.monotonic() - self._asked["at"]) * 1000
        where = {name: self._middle(widget) for name, widget in self._buttons.items()}
        self._tell({"did": "shown", self.key: self._asked[self.key], "shown_ms": round(since, 1), **where})

    def _middle(self, widget: QWidget) -> list[int]:
        scale = self.devicePixelRatioF()
        middle = self._corner + widget.mapTo(self, widget.rect().center())
        return [round(middle.x() * scale), round(middle.y() * scale)]

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._settling.start()

    def _settled(self) -> None:
        """Tell of a place that is not the one asked for: dragged there, or put there by the window manager."""
        if self._asked is not None and self._painted and self.isVisible() and self.pos() != self._corner:
            self._corner = self.pos()
            self._shown()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._shown)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self._refuse()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self.restyle()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self.move(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None


def language_name(language: str) -> str:
    """As a person writes it."""
    return NAMES.get(language.lower(), language.replace("_", " ").title())


def hidden_words(what: str, hidden: int) -> str:
    """The warning beside a text in which so many characters were hidden."""
    return f"Hidden characters in this {what}, shown as ⟨U+…⟩: {hidden}"
