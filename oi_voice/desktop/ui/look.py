"""One look for every window, light or dark as the desktop's palette is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

from oi_voice.desktop.ui import assets

#: Behind white words, in light and in dark alike: what is at stake.
LEVELS = {
    **{"read": "#2b7a4b", "reversible": "#1c6f8c", "changes": "#9a5b00"},
    **{"unknown": "#6a4ea3", "destructive": "#b42318", "sends": "#a81d6a"},
}


@dataclass(frozen=True, slots=True)
class Look:
    """Colours by their purpose."""

    window: str
    field: str
    text: str
    quiet: str
    edge: str
    hover: str
    accent: str
    accent_hover: str
    warning: str
    danger: str
    keyword: str
    string: str
    number: str


LIGHT = Look(
    **{"window": "#ffffff", "field": "#f5f7fa", "text": "#16202e", "quiet": "#5b6778", "edge": "#cfd6e0"},
    **{"hover": "#e9edf3", "accent": "#1d5fd1", "accent_hover": "#174fb0", "warning": "#9a4b00", "danger": "#b42318"},
    **{"keyword": "#8a2da8", "string": "#12703f", "number": "#0f5fa8"},
)
DARK = Look(
    **{"window": "#20242b", "field": "#161a20", "text": "#e7ebf1", "quiet": "#a2adbd", "edge": "#414a58"},
    **{"hover": "#2f3641", "accent": "#3574e3", "accent_hover": "#4a86ef", "warning": "#f0b35c", "danger": "#ff8a7a"},
    **{"keyword": "#d59cec", "string": "#8fd6a6", "number": "#86bdf5"},
)


def current() -> Look:
    dark = QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128
    return DARK if dark else LIGHT


def choose(theme: str) -> None:
    """Follow the desktop (``system``), or be ``light`` or ``dark`` where it does not say."""
    if theme in ("light", "dark"):
        QGuiApplication.setPalette(_palette(DARK if theme == "dark" else LIGHT))
    scheme = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(theme, Qt.ColorScheme.Unknown)
    if hasattr(QGuiApplication.styleHints(), "setColorScheme"):  # Qt 6.8
        QGuiApplication.styleHints().setColorScheme(scheme)


def _palette(look: Look) -> QPalette:
    palette = QPalette(QColor(look.window))
    role = QPalette.ColorRole
    for which, colour in (
        *((role.Window, look.window), (role.Base, look.field), (role.Button, look.window)),
        *((role.WindowText, look.text), (role.Text, look.text), (role.ButtonText, look.text)),
        *((role.PlaceholderText, look.quiet), (role.Highlight, look.accent), (role.HighlightedText, "#ffffff")),
    ):
        palette.setColor(which, QColor(colour))
    return palette


def monospace() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(max(9.5, QGuiApplication.font().pointSizeF()))
    return font


def icon_path(name: str) -> str:
    return str(assets.icon(name, 64))


def sheet(look: Look) -> str:
    """The style sheet of all windows."""
    levels = "".join(f'QLabel[level="{name}"] {{ background: {colour}; }}' for name, colour in LEVELS.items())
    return f"""
    #row {{ background: {look.field}; border: 1px solid {look.edge}; border-radius: 6px; }}
    #card {{ background: {look.window}; border: 1px solid {look.edge}; }}
    QMainWindow, #page {{ background: {look.window}; }}
    QLabel {{ color: {look.text}; background: transparent; }}
    QLabel[kind="title"] {{ font-size: 13pt; font-weight: 600; }}
    QLabel[kind="quiet"] {{ color: {look.quiet}; }}
    QLabel[kind="account"] {{ font-size: 11pt; font-weight: 500; }}
    QLabel[kind="hint"] {{ color: {look.accent_hover}; font-weight: 600; }}
    QLabel[kind="warning"] {{ color: {look.warning}; font-weight: 600; }}
    QLabel[kind="danger"] {{ color: {look.danger}; font-weight: 600; }}
    QLabel[kind="badge"] {{ color: #ffffff; font-weight: 600; border-radius: 9px; padding: 2px 10px; }}
    {levels}
    QPlainTextEdit, QTextEdit, QLineEdit {{
        background: {look.field}; color: {look.text}; border: 1px solid {look.edge}; border-radius: 6px;
        selection-background-color: {look.accent}; selection-color: #ffffff;
    }}
    QLineEdit {{ padding: 7px 10px; }}
    QLineEdit:focus {{ border-color: {look.accent}; }}
    QPushButton {{
        color: {look.text}; background: {look.window}; border: 1px solid {look.edge}; border-radius: 6px;
        padding: 7px 16px; min-width: 56px;
    }}
    QPushButton:hover {{ background: {look.hover}; }}
    QPushButton:pressed {{ background: {look.edge}; }}
    QPushButton:focus {{ border-color: {look.accent}; }}
    QPushButton:disabled {{ color: {look.quiet}; background: {look.window}; border-color: {look.edge}; }}
    QPushButton[kind="yes"]:enabled {{
        color: #ffffff; background: {look.accent}; border-color: {look.accent}; font-weight: 600;
    }}
    QPushButton[kind="yes"]:hover:enabled {{ background: {look.accent_hover}; }}
    QPushButton[kind="plain"] {{ border: none; min-width: 0; padding: 2px 7px; font-size: 13pt; }}
    QPushButton::menu-indicator {{ image: none; width: 0; }}
    QMenu {{ color: {look.text}; background: {look.window}; border: 1px solid {look.edge}; padding: 4px; }}
    QMenu::item {{ padding: 6px 28px 6px 12px; border-radius: 4px; }}
    QMenu::item:selected {{ color: #ffffff; background: {look.accent}; }}
    QMenu::item:disabled {{ color: {look.quiet}; background: {look.window}; }}
    QMenu::separator {{ background: {look.edge}; height: 1px; margin: 4px 8px; }}
    QScrollBar:vertical {{ background: transparent; border: none; width: 11px; margin: 3px; }}
    QScrollBar::handle:vertical {{ background: {look.edge}; border-radius: 2px; min-height: 28px; }}
    QScrollBar::handle:vertical:hover {{ background: {look.quiet}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QProgressBar {{ background: {look.hover}; border: none; max-height: 4px; min-height: 4px; }}
    QProgressBar::chunk {{ background: {look.accent}; }}
    QProgressBar[kind="warning"]::chunk {{ background: {look.warning}; }}
    """
