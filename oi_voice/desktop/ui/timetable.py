"""The table of turns and their times: a row a turn, a column a leg, and a bar of what was waited for."""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QDate,
    QDateTime,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem

from oi_voice.desktop.ui import look

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
SLOW = "▲"
NONE = "–"
COLOUR = int(Role.UserRole)  # of a column in the bars
WIDEST = 2  # times the middle, which is as much as a bar has room for: one slow turn must not make all others dots


def colours() -> list[QColor]:
    """Of the legs in a bar."""
    shown = look.current()
    return [QColor(each) for each in (shown.accent, shown.keyword, shown.string)]


class Timetable(QAbstractTableModel):
    """Shows the ``legs`` and ``turns`` of a message (``desktop/times.py``)."""

    def __init__(self) -> None:
        super().__init__()
        self._legs: list[dict[str, Any]] = []
        self._turns: list[dict[str, Any]] = []
        self.room = 1.0  # milliseconds that the longest bar stands for

    def fill(self, legs: list[dict[str, Any]], turns: list[dict[str, Any]]) -> int:
        """Returns how many turns are new."""
        new = turns.index(self._turns[0]) if self._turns and self._turns[0] in turns else 0
        self.beginResetModel()
        self._legs, self._turns = legs, turns
        sums = [total for row in range(len(turns)) if (total := sum(self.parts(row)))]
        self.room = min(max(sums), WIDEST * median(sums)) if sums else 1.0
        self.endResetModel()
        return new

    def parts(self, row: int) -> list[float]:
        """Milliseconds of what was waited for, leg by leg."""
        return [self._turns[row]["legs"].get(leg["leg"], 0.0) for leg in self._legs if leg["waited"]]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self._turns)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent and parent.isValid() else len(self._legs) + 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        leg = self._legs[section - 2] if 0 <= section - 2 < len(self._legs) else None
        if role == Role.DisplayRole:
            return ["When", "Request", *(each["title"] for each in self._legs), "First sound", "Share"][section]
        if role == Role.ToolTipRole and leg:
            return f"{leg['most']:.0f} ms or less would do."
        if role == Role.TextAlignmentRole:
            return _aligned(section, self.columnCount())
        if role == COLOUR and leg and leg["waited"]:
            return colours()[[each["leg"] for each in self._legs if each["waited"]].index(leg["leg"])]
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        turn, column = self._turns[index.row()], index.column()
        if role == Role.TextAlignmentRole:
            return _aligned(column, self.columnCount())
        if column < 2:
            text = when(turn["at"]) if column == 0 else turn["what"]
            spoken = text if column or turn["at"] else "When is not known"
            return {Role.DisplayRole: text, Role.AccessibleTextRole: spoken}.get(Role(role))
        if column == self.columnCount() - 1:
            return ", ".join(self._told(turn, leg) for leg in self._legs) if role == Role.AccessibleTextRole else None
        if column == len(self._legs) + 2:
            said = "First sound after" if turn["wait"] is not None else "First sound"
            return self._time(turn["wait"], float("inf"), said, role)
        leg = self._legs[column - 2]
        return self._time(turn["legs"].get(leg["leg"]), leg["most"], leg["title"], role)

    def _told(self, turn: dict[str, Any], leg: dict[str, Any]) -> str:
        return str(self._time(turn["legs"].get(leg["leg"]), leg["most"], leg["title"], Role.AccessibleTextRole))

    def _time(self, ms: float | None, most: float, title: str, role: int) -> Any:
        slow = ms is not None and ms > most
        number = NONE if ms is None else QLocale().toString(round(ms))
        if role == Role.DisplayRole:
            return f"{SLOW} {number}" if slow else number
        if role == Role.AccessibleTextRole:
            return f"{title} not timed" if ms is None else f"{title} {number} milliseconds{', slow' * slow}"
        if role == Role.FontRole and slow:
            bold = QFont()
            bold.setBold(True)
            return bold
        if role == Role.ForegroundRole:
            return QColor(
                look.current().warning if slow else look.current().quiet if ms is None else look.current().text
            )
        return None


class Heads(QHeaderView):
    """The columns' titles; those of a bar's pieces have a line of the piece's colour."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)

    def paintSection(self, painter: QPainter, place: QRect, column: int) -> None:
        painter.save()
        super().paintSection(painter, place, column)
        painter.restore()
        if colour := self.model().headerData(column, self.orientation(), COLOUR):
            painter.fillRect(place.adjusted(11, place.height() - 4, -11, -1), colour)


class Bar(QStyledItemDelegate):
    """What was waited for, piece by piece; one that has no room ends in an arrow."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        table = index.model()
        assert isinstance(table, Timetable)
        whole = QRectF(option.rect).adjusted(11, 6, -16, -6)
        ends = [0.0]
        for part in table.parts(index.row()):
            ends.append(ends[-1] + part)
        places = [whole.left() + whole.width() * min(end / table.room, 1.0) for end in ends]
        for colour, (left, right) in zip(colours(), pairwise(places), strict=False):
            if right - left >= 0.5:
                painter.fillRect(QRectF(left, whole.top(), max(right - left - 1, 1), whole.height()), colour)
        if ends[-1] > table.room:
            painter.setPen(QColor(look.current().text))
            painter.drawText(option.rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, "› ")


def when(at: float) -> str:
    """The time of day, after the date where that is not today's."""
    if not at:
        return NONE
    moment, today, locale = QDateTime.fromSecsSinceEpoch(int(at)), QDate.currentDate(), QLocale()
    time = locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    if moment.date() == today:
        return time
    day = "d MMM" if moment.date().year() == today.year() else "d MMM yyyy"
    return f"{locale.toString(moment.date(), day)}, {time}"


def _aligned(column: int, columns: int) -> Qt.AlignmentFlag:
    number = 2 <= column < columns - 1
    return (Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
