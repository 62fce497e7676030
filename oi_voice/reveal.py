"""Makes visible what would hide what code does: bidi marks, zero widths, controls, odd blanks, names that mislead."""

from __future__ import annotations

import re
import unicodedata

#: Blank, yet no format characters by category: fillers, a blank pattern, the joiner, variation selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}
_HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
_SHOWN = re.compile(r"⟨U\+([0-9A-F]{4,5}|10[0-9A-F]{4})⟩")

_HOST = re.compile(r"(?<![\w.-])(?:[\w-]+\.)+[^\W\d_][\w-]+")
_USER = re.compile(r"://([^\s/@:'\"`]{1,253})(?::[^\s/@'\"`]{0,253})?@([^\s/?#'\"`]+)")
_SLASHED = re.compile(r"://[^\s/'\"`]*[\u2044\u2215\u2571\u29f8\uff0f][^\s'\"`]*")
#: Letters of other scripts, and odd Latin ones, that are taken for a to z.
_ALIKE = frozenset("асԁеһіјӏорԛѕѵԝхуүανορυικχօոսհցյıɑɡ")
_TOGETHER = frozenset(("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"))  # scripts that are written with others


def reveal(text: str) -> tuple[str, int]:
    """The text with each hidden character as ``⟨U+202E⟩``, and how many there were. Spaces, tabs and new lines stay."""
    pieces = [f"⟨U+{ord(char):04X}⟩" if _hides(char) else char for char in text]
    return "".join(pieces), sum(map(_hides, text))


def conceal(text: str) -> str:
    """The text that ``reveal`` shows so, once more with its hidden characters."""
    return _SHOWN.sub(lambda found: chr(int(found[1], 16)), text)


def strange_hosts(text: str) -> list[str]:
    """A sentence for each address in the text that is not what it seems to be: other letters, or another host."""
    found = [f"“{user}@{host}” goes to {host}, not to {user}." for user, host in _USER.findall(text) if "." in user]
    found += [f"In “{url[3:]}” something only looks like a slash." for url in _SLASHED.findall(text)]
    if not text.isascii() or "xn--" in text:
        found += [sentence for host in _HOST.findall(text) if (sentence := _strange(host))]
    return [reveal(sentence)[0] for sentence in dict.fromkeys(found)]


def _hides(char: str) -> bool:
    if " " <= char <= "~" or char in "\n\t":
        return False
    return unicodedata.category(char) in _HIDDEN or char in _BLANK


def _strange(host: str) -> str:
    labels = host.split(".")
    shown = [_decoded(label) for label in labels]
    real = ".".join(_encoded(label) for label in shown)
    if why := next((why for label in shown if (why := _why(label))), ""):
        return f"“{'.'.join(shown)}” {why}. It is {real}."
    return f"“{host}” shows as “{'.'.join(shown)}”." if shown != labels else ""


def _why(label: str) -> str:
    letters = [char for char in label if char.isalpha()]
    scripts = sorted({_script(char) for char in letters} - _TOGETHER)
    if len(scripts) > 1:
        return f"mixes {' and '.join(name.capitalize() for name in scripts)} letters"
    if any(unicodedata.normalize("NFKC", char) != char for char in letters):
        return "has letters in a special form"
    odd = [char for char in letters if not char.isascii()]
    if odd and all(char in _ALIKE for char in odd) and (scripts == ["LATIN"] or odd == letters):
        return "has letters that only look like a to z"
    return ""


def _script(letter: str) -> str:
    """The first word of a letter's name, which is its script."""
    return re.split("[ -]", unicodedata.name(letter, "UNKNOWN"))[0]


def _decoded(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except UnicodeError:
        return label


def _encoded(label: str) -> str:
    """As it is asked for in the network."""
    plain = unicodedata.normalize("NFKC", label).lower()
    return plain if plain.isascii() else f"xn--{plain.encode('punycode').decode()}"
