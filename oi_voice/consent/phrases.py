"""What a phrase means to an open question. A yes is a whole parse of a small closed grammar; the rest is none.

``voice`` has the words. Any word of denial or doubt wins, wherever it stands; what is not understood means nothing.
A loudspeaker may reach the microphone: nothing that the program says of a question may itself parse as a yes.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from oi_voice.consent.voice import GRAMMARS, LONGEST, Grammar, strange, words

#: Levels at which a spoken yes suffices. All others, also those not known here, need the hand or the code.
PLAIN = frozenset(("read", "reversible", "changes"))
#: Wrong codes after which a code is dead.
TRIES = 3
# No 9 (five, nein), no 2 (to; zwei and drei sound alike), no 0 (oh).
_DIGITS = "1345678"

# S? Y: "okay, yes". Y S: "yes, that's fine". Y A: "yes, you may". G J G: "go ahead and run it". See Grammar.parts for
# the letters.
_YES = re.compile(r"P?S?P?(?:Y{1,2}[SA]?P?(?:G(?:J?G)?P?N?P?)?|G(?:J?G)?P?)")
_BESIDE_CODE = re.compile(rf"(?:{_YES.pattern}|P|S)?")
_CODE = re.compile(r"(.*?)K?D(.*)")
_DENIED = re.compile(r".+n't")


class Said(StrEnum):
    APPROVE = "approve"
    DENY = "deny"
    NEITHER = "neither"


class Act(StrEnum):
    """What else was asked for, or said."""

    NONE = ""
    READ = "read"  # read the code aloud
    EXPLAIN = "explain"  # say what it does
    CHANGE = "change"  # the whole phrase is the wish
    STOP = "stop"  # end the turn
    CODE = "code"  # digits, right or wrong


@dataclass(frozen=True, slots=True)
class Meaning:
    """``why`` is a sentence for the person."""

    verdict: Said
    act: Act
    why: str


def to_json(meaning: Meaning) -> dict[str, Any]:
    """``{"verdict": …, "act": …, "why": …}``"""
    return {name: str(value) for name, value in asdict(meaning).items()}


def needs_code(level: str) -> bool:
    """Whether code of this level may be approved by voice only with the code that is shown."""
    return level not in PLAIN


def meaning(phrase: str, language: str = "en", *, code: str = "") -> Meaning:
    """What ``phrase`` says to an open question.

    ``language`` is a tag (``en``, ``de-AT``); in one without a table nothing is a yes. With a ``code``, only a phrase
    that has these digits is one.
    """
    said, grammar = words(phrase), GRAMMARS.get(re.split("[-_]", language.lower())[0])
    wish = _wish(said, grammar) if grammar else Act.NONE
    if no := next((word for word in said if word in _DENY or _DENIED.fullmatch(word)), ""):
        return Meaning(Said.DENY, wish if wish in (Act.STOP, Act.CHANGE) else Act.NONE, f"“{no}” is a no.")
    if wish in (Act.READ, Act.EXPLAIN):
        return Meaning(Said.NEITHER, wish, "That asks about the code.")
    if doubt := next((word for word in said if word in _DOUBT), ""):
        if wish is Act.CHANGE:
            return Meaning(Said.NEITHER, wish, "That asks for other code.")
        return Meaning(Said.DENY, Act.NONE, f"“{doubt}” is no clear yes.")
    if not said or grammar is None:
        return Meaning(Said.NEITHER, Act.NONE, "Nothing was said that is understood here.")
    return _answer(phrase, said, grammar, code, wish)


_DENY = frozenset[str]().union(*(grammar.deny for grammar in GRAMMARS.values()))
_DOUBT = frozenset[str]().union(*(grammar.doubt for grammar in GRAMMARS.values()))


def _answer(phrase: str, said: list[str], grammar: Grammar, code: str, wish: Act) -> Meaning:
    """The meaning of words that hold neither denial nor doubt."""
    if len(said) > LONGEST:
        return Meaning(Said.NEITHER, wish, f"An answer has at most {LONGEST} words.")
    parts = list(_parts([word for word in said if word not in grammar.fillers], grammar))
    letters = "".join(letter for letter, _ in parts)
    digits = "".join(text for letter, text in parts if letter == "D")
    act = Act.CODE if "D" in letters else Act.NONE
    texts = [text for letter, text in parts if letter != "D"]
    why = ""
    if "?" in letters:
        unknown = next(text for letter, text in parts if letter == "?")
        why = f"“{unknown}” is no part of an answer."
    elif strange(phrase):
        why = "A question, or half a sentence, is no answer."
    elif len(set(texts)) < len(texts):
        why = "Words that repeat may be an echo."
    elif code and not digits:
        why = "This needs the code that is shown, or your hand."
    elif code and not hmac.compare_digest(digits.encode(), code.encode()):
        why = "That is not the code that is shown."
    elif not (_coded(letters) if code else _YES.fullmatch(letters)):
        why = "That is no clear yes: say “yes, run it”."
    if not why:
        return Meaning(Said.APPROVE, act, "A yes.")
    if wish is Act.CHANGE:
        return Meaning(Said.NEITHER, wish, "That asks for other code.")
    return Meaning(Said.NEITHER, act, why)


def _coded(letters: str) -> bool:
    """Whether the digits stand once, before or after what else may be said."""
    found = _CODE.fullmatch(letters)
    if found is None or "D" in found[2]:
        return False
    sides = [side for side in found.groups() if side not in ("", "P")]
    return len(sides) < 2 and all(_BESIDE_CODE.fullmatch(side) for side in sides)


def _parts(said: Sequence[str], grammar: Grammar) -> Iterator[tuple[str, str]]:
    """Letter and text of each part, the longest phrase first; ``D`` has the digits, ``?`` an unknown word."""
    at = 0
    while at < len(said):
        for end in range(min(len(said), at + LONGEST), at, -1):
            text = " ".join(said[at:end])
            letter = grammar.parts.get(text, "")
            if not letter and (digits := _number(said[at:end], grammar)):
                letter, text = "D", digits
            if letter:
                break
        else:
            letter, text, end = "?", said[at], at + 1
        yield letter, text
        at = end


def _number(said: Sequence[str], grammar: Grammar) -> str:
    """The digits of "one two three", "123", "1 23" or "one hundred twenty three"; empty for anything else."""
    digits = [word if word.isascii() and word.isdigit() else grammar.digits.get(word, "") for word in said]
    if all(digits) and ("".join(digits) == "".join(said) or all(len(digit) == 1 for digit in digits)):
        return "".join(digits)  # "for 13" is no 413
    return grammar.numbers.get(" ".join(said), "")


def _wish(said: Sequence[str], grammar: Grammar) -> Act:
    """What the phrase as a whole asks for, words such as "no, wait," and "please" aside."""
    may_lead = grammar.lead | grammar.fillers | grammar.polite | grammar.yes | grammar.soft
    for start in range(min(len(said), LONGEST)):
        text = " ".join(said[start:])
        stripped = _without_tail(text, grammar)
        if asked := grammar.asks.get(text) or grammar.asks.get(stripped):
            return Act(asked)
        if any(stripped.startswith(f"{change} ") for change in grammar.changes):
            return Act.CHANGE
        if said[start] not in may_lead:
            break
    return Act.NONE


def _without_tail(text: str, grammar: Grammar) -> str:
    while tail := next((tail for tail in grammar.tail if text.endswith(f" {tail}")), ""):
        text = text.removesuffix(f" {tail}")
    return text


def fresh_code() -> str:
    """Three different digits that are not taken for others, in English or German, and do not just count up or down."""
    while True:
        code = "".join(secrets.choice(_DIGITS) for _ in range(3))
        steps = {int(code[1]) - int(code[0]), int(code[2]) - int(code[1])}
        if len(set(code)) == 3 and steps not in ({1}, {-1}):
            return code


class SpokenCode:
    """The code of one question: shown on the popup, never spoken by the program, good for one yes and a few tries."""

    def __init__(self, digits: str = "") -> None:
        self.digits = digits or fresh_code()
        self._tries = TRIES

    @property
    def alive(self) -> bool:
        return self._tries > 0

    def spend(self) -> None:
        """The question was answered, by whatever means: the code is good for nothing from now on."""
        self._tries = 0

    def hear(self, phrase: str, language: str = "en") -> Meaning:
        """``meaning``, where only this code's digits approve, once."""
        heard = meaning(phrase, language, code=self.digits)
        if heard.act is not Act.CODE:
            return heard
        if not self.alive:
            return Meaning(Said.NEITHER, Act.CODE, "This code is used up: answer by hand.")
        self._tries = 0 if heard.verdict is Said.APPROVE else self._tries - 1
        return heard
