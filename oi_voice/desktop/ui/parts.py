"""Small widgets both windows use. Each has its accessible name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QWidget

from oi_voice.desktop.ui import look
from oi_voice.reveal import reveal

LONGEST = 30  # characters without a blank after which a line may break
W = TypeVar("W", bound=QWidget)
B = TypeVar("B", bound=QBoxLayout)


def named(widget: W, name: str) -> W:
    """The widget, known to assistive technology as ``name``."""
    widget.setAccessibleName(name)
    return widget


def box(layout: B, spacing: int, *margins: int) -> B:
    """The layout with its spacing and, where given, its four margins."""
    layout.setSpacing(spacing)
    if margins:
        layout.setContentsMargins(*margins)
    return layout


def label(kind: str, name: str) -> QLabel:
    """A text; ``kind`` is the style sheet's: title, account, quiet, warning, danger or badge."""
    result = named(QLabel(), name)
    result.setAccessibleDescription(name)
    result.setProperty("kind", kind)
    result.setTextFormat(Qt.TextFormat.PlainText)
    return result


def wrapped(kind: str, name: str) -> QLabel:
    """A text of several lines if need be, hidden until there is one."""
    result = label(kind, name)
    result.setWordWrap(True)
    result.hide()
    return result


def tell(where: QLabel, text: str) -> None:
    """Show the text, also to assistive technology, or nothing where it is empty."""
    where.setText(text)
    where.setAccessibleName(text or where.accessibleDescription())
    where.setVisible(bool(text))


def breakable(text: str) -> str:
    """The text, what is hidden in it shown, with places in its long words at which a line may end."""
    return re.sub(rf"(\S{{{LONGEST}}})(?=\S)", "\\1\u200b", reveal(text)[0])


def button(text: str, name: str, kind: str, clicked: Callable[[], None]) -> QPushButton:
    """A button that no key presses unless ``setFocusPolicy`` lets one."""
    result = named(QPushButton(text), name)
    result.setProperty("kind", kind)
    result.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    result.setAutoDefault(False)
    result.clicked.connect(lambda: clicked())
    return result


def picture(name: str, size: int, scale: float) -> QPixmap:
    """A state's icon, ``size`` logical pixels wide."""
    pixels = round(size * scale)
    smooth = Qt.TransformationMode.SmoothTransformation
    result = QPixmap(look.icon_path(name)).scaled(pixels, pixels, Qt.AspectRatioMode.KeepAspectRatio, smooth)
    result.setDevicePixelRatio(scale)
    return result
