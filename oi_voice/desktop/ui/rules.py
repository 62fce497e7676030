"""The window of rules: what runs without a question, each to be revoked."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDate, QLocale, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from oi_voice.desktop.ui import look
from oi_voice.desktop.ui.follow import Followed
from oi_voice.desktop.ui.page import Page, bring_up
from oi_voice.desktop.ui.parts import box, breakable, button, label, named, tell, wrapped
from oi_voice.reveal import reveal

DOUBLE = 0.5  # seconds after a click on Revoke in which another is the second half of a double-click
SCOPES = {
    "always": "Always",
    "conversation": "In this conversation",
    "setting": "By the setting auto_run. If you revoke it, it is off until oi_voice starts again.",
}
WHAT = "Code of these kinds runs without a question. Revoke a rule, and you are asked again."
NONE = "Nothing runs without a question yet."
HOW = "Rules are made when you are asked about code, and choose to allow all of that kind."


class RulesWindow(Page):
    """``tell`` sends a line to the parent, which answers with the rules as they are. Closing it hides it."""

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        super().__init__("Rules", 600, 480)
        self._tell = tell
        self._shown: dict[str, Any] = {}
        self._revoked = float("-inf")
        self._revokers: list[QPushButton] = []
        self._file = Followed(self, self._ask)
        self._build()
        self.restyle()

    def show_rules(self, message: dict[str, Any]) -> None:
        """Have these rules shown; comes up, with the keyboard, where ``show`` says so."""
        if message["path"]:
            self._file.follow(Path(message["path"]))
        shown = {name: message[name] for name in ("rules", "problems", "path", "note")}
        if shown != self._shown:
            self._shown = shown
            self._fill()
        if message["show"]:
            bring_up(self, self._scroll)

    def restyle(self) -> None:
        colours = look.current()
        self.setStyleSheet(
            f"""{look.sheet(colours)}
            QScrollArea {{ background: {colours.field}; border: 1px solid {colours.edge}; border-radius: 6px; }}
            QScrollArea:focus {{ border-color: {colours.accent}; }}
            #rows {{ background: transparent; }}
            #rule {{ background: transparent; border: none; border-bottom: 1px solid {colours.edge}; }}
            """
        )

    def _build(self) -> None:
        title = label("title", "Heading")
        tell(title, "What runs without a question")
        self._what = wrapped("quiet", "What a rule does")
        self._note, self._problems = wrapped("warning", "Note"), wrapped("warning", "Problems in the file of rules")
        self._scroll = named(QScrollArea(), "Rules")
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._kept = label("quiet", "Where the rules are kept")
        tell(self._kept, "Kept in")
        self._path = named(QLineEdit(), "File of rules")
        self._path.setReadOnly(True)
        close = button("Close", "Close", "no", self.leave)
        close.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        foot = box(QHBoxLayout(), 10)
        foot.addWidget(self._kept)
        foot.addWidget(self._path, 1)
        foot.addStretch(0)
        foot.addWidget(close)
        page = box(QVBoxLayout(self), 10, 18, 16, 18, 16)
        for widget in (title, self._what, self._note, self._problems):
            page.addWidget(widget)
        page.addWidget(self._scroll, 1)
        page.addLayout(foot)

    def _fill(self) -> None:
        rules = self._shown["rules"]
        tell(self._what, WHAT if rules and not self._shown["note"] else "")
        tell(self._note, self._shown["note"])
        tell(self._problems, "\n".join(breakable(problem) for problem in self._shown["problems"]))
        self._path.setText(reveal(self._shown["path"])[0])
        self._path.setCursorPosition(0)
        for shown in (self._kept, self._path):
            shown.setVisible(bool(self._shown["path"]))
        self._list(rules)

    def _list(self, rules: list[dict[str, str]]) -> None:
        """The rules, with the keyboard and the scroll bar where they were."""
        bar = self._scroll.verticalScrollBar()
        focused = [at for at, revoker in enumerate(self._revokers) if revoker.hasFocus()]
        QTimer.singleShot(0, partial(bar.setValue, bar.value()))
        self._revokers = []
        page = named(QWidget(), "Rules")
        page.setObjectName("rows")
        rows = box(QVBoxLayout(page), 0, 0, 0, 0, 0)
        if not rules:
            rows.addStretch(1)
        for widget in [self._row(rule) for rule in rules] or _nothing():
            rows.addWidget(widget)
        rows.addStretch(1)
        self._scroll.setWidget(page)
        for before, after in pairwise([self._scroll, *self._revokers, self._path]):
            self.setTabOrder(before, after)
        if focused and self._revokers:
            self._revokers[min(focused[0], len(self._revokers) - 1)].setFocus()

    def _row(self, rule: dict[str, str]) -> QWidget:
        words = reveal(rule["words"])[0]
        row = named(QFrame(), f"Rule: {words}")
        row.setObjectName("rule")
        said, since = wrapped("", "What it allows"), wrapped("quiet", "How long it holds")
        tell(said, words)
        said.setText(breakable(words))
        tell(since, f"{SCOPES[rule['scope']]}{_since(rule['since'])}")
        revoke = button("Revoke", f"Revoke: {words}", "no", partial(self._revoke, rule["id"]))
        revoke.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._revokers.append(revoke)
        text = box(QVBoxLayout(), 2)
        text.addWidget(said)
        text.addWidget(since)
        line = box(QHBoxLayout(row), 14, 14, 10, 14, 10)
        line.addLayout(text, 1)
        line.addWidget(revoke, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _revoke(self, id: str) -> None:
        if time.monotonic() - self._revoked > DOUBLE:
            self._revoked = time.monotonic()
            self._tell({"did": "revoke", "id": id})

    def _ask(self) -> None:
        if self.isVisible():
            self._tell({"did": "rules", "shown": True})

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tell({"did": "rules", "shown": False})
        event.accept()


def _nothing() -> list[QLabel]:
    """What is said where there are no rules."""
    none, how = label("title", "No rules"), label("quiet", "How rules are made")
    for widget, text in ((none, NONE), (how, HOW)):
        tell(widget, text)
        widget.setWordWrap(True)
        widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
        widget.setMargin(4)
    return [none, how]


def _since(day: str) -> str:
    """``", since 21 November 2026"``; nothing for a day that is not known."""
    date = QDate.fromString(day, Qt.DateFormat.ISODate)
    return f", since {QLocale().toString(date, 'd MMMM yyyy')}" if date.isValid() else ""
