"""The record is only added to, shows when it was meddled with, and never fails in silence."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from oi_voice.consent.audit import FIELD, AuditError, AuditLog, Decision, default_path, verify

ASKED = Decision(
    turn="t1",
    question="print(1)",
    words="Prints a number.",
    language="python",
    digest="ab" * 32,
    level="read",
    verdict="approve",
    by="voice",
    said="yes, run it",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "audit.jsonl"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def filled(path: Path, count: int = 6) -> AuditLog:
    log = AuditLog(path)
    for _ in range(count):
        log.decided(ASKED)
    assert verify(path) == []
    return log


def test_a_question_its_answer_and_its_result(path: Path) -> None:
    log = AuditLog(path)
    number = log.decided(ASKED)
    assert log.ended(number, "done") == number + 1
    asked, ended = lines(path)
    assert asked["kind"] == "decision"
    assert {name: asked[name] for name in ("question", "words", "language", "digest", "level", "verdict", "by")} == {
        "question": "print(1)",
        "words": "Prints a number.",
        "language": "python",
        "digest": "ab" * 32,
        "level": "read",
        "verdict": "approve",
        "by": "voice",
    }
    assert (ended["kind"], ended["of"], ended["result"]) == ("result", number, "done")
    assert verify(path) == []


def test_it_is_the_persons_alone(path: Path) -> None:
    filled(path)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_its_place_is_the_programs_own_state() -> None:
    assert default_path().parent.parent.name == "oi_voice"


def test_secrets_stay_out(path: Path) -> None:
    token = "ghp_" + "a1B2c3D4" * 5
    log = AuditLog(path)
    number = log.decided(Decision("t", f"x = '{token}'", "password=hunter2", "python", "", "read", "approve", "popup"))
    log.ended(number, f"failed: Bearer {token}")
    text = path.read_text()
    assert token not in text
    assert "hunter2" not in text
    assert "[secret: 44 characters]" in text


def test_a_line_stays_one_line_whatever_is_in_it(path: Path) -> None:
    odd = "a\nb\r\u2028\x85\x00\udc80‮" + "x" * 100_000
    log = AuditLog(path)
    log.decided(Decision("t", odd, odd, "python", "", "read", "deny", "popup", odd))
    log.decided(ASKED)
    assert len(lines(path)) == 2
    assert path.stat().st_size < 20 * FIELD
    assert verify(path) == []


# --- meddling


@pytest.mark.parametrize("number", range(6))
def test_a_changed_line_is_noticed(path: Path, number: int) -> None:
    filled(path)
    content = path.read_bytes().splitlines(keepends=True)
    content[number] = content[number].replace(b'"approve"', b'"deny"')
    path.write_bytes(b"".join(content))
    found = verify(path)
    assert [(finding.file, finding.line) for finding in found] == [(path.name, min(number + 2, 6))]


@pytest.mark.parametrize("number", range(6))
def test_a_line_taken_out_is_noticed(path: Path, number: int) -> None:
    filled(path)
    content = path.read_bytes().splitlines(keepends=True)
    del content[number]
    path.write_bytes(b"".join(content))
    assert len(verify(path)) == 1


@pytest.mark.parametrize("change", ["doubled", "swapped", "put in", "cut", "emptied", "torn"])
def test_other_meddling_is_noticed(path: Path, change: str) -> None:
    filled(path)
    content = path.read_bytes().splitlines(keepends=True)
    changed = {
        "doubled": [*content[:3], *content[2:]],
        "swapped": [content[1], content[0], *content[2:]],
        "put in": [*content[:2], b"yes\n", *content[2:]],
        "cut": content[:4],
        "emptied": [],
        "torn": [*content[:5], content[5][:40]],
    }[change]
    path.write_bytes(b"".join(changed))
    assert verify(path)


@pytest.mark.parametrize("gone", [1, 3, 6])
def test_a_cut_stays_visible_when_more_is_added(path: Path, gone: int) -> None:
    log = filled(path)
    content = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(content[:-gone]))
    assert log.decided(ASKED) == 7
    log.decided(ASKED)
    assert len(verify(path)) == 1


def test_a_deleted_record_is_noticed(path: Path) -> None:
    log = filled(path)
    path.unlink()
    assert verify(path)
    log.decided(ASKED)
    assert len(verify(path)) == 1


def test_a_folder_deleted_as_it_is_in_use_is_noticed(path: Path) -> None:
    log = filled(path)
    shutil.rmtree(path.parent)
    assert log.decided(ASKED) == 7
    assert "some are missing" in verify(path)[0].words


def test_the_lost_end_mark_is_noticed_and_made_anew(path: Path) -> None:
    log = filled(path)
    path.with_name("audit.jsonl.end").unlink()
    assert len(verify(path)) == 1
    assert log.decided(ASKED) == 7
    assert verify(path) == []


def test_nothing_recorded_is_nothing_wrong(path: Path) -> None:
    assert verify(path) == []


def test_a_line_torn_by_a_loss_of_power_spoils_no_other(path: Path) -> None:
    log = filled(path, 3)
    with path.open("ab") as file:
        file.write(b'{"n": 4, "at": "20')
    log.decided(ASKED)
    found = verify(path)
    assert [(finding.line, finding.words) for finding in found] == [(4, "This is no whole line of the record.")]


def test_a_kill_between_line_and_end_mark_is_no_finding(path: Path) -> None:
    log = filled(path, 3)
    mark = path.with_name("audit.jsonl.end")
    before = mark.read_bytes()
    log.decided(ASKED)
    mark.write_bytes(before)
    assert verify(path) == []
    assert log.decided(ASKED) == 5
    assert verify(path) == []


# --- size, several programs


def test_a_full_file_is_put_aside_and_the_chain_goes_on(path: Path) -> None:
    log = AuditLog(path, limit=2000)
    for _ in range(30):
        log.decided(ASKED)
    files = sorted(path.parent.glob("audit.*jsonl"))
    assert len(files) > 3
    assert all(file.stat().st_size <= 2000 for file in files)
    assert verify(path) == []
    (path.parent / "audit.0002.jsonl").unlink()
    found = verify(path)
    assert [(finding.file, finding.line) for finding in found] == [("audit.0003.jsonl", 1)]
    log.decided(ASKED)
    assert len(verify(path)) == 1


ADDS = """
import sys
from pathlib import Path
from oi_voice.consent.audit import AuditLog, Decision
log = AuditLog(Path(sys.argv[1]), limit=20_000)
print("ready", flush=True)
sys.stdin.readline()
for number in range(60):
    log.decided(Decision(sys.argv[2], "x", "", "python", "", "read", "approve", "popup"))
