"""Qt's tray icon, where the program has no better one of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSystemTrayIcon

from oi_voice.desktop.ui import assets
from oi_voice.desktop.ui.menu import Menu


class QtTray:
    """``act(action, text)`` hands on what is chosen; a click on the icon opens the window."""

    def __init__(self, act: Callable[[str, str], None]) -> None:
        self._menu = Menu(act, "oi_voice")
        self.offer = self._menu.offer
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

    def face(self, message: dict[str, Any]) -> None:
        icon = QIcon(str(assets.icon(message["icon"], 22)))
        icon.addFile(str(assets.icon(message["icon"], 64)))
        self._icon.setIcon(icon)
        self._icon.setToolTip(message["tooltip"])
        self._menu.listens(message["listening"])
        self._icon.show()
