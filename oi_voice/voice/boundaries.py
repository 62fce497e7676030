"""Where a sentence ends. A dot does many things; only some of them end one.

Every answer depends on the text alone, never on how much of it has come: ``None`` says that more is needed.
"""

from __future__ import annotations

import re

#: What may end a sentence: Latin marks where a space follows, East Asian, Indic and Arabic ones anywhere. A row of dots
#: is looked at once, not from each of its dots.
END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’“»›)\]*_`]*+(?=\s)"
    r"|[。！？｡؟۔।॥]+[」』”’）》】〉]*"
)
#: Where a clause ends: a comma, semicolon or colon before a space, a dash between spaces or words, full-width commas.
CLAUSE = re.compile(r"(?<=\S)[,;:]\s+(?=\S)|\s[–—-]\s+(?=\S)|(?<=[^\W\d_])—(?=[^\W\d_])|[，、；：](?=.)")
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ANYWHERE = "。！？｡؟۔।॥"
_WORD_LED = "\"'“‘„«‹([*_"
_QUOTED = re.compile(r"[\"'”’“»›]")
_NUMBERED = re.compile(r"\s*(?:[-*+]\s+)?(?:\d{1,3}|[a-zA-Z])$")

# Words whose dot ends no sentence.
_NEVER = re.compile(
    r"mrs?|m[sxt]|dr|prof|st|figs?|approx|e\.g|i\.e|vs|cf|viz|dept|gen|rev|hon|capt|sgt|lt|col|gov|sen|rep|messrs|mme|mlle"
    r"|bzw|ca|evtl|ggf|inkl|exkl|vgl|sog|zzgl|hr|fr|frl|dipl|ing|str|tel|z\.b|d\.h|u\.a|o\.ä|s\.o|s\.u|v\.a|i\.d\.r"
    r"|sra?|srta|ud|uds|sig|dott|avv|p\.ej|p\.ex"
)
# Words whose dot ends one only before a capital.
_BEFORE_CAPITAL = re.compile(
    r"etc|usw|ecc|inc|ltd|corp?|jr|sr|ph\.d|b\.c|a\.d|al|est|ave|blvd|rd|mio|mrd|std|min|max|jh|jhd|chr"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|okt|dez|mon|tue|wed|thu|fri|sat|sun|[ap]\.m"
)
# Words whose dot ends one unless a number follows.
_NUMBER_FOLLOWS = re.compile(r"nos?|nrn?|pp?|vol|ch|sec|art|eq|abb|abs|bd|kap|abschn|ver|v|s")
_PAIR = re.compile(r"(?<!\w)[^\W\d_]\.\s[a-zäöü]$|(?<!\w)[a-zäöü]\.\s[^\W\d_]$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
# An initial or a place name goes on before a name, and ends before a word that begins sentences.
_STARTERS = re.compile(
    r"the|an?|it|this|that|these|those|he|she|they|we|you|i|in|on|at|if|but|and|so|then|there|here|what|when|where|who"
    r"|how|why|please|now|no|yes|er|sie|es|wir|ich|das|die|der|dann|danach|jetzt|bitte|ja|nein|les?|la|ils?|elle|nous"
)
_ORDINAL_BEFORE = re.compile(r"der|die|das|dem|den|des|im|vom|zu[mr]|beim|jede[rs]|am|ab|bis|und|seit|erst")
_ORDINAL_AFTER = re.compile(
    r"(?:jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez)\w*"
    r"|jahrhunderts?|weltkriegs?|stock|etage|klasse|platz|mal|kapitel|teil|schritt|quartal|tag|woche|version"
)


def ends(before: str, mark: str, after: str, *, whole: bool, line_start: bool, language: str = "") -> bool | None:
    """Whether ``mark`` ends a sentence of the line ``before + mark + after``; None when more text is needed.

    ``whole``: nothing follows ``after`` in this line. ``line_start``: ``before`` begins a line.
    """
    if mark[0] in _ANYWHERE:
        return True if after or whole else None  # a closing bracket may follow
    follows = after.lstrip()
    first, next_word = follows[:1], _next_word(follows, whole)
    if mark.startswith(("..", "…")) or _QUOTED.search(mark):
        return _unless(first.islower(), first, whole)
    word = before.rsplit(maxsplit=1)[-1].lstrip(_WORD_LED) if before.strip() else ""
    if not mark.startswith(".") or len(mark.rstrip("*_`)]")) > 1:
        return True
    if line_start and _NUMBERED.match(before):
        return False
    if word.isdecimal():
        return _after_number(before, word, next_word, language)
    if _PAIR.search(before):  # z. B., d. h.
        return False
    return _after_word(word, first, next_word, whole)


