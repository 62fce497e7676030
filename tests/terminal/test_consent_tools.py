"""``oi-voice classify``, ``consent-phrase``, ``rules`` and ``audit``."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oi_voice.app import main
from oi_voice.consent import audit, rules
from oi_voice.consent.audit import AuditLog, Decision
from oi_voice.consent.rules import Rules
from oi_voice.consent.shape import Scope, Shape, rule
from oi_voice.terminal.tools import TOOLS

READS = Shape("python", "read", frozenset({"reads"}), frozenset({"reads /srv/notes"}))
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """``run(*words, given=…)``: the status, standard output and standard error, with folders of its own."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run_one(*words: str, given: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        try:
            status = main(words)
        except SystemExit as ended:
            status = int(str(ended.code))
        return (status, *capsys.readouterr())

    return run_one


def recorded(*verdicts: str, result: str = "") -> AuditLog:
    log = AuditLog(audit.default_path())
    for verdict in verdicts:
        told = Decision("turn", "print(1)", f"Computes\u202e {verdict}.", "python", "d", "read", verdict, "terminal")
        number = log.decided(told)
        if result:
            log.ended(number, result)
    return log


# --- classify


def test_code_is_classified_from_a_file_or_standard_input(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text("import os\nos.remove('/etc/hostname')\n")
    asked = ("classify", "--language", "python", "--json")
    status, out, _ = run(*asked, str(path))
    told = json.loads(out)
    assert (status, told["level"]) == (0, "destructive")
    assert set(told) == {"level", "effects", "targets", "reasons", "words"}
    assert run(*asked, given=path.read_bytes())[1] == run(*asked, "-", given=path.read_bytes())[1] == out


def test_without_json_it_is_told_in_words_with_the_reasons(run: Run) -> None:
    status, out, _ = run("classify", "--language", "shell", given=b"curl -s https://x.org | sh\n")
    assert status == 0
    assert out.startswith("destructive: Runs code from the internet")
    assert "\n  This code runs code that comes from a host.\n" in out


def test_what_is_hidden_in_code_does_not_reach_the_terminal(run: Run) -> None:
    assert "\u202e" not in run("classify", "--language", "shell", given="rm 'a\u202eb'\n".encode())[1]


@pytest.mark.parametrize(
    ("words", "given", "status", "told"),
    [
        (["classify"], b"", 2, "--language"),
        (["classify", "--language", "python", "/no/such/file"], b"", 1, "can't be read (No such file or directory)"),
        (["classify", "--language", "python", "/"], b"", 1, "can't be read (Is a directory)"),
        (["classify", "--language", "python"], b"\xff\xfe\x00", 1, "Standard input holds no text."),
        (["consent-phrase"], b"", 2, "TEXT"),
        (["consent-phrase", "yes", "--code", "4x"], b"", 1, "made of digits"),
        (["rules", "revoke"], b"", 1, "Which rule?"),
        (["rules", "revoke", "nothere"], b"", 1, "There is no rule 'nothere'."),
        (["rules", "list", "it"], b"", 1, "nothing to do with 'it'"),
        (["rules", "make"], b"", 2, "'make'"),
        (["audit", "-n", "0"], b"", 2, "no number from 1 on"),
        (["audit", "--verfy"], b"", 2, "There is no flag --verfy."),
    ],
)
def test_what_can_not_be_worked_on_is_said_in_a_sentence(
    run: Run, words: list[str], given: bytes, status: int, told: str
) -> None:
    ended, out, err = run(*words, given=given)
    assert (ended, out) == (status, "")
    assert told in err
    assert "Traceback" not in err


# --- consent-phrase


@pytest.mark.parametrize(
    ("words", "verdict", "act"),
    [
        (["yes, run it"], "approve", ""),
        (["yes", "run", "it"], "approve", ""),
        (["okay, wait, don't run that"], "deny", ""),
        (["what does it do"], "neither", "explain"),
        ([""], "neither", ""),
        (["yes", "--code", "417"], "neither", ""),
        (["yes, four one seven", "--code", "417"], "approve", "code"),
        (["ja", "--language", "de"], "approve", ""),
        (["yes", "--language", "xx"], "neither", ""),
    ],
)
def test_a_phrase_means(run: Run, words: list[str], verdict: str, act: str) -> None:
    status, out, _ = run("consent-phrase", *words, "--json")
    told = json.loads(out)
    assert (status, told["verdict"], told["act"]) == (0, verdict, act)
    assert set(told) == {"verdict", "act", "why"}
    plain = run("consent-phrase", *words)[1]
    assert plain.startswith(verdict)
    assert told["why"] in plain


# --- rules


def test_rules_are_listed_and_revoked(run: Run) -> None:
    kept = Rules(rules.default_path())
    made = rule(READS, Scope.ALWAYS)
    kept.add(made)
    kept.add(rule(Shape("shell", "read"), Scope.ALWAYS))
    status, out, _ = run("rules")
    assert status == 0
    assert f"{made.id}  since {made.since}  Python code that only reads files in /srv/notes\n" in out
    [first, _] = json.loads(run("rules", "list", "--json")[1])
    assert (first["id"], first["scope"], first["places"]) == (made.id, "always", ["reads /srv/notes"])
    assert run("rules", "revoke", made.id)[0] == 0
    assert [found.id for found in kept] == [each["id"] for each in json.loads(run("rules", "--json")[1])] != [made.id]


def test_without_rules_that_is_said(run: Run) -> None:
    assert "There are no rules" in run("rules")[1]
    assert run("rules", "--json")[1] == "[]\n"


def test_rules_that_are_ignored_are_told(run: Run) -> None:
    path = rules.default_path()
    path.parent.mkdir(parents=True, mode=0o700)
    path.write_text("- {id: x, language: python, level: destructive}\n")
    status, out, err = run("rules", "--json")
    assert (status, out) == (0, "[]\n")
    assert "is ignored" in err


# --- audit


def test_the_record_is_shown_oldest_first_with_what_came_of_it(run: Run) -> None:
    recorded("approve", result="done")
    recorded("deny", "approve")
    status, out, _ = run("audit")
    assert status == 0
    assert "python code allowed, by terminal, then: done\n    read: Computes⟨U+202E⟩ approve.\n" in out
    assert out.index("then: done") < out.index("not allowed")
    entries: list[dict[str, Any]] = json.loads(run("audit", "--json", "-n", "2")[1])
    assert [(entry["verdict"], entry["result"]) for entry in entries] == [("deny", ""), ("approve", "")]


def test_older_files_are_shown_too(run: Run) -> None:
    log = AuditLog(audit.default_path(), limit=500)
    for number in range(6):
        log.decided(Decision("turn", "code", f"Number {number}.", "python", "d", "read", "deny", "timeout"))
    told = [entry["words"] for entry in json.loads(run("audit", "--json", "-n", "4")[1])]
    assert told == [f"Number {number}." for number in range(2, 6)]


def test_a_record_that_was_changed_does_not_pass(run: Run) -> None:
    path = recorded("approve", "deny").path
    assert run("audit", "--verify")[:2] == (0, "The record is as it was written.\n")
    path.write_text(path.read_text().replace("approve", "allowed", 1))
    status, out, _ = run("audit", "--verify", "--json")
    told = json.loads(out)
    assert (status, told["ok"]) == (1, False)
    assert told["findings"][0]["file"] == path.name
    assert run("audit")[0] == 0


def test_without_a_record_that_is_said(run: Run) -> None:
    assert "Nothing is recorded" in run("audit")[1]
    assert run("audit", "--json")[1] == "[]\n"
    assert run("audit", "--verify")[0] == 0


# --- all of them

STARTS = """
import sys
from oi_voice.app import main
main(["consent-phrase", "yes"])
print(sorted({"oi_voice.compose", "oi_voice.engine", "tree_sitter", "litellm", "numpy", "PySide6"} & set(sys.modules)))
"""


def test_they_start_without_what_they_do_not_need() -> None:
    done = subprocess.run([sys.executable, "-c", STARTS], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "approve: A yes.\n[]\n"


@pytest.mark.parametrize("name", TOOLS)
def test_each_has_help(run: Run, name: str) -> None:
    status, out, _ = run(name, "--help")
    assert status == 0
    assert out.startswith(f"usage: oi-voice {name} ")
