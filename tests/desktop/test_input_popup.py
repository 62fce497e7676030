"""The window for lines that code asks for, on a real screen; and all that must mean no answer."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from pathlib import Path

import pytest
from front import Desk, Open, close_window, focus_when_shown, wait_gone
from xdotool import in_front, search, xdotool

from oi_voice.demo.stage import Stage
from oi_voice.desktop import window
from oi_voice.events import InputRequested, InputResolved, Notice, to_json
from oi_voice.ports import Answer

pytestmark = pytest.mark.desktop
WINDOW = "oi_voice: the code asks"
SLOWLY = ("--delay", 120)  # ms between keys: the window believes no answer within its first half second


async def type_in(desk: Desk, text: str, *keys: str) -> None:
    """Click into the field and type as a person does."""
    desk.click("field")
    await asyncio.to_thread(xdotool, "type", *SLOWLY, text)
    if keys:
        xdotool("key", *keys)


async def test_a_line_typed_and_sent_by_return_reaches_the_code(opened: Open) -> None:
    desk = await opened()
    asked = await desk.want(("Name? ", False))
    await type_in(desk, "Ann Lee", "Return")
    resolved = await desk.typed()
    assert (resolved.id, resolved.by) == (asked.id, "popup")
    await desk.h.ended()
    assert desk.printed() == "Ann Lee\ndone"
    assert not desk.ui.line_shown.is_set()


async def test_the_next_question_begins_with_an_empty_field(opened: Open) -> None:
    desk = await opened()
    await desk.want(("First? ", True), ("Second? ", False))
    await type_in(desk, "secret one")
    desk.click("send")
    await desk.typed()
    await desk.wanted()
    desk.click("send")  # the second half of a double-click
    await type_in(desk, "two two", "Return")
    await desk.typed()
    await desk.h.ended()
    assert desk.printed() == "secret one\ntwo two\ndone"


async def test_it_is_used_by_keyboard_alone_once_it_has_it(opened: Open) -> None:
    desk = await opened()
    await desk.want(("Name? ", False))
    await type_in(desk, "never", "Tab", "space")  # No answer is the next after the field
    assert (await desk.typed()).by == "popup"
    await desk.h.ended()
    assert "no answer: the person gave no answer" in desk.printed()


@pytest.mark.parametrize("button", ["none", "close"])
async def test_refusing_and_the_cross_are_no_answer(opened: Open, button: str) -> None:
    desk = await opened()
    await desk.want(("Name? ", False))
    desk.click(button)
    await desk.typed()
    await desk.h.ended()
    assert "no answer: the person gave no answer" in desk.printed()


async def test_closing_the_window_is_no_answer(opened: Open) -> None:
    desk = await opened()
    await desk.want(("Name? ", False))
    close_window(int(search(WINDOW)[-1]))
    await desk.typed()
    await desk.h.ended()
    assert "no answer" in desk.printed()


async def test_keys_typed_while_it_opens_reach_their_window_and_answer_nothing(opened: Open, stage: Stage) -> None:
    editor = stage.children.start("mousepad", "--disable-server", env=stage.env)
    try:
        in_front("mousepad", "class")
        focused = xdotool("getactivewindow")
        desk = await opened()
        typing = stage.children.start("xdotool", "key", "--delay", "15", *["x", "Return"] * 30, env=stage.env)
        asked = await desk.want(("Name? ", False))
        assert await asyncio.to_thread(typing.wait, 30) == 0
        stage.children.end(typing)
        assert xdotool("getactivewindow") == focused
        assert desk.h.engine.asking.open == asked
        await type_in(desk, "Ann Lee", "Return")
        await desk.typed()
        await desk.h.ended()
        assert desk.printed() == "Ann Lee\ndone", "nothing typed before the click is in the answer"
    finally:
        stage.children.end(editor)


async def test_a_window_manager_that_gives_it_the_keyboard_at_once_is_not_believed(opened: Open) -> None:
    desk = await opened()
    given = asyncio.to_thread(focus_when_shown, search(WINDOW, hidden=True)[-1])
    await asyncio.gather(given, desk.want(("Name? ", False)))
    await asyncio.to_thread(xdotool, "type", *SLOWLY, "for elsewhere")
    xdotool("key", "Return")
    assert desk.h.engine.asking.open
    await type_in(desk, "Ann Lee", "Return")
    await desk.typed()
    await desk.h.ended()
    assert desk.printed() == "Ann Lee\ndone"


async def test_a_secret_is_told_to_the_code_alone(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk = await opened()
    asked = await desk.want(("Password: ", True))
    assert asked.secret
    await type_in(desk, "hunter2", "ctrl+a", "ctrl+c", "Return")
    await desk.typed()
    await desk.h.ended()
    events = [event for event in desk.h.events if isinstance(event, InputRequested | InputResolved)]
    assert "hunter2" not in json.dumps([to_json(event) for event in events])
    assert "hunter2" not in caplog.text
    assert desk.printed() == "hunter2\ndone"


async def test_the_time_runs_out(opened: Open) -> None:
    desk = await opened(input_timeout=1.0)
    await desk.want(("Name? ", False))
    assert (await desk.typed()).by == "timeout"
    await desk.h.ended()
    assert "no answer" in desk.printed()


async def test_an_answer_from_elsewhere_and_a_stop_take_it_away(opened: Open) -> None:
    desk = await opened()
    for end in ("answer", "stop"):
        desk.h.model.asked.clear()
        asked = await desk.want(("Name? ", False))
        shown = search(WINDOW)[-1]
        if end == "answer":
            assert desk.h.engine.asking.answer(asked.id, "Ann", "elsewhere")
        else:
            desk.h.engine.cancel()
        await asyncio.to_thread(wait_gone, shown)
        await desk.h.ended()


async def test_a_long_prompt_stays_on_the_screen(opened: Open) -> None:
    desk = await opened()
    await desk.want(("many words " * 5000 + "? ", False))
    width, height = map(int, xdotool("getdisplaygeometry").split())
    buttons = [desk.ui.line_geometry[name] for name in ("field", "send", "none", "close")]
    assert all(0 < x < width and 0 < y < height for x, y in buttons)


async def test_a_killed_window_is_no_answer_and_comes_back(opened: Open) -> None:
    desk = await opened()
    await desk.want(("Name? ", False))
    os.kill(desk.ui.pid, signal.SIGKILL)
    assert (await desk.typed()).by == "popup crashed"
    assert "The code got no answer" in (await desk.notice()).text
    await desk.h.ended()
    assert "no answer: the window that asked has gone" in desk.printed()
    desk.h.model.asked.clear()
    await desk.want(("Name? ", False))
    await type_in(desk, "Ann Lee", "Return")
    assert (await desk.typed()).by == "popup"


async def test_a_window_killed_while_words_are_looked_at_says_that_they_were_not_sent(opened: Open) -> None:
    desk = await opened("Hello.", **{"voice.review": "always", "voice.speak": False})
    desk.h.transcriber.text = "good morning"
    desk.h.engine.press()
    desk.h.engine.release()
    await desk.wanted()
    os.kill(desk.ui.pid, signal.SIGKILL)
    notice = await desk.notice()
    assert (notice.level, notice.code) == ("error", "review.lost")
    assert "What you said was not sent" in notice.text
    assert "oi-voice talk retry" in notice.text
    await desk.h.ended()
    desk.h.engine.retry()
    assert (await desk.wanted()).text == "good morning"
    assert not [event for event in desk.h.events if isinstance(event, Notice) and "The code" in event.text]


@pytest.mark.parametrize(
    "line",
    ['{"did": "line", "id": "another", "text": "x"}', '{"did": "line", "id": "@", "text": 5}', "hunter2"],
    ids=["another question", "no text", "garbage"],
)
async def test_a_child_gone_wrong_is_no_answer(
    opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, line: str, caplog: pytest.LogCaptureFixture
) -> None:
    program = f"""
import json, sys
for line in sys.stdin:
    if 'InputRequested' in line: print({line!r}.replace('@', json.loads(line)['id']), flush=True)
"""
    (tmp_path / "wrong.py").write_text(program)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(window, "CHILD", "wrong")
    desk = await opened(wait=False, auto_run=True)
    desk.h.language.asks = [("Name? ", False)]
    desk.h.engine.start_turn("write hello")
    assert (await desk.typed()).by == "popup crashed"
    await desk.h.ended()
    assert "no answer: the window that asked has gone" in desk.printed()
    assert "hunter2" not in caplog.text


async def test_when_the_windows_are_closed_nobody_is_there(opened: Open) -> None:
    desk = await opened()
    await desk.want(("Name? ", False))
    await desk.ui.close()
    assert (await desk.typed()).by == "popup closed"
    await desk.h.ended()
    assert await desk.h.engine.ask("Again? ", False) == Answer(None, "it was stopped")
