"""Qt's tray icon, where the program has no better one of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from oi_voice.desktop.ui import assets
from oi_voice.desktop.ui.face import MENU, talk_label


class QtTray:
    """``act(action, text)`` hands on what is chosen; a click on the icon opens the window."""

    def __init__(self, act: Callable[[str, str], None]) -> None:
        self._menu = QMenu()
        self._menu.setAccessibleName("oi_voice")
        self._entries = {}
        for action, label in MENU:
            if action:
                self._entries[action] = self._menu.addAction(label, partial(act, action, ""))
            else:
                self._menu.addSeparator()
        self.offer(False)
        self._icon = QSystemTrayIcon()
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._clicked)
        self._act = act

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self._act("show", "")

    @staticmethod
    def available() -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def offer(self, something: bool) -> None:
        """Whether there is something to download."""
        self._entries["download"].setVisible(something)

    def face(self, message: dict[str, Any]) -> None:
        icon = QIcon(str(assets.icon(message["icon"], 22)))
        icon.addFile(str(assets.icon(message["icon"], 64)))
        self._icon.setIcon(icon)
        self._icon.setToolTip(message["tooltip"])
        self._entries["talk"].setText(talk_label(message["listening"]))
        self._icon.show()
