"""What may be said to an open question, language by language: the words of a closed grammar, and spoken digits.

A table says more than a rule would: what is not in it means nothing. Words that are no yes count in every language
at once, for a recogniser may have guessed the wrong one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

LONGEST = 8  # words of an approving phrase

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ´`", "'"))
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")  # "yesss", "nooo"
_WORD = re.compile(r"\b(?:uh|nuh|mm|äh)-(?:uh|mm|äh)\b|[^\W_]+(?:'[^\W_]+)*")  # "uh-uh" is no hesitation
# A question mark, a quotation, dots, a comma or a dash where a sentence or a word broke off, a hidden character, a
# fraction (of a code the digits stand alone: 1, 3, 7) …
_STRANGE = re.compile(
    r"[^\w\s.,!;:'-]|_|\.\s*\.|(?<!\w)['-]|['-](?!\w)|[,;:]\s*\Z|\d{2}[.,]\d|\d[.,]\d{2}",
)


def words(phrase: str) -> list[str]:
    """The phrase's words: folded case and width, plain apostrophes, no punctuation."""
    return _WORD.findall(_STRETCHED.sub(r"\1", _folded(phrase)))


def strange(phrase: str) -> bool:
    """Whether there is more in the phrase than words and the stops between them."""
    return _STRANGE.search(_folded(phrase)) is not None


def _folded(phrase: str) -> str:
    return unicodedata.normalize("NFKC", phrase).casefold().translate(_APOSTROPHES)


@dataclass(frozen=True)
class Grammar:
    """One language's words. Each phrase is as ``words`` gives them, joined by blanks."""

    yes: frozenset[str]  # a yes by itself
    soft: frozenset[str]  # may only say that one has heard: needs one of ``yes`` or ``go`` beside it
    after: frozenset[str]  # only after a yes: alone it may be meant for somebody, or be the half of a sentence
    go: frozenset[str]  # tells to run it
    polite: frozenset[str]
    now: frozenset[str]  # only after a yes and a go: alone it may be a misheard no
    joint: frozenset[str]
    key: frozenset[str]  # announces the code's digits
    deny: frozenset[str]  # single words; one of them anywhere is a no
    doubt: frozenset[str]  # single words; as good as a no
    fillers: frozenset[str]
    lead: frozenset[str]  # what may stand before a request, beside yes, soft and polite words
    tail: frozenset[str]  # what may stand after one
    asks: Mapping[str, str]  # a whole request → what it asks for
    changes: tuple[str, ...]  # what a wish for another code begins with
    digits: Mapping[str, str]
    numbers: Mapping[str, str]  # "one hundred thirty seven" → "137"

    @cached_property
    def parts(self) -> dict[str, str]:
        """Each phrase that a yes may be made of, and the letter of its kind."""
        kinds = (self.yes, self.soft, self.after, self.go, self.polite, self.now, self.joint, self.key)
        return {phrase: letter for letter, kind in zip("YSAGPNJK", kinds, strict=True) for phrase in kind}


def _some(*phrases: str) -> frozenset[str]:
    return frozenset(" ".join(words(phrase)) for line in phrases for phrase in line.split(","))


def _each(*phrases: str) -> frozenset[str]:
    return frozenset(word for line in phrases for word in words(line))


def _asking(**asked: str) -> dict[str, str]:
    return {phrase: act for act, phrases in asked.items() for phrase in _some(phrases)}


_RUN = [f"{verb} {what}" for verb in ("run", "execute", "do", "start") for what in ("it", "this", "that", "the code")]
_RUN += ["run this code", "run that code", "run the script", "run the program", "run the command", "carry it out"]
_RUN.remove("do this")
_RUN += ["go ahead", "go right ahead", "go for it", "proceed", "please do", "make it so", "execute"]
# "You can do it!" is said to a child; "do this" begins a request.
_ENCOURAGING = frozenset(("do this", "you can do it", "you can do this", "you can do that"))

