"""The main window and Qt's tray, used as a person uses them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from front import Open, choose_last_but, close_window, wait_gone
from xdotool import in_front, search, xdotool

from oi_voice.demo.stage import Stage
from oi_voice.desktop.shown import of_use
from oi_voice.events import State, Streamed
from oi_voice.messages import Chunk, Kind, Role

WINDOW = "^oi_voice$"


def bring_up() -> str:
    """Wait for the window and give it the keyboard."""
    return in_front(WINDOW)


@pytest.mark.desktop
async def test_a_typed_request_becomes_a_turn(opened: Open) -> None:
    desk = await opened("Good day.")
    desk.ui.show()
    await asyncio.to_thread(bring_up)
    xdotool("type", "good morning")
    xdotool("key", "Return")
    heard = await asyncio.wait_for(desk.h.until(Streamed), 10)
    assert heard.chunk.content == "good morning"
    await desk.h.ended()


@pytest.mark.desktop
async def test_the_buttons_work_by_keyboard(opened: Open) -> None:
    desk = await opened("You can say a lot.")
    desk.ui.show()
    await asyncio.to_thread(bring_up)
    xdotool("key", "Tab", "Tab", "space", *["Down"] * 5, "Return")  # More: the fifth entry is "What can I say?"
    heard = await asyncio.wait_for(desk.h.until(Streamed), 10)
    assert heard.chunk.content == "what can I say"
    await desk.h.ended()
    xdotool("key", "space", "Up", "Return")  # the last entry
    assert await asyncio.wait_for(desk.quits.get(), 10) == "quit"
    xdotool("key", "Tab", "space")
    assert await asyncio.wait_for(desk.quits.get(), 10) == "quit"


MORE = """
import json
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
app = QApplication([])
from oi_voice.desktop.ui.panel import Panel
did = []
panel = Panel(lambda action, text: did.append(action))
menu, foot = panel.findChild(QMenu), [press for press in panel.findChildren(QPushButton) if press.text()]
entries = lambda: [entry.text() for entry in menu.actions() if entry.isVisible() and not entry.isSeparator()]
seen = [[press.text() for press in foot if press.isVisibleTo(panel)], entries()]
panel.bring_up("")
panel.offer({"words": "Fetch it.", "button": "Download", "action": "fetch", "share": None})
panel.face({"icon": "listening", "words": "Listening", "listening": True})
seen.append(entries())
for entry in menu.actions():
    entry.trigger()
print(json.dumps([*seen, did, panel.focusWidget().text()]))
"""


def test_the_window_has_the_menu_of_the_tray() -> None:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", MORE], capture_output=True, text=True, timeout=60, env=env, check=True)
    foot, entries, offered, did, focused = json.loads(done.stdout)
    assert foot == ["Stop", "More ▾", "Quit"]
    again = "Try the last take again"
    assert entries == ["Talk", "Stop", again, "New conversation", "What can I say?", "Speed…", "Rules…", "Quit"]
    assert offered == ["Done talking", *entries[1:7], "Download Whisper…", "Quit"]
    assert did == ["talk", "stop", "retry", "new", "help", "times", "rules", "quit"]
    assert focused == "Download", "it is pressed in its row"


@pytest.mark.desktop
async def test_the_window_hides_when_closed_and_comes_back(opened: Open) -> None:
    desk = await opened()
    desk.ui.show()
    for _ in range(2):
        window = await asyncio.to_thread(bring_up)
        close_window(int(window))
        await asyncio.to_thread(wait_gone, window)
        desk.ui.show()
    assert desk.quits.empty()


@pytest.mark.desktop
async def test_the_tray_menu_acts(opened: Open) -> None:
    desk = await opened()
    await asyncio.to_thread(choose_last_but, 0)
    assert await asyncio.wait_for(desk.quits.get(), 10) == "quit"
    await asyncio.to_thread(choose_last_but, 8)
    await asyncio.wait_for(desk.h.until(State.LISTENING), 10)
    await asyncio.to_thread(choose_last_but, 7)
    await asyncio.wait_for(desk.h.ended(), 10)


@pytest.fixture
def bare_screen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An X server with neither window manager nor tray."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    monkeypatch.setenv("DISPLAY", f":{server.stdout.readline().strip()}")
    monkeypatch.delenv("XAUTHORITY", raising=False)
    yield
    server.terminate()
    server.wait(10)
    server.stdout.close()


@pytest.mark.desktop
async def test_without_a_tray_the_window_opens_and_closing_it_quits(bare_screen: None, opened: Open) -> None:
    desk = await opened()
    close_window(int((await asyncio.to_thread(search, WINDOW))[-1]))
    assert await asyncio.wait_for(desk.quits.get(), 10) == "quit"


def test_every_widget_has_an_accessible_name() -> None:
    program = """
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
from oi_voice.desktop.ui.ask import AskWindow
from oi_voice.desktop.ui.panel import Panel
from oi_voice.desktop.ui.popup import Popup
from oi_voice.desktop.ui.rules import RulesWindow
for window in (Popup(print), AskWindow(print), Panel(print), RulesWindow(print)):
    for widget in (window, *window.findChildren(QWidget)):
        inner = widget.objectName().startswith("qt_") or "Scroll" in type(widget).__name__
        if not (widget.accessibleName() or inner):
            print(type(widget).__name__, widget.objectName())
"""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, env=env, check=True
    )
    assert done.stdout == ""


def test_line_numbers_and_thoughts_are_no_words_to_show() -> None:
    chunks = [
        Chunk(Role.COMPUTER, Kind.CONSOLE, "1", "active_line"),
        Chunk(Role.ASSISTANT, Kind.REASONING, "hm"),
        Chunk(Role.COMPUTER, Kind.CONSOLE, "A", "output"),
    ]
    assert [chunk.content for chunk in chunks if of_use(Streamed("t", chunk))] == ["A"]
