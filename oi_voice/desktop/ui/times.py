"""The window of times: how long the last turns took, and which part of them is slow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
)

from oi_voice.desktop.ui import look
from oi_voice.desktop.ui.follow import Followed
from oi_voice.desktop.ui.page import Page, bring_up
from oi_voice.desktop.ui.parts import box, button, label, named, tell, wrapped
from oi_voice.desktop.ui.timetable import SLOW, Bar, Heads, Timetable
from oi_voice.reveal import reveal

NONE = "Nothing was timed yet."
HOW = "Ask for something: as soon as it is answered you see here how long each part of it took."
KEY = f"In milliseconds; {SLOW} is slow. The first sound is timed from letting go of the key, or from Return."


class TimesWindow(Page):
    """``tell`` asks the parent for the times as they are, whenever their file changes. Closing it hides it."""

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        super().__init__("Speed", 860, 740)
        self._tell = tell
        self._file = Followed(self, self._ask)
        self._build()
        self.restyle()

    def show_times(self, message: dict[str, Any]) -> None:
        """Have these times shown; comes up, with the keyboard, where ``show`` says so."""
        self._file.follow(Path(message["path"]))
        tell(self._words, message["words"])
        tell(self._usual, message["usual"])
        tell(self._trouble, reveal(message["trouble"])[0])
        self._fill(message["legs"], message["turns"])
        if message["show"]:
            bring_up(self, self._list if message["turns"] else self._close)

    def restyle(self) -> None:
        colours = look.current()
        self.setStyleSheet(
            f"""{look.sheet(colours)}
            QTableView {{
                background: {colours.field}; color: {colours.text}; border: 1px solid {colours.edge};
                border-radius: 6px; outline: 0;
                selection-background-color: {colours.hover}; selection-color: {colours.text};
            }}
            QTableView:focus {{ border-color: {colours.accent}; }}
            QTableView::item {{ padding: 0 8px; border: none; }}
            QTableView::item:selected, QTableView::item:focus {{ background: {colours.hover}; }}
            QScrollBar:horizontal {{ background: transparent; border: none; height: 11px; margin: 3px; }}
            QScrollBar::handle:horizontal {{ background: {colours.edge}; border-radius: 2px; min-width: 28px; }}
            QHeaderView {{ background: transparent; border: none; }}
            QHeaderView::section {{
                background: {colours.field}; color: {colours.quiet}; border: none;
                border-bottom: 1px solid {colours.edge}; padding: 6px 11px 8px 11px;
            }}
            """
        )

    def _build(self) -> None:
        self._words, self._usual = wrapped("title", "What is slow"), wrapped("quiet", "How long it takes")
        self._trouble, self._key = wrapped("warning", "Problem"), wrapped("quiet", "How to read the times")
        self._close = button("Close", "Close", "no", self.leave)
        self._close.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._turns, self._bar = Timetable(), Bar()
        self._list = named(QTableView(), "Last turns, newest first")
        self._set_up(self._list)
        self._none = [_middle("title", "No times", NONE), _middle("quiet", "How times are taken", HOW)]
        foot = box(QHBoxLayout(), 10)
        foot.addWidget(self._key, 1)
        foot.addWidget(self._close)
        page = box(QVBoxLayout(self), 10, 18, 16, 18, 16)
        for widget in (self._words, self._usual, self._trouble):
            page.addWidget(widget)
        page.addWidget(self._list, 1)
        page.addStretch(0)
        for none in self._none:
            page.addWidget(none)
        page.addStretch(0)
        page.addLayout(foot)

    def _set_up(self, table: QTableView) -> None:
        table.setModel(self._turns)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        rows, header = named(table.verticalHeader(), "Rows"), named(Heads(), "Columns")
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + 11)
        table.setHorizontalHeader(header)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        for corner in table.findChildren(QAbstractButton):
            named(corner, "All")

    def _fill(self, legs: list[dict[str, Any]], turns: list[dict[str, Any]]) -> None:
        """The turns, with the keyboard and the scroll bar at those where they were."""
        bar, at = self._list.verticalScrollBar(), self._list.currentIndex()
        before, row, column = bar.value(), at.row(), at.column()
        new = self._turns.fill(legs, turns)
        self._list.setItemDelegateForColumn(self._turns.columnCount() - 1, self._bar)
        if row >= 0:
            self._list.setCurrentIndex(self._turns.index(row + new, column))
        bar.setValue(before + new if before else 0)
        self._list.setVisible(bool(turns))
        tell(self._key, KEY if turns else "")
        for none in self._none:
            none.setVisible(not turns)

    def _ask(self) -> None:
        if self.isVisible():
            self._tell({"did": "times"})


def _middle(kind: str, name: str, text: str) -> QLabel:
    result = label(kind, name)
    tell(result, text)
    result.setWordWrap(True)
    result.setAlignment(Qt.AlignmentFlag.AlignCenter)
    result.setMargin(4)
    return result
