"""A window beside the main one that shows something at length. Esc closes it, and closing hides it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QKeyEvent
from PySide6.QtWidgets import QWidget

from oi_voice.desktop.ui import look


class Page(QWidget):
    """``restyle`` follows the palette. As wide and high as that, in logical pixels, where the screen has them."""

    def __init__(self, name: str, width: int, height: int) -> None:
        super().__init__()
        self.setWindowTitle(f"oi_voice: {name.lower()}")
        self.setAccessibleName(name)
        self.setWindowIcon(QIcon(look.icon_path("idle")))
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        resize(self, width, height)

    def restyle(self) -> None:
        raise NotImplementedError

    def leave(self) -> None:
        """As ``close``, without telling whether it did."""
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self.restyle()


def resize(window: QWidget, width: int, height: int) -> None:
    """As large as that, but for the screen."""
    room = QGuiApplication.primaryScreen().availableGeometry()
    window.resize(min(width, room.width() - 40), min(height, room.height() - 60))


def bring_up(window: QWidget, focus: QWidget) -> None:
    """Show it before all others, with the keyboard there."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    focus.setFocus()
