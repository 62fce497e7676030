"""Consent is bound to bytes, the first valid answer wins, and anything unclear is a no."""

from __future__ import annotations

import pytest

from oi_voice.consent.gate import digest
from oi_voice.events import ApprovalRequested, ApprovalResolved, Outcome
from oi_voice.testing import Harness, harness

CODE = "```python\nopen('x')\n```\n"


async def asked(h: Harness) -> ApprovalRequested:
    h.engine.start_turn("do it")
    requested = await h.until(ApprovalRequested)
    assert isinstance(requested, ApprovalRequested)
    return requested


async def test_yes_runs_exactly_what_was_shown() -> None:
    h = harness([CODE, "Done."])
    requested = await asked(h)
    assert requested.code == "open('x')\n"
    assert h.engine.resolve(requested.turn, requested.digest, True, "popup")
    assert (await h.ended()).outcome is Outcome.DONE
    assert h.journal.of("run") == ["open('x')\n"]


@pytest.mark.parametrize("wrong", ["turn", "digest", "code"])
async def test_a_yes_to_something_else_is_no_answer(wrong: str) -> None:
    h = harness([CODE, "Done."])
    requested = await asked(h)
    turn = "another" if wrong == "turn" else requested.turn
    other = digest(turn, "python", "rm()") if wrong == "code" else "0" * 64 if wrong == "digest" else requested.digest
    assert not h.engine.resolve(turn, other, True, "popup")
    assert h.journal.of("run") == []


async def test_the_first_answer_wins() -> None:
    h = harness([CODE, "Done."])
    requested = await asked(h)
    assert h.engine.resolve(requested.turn, requested.digest, False, "terminal")
    assert not h.engine.resolve(requested.turn, requested.digest, True, "popup")
    await h.ended()
    assert h.journal.of("run") == []


async def test_no_answer_is_a_no() -> None:
    h = harness([CODE, "Done."], approval_timeout=1)
    requested = await asked(h)
    resolved = await h.until(ApprovalResolved)
    assert (resolved.approved, resolved.by) == (False, "timeout")
    assert not h.engine.resolve(requested.turn, requested.digest, True, "popup")
    await h.ended()
    assert h.journal.of("run") == []


async def test_a_no_ends_the_rest_of_the_plan_and_the_model_is_told() -> None:
    h = harness([CODE + CODE, "All right."])
    requested = await asked(h)
    h.engine.resolve(requested.turn, requested.digest, False, "popup")
    await h.ended()
    assert len([event for event in h.events if isinstance(event, ApprovalRequested)]) == 1
    assert h.model.asked[-1][-1].content.startswith("Declined")


async def test_auto_run_asks_nobody() -> None:
    h = harness([CODE, "Done."], auto_run=True)
    h.engine.start_turn("do it")
    await h.ended()
    assert h.journal.of("run") == ["open('x')\n"]
