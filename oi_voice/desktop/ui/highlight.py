"""Colours for code: keywords, strings, numbers, comments, and what was hidden."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression
from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

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
