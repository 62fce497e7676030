"""The confirmation popup: it shows code as it is and asks for a yes or a no.

It never takes the keyboard, so that what someone types elsewhere answers nothing; no button is a default one.
Anything but a click on Run, or an assistive tool's press of it, is a no.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QCursor, QGuiApplication, QKeyEvent, QMouseEvent, QMoveEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from oi_voice.desktop.ui import look
from oi_voice.desktop.ui.code import CodeView
from oi_voice.desktop.ui.parts import box, button, label, named, picture
from oi_voice.reveal import reveal

WIDTH = 620
MARGIN = 24  # to the edges of the screen
PANEL = 44  # to its lower edge, where a panel may be that tells no one of itself
HURRY = 10.0  # seconds before the end when the count-down changes colour
TICK_MS = 200
DOUBLE = 0.5  # seconds after an answer in which a click on Run is the second half of a double-click
SETTLE_MS = 50  # while a window manager takes the window over, wrong places are reported for some ms
NAMES = {"javascript": "JavaScript", "typescript": "TypeScript", "html": "HTML", "applescript": "AppleScript"}

_flag = Qt.WindowType
FLAGS = _flag.Tool | _flag.FramelessWindowHint | _flag.WindowStaysOnTopHint | _flag.WindowDoesNotAcceptFocus


class Popup(QWidget):
    """One window, shown again for each question. ``tell`` sends a line to the parent."""

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(None, FLAGS)
        self._tell = tell
        self._asked: dict[str, Any] | None = None
        self._answered = float("-inf")
        self._painted = True
        self._grip: QPoint | None = None
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setWindowTitle("oi_voice asks")
        self.setAccessibleName("oi_voice asks")
        self._build()
        self._corner = QPoint()
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLE_MS)
        self._settling.timeout.connect(self._settled)
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self._tick)
        self.restyle()

    def warm(self) -> None:
        """Do now what the first showing would have to wait for."""
        self._fill("print('ready')", "python")
        self._place()
        self.grab()
        self.winId()

    def ask(self, event: dict[str, Any]) -> None:
        """Show the question of an ApprovalRequested. One still open is answered no."""
        self._answer(False)
        self._asked, self._painted = event, False
        self._fill(event["code"], event["language"])
        self._tick()
        self._place()
        self._clock.start()
        self.show()
        self.raise_()

    def settle(self, digest: str) -> None:
        """Someone else has answered."""
        if self._asked is not None and self._asked["digest"] == digest:
            self._asked = None
            self._leave()

    def restyle(self) -> None:
        self.setStyleSheet(look.sheet(look.current()))

    def _build(self) -> None:
        self._icon = label("", "Icon")
        self._icon.setPixmap(picture("asking", 36, self.devicePixelRatioF()))
        self._title = label("title", "Question")
        self._what = label("quiet", "Explanation")
        self._what.setText("oi_voice runs it on this computer only if you press Run.")
        self._what.setWordWrap(True)
        self._hidden = label("warning", "Warning")
        self._code = CodeView()
        self._lines = label("quiet", "Length")
        self._left = label("quiet", "Time left")
        self._bar = named(QProgressBar(), "Time left")
        self._bar.setTextVisible(False)
        self._bar.setMaximum(1000)
        self._close = button("×", "Close", "plain", lambda: self._answer(False))
        self._deny = button("Deny", "Deny", "no", lambda: self._answer(False))
        self._run = button("Run", "Run", "yes", self._yes)
        words = box(QVBoxLayout(), 3)
        words.addWidget(self._title)
        words.addWidget(self._what)
        head = box(QHBoxLayout(), 12)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        foot = box(QHBoxLayout(), 10)
        foot.addWidget(self._lines)
        foot.addStretch(1)
        for widget in (self._left, self._deny, self._run):
            foot.addWidget(widget)
        inner = box(QVBoxLayout(), 12, 18, 16, 18, 14)
        inner.addLayout(head)
        inner.addWidget(self._code, 1)
        inner.addWidget(self._hidden)
        inner.addLayout(foot)
        outer = box(QVBoxLayout(self), 0, 1, 1, 1, 1)
        outer.addLayout(inner)
        outer.addWidget(self._bar)

    def _fill(self, code: str, language: str) -> None:
        shown, hidden = reveal(code.rstrip("\n"))
        name = NAMES.get(language.lower(), language.replace("_", " ").title())
        self._title.setText(f"Run this {name} code?")
        self._code.show_code(shown, language)
        self._hidden.setText(f"Hidden characters in this code, shown as ⟨U+…⟩: {hidden}")
        self._hidden.setVisible(hidden > 0)

    def _place(self) -> None:
        """As high as the code needs, at most 70 % of the screen, at its lower right."""
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        width = min(WIDTH, room.width() - 2 * MARGIN)
        wanted, most = self._code.wanted_height(width - 40), round(room.height() * 0.5)
        self._code.setFixedHeight(min(wanted, most))
        count = self._code.blockCount()
        self._lines.setText(f"{count} line{'s' * (count != 1)}{', scroll to see all' * (wanted > most)}")
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
        self._left.setText(f"Denied in {round(left)} s" if left < 600 else f"Denied in {round(left / 60)} min")
        self._bar.setValue(round(1000 * left / timeout))
        kind = "warning" if left < HURRY else ""
        if self._bar.property("kind") != kind:
            self._bar.setProperty("kind", kind)
            self._bar.setStyle(self._bar.style())  # has the style sheet read the property again
        if left == 0:
            self._answer(False, late=True)

    def _yes(self) -> None:
        if time.monotonic() - self._answered > DOUBLE:
            self._answer(True)

    def _answer(self, approved: bool, late: bool = False) -> None:
        if self._asked is None:
            return
        asked, self._asked, self._answered = self._asked, None, time.monotonic()
        answer = {"turn": asked["turn"], "digest": asked["digest"], "approved": approved, "late": late}
        self._tell({"did": "answer", **answer})
        self._leave()

    def _leave(self) -> None:
        self._clock.stop()
        self.hide()

    def _shown(self) -> None:
        if self._asked is None:
            return
        since = (time.monotonic() - self._asked["at"]) * 1000
        where = {"run": self._middle(self._run), "deny": self._middle(self._deny), "close": self._middle(self._close)}
        self._tell({"did": "shown", "digest": self._asked["digest"], "shown_ms": round(since, 1), **where})

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
        self._answer(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self.restyle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Should keys arrive after all, they do nothing."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self.move(event.globalPosition().toPoint() - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
