"""pystray's tray icon, where its backend has a menu: Windows, macOS, and Linux with PyGObject.

Elsewhere the icon is Qt's, in the windows' process (``ui/tray.py``): pystray's own X backend has no menu. The
Windows and macOS backends are written for, not tested.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from typing import Any

from oi_voice.desktop.ui.assets import icon
from oi_voice.desktop.ui.face import MENU, talk_label
from oi_voice.errors import DesktopError

SIZE = 64  # pixels; each backend scales to its panel


def has_menu() -> bool:
    """Whether pystray can show a menu here."""
    if sys.platform == "linux" and (not os.environ.get("DISPLAY") or importlib.util.find_spec("gi") is None):
        return False  # without PyGObject its X backend is all that is left
    try:
        return bool(_pystray().Icon.HAS_MENU)
    except DesktopError:
        return False


class PystrayTray:
    """Implements ``ports.Tray``. ``chosen`` gets an action of ``face.MENU``, on the tray's thread: post it.

    ``offering`` tells, where ``show`` is called, whether there is something to download.
    """

    def __init__(self, chosen: Callable[[str], None], offering: Callable[[], bool] = lambda: False) -> None:
        self._listening = False
        self._offered = False
        self._offering = offering
        self._closed = False
        pystray = _pystray()
        self._icon = pystray.Icon("oi_voice", _image("idle"), "oi_voice", self._menu(pystray, chosen))

    def show(self, icon: str, tooltip: str) -> None:
        """Show a state; also before ``run``, and from any thread but on macOS."""
        self._icon.icon = _image(icon)
        self._icon.title = tooltip
        before = self._listening, self._offered
        self._listening, self._offered = icon == "listening", self._offering()
        if before != (self._listening, self._offered):
            self._icon.update_menu()

    def run(self) -> None:
        """The tray's loop, on the main thread; returns after ``close``, also after an early one."""
        if self._closed:
            return
        try:
            self._icon.run(self._begin)
        except RuntimeError:  # pystray hides its notification in the end, and GLib has it that there is no such service
            if not self._closed:
                raise

    def close(self) -> None:
        """End the loop, from any thread. Harmless before ``run`` and after it."""
        self._closed = True
        self._icon.stop()  # does nothing until the loop has begun

    def _begin(self, icon: Any) -> None:
        icon.visible = True
        if self._closed:
            icon.stop()

    def _menu(self, pystray: Any, chosen: Callable[[str], None]) -> Any:
        def entry(action: str, label: str) -> Any:
            if not action:
                return pystray.Menu.SEPARATOR
            text = (lambda _: talk_label(self._listening)) if action == "talk" else label
            shown = (lambda _: self._offered) if action == "download" else True
            return pystray.MenuItem(text, lambda: chosen(action), default=action == "show", visible=shown)

        return pystray.Menu(*(entry(action, label) for action, label in MENU))


def _image(name: str) -> Any:
    from PIL import Image

    return Image.open(icon(name, SIZE))


def _pystray() -> Any:
    """Importing it may need a display, and GTK's type libraries."""
    try:
        import pystray
    except (ImportError, ValueError) as error:
        raise DesktopError(f"There is no tray ({error}).", fix="The window does all that the tray would.") from error
    return pystray