"""


def test_two_programs_add_to_one_record(path: Path) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", ADDS, path, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for name in ("one", "two")
    ]
    for program in programs:
        assert program.stdout is not None
        program.stdout.readline()
    assert [(program.communicate(b"\n", timeout=60), program.returncode)[1] for program in programs] == [0, 0]
    assert verify(path) == []
    written = [line for file in path.parent.glob("audit*.jsonl") for line in lines(file)]
    assert sorted(line["n"] for line in written) == list(range(1, 121))


# --- no room

FILLS = """
import resource, sys
from pathlib import Path
from oi_voice.consent.audit import AuditError, AuditLog, Decision
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
log = AuditLog(Path(sys.argv[1]))
for number in range(100):
    try:
        log.decided(Decision("t", "x", "", "python", "", "read", "approve", "popup"))
    except AuditError as error:
        print(number, error.code, error)
        break
"""


def test_a_full_disk_is_one_error_and_leaves_whole_lines(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FILLS, path], capture_output=True, text=True, timeout=60, check=True)
    number, code, words = done.stdout.split(maxsplit=2)
    assert code == "audit"
    assert "nothing is run" in words
    assert len(lines(path)) == int(number) > 0
    assert verify(path) == []
    AuditLog(path).decided(ASKED)  # there is room again
    assert verify(path) == []


@pytest.mark.parametrize("obstacle", ["file", "link", "device", "open to others", "folder"])
def test_what_cannot_be_written_is_one_error(tmp_path: Path, obstacle: str) -> None:
    folder, path = tmp_path / "state", tmp_path / "state" / "audit.jsonl"
    if obstacle == "file":
        folder.write_text("")
    else:
        folder.mkdir(mode=0o700)
    if obstacle == "link":
        path.symlink_to(tmp_path / "elsewhere")
    elif obstacle == "device":
        path.symlink_to("/dev/full")
    elif obstacle == "open to others":
        folder.chmod(0o777)
    elif obstacle == "folder":
        path.mkdir()
    with pytest.raises(AuditError, match="nothing is run"):
        AuditLog(path).decided(ASKED)
    assert not (tmp_path / "elsewhere").exists()
