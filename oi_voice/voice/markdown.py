"""Markdown as it is said aloud: marks are dropped, what they mark is kept."""

from __future__ import annotations

import re
import unicodedata

CODE_WORDS = 40  # characters of inline code that are still read out

_IMAGE_OR_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_REFERENCE = re.compile(r"\[([^\]]+)\]\[[^\]]*\]|\[\^[^\]]*\]")
_ADDRESS = re.compile(r"<?\b(?:https?://|www\.)[^\s<>]*[^\s<>.,;:!?'\")\]*_]/?>?", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->")
_CODE = re.compile(r"(`+)(.+?)\1")
_TIMES = re.compile(r"(?<=\d)\s*\*\s*(?=\d)")
_STARS = re.compile(r"\*{2,}|~~|(?<!\s)\*|\*(?!\s|$)")
_BLOB = re.compile(r"[!-~]{60,}")  # keys, hashes, base64
_UNDERSCORES = re.compile(r"(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_LEAD = re.compile(r"\s*(?:>\s?)*\s*(?:#{1,6}\s+|[-*+•]\s+(?:\[[ xX]\]\s+)?)?")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$|[\s|:+-]*$")


def spoken(text: str) -> str:
    """One line, or a sentence of it, as it is said; empty when nothing in it can be."""
    if _RULE.match(text):
        return ""
    text = _LEAD.sub("", text, count=1)
    if text.startswith("|"):
        text = ", ".join(cell.strip() for cell in text.strip(" |").split("|") if cell.strip())
    text = _IMAGE_OR_LINK.sub(r"\1", text)
    text = _REFERENCE.sub(lambda found: found[1] or "", text)
    text = _ADDRESS.sub("a link", text)
    text = _CODE.sub(lambda found: _code(found[2].strip()), text)
    text = _BLOB.sub("", _TAG.sub("", text))
    text = _ESCAPED.sub(r"\1", _UNDERSCORES.sub("", _STARS.sub("", _TIMES.sub(" times ", text)))).replace("`", "")
    text = " ".join("".join(map(_sayable, text)).split())
    return text if any(character.isalnum() for character in text) else ""


def _code(text: str) -> str:
    """Short code that is mostly words is read as it stands."""
    wordlike = sum(character.isalnum() or character in " _-./" for character in text)
    return text.replace("_", " ") if len(text) <= CODE_WORDS and wordlike >= 0.8 * len(text) else "some code"


def _sayable(character: str) -> str:
    """Emoji, arrows and control characters have no sound; ° and © (below the arrows) do."""
    hidden = unicodedata.category(character) in ("Cf", "Co", "Cs", "Cn", "Mn") and not character.isalnum()
    pictured = character >= "\u2190" and unicodedata.category(character) in ("So", "Sk", "Sm")
    if hidden and unicodedata.category(character) == "Mn" and character < "\ufe00":
        return character  # a combining accent
    return "" if hidden else " " if pictured else character