_ONES = words("zero one two three four five six seven eight nine")
_TEENS = words("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
_EINS = words("null ein zwei drei vier fünf sechs sieben acht neun")
_ZEHN = words("zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn")
_ZEHNER = words("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")


def _english() -> Iterator[tuple[str, str]]:
    for number in range(100, 1000):
        hundreds, rest = _ONES[number // 100], number % 100
        said = _ONES[rest] if rest < 10 else _TEENS[rest - 10] if rest < 20 else _TENS[rest // 10 - 2]
        said += f" {_ONES[rest % 10]}" if rest > 20 and rest % 10 else ""
        for first in (hundreds, "a") if hundreds == "one" else (hundreds,):
            yield from (
                (f"{first} hundred{link}{said if rest else ''}".strip(), str(number)) for link in (" ", " and ")
            )
        if rest >= 10:
            yield f"{hundreds} {said}", str(number)


def _german() -> Iterator[tuple[str, str]]:
    for number in range(100, 1000):
        rest, one = number % 100, number % 10
        said = (_EINS[rest] if rest != 1 else "eins") if rest < 10 else _ZEHN[rest - 10] if rest < 20 else ""
        said = said or (f"{_EINS[one]}und" if one else "") + _ZEHNER[rest // 10 - 2]
        for first in {_EINS[number // 100], "" if number < 200 else _EINS[number // 100]}:
            yield from ((f"{first}hundert{link}{said if rest else ''}", str(number)) for link in ("", "und"))


def _spoken(numbers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {" ".join(words(said)): number for said, number in numbers}


ENGLISH = Grammar(
    yes=_some("yes,yeah,yep,yup,sure,sure thing,affirmative,approve,approved,i approve,confirm,confirmed")
    | _some("approve it,i confirm")
    | _some("allow it,i allow it,permission granted,accept,accepted,i accept,agreed,i agree,allow,allowed,granted"),
    soft=_some(
        "ok,okay,alright,all right,fine,that's fine,that's ok,that's okay,sounds good,looks good,"
        "that is fine,that is ok,that is okay,it's fine,it is fine"
    )
    | _some("absolutely,certainly,definitely,of course,sure you can,sure you may")
    | {f"sure {said}" for said in _ENCOURAGING},
    after=_some(
        "i'm sure,i am sure,you may,you can,continue,carry on,go on,start,let's go,correct,that's right,that's correct"
    )
    | _ENCOURAGING,
    go=frozenset(_RUN)
    | {f"{prefix} {go}" for prefix in ("you can", "you may", "let's", "lets") for go in _RUN} - _ENCOURAGING
    | {"let it run"},
    polite=_some("please,thanks,thank you"),
    now=_some("now,right now"),
    joint=_some("and"),
    key=_some("code,the code,the code is,code is,it's,it is"),
    deny=_each(
        "no nope nah nay not never none nothing nobody neither nor don't dont doesnt didnt isnt wasnt arent aint wont"
    )
    | _each(
        "wouldnt shouldnt couldnt cannot cant mustnt havent hasnt stop stopped cancel cancelled canceled abort halt"
    )
    | _each(
        "deny denied decline declined refuse refused reject rejected forbid forbidden disapprove disagree veto quit"
    )
    | _each("against without skip forget leave avoid undo negative wrong bad away")
    | _each("dangerous nevermind uh-uh nuh-uh mm-mm"),
    doubt=_each(
        "wait hold hang maybe perhaps possibly probably hm hmm mm but if unless until till when before after later"
    )
    | _each(
        "although though except however only instead rather or unsure uncertain careful think thinking guess suppose"
    )
    | _each(
        "second sec moment minute depends doubt either whatever sorry oops actually almost nearly hesitate well know"
    ),
    fillers=_each("um umm uh uhm er erm ah eh"),
    lead=_each(
        "no wait hold on hang but and first then actually hm hmm oh now just can could would will you i want to"
    ),
    tail=_some("please,first,again,thanks,for me"),
    asks=_asking(
        read="read it,read it to me,read it aloud,read it out,read it out loud,read that,read that to me,"
        "read this to me,read me the code,read the code,read the code to me,read it me,let me hear it",
        explain="what does it do,what does this do,what does that do,what does the code do,what will it do,"
        "what would it do,what is it,what is this,what is that,what's this,what's that,what's it do,"
        "what will happen,what happens,explain it,"
        "explain that,explain this,explain it to me,explain the code,tell me what it does,why",
        stop="stop,stop it,stop that,stop this,stop now,stop everything,abort,abort it,halt,quit",
    ),
    changes=("change", "edit", "modify", "make it", "replace", "use"),
    digits=dict(zip(_ONES, "0123456789", strict=True))
    | {"oh": "0", "o": "0", "won": "1", "to": "2", "too": "2", "for": "4", "ate": "8"},
    numbers=_spoken(_english()),
)

_LOS = [f"{verb} {what}" for verb in ("mach", "starte", "start") for what in ("es", "das", "den code")]
_LOS += [f"{verb} {what} aus" for verb in ("führ", "führe") for what in ("es", "das", "den code", "ihn")]
_LOS += ["ausführen", "starten", "nur zu", "mach mal", "leg los", "los geht's", "los gehts", "tu es", "tu das"]
_LOS += [f"du {may} {what} ausführen" for may in ("darfst", "kannst") for what in ("es", "das", "den code")]

GERMAN = Grammar(
    yes=_some("ja,jawohl,jep,jo,klar,na klar,gern,gerne,einverstanden,genehmigt,bestätigt,ich bestätige,erlaubt")
    | _some("ich bin einverstanden,ich erlaube es,bestätige,akzeptiert,ich akzeptiere,zugestimmt,ich stimme zu"),
    soft=_some("ok,okay,alles klar,in ordnung,das ist in ordnung,passt,das passt,genau,das ist okay")
    | _some("natürlich,selbstverständlich,auf jeden fall"),
    after=_some("ich bin sicher,du darfst,du kannst,weiter,los,mach weiter,kannst du machen,das kannst du machen"),
    go=_some(",".join(_LOS)),
    polite=_some("bitte,danke,bitte schön,danke schön,vielen dank"),
    now=_some("jetzt"),
    joint=_some("und"),
    key=_some("code,der code,der code ist,der code lautet,es ist"),
    deny=_each(
        "nein nee ne nö nöö nicht nich nichts nix kein keine keinen keinem keiner keinesfalls keineswegs nie niemals"
    )
    | _each(
        "niemand stopp stop halt abbrechen abbruch brich ablehnen abgelehnt lehne verboten verbiete untersage weigere"
    )
    | _each("lass lassen weg aufhören hör ohne gegen falsch schlecht gefährlich bloß unterlass verweigert raus äh-äh"),
    doubt=_each(
        "warte warten wart moment momentchen sekunde minute vielleicht eventuell womöglich eigentlich aber wenn falls"
    )
    | _each(
        "ob erst später lieber doch hm hmm sondern außer oder bevor bis nachdem glaube glaub denke schätze weiß jein"
    )
    | _each("naja tja sofern vorsicht vorsichtig unsicher wohl entweder zuerst gleich statt stattdessen"),
    fillers=_each("äh ähm öh öhm ehm"),
    lead=_each(
        "nein warte aber und erst dann moment eigentlich hm ach also kannst kann könntest du mal doch ich möchte"
    ),
    tail=_some("bitte,zuerst,erst,nochmal,noch mal,noch einmal,danke,mal"),
    asks=_asking(
        read="lies es vor,lies vor,lies es mir vor,lies mir das vor,lies das vor,lies den code vor,"
        "lies mir den code vor,lies mir es vor,es vorlesen,mir das vorlesen,es mir vorlesen,vorlesen",
        explain="was macht es,was macht das,was tut es,was tut das,was macht der code,was ist das,"
        "was passiert,was passiert da,was passiert dann,erklär es,erkläre es,"
        "erklär es mir,erklär das,erklär mir das,erkläre mir das,warum,wieso",
        stop="stopp,stop,halt,abbrechen,abbruch,brich ab,brich es ab,hör auf,aufhören,stopp das,alles stopp",
    ),
    changes=("ändere", "ändern", "änder", "ersetze", "nimm", "mach es", "mach das", "verwende"),
    digits={word: str(digit) for digit, word in enumerate(_EINS)} | {"eins": "1", "zwo": "2"},
    numbers=_spoken(_german()),
)

GRAMMARS = {"en": ENGLISH, "de": GERMAN}
