"""The gate looks before it asks, keeps a record, and whatever fails on the way is a no or a question."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from oi_voice.consent import files
from oi_voice.consent.audit import AuditLog, Decision, verify
from oi_voice.consent.classify import Risk
from oi_voice.consent.judge import Judge
from oi_voice.consent.rules import Rules
from oi_voice.errors import LanguageError, OiVoiceError
from oi_voice.events import ApprovalRequested, ApprovalResolved, Notice, Outcome, SettingsChanged, State
from oi_voice.testing import HANG, Harness, harness

READS = "```python\nopen('/etc/hostname').read()\n```\n"
WRITES = "```python\nopen('/tmp/oi-voice-note', 'a').write('x')\n```\n"
DELETES = "```python\nimport os\nos.remove('/etc/hostname')\n```\n"


async def asked(h: Harness, start: bool = True) -> ApprovalRequested:
    if start:
        h.engine.start_turn("do it")
    requested = await h.until(ApprovalRequested)
    assert isinstance(requested, ApprovalRequested)
    return requested


def yes(h: Harness, question: ApprovalRequested, **more: Any) -> bool:
    return h.engine.resolve(question.turn, question.digest, True, "popup", **more)


def judge(tmp_path: Path, **more: Any) -> Judge:
    return Judge(Rules(tmp_path / "rules" / "rules.yaml"), AuditLog(tmp_path / "log" / "audit.jsonl"), **more)


def record(tmp_path: Path) -> list[dict[str, Any]]:
    path = tmp_path / "log" / "audit.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


# --- what is asked


async def test_a_question_says_what_the_code_would_do() -> None:
    h = harness([DELETES, "Done."])
    question = await asked(h)
    assert question.level == "destructive"
    assert "Deletes hostname" in question.words
    assert len(question.spoken) == 3
    assert question.scopes == ()


async def test_an_edit_is_looked_at_afresh_and_needs_its_own_yes(tmp_path: Path) -> None:
    h = harness([READS, "Done."], judge(tmp_path))
    first = await asked(h)
    assert first.level == "read"
    assert h.engine.gate.edit(first.turn, first.digest, "import os\nos.remove('/etc/hostname')\n")
    assert (await h.until(ApprovalResolved)).by == "edit"
    second = await asked(h, start=False)
    assert (second.level, second.code) == ("destructive", "import os\nos.remove('/etc/hostname')\n")
    assert not yes(h, first), "a yes to what it was before"
    assert yes(h, second)
    await h.ended()
    assert h.journal.of("run") == ["import os\nos.remove('/etc/hostname')\n"]
    assert any("The person changed the code" in message.content for message in h.model.asked[-1])


async def test_an_edit_after_the_yes_changes_nothing() -> None:
    h = harness([READS, "Done."])
    question = await asked(h)
    assert yes(h, question)
    assert not h.engine.gate.edit(question.turn, question.digest, "os.remove('x')")
    await h.ended()
    assert h.journal.of("run") == ["open('/etc/hostname').read()\n"]


async def test_a_late_yes_is_no_answer_to_the_same_code_asked_again() -> None:
    h = harness([READS, READS, "Done."])
    first = await asked(h)
    assert yes(h, first)
    second = await asked(h, start=False)
    assert (second.turn, second.code) == (first.turn, first.code)
    assert not yes(h, first)
    h.engine.cancel()
    assert len(h.journal.of("run")) == 1


@pytest.mark.parametrize("broken", [RuntimeError("no"), RecursionError(), OSError(5, "gone")])
async def test_code_that_cannot_be_looked_through_is_asked_about(broken: Exception) -> None:
    def classified(language: str, code: str, here: Path | None) -> Risk:
        raise broken

    h = harness([READS, "Done."], Judge(classified=classified), auto_run="reads")
    question = await asked(h)
    assert (question.level, question.scopes) == ("unknown", ())
    assert len(question.spoken) == 3
    h.engine.cancel()
    assert h.journal.of("run") == []


# --- rules


async def test_always_is_not_asked_again_and_can_be_revoked(tmp_path: Path) -> None:
    kept = judge(tmp_path)
    h = harness([WRITES, WRITES, WRITES, "Done."], kept)
    question = await asked(h)
    assert question.scopes == ("conversation", "always")
    assert yes(h, question, allow="always")
    await h.ended()
    assert len(h.journal.of("run")) == 3
    assert len([event for event in h.events if isinstance(event, ApprovalRequested)]) == 1
    assert [entry["by"] for entry in record(tmp_path) if entry["kind"] == "decision"] == ["popup", "rule", "rule"]
    assert kept.rules
    [rule] = kept.rules
    kept.rules.revoke(rule.id)
    h.model.replies = [WRITES, "Done."]
    h.model.asked.clear()
    await asked(h)


async def test_a_conversations_rule_ends_with_it(tmp_path: Path) -> None:
    h = harness([WRITES, "Done."], judge(tmp_path))
    assert yes(h, await asked(h), allow="conversation")
    await h.ended()
    h.engine.new_conversation()
    h.model.asked.clear()
    await asked(h)


async def test_what_destroys_gets_no_rule(tmp_path: Path) -> None:
    kept = judge(tmp_path)
    h = harness([DELETES, "Done."], kept)
    assert yes(h, await asked(h), allow="always")
    assert (await h.until(Notice)).code == "rules"
    await h.ended()
    assert list(kept.rules or ()) == []


async def test_reads_run_unasked_and_the_rest_asks(tmp_path: Path) -> None:
    h = harness([READS, WRITES, "Done."], judge(tmp_path), auto_run="reads")
    question = await asked(h)
    assert question.level == "reversible"
    assert len(h.journal.of("run")) == 1


# --- safe mode


async def scanner(language: str, code: str) -> str:
    return f"{language} of {len(code)} characters"


async def test_safe_mode_scans_first_and_asks_whatever_auto_run_says() -> None:
    h = harness([READS, "Done."], Judge(scanner=scanner), safe_mode="auto", auto_run=True)
    question = await asked(h)
    assert question.scan == "python of 29 characters"
    assert not question.scannable


async def test_safe_mode_offers_a_scan() -> None:
    h = harness([READS, "Done."], Judge(scanner=scanner), safe_mode="ask")
    first = await asked(h)
    assert (first.scan, first.scannable) == ("", True)
    assert h.engine.gate.scanned(first.turn, first.digest)
    second = await asked(h, start=False)
    assert (second.scan, second.scannable) == ("python of 29 characters", False)
    assert yes(h, second)
    assert (await h.ended()).outcome is Outcome.DONE


async def test_a_scan_that_fails_is_told_and_asks() -> None:
    async def broken(language: str, code: str) -> str:
        raise OiVoiceError("There is no scanner.", fix="Install it.")

    h = harness([READS, "Done."], Judge(scanner=broken), safe_mode="auto")
    assert (await asked(h)).scan == "There is no scanner. Install it."


# --- the record


async def test_what_was_asked_answered_and_done_is_on_record(tmp_path: Path) -> None:
    h = harness([READS, DELETES, "Done."], judge(tmp_path))
    assert yes(h, await asked(h))
    question = await asked(h, start=False)
    h.engine.resolve(question.turn, question.digest, False, "voice", "The person said: no")
    await h.ended()
    await h.engine.close()
    first, result, second = record(tmp_path)
    assert (first["verdict"], first["by"], first["level"], first["question"]) == (
        "approve",
        "popup",
        "read",
        "open('/etc/hostname').read()\n",
    )
    assert (result["kind"], result["of"], result["result"]) == ("result", first["n"], "done")
    assert (second["verdict"], second["by"], second["digest"]) == ("deny", "voice", question.digest)
    assert verify(tmp_path / "log" / "audit.jsonl") == []


async def test_a_stop_is_on_record(tmp_path: Path) -> None:
    h = harness([READS, "Done."], judge(tmp_path))
    await asked(h)
    h.engine.cancel("Esc")
    await h.engine.close()
    assert [(entry["verdict"], entry["by"]) for entry in record(tmp_path)] == [("deny", "Esc")]


async def test_what_the_person_changed_is_on_record_as_it_was_before(tmp_path: Path) -> None:
    h = harness([DELETES, "Done."], judge(tmp_path))
    question = await asked(h)
    h.engine.gate.edit(question.turn, question.digest, "print(1)\n")
    assert yes(h, await asked(h, start=False))
    await h.ended()
    await h.engine.close()
    entries = [entry for entry in record(tmp_path) if entry["kind"] == "decision"]
    assert {(entry["level"], entry["verdict"], entry["by"]) for entry in entries} == {
        ("destructive", "deny", "edit"),
        ("read", "approve", "popup"),
    }


async def test_a_yes_that_a_stop_overtook_is_recorded_as_the_stop(tmp_path: Path) -> None:
    h = harness([READS, "Done."], judge(tmp_path))
    assert yes(h, await asked(h))
    h.engine.cancel()
    await h.engine.close()
    assert [(entry["verdict"], entry["by"]) for entry in record(tmp_path)] == [("deny", "stop")]
    assert "open('/etc/hostname').read()\n" not in h.journal.of("run")


async def test_consent_withdrawn_while_it_is_recorded_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, loop = judge(tmp_path), asyncio.get_running_loop()
    h = harness([READS, "Done."], kept, auto_run=True)
    assert kept.log
    write, written = kept.log.decided, asyncio.Event()

    def slow(decision: Decision) -> int:
        asyncio.run_coroutine_threadsafe(withdraw(), loop).result()
        return write(decision)

    async def withdraw() -> None:
        h.settings.apply({"auto_run": False})
        await h.until(SettingsChanged)
        written.set()

    monkeypatch.setattr(kept.log, "decided", slow)
    h.engine.start_turn("do it")
    await written.wait()
    await h.ended()
    assert h.journal.of("run") == []


async def test_a_record_that_somebody_holds_is_a_no_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.05)
    h = harness([READS, "All right."], judge(tmp_path))
    question = await asked(h)
    (tmp_path / "log").mkdir(mode=0o700)
    with files.alone(tmp_path / "log" / "audit.jsonl.end"):
        assert yes(h, question)
        assert "another program holds it" in (await h.until(Notice)).text
        await h.ended()
    assert h.journal.of("run") == []


async def test_code_that_fails_or_is_stopped_is_recorded_so(tmp_path: Path) -> None:
    h = harness([READS, "Done."], judge(tmp_path))
    h.language.error = LanguageError("Python has died.")
    assert yes(h, await asked(h))
    await h.ended()
    h.language.error, h.language.output = None, HANG
    h.model.asked.clear()
    assert yes(h, await asked(h))
    await h.until(State.RUNNING)
    h.engine.cancel()
    await h.engine.close()
    assert [entry["result"] for entry in record(tmp_path) if entry["kind"] == "result"] == [
        "Python has died.",
        "stopped",
    ]


@pytest.mark.parametrize("auto_run", [False, True])
async def test_what_cannot_be_recorded_is_not_run(tmp_path: Path, auto_run: bool) -> None:
    """``/dev/full`` is a disk without room: what is written to it fails as there."""
    log = tmp_path / "log"
    log.mkdir(mode=0o700)
    (log / "audit.jsonl.end").symlink_to("/dev/full")
    h = harness([READS, "All right."], judge(tmp_path), auto_run=auto_run)
    if auto_run:
        h.engine.start_turn("do it")
    else:
        assert yes(h, await asked(h))
    assert (await h.until(Notice)).code == "audit"
    await h.ended()
    assert h.journal.of("run") == []
    assert "No record of it could be kept" in h.model.asked[-1][-1].content


async def test_a_full_disk_is_a_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    h = harness([READS, "All right."], judge(tmp_path))
    question = await asked(h)

    def full(handle: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    assert yes(h, question)
    notice = await h.until(Notice)
    assert "No space left on device" in notice.text
    monkeypatch.undo()
    await h.ended()
    assert h.journal.of("run") == []


async def test_nobody_to_answer_is_a_no() -> None:
    """The client that was asked goes away, and the time runs out."""
    h = harness([READS, "All right."], approval_timeout=0.2)
    await asked(h)
    resolved = await h.until(ApprovalResolved)
    assert (resolved.approved, resolved.by) == (False, "timeout")
    await h.ended()
    assert h.journal.of("run") == []


async def test_a_stop_while_the_code_is_looked_at_runs_nothing() -> None:
    looking, go_on = asyncio.Event(), asyncio.Event()

    async def slow(language: str, code: str) -> str:
        looking.set()
        await go_on.wait()
        return ""

    h = harness([READS, "Done."], Judge(scanner=slow), safe_mode="auto")
    h.engine.start_turn("do it")
    await looking.wait()
    h.engine.cancel()
    go_on.set()
    await h.ended()
    assert h.journal.of("run") == []
