"""Hearing of what others do to a file that a window shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

SETTLE_MS = 100  # while a file is replaced, several changes are seen


class Followed(QObject):
    """``changed`` is called a moment after the file has changed, has come or is gone."""

    def __init__(self, parent: QObject, changed: Callable[[], None]) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLE_MS)
        self._settled.timeout.connect(changed)
        for signal in (self._watcher.fileChanged, self._watcher.directoryChanged):
            signal.connect(lambda _: self._settled.start())

    def follow(self, path: Path) -> None:
        """Follow it from now on; to be said again after each change, for one that was replaced is no longer watched.

        Where its folder is not there yet, the nearest one that is there is watched.
        """
        watched = {*self._watcher.files(), *self._watcher.directories()}
        folder = next(each for each in path.parents if each.exists())
        there = {str(each) for each in (path, folder) if each.exists()}
        if there - watched:
            self._watcher.addPaths([*(there - watched)])
        if str(folder) not in watched:
            self._settled.start()  # what was done in it until now was not seen
