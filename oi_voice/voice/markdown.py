"""Markdown as it is said aloud: marks are dropped, what they mark is kept."""

from __future__ import annotations

import re
import unicodedata

CODE_WORDS = 40  # characters of inline code that are still read out

_IMAGE_OR_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_REFERENCE = re.compile(r"\[([^\]]+)\]\[[^\]]*\]|\[\^[^\]]*\]")
_DEFINED = re.compile(r"\s*\[[^\]]+\]:\s+\S")
_ADDRESS = re.compile(
    r"<?\b(?:(?:https?|ftp|file)://|www\.)(?P<host>[^\s<>/?#:]+)(?P<rest>[^\s<>]*[^\s<>.,;:!?'\")\]*_])?/?>?",
    re.IGNORECASE,
)
_MAIL = re.compile(r"<?\b(?:mailto:)?([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)>?")
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?P<rest>[^<>]*)>|<!--.*?-->")
_HTML = re.compile(
    r"a|abbr|article|aside|audio|b|big|blockquote|body|br|button|caption|center|code|dd|del|details|div|dl|dt|em|fieldset"
    r"|figure|figcaption|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta"
    r"|nav|object|ol|option|p|pre|q|s|samp|script|section|select|small|span|strong|style|sub|summary|sup|svg|table|tbody|td"
    r"|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video"
)
_ENTITY = re.compile(r"&(nbsp|amp|lt|gt|quot|#39);")
_ENTITIES = {"nbsp": " ", "amp": "&", "lt": "<", "gt": ">", "quot": '"', "#39": "'"}
_CODE = re.compile(r"(`+)(.+?)\1")
_FORMULA = re.compile(r"\$(?=\S)([^$\n]*?[\\^_{][^$\n]*?)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]")
_TIMES = re.compile(r"(?<=\d)\s*\*\s*(?=\d)")
_STARS = re.compile(r"\*{2,}|~~|(?<!\s)\*|\*(?!\s|$)")
_BLOB = re.compile(r"[!-~]{60,}")  # keys, hashes, base64
_UNDERSCORES = re.compile(r"(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_LEAD = re.compile(r"\s*(?:>\s?)*\s*(?:#{1,6}\s+|[-*+•]\s+(?:\[[ xX]\]\s+)?)?")
_RULE = re.compile(r"\s*(?:[-*_=]\s*){3,}$|[\s|:+-]*$")
_SHORTCODE = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+-]*[a-z0-9]:(?![\w:])")
_FACE = re.compile(r"(?<!\S)[:;=]['’]?-?[()DPp/|](?!\w)")
_ARROW = re.compile(r"(?<=[\w)\]\"'%])\s*(?:-+>|=+>|[→⇒⟶➔➜])\s*(?=[\w(\[\"'])")
WORDS = {
    "en": {"link": "a link", "code": "some code", "times": " times ", "to": " to ", "formula": "a formula"},
    "de": {"link": "ein Link", "code": "etwas Code", "times": " mal ", "to": " zu ", "formula": "eine Formel"},
}


def spoken(text: str, language: str = "en") -> str:
    """One line, or a sentence of it, as it is said; empty when nothing in it can be."""
    if _RULE.match(text) or _DEFINED.match(text):
        return ""
    words = WORDS.get(language, WORDS["en"])
    text = _LEAD.sub("", text, count=1)
    text = re.sub(r"\s\|\s", ", ", text.strip().strip("|"))
    text = _FORMULA.sub(words["formula"], text)
    text = _REFERENCE.sub(lambda found: found[1] or "", _IMAGE_OR_LINK.sub(r"\1", text))
    text = _ADDRESS.sub(lambda found: words["link"] if found["rest"] else _host(found["host"]), text)
    text = _MAIL.sub(lambda found: f"{found[1]} at {_host(found[2])}", text)
    text = _CODE.sub(lambda found: _code(found[2].strip(), words["code"]), text)
    text = _ENTITY.sub(lambda found: _ENTITIES[found[1]], _BLOB.sub("", _TAG.sub(_tag, text)))
    text = _STARS.sub("", _TIMES.sub(words["times"], _ESCAPED.sub(r"\1", text)))
    text = _UNDERSCORES.sub("", text).replace("`", "")
    text = _ARROW.sub(words["to"], _FACE.sub("", _SHORTCODE.sub("", text)))
    text = " ".join("".join(map(_sayable, text)).split())
    return text if any(character.isalnum() for character in text) else ""


def _tag(found: re.Match[str]) -> str:
    """A tag has no sound; what is only written like one (a key, a placeholder) has."""
    name, rest = found["name"] or "", found["rest"] or ""
    silent = not name or found["end"] or "=" in rest or rest.endswith("/") or _HTML.fullmatch(name.lower())
    return "" if silent else f"{name}{rest}"


def _host(name: str) -> str:
    return name.removeprefix("www.").rstrip(".,;:!?").replace(".", " dot ")


def _code(text: str, otherwise: str) -> str:
    """Short code that is mostly words is read as it stands."""
    wordlike = sum(character.isalnum() or character in " _-./~" for character in text)
    return text if len(text) <= CODE_WORDS and wordlike >= 0.8 * len(text) else otherwise


def _sayable(character: str) -> str:
    """Emoji, arrows and control characters have no sound; ° and © (below the arrows) do."""
    category = unicodedata.category(character)
    if category == "Mn" and character < "\ufe00":
        return character  # a combining accent
    if category in ("Cf", "Co", "Cs", "Cn", "Mn", "Me", "Cc"):
        return " " if category == "Cc" else ""
    pictured = character >= "\u2190" and category in ("So", "Sk", "Sm") and character not in "≈≤≥≠∞−"
    return " " if pictured else character
