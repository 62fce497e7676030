"""The window in which a person types the line that running code asks for.

It comes up without the keyboard: what someone types elsewhere at that moment, perhaps a password, must not land here,
and must not be lost there. A click gives it the keyboard, or the desktop's key for the next window. A window manager
that hands it over by itself is not believed: keys count from a click on, or when it comes some time after the window.
Anything but Send, or Return in the field, is no answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QShowEvent, QTextCursor
from PySide6.QtWidgets import QLineEdit, QWidget

from oi_voice.desktop.ui.card import Card, hidden_words, language_name
from oi_voice.desktop.ui.code import CodeView
from oi_voice.desktop.ui.highlight import PLAIN
from oi_voice.desktop.ui.parts import button, label, named, tell
from oi_voice.reveal import reveal

UNASKED = 1.0  # seconds after the window comes in which the keyboard comes by the window manager's choice
DOUBLE = 0.5  # seconds in which a click on Send is the second half of a double-click on the question before
LENGTH_MAX = 4000  # characters of a line: as JSON it must fit into what the parent reads at once


class AskWindow(Card):
    """Shows an InputRequested, with the ``language`` of the code beside it where that is known."""

    key = "id"

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(tell, Qt.WindowType.Dialog)
        self.talk = ""  # the key to hold, as a person calls it
        self._since = float("-inf")
        self._deaf = True
        self.setWindowTitle("oi_voice: the code asks")
        self.setAccessibleName("The code asks")
        self._hidden = label("warning", "Warning")
        self._field = named(QLineEdit(), "Answer")
        self._field.setMaxLength(LENGTH_MAX)
        self._field.returnPressed.connect(self._send)
        none = button("No answer", "No answer", "no", self._refuse)
        send = button("Send", "Send", "yes", self._send)
        for press in (none, send):
            press.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._buttons |= {"field": self._field, "send": send, "none": none}
        row = (self._lines, None, self._left, none, send)
        self._build(
            CodeView("Question", numbers=False), [[self._title], [self._what]], [self._hidden, self._field], row
        )
        for widget in (self, self._text.viewport(), self._field, none, send):
            widget.installEventFilter(self)

    def _fill(self, event: dict[str, Any]) -> None:
        shown, hidden = reveal(event["prompt"].strip("\n"))
        language = event.get("language", "")
        secret, heard = event["secret"], event.get("text", "")
        code = f"The {language_name(language)} code asks" if language else "The code asks"
        self._title.setText("Is this what you said?" if heard else code)
        kept = "something secret. What you type is not shown" if secret else "a line from you"
        sent = "It is sent as it stands here. “No answer” sends nothing."
        tell(self._what, sent if heard else f"The code that is running waits for {kept}.")
        self._text.show_code(shown, PLAIN)
        self._text.setVisible(bool(shown.strip()))
        self._hidden.setText(hidden_words("question", hidden))
        self._hidden.setVisible(hidden > 0)
        self._field.setText(heard)
        self._field.setEchoMode(QLineEdit.EchoMode.Password if secret else QLineEdit.EchoMode.Normal)
        spoken = f", or hold {self.talk} and speak" if self.talk and not secret else ", and press Return"
        self._field.setPlaceholderText(f"Click here and type{spoken}")

    def _left_words(self, left: str) -> str:
        return f"Waits {left}"

    def _place(self) -> None:
        super()._place()
        cut = self._text.verticalScrollBar().maximum() > 0
        self._lines.setText("Scroll up to see all" if cut else "")
        self._text.moveCursor(QTextCursor.MoveOperation.End)  # where the question is

    def _send(self) -> None:
        if time.monotonic() - self._since > DOUBLE:
            self._answer(self._field.text())

    def _refuse(self, late: bool = False) -> None:
        self._answer(None, late)

    def _answer(self, text: str | None, late: bool = False) -> None:
        if asked := self._taken():
            self._tell({"did": "line", "id": asked["id"], "text": text, "late": late})

    def _leave(self) -> None:
        super()._leave()
        self._field.clear()  # nothing typed stays behind

    def showEvent(self, event: QShowEvent) -> None:
        self._since, self._deaf = time.monotonic(), True
        super().showEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Clicks bring the keyboard here; keys that nobody meant for this window go no further."""
        kind = event.type()
        if kind == QEvent.Type.WindowActivate:
            self._deaf = time.monotonic() - self._since < UNASKED
            self._field.setFocus()
        elif kind == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            self._deaf = False
            self.activateWindow()
            self._field.setFocus()
        elif kind in (QEvent.Type.KeyPress, QEvent.Type.InputMethod):
            return self._deaf
        return False
