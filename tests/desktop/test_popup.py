"""The popup on a real screen, clicked and typed at by a real pointer and keyboard; and all that must mean no."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
from pathlib import Path

import pytest
from front import CODE, Open, close_window, wait_gone, xdotool

from oi_voice.demo.stage import Stage
from oi_voice.desktop import window
from oi_voice.events import ApprovalRequested, ApprovalResolved

pytestmark = pytest.mark.desktop
POPUP = "oi_voice asks"


async def test_a_click_on_run_is_a_yes(opened: Open) -> None:
    desk = await opened()
    asked = await desk.ask()
    assert asked.code.strip() == CODE
    desk.click("run")
    resolved = await desk.answer()
    assert (resolved.approved, resolved.by, resolved.digest) == (True, "popup", asked.digest)
    await desk.h.ended()
    assert desk.ran() == [asked.code]


async def test_the_second_half_of_a_double_click_does_not_run_the_next_code(opened: Open) -> None:
    desk = await opened()
    desk.h.model.replies = [f"```python\n{CODE}\n```\n"]
    await desk.ask()
    place = desk.ui.popup_geometry["run"]
    desk.click("run")
    assert (await desk.answer()).approved
    await desk.h.until(ApprovalRequested)
    await asyncio.wait_for(desk.ui.shown.wait(), 10)
    xdotool("mousemove", *place, "click", 1)
    desk.click("deny")
    assert not (await desk.answer()).approved
    assert desk.ran() == [f"{CODE}\n"]
    desk.h.engine.cancel()


async def test_a_question_without_a_time_limit_waits_for_its_answer(opened: Open) -> None:
    desk = await opened()
    desk.h.settings.apply({"approval_timeout": 0})
    asked = await desk.ask()
    assert asked.timeout == 0
    desk.click("run")
    assert (await desk.answer()).approved
    await desk.h.ended()
    assert desk.ran() == [asked.code]


@pytest.mark.parametrize("button", ["deny", "close"])
async def test_a_click_on_deny_or_the_cross_is_a_no(opened: Open, button: str) -> None:
    desk = await opened()
    await desk.ask()
    desk.click(button)
    resolved = await desk.answer()
    assert (resolved.approved, resolved.by) == (False, "popup")
    await desk.h.ended()
    assert desk.ran() == []


async def test_closing_the_window_is_a_no(opened: Open) -> None:
    desk = await opened()
    await desk.ask()
    close_window(int(xdotool("search", "--onlyvisible", "--name", POPUP)))
    assert not (await desk.answer()).approved


async def test_an_answer_from_elsewhere_takes_the_popup_down(opened: Open) -> None:
    desk = await opened()
    asked = await desk.ask()
    popup = xdotool("search", "--onlyvisible", "--name", POPUP)
    desk.h.engine.resolve(asked.turn, asked.digest, False, "terminal")
    assert (await desk.answer()).by == "terminal"
    await asyncio.to_thread(wait_gone, popup)


async def test_it_can_be_dragged_and_still_be_answered(opened: Open) -> None:
    desk = await opened()
    await desk.ask()
    before = desk.ui.popup_geometry
    x, y = before["close"]
    desk.ui.shown.clear()
    xdotool("mousemove", x - 60, y, "mousedown", 1, "mousemove", x - 200, y - 100, "sleep", 0.1, "mouseup", 1)
    await asyncio.wait_for(desk.ui.shown.wait(), 10)  # told again, of its new place
    assert desk.ui.popup_geometry["run"] == [before["run"][0] - 140, before["run"][1] - 100]
    desk.click("run")
    assert (await desk.answer()).approved


async def test_the_count_down_ends_with_a_no(opened: Open) -> None:
    desk = await opened(approval_timeout=1.0)
    await desk.ask()
    resolved = await desk.answer()
    assert (resolved.approved, resolved.by) == (False, "timeout")


async def test_keys_typed_while_it_opens_answer_nothing_and_reach_their_window(opened: Open, stage: Stage) -> None:
    editor = stage.children.start("mousepad", "--disable-server", env=stage.env)
    try:
        mine = xdotool("search", "--sync", "--onlyvisible", "--class", "mousepad").split()
        xdotool("windowactivate", "--sync", mine[-1])
        focused = xdotool("getactivewindow")
        desk = await opened()
        typing = stage.children.start("xdotool", "key", "--delay", "15", *["Return", "space"] * 30, env=stage.env)
        asked = await desk.ask()
        assert await asyncio.to_thread(typing.wait, 30) == 0
        stage.children.end(typing)
        assert xdotool("getactivewindow") == focused
        x, y = desk.ui.popup_geometry["run"]
        xdotool("mousemove", x - 60, y + 20, "click", 1, "key", "Return", "key", "space")  # beside the buttons
        xdotool("windowfocus", xdotool("search", "--onlyvisible", "--name", POPUP), "key", "Return", "key", "space")
        assert not any(isinstance(event, ApprovalResolved) for event in desk.h.events)
        assert desk.h.engine.resolve(asked.turn, asked.digest, False, "test"), "the question was still open"
    finally:
        stage.children.end(editor)


async def test_it_is_on_the_screen_at_once(opened: Open) -> None:
    desk = await opened(f"```python\n{CODE}\n```\n")
    times = []
    for _ in range(9):
        await desk.ask()
        times.append(desk.ui.popup_geometry["shown_ms"])
        desk.h.engine.cancel()
    assert statistics.median(times) <= 50, times


async def test_long_code_stays_on_the_screen(opened: Open) -> None:
    code = "\n".join(f"x{number} = {number}  # {'long ' * 60}" for number in range(2000))
    desk = await opened(f"```python\n{code}\n```\n", "Done.")
    desk.h.model.size = len(code)
    await desk.ask()
    width, height = map(int, xdotool("getdisplaygeometry").split())
    assert all(0 < x < width and 0 < y < height for x, y in map(desk.ui.popup_geometry.get, ("run", "deny", "close")))


async def test_a_killed_popup_is_a_no_and_comes_back(opened: Open) -> None:
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
    desk.click("run")
    assert (await desk.answer()).approved


@pytest.mark.parametrize(
    ("child", "why"),
    [
        ("print('yes, run it'); input()", "not understood"),
        ('print(\'{"did": "answer", "turn": "1", "digest": "0", "approved": true}\'); input()', "status -9"),
        ("import sys; sys.exit('Qt fell over')", "Qt fell over"),
    ],
    ids=["garbage", "answers another question", "dies at the start"],
)
async def test_a_child_gone_wrong_is_a_no(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, child: str, why: str
) -> None:
    (tmp_path / "wrong.py").write_text(f"import sys\nfor line in sys.stdin:\n    if 'Approval' in line: {child}\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(window, "CHILD", "wrong")
    desk = await opened(wait=False)
    desk.h.engine.start_turn("write hello")
    resolved = await desk.answer()
    assert (resolved.approved, resolved.by) == (False, "popup crashed")
    assert why in (await desk.notice()).text
    assert desk.ran() == []


async def test_without_qt_every_question_is_a_no_that_says_so(
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


async def test_a_popup_that_never_shows_is_a_no(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "SHOWN_WITHIN", 0.5)
    desk = await opened()
    os.kill(desk.ui.pid, signal.SIGSTOP)
    desk.h.engine.start_turn("write hello")
    assert (await desk.answer()).by == "popup crashed"


async def test_closing_the_windows_is_a_no(opened: Open) -> None:
    desk = await opened()
    await desk.ask()
    await desk.ui.close()
    resolved = await desk.answer()
    assert (resolved.approved, resolved.by) == (False, "popup closed")
