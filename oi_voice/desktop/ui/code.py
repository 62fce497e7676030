"""The view of code in the popup: read-only, numbered, coloured, wrapped so that nothing lies out of sight."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRegularExpression, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from oi_voice.desktop.ui import look

_WORDS = {
    "python": "and as assert async await break case class continue def del elif else except False finally for from "
    "global if import in is lambda match None nonlocal not or pass raise return True try while with yield",
    "javascript": "async await break case catch class const continue default delete do else export extends false "
    "finally for from function if import in instanceof let new null of return static super switch this throw true "
    "try typeof undefined var void while yield",
    "shell": "case do done elif else esac exec exit export fi for function if in local return set sudo then until "
    "unset while",
}
_ALIASES = {"typescript": "javascript", "bash": "shell", "sh": "shell", "zsh": "shell"}
PLAIN = "text"  # the language of what is no code
_HASH = {"python", "shell", "ruby", "r", "powershell"}
_HIDDEN = QRegularExpression(r"⟨U\+[0-9A-F]+⟩")  # as reveal() writes them
_LINES_AT_ONCE = 400  # lines coloured and measured before the first paint; a longer text is shown plain


class Highlighter(QSyntaxHighlighter):
    """Keywords, strings, numbers and comments; strings over several lines too."""

    def __init__(self, document: QTextDocument, language: str) -> None:
        super().__init__(document)
        language = _ALIASES.get(language.lower(), language.lower())
        words = "|".join(_WORDS.get(language, _WORDS["javascript"]).split())
        comment = "#[^\n]*" if language in _HASH else "//[^\n]*"
        self._pattern = QRegularExpression(
            "(?!)"
            if language == PLAIN
            else rf"""(?<open>\"\"\"|'''|`|/\*)|(?<string>"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)"""
            rf"|(?<comment>{comment})|(?<number>\b\d[\w.]*)|(?<keyword>\b(?:{words})\b)"
        )
        colours = look.current()
        self._formats = {
            "hidden": _format("#ffffff", bold=True, behind="#b42318"),
            "string": _format(colours.string),
            "comment": _format(colours.quiet),
            "number": _format(colours.number),
            "keyword": _format(colours.keyword, bold=True),
        }
        ends = ("", '"""', "'''", "`", "*/")
        self._ends = ends[:1] if language == "shell" else ends  # by block state

    def highlightBlock(self, text: str) -> None:
        """Called by Qt for each line, with UTF-16 positions, as QRegularExpression has them."""
        state, at = max(0, self.previousBlockState()), 0
        self.setCurrentBlockState(0)
        matches = self._pattern.globalMatch(text)
        if state:
            at = self._inside(text, 0, 0, state)
        while matches.hasNext():
            match = matches.next()
            if match.capturedStart() < at:
                continue
            opening = match.captured("open").replace("/*", "*/")
            if opening:
                if opening in self._ends:
                    at = self._inside(text, match.capturedStart(), match.capturedEnd(), self._ends.index(opening))
                continue
            name = next(name for name in ("string", "comment", "number", "keyword") if match.captured(name))
            self._paint(match.capturedStart(), match.capturedEnd(), name)
            at = match.capturedEnd()
        hidden = _HIDDEN.globalMatch(text)
        while hidden.hasNext():
            match = hidden.next()
            self._paint(match.capturedStart(), match.capturedEnd(), "hidden")

    def _inside(self, text: str, start: int, search: int, state: int) -> int:
        """Colour a text of several lines from ``start`` to its end mark; returns where it ends in this line."""
        end = QRegularExpression(QRegularExpression.escape(self._ends[state])).match(text, search).capturedEnd()
        if end < 0:
            self.setCurrentBlockState(state)
            end = 2**30
        self._paint(start, end, "comment" if self._ends[state] == "*/" else "string")
        return end

    def _paint(self, start: int, end: int, name: str) -> None:
        self.setFormat(start, min(end, 2**30) - start, self._formats[name])


def _format(colour: str, bold: bool = False, behind: str = "") -> QTextCharFormat:
    result = QTextCharFormat()
    result.setForeground(QColor(colour))
    if bold:
        result.setFontWeight(QFont.Weight.DemiBold)
    if behind:
        result.setBackground(QColor(behind))
    return result


class CodeView(QPlainTextEdit):
    """Never takes the keyboard: it scrolls by the wheel, the bar and assistive technology."""

    def __init__(self, name: str = "Code", numbers: bool = True) -> None:
        super().__init__()
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

    def show_code(self, code: str, language: str) -> None:
        """Show ``code`` from its first line on."""
        if self._highlighter is not None:
            self._highlighter.setDocument(None)
        self.setPlainText(code)
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self.setViewportMargins(self._numbers.wanted_width(), 0, 0, 0)
        if self.blockCount() <= _LINES_AT_ONCE:
            self._highlighter = Highlighter(self.document(), language)
        self.verticalScrollBar().setValue(0)

    def wanted_height(self, width: int) -> int:
        """Pixels in which all of it is seen at this width; of a very long text, many."""
        metrics = QFontMetricsF(self.font())
        room = width - self._numbers.wanted_width() - 2 * self.document().documentMargin() - 4
        lines, line = 0, metrics.lineSpacing()
        block = self.document().firstBlock()
        while block.isValid() and lines < _LINES_AT_ONCE:
            lines += 1 + int(metrics.horizontalAdvance(block.text()[:5000]) * 1.05 // max(room, 1))
            block = block.next()
        return round(max(lines, 1 if self._numbers.isHidden() else 2) * line + 2 * self.document().documentMargin() + 6)

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
