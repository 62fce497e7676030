"""The confirmation popup: it shows code as it is and asks for a yes or a no.

It never takes the keyboard, so that what someone types elsewhere answers nothing; no button is a default one.
Anything but a click on Run, or an assistive tool's press of it, is a no.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from oi_voice.desktop.ui.card import Card, hidden_words, language_name
from oi_voice.desktop.ui.code import CodeView
from oi_voice.desktop.ui.parts import button, label
from oi_voice.reveal import reveal

DOUBLE = 0.5  # seconds after an answer in which a click on Run is the second half of a double-click


class Popup(Card):
    """Shows an ApprovalRequested."""

    key = "digest"

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(tell, Qt.WindowType.Tool | Qt.WindowType.WindowDoesNotAcceptFocus)
        self._answered = float("-inf")
        self.setWindowTitle("oi_voice asks")
        self.setAccessibleName("oi_voice asks")
        self._hidden = label("warning", "Warning")
        deny = button("Deny", "Deny", "no", self._refuse)
        run = button("Run", "Run", "yes", self._yes)
        self._buttons = {"run": run, "deny": deny}
        self._build(CodeView(), [self._hidden], [deny, run])
        self._what.setText("oi_voice runs it on this computer only if you press Run.")

    def _fill(self, event: dict[str, Any]) -> None:
        shown, hidden = reveal(event["code"].rstrip("\n"))
        self._title.setText(f"Run this {language_name(event['language'])} code?")
        self._text.show_code(shown, event["language"])
        self._hidden.setText(hidden_words("code", hidden))
        self._hidden.setVisible(hidden > 0)

    def _left_words(self, left: str) -> str:
        return f"Denied in {left}"

    def _length_words(self, lines: int, cut: bool) -> str:
        return f"{lines} line{'s' * (lines != 1)}{', scroll to see all' * cut}"

    def _yes(self) -> None:
        if time.monotonic() - self._answered > DOUBLE:
            self._answer(True)

    def _refuse(self, late: bool = False) -> None:
        self._answer(False, late)

    def _answer(self, approved: bool, late: bool = False) -> None:
        if asked := self._taken():
            self._answered = time.monotonic()
            answer = {"turn": asked["turn"], "digest": asked["digest"], "approved": approved, "late": late}
            self._tell({"did": "answer", **answer})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Should keys arrive after all, they do nothing."""