def _after_word(word: str, first: str, next_word: str | None, whole: bool) -> bool | None:
    low = word.lower()
    if _NEVER.fullmatch(low):
        return False
    if _BEFORE_CAPITAL.fullmatch(low):
        return _unless(not first.isupper(), first, whole)
    if _NUMBER_FOLLOWS.fullmatch(low) and not (word.isupper() and len(word) == 1):
        return _unless(first.isdigit(), first, whole)
    if _INITIALS.fullmatch(word) and low != "i":
        if next_word is None:
            return None
        if word.isupper() or "." in word:  # J. R. Tolkien, the U.S. Army; but: in the U.S. They
            return next_word[:1].isupper() and _STARTERS.fullmatch(re.split(r"\W", next_word.lower())[0]) is not None
        return not re.match(r"[^\W\d_]{1,3}\.", next_word)  # d. h., n. Chr.
    return True


def _after_number(before: str, word: str, next_word: str | None, language: str) -> bool | None:
    """German writes "am 3. Oktober": a dot behind a number makes it an ordinal."""
    if len(word) > 2 or language not in ("", "de"):
        return True
    if next_word is None:
        return None
    if _ORDINAL_AFTER.fullmatch(next_word.lower().rstrip(".,;:!?")):
        return False
    if language != "de":
        return True
    previous = before[: -len(word)].split()[-1:]
    return not (previous and _ORDINAL_BEFORE.fullmatch(previous[0].lower()) and next_word[:1].isalpha())


def _next_word(follows: str, whole: bool) -> str | None:
    """The word that comes next; None while it is not all there."""
    word = follows.split(maxsplit=1)[0] if follows.strip() else ""
    return word if whole or len(word) < len(follows) or len(word) > 30 else None


def _unless(goes_on: bool, follows: str, whole: bool) -> bool | None:
    if follows:
        return not goes_on
    return True if whole else None


def inside_mark_up(before: str) -> bool:
    """Amid inline code, a link's text or address, or a tag."""
    if before.count("`") % 2:
        return True
    link = max(before.rfind("["), before.rfind("]("))
    if link >= 0 and not re.search(r"\](?!\()|\)", before[link + 1 :]):
        return True
    tag = before.rfind("<")
    return tag >= 0 and re.match(r"</?[a-zA-Z!][^>]*$", before[tag:]) is not None


def first_clause(line: str, words: int) -> int:
    """Behind the first clause of at least so many words, a CJK letter counting for half of one; 0: there is none."""
    for found in CLAUSE.finditer(line):
        before = line[: found.start()]
        between_digits = before[-1:].isdigit() and line[found.end() : found.end() + 1].isdigit()
        if between_digits or inside_mark_up(before):
            continue
        if len(before.split()) + len(CJK.findall(before)) // 2 >= words:
            return found.end()
    return 0


def last_clause(line: str, shortest: int, longest: int) -> int:
    """Behind the last clause of ``line`` within ``longest`` characters, else behind its last space, else 0."""
    for pattern in (CLAUSE, re.compile(r"\s+(?=\S)"), re.compile(rf"{CJK.pattern}(?={CJK.pattern})")):
        places = [found for found in pattern.finditer(line, shortest) if found.end() <= longest]
        for found in reversed(places):
            if not inside_mark_up(line[: found.start()]):
                return found.end()
    return 0
