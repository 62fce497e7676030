"""The tools of consent on the command line: what code would do, what a phrase would mean, the rules, the record."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oi_voice.errors import OiVoiceError
from oi_voice.terminal.render import complain, say, visible

if TYPE_CHECKING:
    from oi_voice.consent.audit import Finding
    from oi_voice.consent.rules import Rules
    from oi_voice.consent.shape import Rule

LONGEST = 1 << 20  # bytes of code that are read: more than is looked through
DEST = "tool_"  # begins the names of the tools' own arguments


class ToolError(OiVoiceError):
    """What a tool was given is nothing that it can work on."""

    code = "usage"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the tools as subcommands."""
    classify = _tool(commands, "classify", "what code would do, told without running it")
    classify.add_argument("--language", required=True, metavar="LANG", dest=f"{DEST}language", help="what it is in")
    classify.add_argument(
        f"{DEST}file", nargs="?", default="-", metavar="FILE", help="the code; - is standard input, as is nothing"
    )
    phrase = _tool(commands, "consent-phrase", "what a phrase would mean to a question about code")
    phrase.add_argument(f"{DEST}text", nargs="+", metavar="TEXT", help="the phrase")
    phrase.add_argument("--code", default="", metavar="DIGITS", dest=f"{DEST}code", help="digits that a yes must have")
    phrase.add_argument("--language", default="en", metavar="LANG", dest=f"{DEST}language", help="what it is said in")
    rules = _tool(commands, "rules", "what runs without a question; `rules revoke ID` ends a rule")
    rules.add_argument(
        f"{DEST}action", nargs="?", default="list", choices=("list", "revoke"), metavar="list | revoke ID"
    )
    rules.add_argument(f"{DEST}id", nargs="?", default="", metavar="ID", help=argparse.SUPPRESS)
    audit = _tool(commands, "audit", "the record of what was asked and answered")
    audit.add_argument("--verify", action="store_true", dest=f"{DEST}verify", help="tell whether it was changed since")
    audit.add_argument("-n", type=_some, default=20, metavar="N", dest=f"{DEST}count", help="that many answers (20)")


def _some(text: str) -> int:
    if text.isdecimal() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 on")


def _tool(commands: Any, name: str, words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words, allow_abbrev=False)
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def run(name: str, given: dict[str, Any], as_json: bool) -> int:
    """Do it, and print what comes of it; the exit status. Raises OiVoiceError."""
    result, lines, status = TOOLS[name](**given)
    say([json.dumps(result)] if as_json else map(visible, lines))
    return status


Result = tuple[Any, Sequence[str], int]  # as JSON, as lines, and the exit status


def _classify(language: str, file: str) -> Result:
    from oi_voice.consent.classify import classify, to_json

    risk = classify(language, _code(file))
    told = to_json(risk)
    return told, [f"{told['level']}: {told['words']}", *(f"  This code {reason}." for reason in risk.reasons)], 0


def _code(file: str) -> str:
    try:
        with sys.stdin.buffer if file == "-" else Path(file).open("rb") as code:
            return code.read(LONGEST).decode(errors="ignore" if code.read(1) else "strict")
    except OSError as error:
        raise ToolError(f"{file} can't be read ({error.strerror or error}).") from None
    except (UnicodeDecodeError, AttributeError):
        raise ToolError(f"{'Standard input' if file == '-' else file} holds no text.") from None


def _phrase(text: Sequence[str], code: str, language: str) -> Result:
    from oi_voice.consent.phrases import meaning, to_json

    if code and not (code.isascii() and code.isdigit()):
        raise ToolError(f"{code!r} is no code: it is made of digits.")
    found = to_json(meaning(" ".join(text), language, code=code))
    act = f" ({found['act']})" if found["act"] else ""
    return found, [f"{found['verdict']}{act}: {found['why']}"], 0


def _rules(action: str, id: str) -> Result:
    from oi_voice.consent.rules import Rules, default_path
    from oi_voice.consent.shape import words

    kept = Rules(default_path())
    if action == "revoke":
        return _revoked(kept, id)
    if id:
        raise ToolError(f"There is nothing to do with {id!r}.", fix="Say `rules revoke ID`.")
    rules = list(kept)
    for problem in kept.problems:
        complain(problem)
    lines = [f"{rule.id}  since {rule.since}  {words(rule)}" for rule in rules]
    none = "There are no rules: you are asked each time."
    return [_rule(rule, words(rule)) for rule in rules], [f"In {kept.path}:", *lines] if lines else [none], 0


def _rule(rule: Rule, words: str) -> dict[str, Any]:
    shape = {
        name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(rule.shape).items()
    }
    return {"id": rule.id, "scope": rule.scope.value, "since": rule.since, "words": words, **shape}


def _revoked(kept: Rules, id: str) -> Result:
    if not id:
        raise ToolError("Which rule?", fix="`oi-voice rules` lists them with their ids: say `rules revoke ID`.")
    if not kept.revoke(id):
        raise ToolError(f"There is no rule {id!r}.", fix="`oi-voice rules` lists them.")
    return {"revoked": id}, ["Revoked. You are asked about such code again."], 0


def _audit(verify: bool, count: int) -> Result:
    from oi_voice.consent import audit

    path = audit.default_path()
    try:
        return _verified(audit.verify(path)) if verify else _shown(path, count)
    except OSError as error:
        raise ToolError(f"The record {path} can't be read ({error.strerror or error}).") from None


def _verified(findings: Sequence[Finding]) -> Result:
    told = [f"{found.file}, line {found.line}: {found.words}" for found in findings]
    result = {"ok": not findings, "findings": [asdict(found) for found in findings]}
    return result, told or ["The record is as it was written."], 1 if findings else 0


def _shown(path: Path, count: int) -> Result:
    from oi_voice.consent.record import latest

    entries = latest(path, count)
    told = [f"{_time(entry)}  {_outcome(entry)}\n    {entry.get('level')}: {entry.get('words')}" for entry in entries]
    return entries, told or [f"Nothing is recorded in {path}."], 0


def _time(entry: dict[str, Any]) -> str:
    """When it was, in the person's own time."""
    at = str(entry.get("at"))
    try:
        return datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return at


def _outcome(entry: dict[str, Any]) -> str:
    verdict = "allowed" if entry.get("verdict") == "approve" else "not allowed"
    result = f", then: {entry['result']}" if entry["result"] else ""
    return f"{entry.get('language')} code {verdict}, by {entry.get('by')}{result}"


TOOLS: dict[str, Callable[..., Result]] = {
    "classify": _classify,
    "consent-phrase": _phrase,
    "rules": _rules,
    "audit": _audit,
}
