"""Clicks and keys that programs make: none of them is ever a yes."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from front import CODE, Desk, Open
from xdotool import search, xdotool

from oi_voice.demo.stage import Stage
from oi_voice.events import ApprovalResolved

pytestmark = pytest.mark.desktop
TRIES = 200
STORM = ("Return", "space", "ctrl+Return", "ctrl+Return", "KP_Enter")

# In a process of its own: pyautogui leaves files open.
MOUSE = """
import sys
from oi_voice.computer.hands import PyautoguiHands
x, y, times = map(int, sys.argv[1:])
hands = PyautoguiHands()
hands.move(x, y)
for down in (True, False) * times:
    hands.button("left", down)
"""


async def still_open(desk: Desk) -> None:
    """The question is; and the popup, which has handled all that was done to it, can still be answered by hand."""
    question = desk.h.engine.gate.open
    assert question is not None
    resolved = await desk.run()
    assert (resolved.digest, resolved.approved) == (question.digest, True)
    assert [event.by for event in desk.h.events if isinstance(event, ApprovalResolved)] == ["popup"]


async def test_clicks_of_xdotool_on_run(opened: Open) -> None:
    desk = await opened(approval_timeout=0)
    await desk.ask()
    await desk.turn_to()
    place = desk.ui.popup_geometry["run"]
    for _ in range(4):  # each time that Run is enabled, and after that while it is not
        desk.ui.armed.clear()
        clicks = ("click", "--repeat", TRIES // 4, "--delay", 8, 1)
        await asyncio.to_thread(xdotool, "mousemove", *place, *clicks)
        await asyncio.wait_for(desk.ui.armed.wait(), 10)
        assert desk.ui.popup_geometry["run"] == place
    await still_open(desk)


async def test_the_assistants_own_mouse_on_run(opened: Open) -> None:
    desk = await opened(approval_timeout=0)
    await desk.ask()
    await desk.turn_to()
    place = map(str, desk.ui.popup_geometry["run"])
    command = [sys.executable, "-c", MOUSE, *place, str(TRIES // 4)]
    for _ in range(4):
        desk.ui.armed.clear()
        await asyncio.to_thread(subprocess.run, command, check=True, timeout=30)
        await asyncio.wait_for(desk.ui.armed.wait(), 10)
    await still_open(desk)


async def test_storms_of_keys_while_it_opens_and_after(opened: Open, stage: Stage) -> None:
    desk = await opened(f"```python\n{CODE}\n```\n", approval_timeout=0)
    keys = STORM * (TRIES // 4 // len(STORM) * 2)
    for turned_to in (False, False, True, True):
        typing = stage.children.start("xdotool", "key", "--delay", "8", *keys, env=stage.env)
        asked = await desk.ask()
        if turned_to:
            await desk.turn_to()
        xdotool("windowfocus", search("oi_voice asks")[-1])
        assert await asyncio.to_thread(typing.wait, 30) == 0
        stage.children.end(typing)
        if turned_to:
            await asyncio.to_thread(xdotool, "key", "--delay", "8", *keys)
        desk.click("deny")  # which is handled after all the keys
        resolved = await desk.answer()
        assert (resolved.digest, resolved.approved, resolved.by) == (asked.digest, False, "popup")
        desk.h.engine.cancel()


async def test_keys_sent_to_the_window_itself(opened: Open) -> None:
    desk = await opened(approval_timeout=0)
    await desk.ask()
    await desk.turn_to()
    window = search("oi_voice asks")[-1]
    await asyncio.to_thread(xdotool, "key", "--window", window, "--delay", 8, *["ctrl+Return"] * 20)
    await still_open(desk)
