"""The rules in force: those of a file that a person may read and edit, of this conversation, of a setting.

What a rule is, and what it may be about, is in ``shape``. Nothing is in force of a file that can't be read, nor a rule
that is not wholly understood, whoever wrote it there.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oi_voice.consent.files import alone, private, refuse_others
from oi_voice.consent.shape import READS, Rule, RuleError, Scope, Shape, covers, path, refusal, words
from oi_voice.conversations import numbered
from oi_voice.reveal import reveal

LARGEST = 1 << 20  # bytes
HEADER = """\
# What runs without a question. Delete a rule, and you are asked again; changes count from the next question on.
# There are no rules for what destroys, sends or is not understood: such ones are ignored here.
# The line above a rule says what it allows, and is made from it.
"""
_FIELDS = {"id", "language", "level", "effects", "places", "since"}


def default_path() -> Path:
    """The file of rules, beside the person's profiles."""
    import platformdirs

    return Path(platformdirs.user_config_dir("oi_voice", appauthor=False)) / "rules.yaml"


@dataclass(frozen=True, slots=True)
class _Read:
    """What is in the file. ``entries`` has all, those as well that are no rules; ``broken``: nobody can tell."""

    rules: tuple[Rule, ...] = ()
    problems: tuple[str, ...] = ()
    entries: tuple[Any, ...] = ()
    header: str = HEADER
    broken: bool = False


class Rules:
    """Blocking; the file is read each time, so that what a person deletes is not in force from then on.

    ``reads`` allows all that only reads. ``problems`` says in sentences what was left out when the file was last read.
    """

    def __init__(self, path: Path, reads: bool = False) -> None:
        self.path = path
        self.reads = reads
        self._conversation: list[Rule] = []
        self.problems = _read(path).problems

    def __iter__(self) -> Iterator[Rule]:
        """All rules as they are now."""
        found = _read(self.path)
        self.problems = found.problems
        return iter([*([READS] if self.reads else []), *self._conversation, *found.rules])

    def allows(self, shape: Shape) -> Rule | None:
        """The rule by which code of this shape runs without a question, if there is one."""
        if shape.level != "read" and any(self._ours(text) for text in shape.places):
            return None
        return next((rule for rule in self if covers(rule, shape)), None)

    def add(self, rule: Rule) -> None:
        """Put a rule in force. Raises RuleError where there can be none, or the file can't be written."""
        if why := refusal(rule.shape, rule.scope):
            raise RuleError(why, fix="It is asked about each time.")
        if rule.scope is Scope.CONVERSATION:
            self._conversation.append(rule)
            return
        with self._held() as found:
            self._write(found, [*found.entries, _entry(rule)])

    def revoke(self, id: str) -> bool:
        """Take a rule out of force; False when there is none of that id. Raises RuleError."""
        before = len(self._conversation)
        self._conversation = [rule for rule in self._conversation if rule.id != id]
        if len(self._conversation) < before:
            return True
        with self._held() as found:
            kept = [entry for entry in found.entries if not (isinstance(entry, dict) and str(entry.get("id")) == id)]
            if len(kept) < len(found.entries):
                self._write(found, kept)
        return len(kept) < len(found.entries)

    def forget(self) -> None:
        """The conversation is over, and its rules with it."""
        self._conversation = []

    def _ours(self, text: str) -> bool:
        """Whether a place lies where the rules themselves are kept."""
        where = path(text)
        return where is not None and Path(where).is_relative_to(self.path.parent.absolute())

    @contextmanager
    def _held(self) -> Iterator[_Read]:
        """What the file holds, while no other program of ours changes it."""
        try:
            private(self.path.parent)
            with alone(self.path.with_name(f"{self.path.name}.lock")):
                yield _read(self.path)
        except OSError as error:
            raise RuleError(
                f"The rules can't be kept in {self.path} ({error.strerror or error}).",
                fix="See that this folder is yours and can be written.",
            ) from error

    def _write(self, found: _Read, entries: list[Any]) -> None:
        """Put a new file in the place of the old one; one that could not be read is kept under another name."""
        if found.broken:
            names = numbered(self.path.parent, self.path.name, ".corrupt")
            self.path.rename(next(free for free in names if not free.exists()))
        text = "\n".join([found.header, *map(_told, entries)])
        with tempfile.NamedTemporaryFile(dir=self.path.parent, prefix=".", suffix=".tmp", delete=False) as file:
            try:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
                file.close()
                Path(file.name).replace(self.path)
            except OSError:
                Path(file.name).unlink(missing_ok=True)
                raise


