"""The question about code, put and answered in lines. Nothing but the few words it knows is an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from oi_voice.events import ApprovalRequested
from oi_voice.terminal.render import LEVELS, UNKNOWN

ENDS = "."  # a line that ends code typed anew; no program has it on a line of its own
WORDS = {"y": "yes", "n": "no", "e": "edit", "a": "always", "s": "scan", "?": "help"}
HELP = {
    "y": "run exactly this code, once",
    "n": "do not run it",
    "e": "change it first; what you make of it is looked at, and asked about, again",
    "a": "run it, and such code from now on without a question; you see first what that would be",
    "s": "scan it for what is often a mistake or an attack, then ask again",
}
MEANINGS = {
    "read": "it looks at this computer or fetches something, and leaves all as it is",
    "reversible": "it makes, moves or opens something, which can be taken back",
    "changes": "it changes what was there",
    "destructive": "what is gone then can't be had back",
    "sends": "something leaves this computer, and can't be called back",
}
UNCLEAR = "what it does can't be told, so it may be anything"
SCOPES = {"conversation": ("c", "for this conversation"), "always": ("a", "always, until `oi-voice rules revoke`")}
ANEW = f"Type the code anew, then a line with only {ENDS} in it; that line alone leaves the code as it is.\n"


class Act(Enum):
    YES = auto()
    NO = auto()
    EDIT = auto()
    SCAN = auto()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person wants done. ``allow`` is the scope of a rule; an edit without ``code`` is one in an editor."""

    act: Act
    allow: str = ""
    code: str | None = None


def choices(question: ApprovalRequested) -> str:
    """The letters that answer it."""
    return f"yne{'a' if question.scopes and question.rule else ''}{'s' if question.scannable else ''}?"


class Dialogue:
    """One question's: ``prompt`` is to be shown, then each line to be fed, until there is a ``Reply``.

    ``letters`` are what it may be answered with; code is typed anew where there is no ``editor``. An answer that is not
    understood is asked for once more; the second is a no.
    """

    def __init__(self, question: ApprovalRequested, letters: str, editor: bool = False) -> None:
        self._question, self._letters, self._editor = question, letters, editor
        self._unclear = self._ruling = False
        self._typed: list[str] | None = None

    @property
    def asks_anew(self) -> bool:
        """Whether something is asked that was not asked before: what a rule may be for."""
        return self._ruling

    @property
    def prompt(self) -> str:
        return f"── Run this? [{'/'.join(self._letters)}] "

    def feed(self, line: str | None) -> Reply | str:
        """What a line, None at the input's end, answers; else what to show before the next one."""
        if line is None:
            return Reply(Act.NO)
        if self._typed is not None:
            return self._type(line, self._typed)
        return self._scope(line) if self._ruling else self._answer(line)

    def _answer(self, line: str) -> Reply | str:
        said = line.strip().lower()
        letter = next((letter for letter in self._letters if said in (letter, WORDS[letter])), "")
        match letter:
            case "y" | "n":
                return Reply(Act.YES if letter == "y" else Act.NO)
            case "e":
                return self._edit()
            case "a":
                self._ruling = True
                return self._rule()
            case "s":
                return Reply(Act.SCAN)
            case "?":
                return self._help()
        if self._unclear:
            return Reply(Act.NO)
        self._unclear = True
        return f"Please answer {_or([*self._letters])}.\n{self.prompt}"

    def _help(self) -> str:
        told = [f"{letter}  {HELP[letter]}" for letter in self._letters if letter in HELP]
        level = self._question.level
        return "\n".join([*told, f"{LEVELS.get(level, UNKNOWN)[0]}: {MEANINGS.get(level, UNCLEAR)}.", self.prompt])

    def _edit(self) -> Reply | str:
        if self._editor:
            return Reply(Act.EDIT)
        self._typed = []
        return ANEW

    def _type(self, line: str, typed: list[str]) -> Reply | str:
        if line.rstrip() != ENDS:
            typed.append(line)
            return ""
        self._typed = None
        return Reply(Act.EDIT, code="\n".join([*typed, ""])) if typed else self.prompt

    def _rule(self) -> str:
        """What a rule would allow, and the scopes it may have."""
        offered = [SCOPES[scope] for scope in self._question.scopes if scope in SCOPES]
        letters = "/".join(letter for letter, _ in offered)
        return "\n".join([
            "A rule lets this run without a question:",
            f"   {self._question.rule}.",
            *(f"{letter}  {words}" for letter, words in offered),
            f"── For how long? Anything else asks again. [{letters}] ",
        ])  # fmt: skip

    def _scope(self, line: str) -> Reply | str:
        self._ruling = False
        said = line.strip().lower()
        for scope in self._question.scopes:
            if scope in SCOPES and said in (SCOPES[scope][0], scope):
                return Reply(Act.YES, allow=scope)
        return self.prompt


def _or(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
