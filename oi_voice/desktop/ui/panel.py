"""The main window: state, the key to hold, the last exchange, and a line to type a request."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QColor, QFont, QIcon, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMainWindow, QTextEdit, QVBoxLayout, QWidget

from oi_voice.desktop.ui import look
from oi_voice.desktop.ui.face import Face, how_to_talk
from oi_voice.desktop.ui.fetch import FetchRow
from oi_voice.desktop.ui.menu import Menu
from oi_voice.desktop.ui.page import bring_up, resize
from oi_voice.desktop.ui.parts import box, button, label, named, picture
from oi_voice.reveal import reveal

_MOST = 20_000  # characters of one exchange that are kept
_WHO = {"user": "You", "assistant": "oi_voice", "computer": "Output", "code": "Code", "notice": "Note"}


class Panel(QMainWindow):
    """``act(action, text)`` hands on what is chosen. Closing hides it, or quits where there is no tray."""

    def __init__(self, act: Callable[[str, str], None]) -> None:
        super().__init__()
        self.in_tray = True
        self._act = act
        self._icon_name = ""
        self.setWindowTitle("oi_voice")
        self.setAccessibleName("oi_voice")
        resize(self, 560, 540)
        self._build()
        self.face(Face().message())
        self.restyle()

    def about(self, key: str, model: str, recogniser: str) -> None:
        self._hint.setText(f"{how_to_talk(key)} Esc stops everything." if key else how_to_talk(key))
        self._run.setText(f"{model} Recogniser: {recogniser}.")

    def face(self, message: dict[str, Any]) -> None:
        """Show the state: an icon's name, words, and the sentence of an error."""
        self._words.setText(message["words"])
        self._menu.listens(message["listening"])
        if message["icon"] != self._icon_name:
            self._icon_name = message["icon"]
            self._icon.setPixmap(picture(self._icon_name, 44, self.devicePixelRatioF()))
            self.setWindowIcon(QIcon(look.icon_path(self._icon_name)))

    def offer(self, message: dict[str, Any]) -> None:
        """Show what can be downloaded, or that nothing can."""
        self.fetch.tell(message)
        self._menu.offer(bool(message["words"]))

    def bring_up(self, why: str) -> None:
        """Show it before all others, with the keyboard in its line."""
        self._why.setText(why or self._why.text())
        self._why.setVisible(bool(self._why.text()))
        bring_up(self, self._line)

    def restyle(self) -> None:
        self.setStyleSheet(look.sheet(look.current()))
        self._said.restyle()

    def streamed(self, turn: str, chunk: dict[str, Any]) -> None:
        self._said.add(turn, "code" if chunk["kind"] == "code" else chunk["role"], chunk["content"], chunk["starts"])

    def notice(self, turn: str, text: str) -> None:
        self._said.add(turn, "notice", text, True)

    def forget(self) -> None:
        self._said.forget()

    def _build(self) -> None:
        self._icon, self._words = label("", "Icon"), label("title", "State")
        self._hint, self._run = label("quiet", "How to talk"), label("quiet", "Model and recogniser")
        self._why = label("warning", "Why this window is open")
        for text in (self._hint, self._run, self._why):
            text.setWordWrap(True)
        self._why.hide()
        self.fetch = FetchRow(self._act)
        self._said = Exchange()
        self._line = named(QLineEdit(), "Request")
        self._line.setPlaceholderText("Type a request and press Return")
        self._line.returnPressed.connect(self._say)
        words = box(QVBoxLayout(), 3)
        for widget in (self._words, self._hint, self._run):
            words.addWidget(widget)
        head = box(QHBoxLayout(), 14)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        foot = box(QHBoxLayout(), 10)
        self._menu = Menu(self._chosen, "More", self, without=("show",))
        stop, leave = (button(title, title, "no", partial(self._act, title.lower(), "")) for title in ("Stop", "Quit"))
        more = button("More ▾", "More", "no", lambda: None)
        more.setMenu(self._menu)
        for press in (stop, more, leave):
            press.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            foot.addWidget(press)
        foot.insertStretch(2)
        page = named(QWidget(), "oi_voice")
        page.setObjectName("page")
        rows = box(QVBoxLayout(page), 12, 18, 16, 18, 16)
        rows.addLayout(head)
        rows.addWidget(self._why)
        rows.addWidget(self.fetch)
        rows.addWidget(self._said, 1)
        rows.addWidget(self._line)
        rows.addLayout(foot)
        self.setCentralWidget(page)

    def _chosen(self, action: str, text: str) -> None:
        if action == "download":
            self.fetch.setFocus()  # where it is pressed
        else:
            self._act(action, text)

    def _say(self) -> None:
        if self._line.text().strip():
            self._act("say", self._line.text())
            self._line.clear()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.in_tray:
            self._act("quit", "")
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self.restyle()


class Exchange(QTextEdit):
    """The last exchange, as it streams in. Text only: nothing in it is taken for markup."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "Last exchange").setReadOnly(True)
        self.setPlaceholderText("Nothing was said yet.")
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(12)
        self._turn, self._who = "", ""
        self._formats: dict[str, QTextCharFormat] = {}
        self.restyle()

    def restyle(self) -> None:
        colours = look.current()
        plain, small, mono, warning = (QTextCharFormat() for _ in range(4))
        plain.setForeground(QColor(colours.text))
        small.setForeground(QColor(colours.quiet))
        small.setFontWeight(QFont.Weight.DemiBold)
        mono.setForeground(QColor(colours.text))
        mono.setFontFamilies([look.monospace().family()])
        warning.setForeground(QColor(colours.warning))
        self._formats = {"": plain, "who": small, "code": mono, "computer": mono, "notice": warning}

    def add(self, turn: str, who: str, text: str, starts: bool) -> None:
        """Append; a new turn begins a new exchange."""
        if turn and turn != self._turn:
            self.forget()
            self._turn = turn
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if starts or who != self._who:
            self._who = who
            gap = "" if self.document().isEmpty() else "\n" * (1 + (cursor.columnNumber() > 0))
            cursor.insertText(f"{gap}{_WHO.get(who, who)}\n", self._formats["who"])
        room = _MOST - self.document().characterCount()
        cursor.insertText(reveal(text[: max(0, room)])[0], self._formats.get(who, self._formats[""]))
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def forget(self) -> None:
        self.clear()
        self._turn, self._who = "", ""
