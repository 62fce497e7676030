"""The popup on a real screen: what it shows, and all the ways to a yes and to a no."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from front import CODE, Desk, Open, close_window, focus_when_shown, wait_gone
from xdotool import in_front, search, xdotool

from oi_voice.consent.judge import Judge
from oi_voice.consent.rules import Rules
from oi_voice.demo.stage import Stage
from oi_voice.desktop import onscreen
from oi_voice.events import ApprovalRequested, ApprovalResolved

pytestmark = pytest.mark.desktop
POPUP = "oi_voice asks"
SILENT = {"voice.speak": False}  # then only what was on the screen has been presented
LONG = "\n".join(f"x{number} = {number}" for number in range(120))


async def test_a_press_of_run_by_hand_is_a_yes(opened: Open) -> None:
    desk = await opened()
    asked = await desk.ask()
    assert asked.code.strip() == CODE
    resolved = await desk.run()
    assert (resolved.approved, resolved.by, resolved.digest) == (True, "popup", asked.digest)
    await desk.h.ended()
    assert desk.ran() == [asked.code]


async def test_trusted_by_the_command_line_a_program_may_press_run(opened: Open) -> None:
    desk = await opened(trusted=True)
    await desk.ask()
    await desk.turn_to()
    desk.click("run")
    assert (await desk.answer()).approved


async def test_run_waits_a_second_after_the_question_has_come(opened: Open) -> None:
    desk = await opened()
    await desk.ask()
    desk.press("code")
    desk.press("run")  # at once
    await asyncio.wait_for(desk.ui.armed.wait(), 10)
    shown = desk.h.engine.gate.open
    assert shown is not None
    assert time.monotonic() - shown.at >= 1.0
    desk.press("run")
    assert (await desk.answer()).approved


async def test_the_click_that_turns_to_the_window_does_nothing_else(opened: Open) -> None:
    desk = await opened()
    asked = await desk.ask()
    desk.press("run")
    await asyncio.wait_for(desk.ui.armed.wait(), 10)
    assert desk.h.engine.gate.open == asked
    desk.press("run")
    assert (await desk.answer()).approved


async def test_the_second_half_of_a_double_click_does_not_run_the_next_code(opened: Open) -> None:
    desk = await opened()
    desk.h.model.replies = [f"```python\n{CODE}\n```\n"]
    await desk.ask()
    await desk.turn_to()
    desk.press("run")
    assert (await desk.answer()).approved
    await desk.h.until(ApprovalRequested)
    await asyncio.wait_for(desk.ui.shown.wait(), 10)
    desk.press("run")
    desk.click("deny")
    assert not (await desk.answer()).approved
    assert desk.ran() == [f"{CODE}\n"]
    desk.h.engine.cancel()


async def test_a_question_without_a_time_limit_waits_for_its_answer(opened: Open) -> None:
    desk = await opened()
    desk.h.settings.apply({"approval_timeout": 0})
    asked = await desk.ask()
    assert asked.timeout == 0
    assert (await desk.run()).approved


@pytest.mark.parametrize("button", ["deny", "close"])
async def test_a_click_on_deny_or_the_cross_is_a_no_at_once(opened: Open, button: str) -> None:
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
    close_window(int(search(POPUP)[-1]))
    assert not (await desk.answer()).approved


async def test_an_answer_from_elsewhere_takes_the_popup_down(opened: Open) -> None:
    desk = await opened()
    asked = await desk.ask()
    popup = search(POPUP)[-1]
    desk.h.engine.resolve(asked.turn, asked.digest, False, "terminal")
    assert (await desk.answer()).by == "terminal"
    await asyncio.to_thread(wait_gone, popup)


async def test_dragged_it_waits_again_before_it_can_be_answered(opened: Open) -> None:
    desk = await opened()
    await desk.ask()
    await desk.turn_to()
    before = desk.ui.popup_geometry
    x, y = before["close"]
    desk.ui.shown.clear()
    xdotool("mousemove", x - 60, y, "mousedown", 1, "mousemove", x - 200, y - 100, "sleep", 0.1, "mouseup", 1)
    await asyncio.wait_for(desk.ui.shown.wait(), 10)  # told again, of its new place
    assert desk.ui.popup_geometry["run"] == [before["run"][0] - 140, before["run"][1] - 100]
    assert not desk.ui.armed.is_set()
    assert (await desk.run()).approved


async def test_it_is_on_the_screen_at_once(opened: Open) -> None:
    desk = await opened(f"```python\n{CODE}\n```\n")
    times = []
    for _ in range(9):
        await desk.ask()
        times.append(desk.ui.popup_geometry["shown_ms"])
        desk.h.engine.cancel()
    assert min(times) <= 50, times


# --- long code


async def test_long_code_has_to_be_seen_to_its_end_before_a_yes(opened: Open) -> None:
    desk = await opened(f"```python\n{LONG}\n```\n", "Done.", **SILENT)
    await desk.ask()
    desk.press("code")
    assert not desk.h.engine.gate.presented
    desk.press("run")
    xdotool("mousemove", *desk.ui.popup_geometry["code"], "click", "--repeat", 60, "--delay", 5, 5)
    await asyncio.wait_for(desk.ui.armed.wait(), 10)
    assert desk.h.engine.gate.presented
    desk.press("run")
    assert (await desk.answer()).approved


async def test_a_jump_to_the_end_by_key_is_enough_for_run_but_not_for_a_spoken_yes(opened: Open) -> None:
    desk = await opened(f"```python\n{LONG}\n```\n", "Done.", **SILENT)
    await desk.ask()
    desk.press("code")
    xdotool("key", "End")
    await asyncio.wait_for(desk.ui.armed.wait(), 10)
    assert not desk.h.engine.gate.presented
    desk.h.engine.cancel()


async def test_what_fits_is_presented_as_soon_as_it_is_on_the_screen(opened: Open) -> None:
    desk = await opened(**SILENT)
    asked = await desk.ask()
    await desk.turn_to()
    assert desk.h.engine.gate.presented
    digits = " ".join(asked.spoken)
    desk.h.engine.gate.hear(asked.digest, f"code {digits}" if digits else "yes, run it")
    assert (await desk.answer()).approved


@pytest.mark.parametrize("scale", ["1", "1.25", "2"])
async def test_long_code_stays_on_the_screen(opened: Open, monkeypatch: pytest.MonkeyPatch, scale: str) -> None:
    monkeypatch.setenv("QT_SCALE_FACTOR", scale)
    code = "\n".join(f"x{number} = {number}  # {'long ' * 60}" for number in range(2000))
    desk = await opened(f"```python\n{code}\n```\n", "Done.")
    desk.h.model.size = len(code)
    await desk.ask()
    width, height = map(int, xdotool("getdisplaygeometry").split())
    places = [desk.ui.popup_geometry[name] for name in ("run", "deny", "close", "code")]
    assert all(0 < x < width and 0 < y < height for x, y in places)
    desk.click("deny")
    assert not (await desk.answer()).approved


# --- the keyboard


async def test_return_and_space_and_one_ctrl_return_are_no_yes(opened: Open) -> None:
    desk = await opened()
    await desk.ask()
    await desk.turn_to()
    for keys in (["Return"], ["space"], ["Tab"], ["Tab"], ["Return"], ["space"], ["shift", "Tab"], ["Tab"]):
        desk.hand.keys(*(("Shift_L" if key == "shift" else key) for key in keys))
    desk.click("deny")
    assert not (await desk.answer()).approved
    desk.h.model.asked.clear()
    await desk.ask()
    await desk.turn_to()
    desk.hand.keys("Control_L", "Return")
    desk.click("deny")
    assert not (await desk.answer()).approved


async def test_ctrl_return_twice_is_a_yes(opened: Open) -> None:
    desk = await opened()
    await desk.ask()
    await desk.turn_to()
    desk.hand.keys("Control_L", "Return")
    desk.hand.keys("Control_L", "Return")
    assert (await desk.answer()).approved


async def test_ctrl_return_on_another_button_presses_that_one(opened: Open) -> None:
    desk = await opened()
    await desk.ask()
    await desk.turn_to()
    desk.ui.shown.clear()
    xdotool("key", "Tab", "ctrl+Return")  # Edit is the first
    await asyncio.wait_for(desk.ui.shown.wait(), 10)
    assert "use" in desk.ui.popup_geometry


async def test_esc_is_a_no(opened: Open) -> None:
    desk = await opened()
    await desk.ask()
    await desk.turn_to()
    xdotool("key", "Escape")
    assert (await desk.answer()).by == "popup"


async def test_keys_typed_while_it_opens_answer_nothing_and_reach_their_window(opened: Open, stage: Stage) -> None:
    editor = stage.children.start("mousepad", "--disable-server", env=stage.env)
    try:
        in_front("mousepad", "class")
        focused = xdotool("getactivewindow")
        desk = await opened()
        typing = stage.children.start("xdotool", "key", "--delay", "15", *["Return", "space"] * 30, env=stage.env)
        asked = await desk.ask()
        assert await asyncio.to_thread(typing.wait, 30) == 0
        stage.children.end(typing)
        assert xdotool("getactivewindow") == focused
        assert not any(isinstance(event, ApprovalResolved) for event in desk.h.events)
        assert desk.h.engine.resolve(asked.turn, asked.digest, False, "test"), "the question was still open"
    finally:
        stage.children.end(editor)


async def test_a_window_manager_that_gives_it_the_keyboard_at_once_is_not_believed(opened: Open) -> None:
    desk = await opened()
    given = asyncio.to_thread(focus_when_shown, search(f"^{POPUP}$", hidden=True)[-1])
    asked, _ = await asyncio.gather(desk.ask(), given)
    xdotool("key", "Escape")
    desk.hand.keys("Control_L", "Return")
    desk.hand.keys("Control_L", "Return")
    assert (await desk.run()).digest == asked.digest


# --- edit, scan, always


async def test_edited_code_is_asked_about_and_only_that_is_run(opened: Open) -> None:
    desk = await opened()
    first = await desk.ask()
    await desk.turn_to()
    await edit(desk, "print(1)")
    desk.press("use")
    assert (await desk.answer()).by == "edit"
    second = await desk.h.until(ApprovalRequested)
    assert (second.code, second.level) == ("print(1)\n", "read")
    assert second.digest != first.digest
    await asyncio.wait_for(desk.ui.shown.wait(), 10)
    assert (await desk.run()).digest == second.digest
    await desk.h.ended()
    assert desk.ran() == ["print(1)\n"]


async def test_while_it_is_edited_nothing_can_be_run_and_back_asks_as_before(opened: Open) -> None:
    desk = await opened()
    asked = await desk.ask()
    await desk.turn_to()
    await edit(desk, "print(1)")
    assert "run" not in desk.ui.popup_geometry
    assert not desk.ui.armed.is_set()
    desk.hand.keys("Escape")
    resolved = await desk.run()
    assert (resolved.digest, resolved.approved) == (asked.digest, True)
    await desk.h.ended()
    assert desk.ran() == [asked.code]


async def test_long_code_too_can_be_edited(opened: Open) -> None:
    code = "\n".join(f"x{number} = {number}  # é" for number in range(4000))
    desk = await opened(f"```python\n{code}\n```\n", "Done.")
    desk.h.model.size = len(code)
    await desk.ask()
    desk.press("code")
    xdotool("key", "End")
    await asyncio.wait_for(desk.ui.armed.wait(), 10)
    await relaid(desk, "edit")
    xdotool("key", "ctrl+Home")
    xdotool("type", "#")
    desk.hand.keys("Control_L", "Return")
    assert (await desk.answer()).by == "edit"
    assert (await desk.h.until(ApprovalRequested)).code == f"#{code}\n"


async def test_editing_takes_its_time_and_still_ends_with_a_no(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onscreen, "EDITING", 4.0)
    desk = await opened(approval_timeout=3.0)
    asked = await desk.ask()
    await desk.turn_to()
    await edit(desk, "print(1)")
    resolved = await desk.answer()
    assert (resolved.approved, resolved.by) == (False, "timeout")
    assert resolved.at - asked.at > 4.0


async def test_always_allow_says_what_it_would_allow_and_makes_that_rule(opened: Open, tmp_path: Path) -> None:
    rules = Rules(tmp_path / "rules.yaml")
    desk = await opened("```python\nprint(open('/etc/hostname').read())\n```\n", "Done.", judge=Judge(rules))
    asked = await desk.ask()
    assert asked.scopes == ("conversation", "always")
    await desk.turn_to()
    await relaid(desk, "allow")
    xdotool("mousemove", *desk.ui.popup_geometry["always"], "click", 1)  # not yet, and not by hand
    assert (await desk.run("always")).approved
    await desk.h.ended()
    assert [rule.scope for rule in rules] == ["always"]


async def test_what_may_not_be_always_allowed_does_not_offer_it(opened: Open) -> None:
    desk = await opened("```python\nimport os; os.remove('/tmp/x')\n```\n", "Done.", judge=Judge(Rules(Path("none"))))
    assert (await desk.ask()).level == "destructive"
    assert "allow" not in desk.ui.popup_geometry


async def test_a_scan_is_asked_for_and_its_words_come_with_the_question(opened: Open) -> None:
    async def scanner(language: str, code: str) -> str:
        return "One thing was found: it writes."

    desk = await opened(judge=Judge(scanner=scanner), safe_mode="ask")
    assert (await desk.ask()).scannable
    await desk.turn_to()
    desk.press("scan")
    assert (await desk.answer()).by == "scan"
    second = await desk.h.until(ApprovalRequested)
    assert second.scan == "One thing was found: it writes."
    await asyncio.wait_for(desk.ui.shown.wait(), 10)
    assert "scan" not in desk.ui.popup_geometry
    assert (await desk.run()).approved


async def relaid(desk: Desk, button: str) -> None:
    """Press a button after which others are there."""
    desk.ui.shown.clear()
    desk.press(button)
    await asyncio.wait_for(desk.ui.shown.wait(), 10)


async def edit(desk: Desk, code: str) -> None:
    await relaid(desk, "edit")
    xdotool("key", "ctrl+a")
    await asyncio.to_thread(xdotool, "type", code)
