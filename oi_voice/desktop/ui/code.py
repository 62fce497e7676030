"""The view of code in the popup: numbered, coloured, wrapped so that nothing lies beside what is in sight."""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractSlider, QPlainTextEdit, QWidget

from oi_voice.desktop.ui import look
from oi_voice.desktop.ui.highlight import Highlighter

_ACTIONS = QAbstractSlider.SliderAction
_SCROLLS = {
    int(Qt.Key.Key_Up): _ACTIONS.SliderSingleStepSub,
    int(Qt.Key.Key_Down): _ACTIONS.SliderSingleStepAdd,
    int(Qt.Key.Key_PageUp): _ACTIONS.SliderPageStepSub,
    int(Qt.Key.Key_PageDown): _ACTIONS.SliderPageStepAdd,
    int(Qt.Key.Key_Home): _ACTIONS.SliderToMinimum,
    int(Qt.Key.Key_End): _ACTIONS.SliderToMaximum,
}
_LINES_TO_EDIT = 8  # that there is room for
_LINES_AT_ONCE = 400  # lines coloured and measured before the first paint; a longer text is shown plain


class CodeView(QPlainTextEdit):
    """Takes no keyboard unless it is ``edit``-ed: it scrolls by the wheel, the bar and assistive technology.

    Once told to ``look`` it notes what has been in sight, and emits ``looked``: ``end_seen`` that the last line was,
    ``all_seen`` that everything was, up to there.
    """

    looked = Signal()

    def __init__(self, name: str = "Code", numbers: bool = True) -> None:
        super().__init__()
        self.end_seen = self.all_seen = False
        self._looking = False
        self._seen_to = 0
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        option = self.document().defaultTextOption()
        option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        self.document().setDefaultTextOption(option)
        self.document().setDocumentMargin(8)
        self.setFont(look.monospace())
        self._highlighter: Highlighter | None = None
        self._numbers = _Numbers(self, numbers)
        self.updateRequest.connect(self._numbers.follow)
        self.verticalScrollBar().valueChanged.connect(self._look)
        self.verticalScrollBar().rangeChanged.connect(self._look)

    def show_code(self, code: str, language: str) -> None:
        """Show ``code`` from its first line on."""
        self.end_seen = self.all_seen = self._looking = False
        self._seen_to = 0
        if self._highlighter is not None:
            self._highlighter.setDocument(None)
        self.setPlainText(code)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self.setViewportMargins(self._numbers.wanted_width(), 0, 0, 0)
        if self.blockCount() <= _LINES_AT_ONCE:
            self._highlighter = Highlighter(self.document(), language)
        self.verticalScrollBar().setValue(0)

    def edit(self, on: bool) -> None:
        """Let the person change the text, or no longer."""
        flags = Qt.TextInteractionFlag
        self.setReadOnly(not on)
        self.setTextInteractionFlags(flags.TextEditorInteraction if on else flags.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.NoFocus)
        if on:
            self.setFocus()

    def look(self) -> None:
        """It is on the screen: from now on what comes in sight has been seen."""
        self._looking = True
        self._look()

    def scroll_by(self, key: int) -> None:
        """Do what this key does to a long text, if anything."""
        if key in _SCROLLS:
            self.verticalScrollBar().triggerAction(_SCROLLS[key])

    def in_sight(self) -> tuple[int, int]:
        """The first and the last line in sight, counted from 1."""
        first = last = self.firstVisibleBlock()
        bottom = self.viewport().height() - 1
        while (
            last.next().isValid()
            and self.blockBoundingGeometry(last.next()).translated(self.contentOffset()).bottom() <= bottom
        ):
            last = last.next()
        return first.blockNumber() + 1, last.blockNumber() + 1

    def _look(self) -> None:
        if not self._looking or not self.isReadOnly():
            return
        bar = self.verticalScrollBar()  # it counts lines as they are wrapped
        gapless = bar.value() <= self._seen_to
        if gapless:
            self._seen_to = max(self._seen_to, bar.value() + bar.pageStep())
        if bar.value() == bar.maximum():
            self.end_seen = True
            self.all_seen |= gapless
        self.looked.emit()

    def wanted_height(self, width: int) -> int:
        """Pixels in which all of it is seen at this width; of a very long text, many."""
        metrics = QFontMetricsF(self.font())
        room = width - self._numbers.wanted_width() - 2 * self.document().documentMargin() - 4
        lines, line = 0, math.ceil(metrics.lineSpacing())  # as it is drawn
        block = self.document().firstBlock()
        while block.isValid() and lines < _LINES_AT_ONCE:
            lines += 1 + int(metrics.horizontalAdvance(block.text()[:5000]) * 1.05 // max(room, 1))
            block = block.next()
        least = (1 if self._numbers.isHidden() else 2) if self.isReadOnly() else _LINES_TO_EDIT
        return round(max(lines, least) * line + 2 * self.document().documentMargin() + 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._numbers.place()

    def paint_numbers(self, event: QPaintEvent) -> None:
        """The numbers of the lines in sight; a wrapped line has one, so that it can be told from two."""
        painter = QPainter(self._numbers)
        painter.setFont(self.font())
        painter.setPen(QColor(look.current().quiet))
        block, line = self.firstVisibleBlock(), round(QFontMetricsF(self.font()).lineSpacing())
        while block.isValid():
            top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
            if top > event.rect().bottom():
                break
            where = QRect(0, round(top), self._numbers.width() - 6, line)
            painter.drawText(where, Qt.AlignmentFlag.AlignRight, str(block.blockNumber() + 1))
            block = block.next()
        painter.end()


class _Numbers(QWidget):
    def __init__(self, view: CodeView, shown: bool) -> None:
        super().__init__(view)
        self._view = view
        self.setVisible(shown)
        self.setAccessibleName("Line numbers")

    def wanted_width(self) -> int:
        if self.isHidden():
            return 0
        digits = len(str(self._view.blockCount()))
        return 18 + digits * self._view.fontMetrics().horizontalAdvance("9")

    def place(self) -> None:
        inside = self._view.contentsRect()
        self.setGeometry(QRect(inside.left(), inside.top(), self.wanted_width(), inside.height()))

    def follow(self, rect: QRect, scrolled: int) -> None:
        if scrolled:
            self.scroll(0, scrolled)
        else:
            self.update(0, rect.y(), self.width(), rect.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        self._view.paint_numbers(event)
