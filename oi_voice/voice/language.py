"""A light guess at what language a text is in: by its script, else by its commonest small words."""

from __future__ import annotations

import re

ENOUGH = 2  # small words of one language, more than of any other, that settle it
READ = 600  # characters that are looked at

# Small words that few other languages here share; those of a single letter are dropped, for they say nothing.
_SMALL = {
    "en": "the and is are was you your of to it this that with for not have has can will what there here i'm it's don't"
    " they from be been would should which when how do does i've found file yes",
    "de": "der die das und ist sind war nicht ein eine einen dem den des ich du sie wir mit für auf zu von im ich habe"
    " hat kann wird auch noch es aber oder wie was wenn sich nach bei dass ja nein datei",
    "fr": "le la les et est sont des une un du pas vous je il elle nous avec pour sur dans que qui ce cette ai au aux"
    " c'est j'ai mais ou où fichier oui",
    "es": "el los las y es son una un no usted yo con para por en que del se está estoy su lo como pero más hay muy"
    " archivo sí",
    "it": "il gli e è sono una un non lei io con per che di del della nel si ho ha come ma più questo anche ecco",
    "pt": "o os as é são uma um não você eu com para por em que do da se está seu como mas mais há muito arquivo sim",
    "nl": "de het een en is zijn was niet u je ik wij met voor op van dat die heb heeft kan wordt ook maar of naar bij",
    "pl": "i jest są nie się na z do to że jak ale czy ma tak od przez dla plik",
    "sv": "och är var inte en ett den det jag du vi med för på av som har kan också men eller till fil",
}
_WORDS = {code: frozenset(word for word in words.split() if len(word) > 1) for code, words in _SMALL.items()}
_LETTERS = {"de": "ßäöü", "fr": "çœêèùâ", "es": "ñ¿¡", "pt": "ãõ", "pl": "łąęśżźćń", "sv": "å", "it": "ìò"}
# The order matters: Japanese is known by its kana, for it is full of Han as well.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("uk", re.compile(r"[іїєґ]", re.IGNORECASE)),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_FOREIGN = re.compile(r"[\u0370-\u1fff\u3040-\ud7af]")
_LETTER = re.compile(r"[^\W\d_]")


def guess(text: str, expected: str = "") -> str:
    """The language of a text as a code such as ``en``; ``expected`` (perhaps empty) where the text does not tell."""
    text = text[:READ]
    foreign = len(_FOREIGN.findall(text))
    if foreign and 3 * foreign >= len(_LETTER.findall(text)):  # a third: Han says more in a letter than Latin does
        return next((code for code, script in _SCRIPTS if script.search(text)), expected)
    words = [word.replace("’", "'") for word in _WORD.findall(text.lower())]
    scores = {code: sum(word in small for word in words) for code, small in _WORDS.items()}
    for code, letters in _LETTERS.items():
        scores[code] += sum(any(letter in word for letter in letters) for word in words)
    best, second = sorted(scores, key=lambda code: -scores[code])[:2]
    settled = scores[best] >= ENOUGH and scores[best] > scores[second]
    return best if settled else expected


def base(code: str) -> str:
    """``de`` of ``de-AT``, ``de_DE`` or ``DE``."""
    return re.split(r"[-_]", code.strip().lower(), maxsplit=1)[0]
