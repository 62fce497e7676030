"""What both question windows are: a small frameless card at the lower right, above all others, with a count-down."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QCursor, QGuiApplication, QMouseEvent, QMoveEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from oi_voice.desktop.ui import look
from oi_voice.desktop.ui.code import CodeView
from oi_voice.desktop.ui.parts import box, button, label, named, picture, wrapped

WIDTH = 620
MARGIN = 24  # to the edges of the screen
PANEL = 44  # to its lower edge, where a panel may be that tells no one of itself
HURRY = 10.0  # seconds before the end when the count-down changes colour
LEAST = 4  # lines of the text that are in sight, however small the screen
TICK_MS = 200
SETTLE_MS = 50  # while a window manager takes the window over, wrong places are reported for some ms
NAMES = {"javascript": "JavaScript", "typescript": "TypeScript", "html": "HTML", "applescript": "AppleScript"}
#: Widgets side by side; what comes after None is at the right.
Row = Sequence[QWidget | None]


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
        self._title, self._what = label("title", "Question"), wrapped("quiet", "Explanation")
        self._lines, self._left = label("quiet", "Length"), label("quiet", "Time left")
        self._buttons: dict[str, QWidget] = {"close": button("×", "Close", "plain", self._refuse)}
        self._corner = QPoint()
        self._right_bottom = QPoint()  # stays where it is when the card grows
        self._until = 0.0
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
        self._until = event["at"] + event["timeout"]
        self._fill(event)
        self._tick()
        self._go_home()
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
        self._go_home()
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

    def _taken(self) -> dict[str, Any] | None:
        """The question, which is closed with that."""
        asked, self._asked = self._asked, None
        if asked is not None:
            self._leave()
        return asked

    def _build(self, text: CodeView, above: Sequence[Row], below: Sequence[QWidget], *rows: Row) -> None:
        """The head with the rows ``above``, ``text``, the widgets ``below``, and more rows."""
        self._text = text
        self._icon = label("", "Icon")
        self._icon.setPixmap(picture("asking", 36, self.devicePixelRatioF()))
        self._bar = named(QProgressBar(), "Time left")
        self._bar.setTextVisible(False)
        self._bar.setMaximum(1000)
        words = box(QVBoxLayout(), 3)
        for row in above:
            words.addLayout(_row(row))
        head = box(QHBoxLayout(), 12)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        head.addWidget(self._buttons["close"], 0, Qt.AlignmentFlag.AlignTop)
        inner = box(QVBoxLayout(), 12, 18, 16, 18, 14)
        inner.addLayout(head)
        inner.addWidget(text, 1)
        for widget in below:
            inner.addWidget(widget)
        for row in rows:
            inner.addLayout(_row(row))
        outer = box(QVBoxLayout(self), 0, 1, 1, 1, 1)
        outer.addLayout(inner)
        outer.addWidget(self._bar)
        self.restyle()

    def _go_home(self) -> None:
        """Stand at the lower right of the screen that the pointer is on."""
        room = self._room()
        self._right_bottom = QPoint(room.right() - MARGIN, room.bottom() - PANEL)

    def _room(self) -> QRect:
        at = self._right_bottom if self.isVisible() else QCursor.pos()
        return (QGuiApplication.screenAt(at) or QGuiApplication.primaryScreen()).availableGeometry()

    def _place(self) -> None:
        """As high as the text needs, within the screen; its lower right corner stays where it is."""
        room = self._room()
        width = min(WIDTH, room.width() - 2 * MARGIN)
        wanted, most = self._text.wanted_height(width - 40), round(room.height() * 0.5)
        self._text.setFixedHeight(min(wanted, most))
        tallest = room.height() - MARGIN - PANEL
        over = self._height(width) - tallest
        if over > 0:
            least = LEAST * self._text.fontMetrics().lineSpacing()
            self._text.setFixedHeight(max(self._text.height() - over, min(least, wanted)))
        self.setFixedSize(width, min(self._height(width), tallest))
        at = self._right_bottom - QPoint(self.width() - 1, self.height() - 1)
        self._corner = QPoint(max(at.x(), room.left()), max(at.y(), room.top()))
        self.move(self._corner)

    def _height(self, width: int) -> int:
        layout = self.layout()
        assert layout is not None
        layout.activate()
        return layout.totalHeightForWidth(width)

    def _tick(self) -> None:
        if self._asked is None:
            return
        timeout = self._asked["timeout"]
        self._left.setVisible(timeout > 0)
        self._bar.setVisible(timeout > 0)
        if not timeout:  # it waits for ever
            return
        left = max(0.0, self._until - time.monotonic())
        self._left.setText(self._left_words(f"{round(left)} s" if left < 600 else f"{round(left / 60)} min"))
        self._bar.setValue(min(1000, round(1000 * left / timeout)))
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
        where = {name: self._middle(widget) for name, widget in self._buttons.items() if widget.isVisible()}
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
            self._right_bottom = self.geometry().bottomRight()
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


def _row(widgets: Row) -> QHBoxLayout:
    row = box(QHBoxLayout(), 10)
    for widget in widgets:
        row.addStretch(1) if widget is None else row.addWidget(widget)
    return row


def language_name(language: str) -> str:
    """As a person writes it."""
    return NAMES.get(language.lower(), language.replace("_", " ").title())


def hidden_words(what: str, hidden: int) -> str:
    """The warning beside a text in which so many characters were hidden."""
    return f"Hidden characters in this {what}, shown as ⟨U+…⟩: {hidden}"
