"""Makes characters visible that would hide what code does: bidi marks, zero widths, controls, odd blanks."""

from __future__ import annotations

import unicodedata

#: Blank, yet no format characters by category: fillers, a blank pattern, the joiner, variation selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}


def reveal(text: str) -> tuple[str, int]:
    """The text with each hidden character as ``⟨U+202E⟩``, and how many there were. Spaces, tabs and new lines stay."""
    pieces = [f"⟨U+{ord(char):04X}⟩" if _hides(char) else char for char in text]
    return "".join(pieces), sum(map(_hides, text))


def _hides(char: str) -> bool:
    if " " <= char <= "~" or char in "\n\t":
        return False
    return unicodedata.category(char) in _HIDDEN or char in _BLANK
