"""The one menu of the program, for the tray's icon and for the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from oi_voice.desktop.ui.face import MENU, talk_label
from oi_voice.desktop.ui.parts import named


class Menu(QMenu):
    """The entries of ``face.MENU`` but those ``without``; ``act(action, text)`` hands on what is chosen. It looks like
    the window that it is ``of``."""

    def __init__(
        self,
        act: Callable[[str, str], None],
        name: str,
        of: QWidget | None = None,
        without: tuple[str, ...] = (),
    ) -> None:
        super().__init__(of)
        named(self, name)
        self._entries = {}
        for action, label in MENU:
            if not action:
                self.addSeparator()
            elif action not in without:
                self._entries[action] = self.addAction(label, partial(act, action, ""))
        self.offer(False)

    def offer(self, something: bool) -> None:
        """Whether there is something to download."""
        self._entries["download"].setVisible(something)

    def listens(self, listening: bool) -> None:
        """Whether a take goes on, which the first entry then ends."""
        self._entries["talk"].setText(talk_label(listening))
