"""The child's one application: hands each line to the window it is for."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any, BinaryIO

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from oi_voice.desktop.ui import look
from oi_voice.desktop.ui.ask import AskWindow
from oi_voice.desktop.ui.overlay import Overlay
from oi_voice.desktop.ui.panel import Panel
from oi_voice.desktop.ui.popup import Popup
from oi_voice.desktop.ui.rules import RulesWindow
from oi_voice.desktop.ui.times import TimesWindow
from oi_voice.desktop.ui.tray import QtTray
from oi_voice.events import ApprovalRequested, to_json
from oi_voice.runtime import daemon


class Ui(QObject):
    """Reads on a thread of its own, shows on this one."""

    _came = Signal(bytes)
    _ended = Signal()

    def __init__(self, lines: BinaryIO, out: int) -> None:
        super().__init__()
        self._lines = lines
        self._out = out
        self._popup = Popup(self._tell)
        self._line = AskWindow(self._tell)
        self._panel = Panel(self._act)
        self._rules = RulesWindow(self._tell)
        self._times = TimesWindow(self._tell)
        self._overlay = Overlay()
        self._tray: QtTray | None = None
        self._ready = False
        self._came.connect(self._hear)
        self._ended.connect(QApplication.quit)
        self._does: dict[str, Callable[[dict[str, Any]], None]] = {
            "about": self._about,
            "face": self._face,
            "window": lambda message: self._panel.bring_up(message["why"]),
            "forget": lambda message: self._panel.forget(),
            "rules": self._rules.show_rules,
            "times": self._times.show_times,
            "fetch": self._fetch,
            "ApprovalRequested": self._popup.ask,
            "ApprovalResolved": lambda event: self._popup.settle(event["digest"]),
            "InputRequested": self._line.ask,
            "InputResolved": lambda event: self._line.settle(event["id"]),
            "StateChanged": self._overlay.state,
            "AudioLevel": self._overlay.level,
            "Heard": self._overlay.heard,
            "TurnEnded": self._overlay.ended,
            "Streamed": lambda event: self._panel.streamed(event["turn"], event["chunk"]),
            "Notice": lambda event: self._panel.notice(event["turn"], event["text"]),
        }
        self._popup.warm(to_json(ApprovalRequested("", "", "python", "print('ready')", 60.0)) | {"voice": False})
        self._line.warm({"prompt": "Ready?", "secret": False})
        daemon(self._read, "stdin")

    def _read(self) -> None:
        for line in self._lines:
            self._came.emit(line)
        self._ended.emit()

    def _hear(self, line: bytes) -> None:
        message = json.loads(line)
        self._does[message.get("do") or message["event"]](message)

    def _tell(self, message: dict[str, Any]) -> None:
        try:
            os.write(self._out, json.dumps(message).encode() + b"\n")
        except BrokenPipeError:
            QApplication.quit()

    def _act(self, action: str, text: str) -> None:
        if action == "show":
            self._panel.bring_up("")
        else:
            self._tell({"did": "action", "action": action, "text": text})

    def _about(self, message: dict[str, Any]) -> None:
        look.choose(message["theme"])
        self._popup.restyle()
        self._overlay.restyle()
        self._line.restyle()
        self._panel.restyle()
        self._rules.restyle()
        self._times.restyle()
        self._line.talk = message["key"]
        self._popup.introduce(message["key"], message["trusted"])
        self._panel.about(message["key"], message["model"], message["recogniser"])
        if self._ready:
            return
        self._ready = True
        tray = message["own_tray"] or QtTray.available()
        self._panel.in_tray = tray
        if not message["own_tray"]:
            self._tray = QtTray(self._act)
        self._tell({"did": "ready", "tray": tray})

    def _fetch(self, message: dict[str, Any]) -> None:
        self._panel.offer(message)
        if self._tray is not None:
            self._tray.offer(bool(message["words"]))

    def _face(self, message: dict[str, Any]) -> None:
        self._panel.face(message)
        if self._tray is not None:
            self._tray.face(message)


def run(lines: BinaryIO, out: int) -> int:
    """Serve until ``lines`` ends."""
    app = QApplication(["oi_voice"])
    app.setApplicationName("oi_voice")
    app.setDesktopFileName("oi_voice")
    app.setQuitOnLastWindowClosed(False)
    ui = Ui(lines, out)
    code = app.exec()
    del ui
    return code
