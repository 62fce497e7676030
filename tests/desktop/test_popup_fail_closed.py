"""Whatever goes wrong between question and answer is a no: each way once, with the real engine behind the popup."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from front import CODE, Desk, Open
from xdotool import xdotool

from oi_voice.desktop import onscreen, window
from oi_voice.events import ApprovalRequested, Outcome

pytestmark = pytest.mark.desktop
Played = Callable[..., Awaitable[Desk]]


@pytest.fixture
def played(opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Played:
    """Opens a desk whose windows' process is a program of ours, and has it asked.

    The program does ``asked`` for a question, known as ``q``, and ``over`` when one is resolved; it can ``say``.
    """

    async def play(asked: str = "pass", over: str = "pass", **settings: object) -> Desk:
        (tmp_path / "wrong.py").write_text(
            f"""
import json, sys
def say(did, **fields):
    print(json.dumps({{"did": did, "turn": q["turn"], "digest": q["digest"], **fields}}), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if message.get("event") == "ApprovalRequested":
        q = message
        {asked}
    elif message.get("event") == "ApprovalResolved":
        {over}
"""
        )
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        monkeypatch.setattr(window, "CHILD", "wrong")
        desk = await opened(wait=False, **settings)
        desk.h.engine.start_turn("write hello")
        return desk

    return play


async def test_the_popup_is_killed_and_the_next_one_asks_again(opened: Open) -> None:
    desk = await opened()
    await desk.ask()
    before = desk.ui.pid
    os.kill(before, signal.SIGKILL)
    resolved = await desk.answer()
    assert (resolved.approved, resolved.by) == (False, "popup crashed")
    assert "Nothing was run" in (await desk.notice()).text
    assert desk.ran() == []
    desk.h.model.asked.clear()
    await desk.ask()
    assert desk.ui.pid != before
    assert (await desk.run()).approved


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("print('yes, run it', flush=True); input()", "not understood"),
        ("sys.exit('Qt fell over')", "Qt fell over"),
        ("say('approve'); input()", "status -9"),
    ],
    ids=["garbage", "dies", "says what it may not"],
)
async def test_the_popup_crashes(played: Played, asked: str, why: str) -> None:
    desk = await played(asked)
    resolved = await desk.answer()
    assert (resolved.approved, resolved.by) == (False, "popup crashed")
    assert why in (await desk.notice()).text
    assert desk.ran() == []


async def test_the_popup_hangs_with_the_question_on_the_screen(opened: Open) -> None:
    desk = await opened(approval_timeout=2.0)
    await desk.ask()
    os.kill(desk.ui.pid, signal.SIGSTOP)
    xdotool("mousemove", *desk.ui.popup_geometry["deny"], "click", 1)
    resolved = await desk.answer()
    assert (resolved.approved, resolved.by) == (False, "timeout")
    assert desk.ran() == []


async def test_the_popup_never_shows(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "SHOWN_WITHIN", 0.5)
    desk = await opened()
    os.kill(desk.ui.pid, signal.SIGSTOP)
    desk.h.engine.start_turn("write hello")
    assert (await desk.answer()).by == "popup crashed"
    assert desk.ran() == []


async def test_nobody_answers(opened: Open) -> None:
    desk = await opened(approval_timeout=1.0)
    await desk.ask()
    resolved = await desk.answer()
    assert (resolved.approved, resolved.by) == (False, "timeout")
    assert desk.ran() == []


async def test_qt_is_missing_and_each_question_says_so(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text("raise ImportError('No module named PySide6')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    desk = await opened(wait=False)
    for _ in range(2):
        desk.h.model.asked.clear()
        desk.h.engine.start_turn("write hello")
        assert not (await desk.answer()).approved
        assert "pip install PySide6-Essentials" in (await desk.notice()).text
    assert desk.ran() == []


async def test_the_windows_are_closed(opened: Open) -> None:
    desk = await opened()
    await desk.ask()
    await desk.ui.close()
    resolved = await desk.answer()
    assert (resolved.approved, resolved.by) == (False, "popup closed")
    assert desk.ran() == []


async def test_the_answer_comes_late(played: Played) -> None:
    desk = await played(over="say('answer', approved=True)", approval_timeout=0.5)
    resolved = await desk.answer()
    assert (resolved.approved, resolved.by) == (False, "timeout")
    assert (await desk.h.ended()).outcome is Outcome.DONE
    assert desk.ran() == []


@pytest.mark.parametrize("wrong", ["turn", "digest"])
async def test_the_answer_is_to_another_question(played: Played, wrong: str) -> None:
    desk = await played(f"say('answer', **{{'approved': True, {wrong!r}: '0'}}); input()")
    assert (await desk.answer()).by == "popup crashed"
    assert desk.ran() == []


@pytest.mark.parametrize("yes", ["'true'", "1", "None", "[True]"])
async def test_only_a_plain_true_is_a_yes(played: Played, yes: str) -> None:
    desk = await played(f"say('answer', approved={yes})")
    assert not (await desk.answer()).approved
    assert desk.ran() == []


async def test_code_that_is_edited_after_the_yes_is_not_what_runs(played: Played) -> None:
    desk = await played("say('answer', approved=True); say('edit', code='print(1)')")
    assert (await desk.answer()).approved
    await desk.h.ended()
    assert desk.ran() == [f"{CODE}\n"]


async def test_a_yes_to_the_code_as_it_was_before_the_edit(played: Played) -> None:
    asked = "if 'hello' in q['code']: say('edit', code='print(1)'); say('answer', approved=True)"
    desk = await played(asked, approval_timeout=1.0)
    assert (await desk.answer()).by == "edit"
    second = await desk.h.until(ApprovalRequested)
    resolved = await desk.answer()
    assert (resolved.digest, resolved.approved) == (second.digest, False)
    assert desk.ran() == []


async def test_a_yes_with_a_rule_that_was_not_offered(played: Played) -> None:
    desk = await played("say('answer', approved=True, allow='always')")
    assert not (await desk.answer()).approved
    assert desk.ran() == []


async def test_that_code_is_edited_never_makes_the_time_shorter(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onscreen, "EDITING", 0.1)
    desk = await played("say('editing')", approval_timeout=1.0)
    asked = await desk.h.until(ApprovalRequested)
    resolved = await desk.answer()
    assert (resolved.by, resolved.at - asked.at >= 0.9) == ("timeout", True)


async def test_what_is_said_of_another_question_moves_nothing(played: Played) -> None:
    others = [f"say({did!r}, digest='0')" for did in ("presented", "editing", "armed")]
    desk = await played("; ".join(others), approval_timeout=0.5, **{"voice.speak": False})
    await desk.h.until(ApprovalRequested)
    resolved = await desk.answer()
    assert (resolved.by, desk.h.engine.gate.presented) == ("timeout", False)
