"""The desktop program as a whole: what it says of a key that it can't have, and that it leaves nothing open."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdotool import xdotool
from Xlib import XK, X, display

from oi_voice.demo.stage import Stage
from oi_voice.desktop.assistant import Assembled, Assistant
from oi_voice.desktop.instance import Instance
from oi_voice.desktop.window import About, DesktopUi
from oi_voice.events import Notice, State
from oi_voice.runtime import Core
from oi_voice.testing import Harness, harness


class Recogniser:
    name, offer, may_fetch = "the commands' grammar", "", False

    def fetch(self) -> None: ...

    def stop(self) -> None: ...


@pytest.fixture
def taken(stage: Stage) -> Iterator[None]:
    """F9 is another program's."""
    screen = display.Display()
    code = screen.keysym_to_keycode(XK.string_to_keysym("F9"))
    screen.screen().root.grab_key(code, 0, False, X.GrabModeAsync, X.GrabModeAsync)
    screen.sync()
    yield
    screen.close()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys that the window is told of."""
    keys: list[str] = []
    describe = DesktopUi.describe

    def note(ui: DesktopUi, about: About) -> None:
        keys.append(about.key)
        describe(ui, about)

    monkeypatch.setattr(DesktopUi, "describe", note)
    return keys


@pytest.fixture
def core() -> Iterator[Core]:
    core = Core()
    yield core
    core.stop()


async def start(assistant: Assistant) -> Harness:
    h = harness()

    async def warm_up() -> None: ...

    assistant.at_end(h.engine.close)
    await assistant.start(
        Assembled(h.engine, "Using the commands.", Recogniser(), warm_up, lambda key: False, lambda pid: None)
    )
    return h


async def notice(h: Harness, code: str) -> str:
    async with asyncio.timeout(30):
        while (told := await h.until(Notice)).code != code:
            pass
    return str(told.text)


def claimed(folder: Path) -> Instance:
    instance = Instance.claim(folder / "oi_voice" / "socket")
    assert instance is not None
    return instance


@pytest.mark.desktop
def test_without_a_key_it_says_how_to_talk_until_there_is_one(
    taken: None, told: list[str], core: Core, tmp_path: Path
) -> None:
    async def session() -> None:
        assistant = Assistant(core, claimed(tmp_path), "<f9>")
        h = await start(assistant)
        assert "F9 is taken" in await notice(h, "desktop.key_taken")
        ready = await notice(h, "ready")
        assert "Hold" not in ready
        assert "oi-voice talk toggle" in ready
        assert told == [""]
        h.settings.apply({"voice.hotkey": "<f9>"})
        assert "F9 is taken" in await notice(h, "desktop.key_taken")
        h.settings.apply({"voice.hotkey": "<f8>"})
        while not h.engine.taking:
            await asyncio.to_thread(xdotool, "key", "F8")
        await h.until(State.LISTENING)
        h.settings.apply({"voice.hotkey": "<f9>"})
        assert "F9 is taken" in await notice(h, "desktop.key_taken")
        assert told == ["", "", "F8", "F8"], "the old one is still in force"
        await assistant.close()

    core.call(session(), timeout=50)


@pytest.mark.desktop
def test_the_end_closes_all_that_was_opened_last_first(stage: Stage, core: Core, tmp_path: Path) -> None:
    closed: list[str] = []

    async def session() -> None:
        instance = claimed(tmp_path)
        assistant = Assistant(core, instance, "<f8>")
        assistant.at_end(lambda: closed.append("parts"))
        h = await start(assistant)
        assistant.at_end(lambda: closed.append("more"))
        await assistant.close()
        assert closed == ["more", "parts"]
        claimed(tmp_path).close()
        assert h.engine.state is State.IDLE

    core.call(session(), timeout=50)


def test_the_window_says_how_to_talk() -> None:
    program = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
from oi_voice.desktop.ui.panel import Panel
panel = Panel(print)
for key in ("F9", ""):
    panel.about(key, "", "")
    print(*(label.text() for label in panel.findChildren(QLabel) if label.accessibleName() == "How to talk"))
"""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, env=env, check=True
    )
    held, without = done.stdout.splitlines()
    assert held == "Hold F9 and speak, then let go. Esc stops everything."
    assert "Hold" not in without
    assert "oi-voice talk toggle" in without