def _read(path: Path) -> _Read:
    import yaml

    try:
        text = _text(path)
        _once(yaml.compose(text, yaml.SafeLoader))
        content = yaml.safe_load(text)
        entries = [_rule(entry) for entry in content] if isinstance(content, list) else []
    except FileNotFoundError:
        return _Read()
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        why = " ".join((getattr(error, "strerror", None) or str(error)).split())
        return _broken(f"The rules in {path} can't be read ({why}), so none of them is in force.")
    if not isinstance(content, list | None):
        return _broken(f"{path} is no list of rules, so none of them is in force.")
    rules, problems = [], []
    for number, (rule, why) in enumerate(entries, 1):
        if rule is None:
            problems.append(f"Rule {number} in {path} is ignored. {why}")
        else:
            rules.append(rule)
    header = text.partition("\n\n")[0] + "\n"
    own = all(line.startswith("#") for line in header.splitlines())
    return _Read(tuple(rules), tuple(problems), tuple(content or ()), header if own else HEADER)


def _once(content: Any) -> None:
    """Raise ValueError where a name stands twice in a rule: who reads it may go by the one that does not count."""
    rules = content.value if content and content.id == "sequence" else ()
    for entry in (entry for entry in rules if entry.id == "mapping"):
        names = [key.value for key, _ in entry.value if key.id == "scalar"]
        if len(set(names)) < len(names):
            raise ValueError(f"a name stands twice in the rule on line {entry.start_mark.line + 1}")


def _broken(why: str) -> _Read:
    fix = "Correct or delete it. If a rule is added before, it is kept beside the new file."
    return _Read(problems=(f"{why} {fix}",), broken=True)


def _text(path: Path) -> str:
    """The file's text. Raises OSError, also where somebody else may have written it, and ValueError."""
    refuse_others(path.parent.stat())
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:  # noqa: PTH123 - a pipe there is not waited for
        found = os.fstat(file.fileno())
        refuse_others(found)
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("it is no plain file")
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError("it is too long")
    return data.decode()


def _entry(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "language": rule.shape.language,
        "level": rule.shape.level,
        "effects": sorted(rule.shape.effects),
        "places": sorted(rule.shape.places),
        "since": rule.since,
    }


def _rule(entry: Any) -> tuple[Rule | None, str]:
    """The rule that an entry of the file is; else why it is none."""
    if not isinstance(entry, dict):
        return None, "It is no rule."
    if unknown := sorted(set(map(str, entry)) - _FIELDS):
        return None, f"What {', '.join(unknown)} means is not known."
    lists = [entry.get(name) or [] for name in ("effects", "places")]
    if not all(isinstance(found, list) and all(isinstance(text, str) for text in found) for found in lists):
        return None, "Its effects and places must be lists of words."
    effects, places = map(frozenset[str], lists)
    shape = Shape(str(entry.get("language", "")), str(entry.get("level", "")), effects, places)
    rule = Rule(str(entry.get("id", "")), Scope.ALWAYS, shape, str(entry.get("since", "")))
    named = rule.id and f"{rule.id}{rule.since}".isprintable()
    why = refusal(shape, Scope.ALWAYS) or ("" if named else "It has no id that can be shown.")
    return (None, why) if why else (rule, "")


def _told(entry: Any) -> str:
    """An entry as the file has it, below what it allows."""
    import yaml

    rule, why = _rule(entry)
    said = words(rule) if rule else f"Ignored. {why}"
    said, _ = reveal(" ".join(said.split()))
    return f"# {said}\n{yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=1000)}"
