"""The row of the main window that offers a better recogniser, and shows how far its download is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from oi_voice.desktop.ui.parts import box, breakable, button, named, tell, wrapped

STEPS = 1000  # of the bar


class FetchRow(QFrame):
    """``act(action, text)`` hands on what is chosen. It is hidden while there is nothing to say."""

    def __init__(self, act: Callable[[str, str], None]) -> None:
        super().__init__()
        named(self, "Recogniser to download").setObjectName("row")
        self._action = ""
        self._words = wrapped("", "What can be downloaded")
        self._bar = named(QProgressBar(), "Downloaded")
        self._bar.setTextVisible(False)
        self._button = button("Download", "Download", "no", lambda: act(self._action, ""))
        self._button.installEventFilter(self)
        self._button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self._button)
        told = box(QVBoxLayout(), 8)
        told.addWidget(self._words)
        told.addWidget(self._bar)
        row = box(QHBoxLayout(self), 14, 12, 10, 12, 10)
        row.addLayout(told, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def tell(self, message: dict[str, Any]) -> None:
        """Show a sentence, a bar while ``share`` of it has come, and a button if there is something to do."""
        tell(self._words, message["words"])
        self._words.setText(breakable(message["words"]))
        share = message["share"]
        self._bar.setVisible(share is not None)
        if share is not None:
            self._bar.setRange(0, STEPS if share >= 0 else 0)  # without a range it moves to and fro
            self._bar.setValue(round(STEPS * max(0, share)))
        self._action = message["action"]
        named(self._button, message["button"] or "Download").setText(message["button"])
        self._button.setVisible(bool(message["button"]))
        self.setVisible(bool(message["words"]))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The second half of a double-click was not meant for what the button is by then."""
        return event.type() is QEvent.Type.MouseButtonDblClick
