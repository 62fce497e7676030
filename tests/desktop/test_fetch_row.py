"""The offer of a better recogniser: the row of the main window, its download, the menu's entry."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from front import Open, choose_last_but
from xdotool import in_front, xdotool

from oi_voice.desktop.fetch import Fetch
from oi_voice.events import RECOGNISER, Notice, Progress, SettingsChanged
from oi_voice.testing import Harness
from oi_voice.testing.fakes import FakeTranscriber
from oi_voice.testing.server import ModelServer, Wire
from oi_voice.voice.stt.chosen import Chosen, Links
from oi_voice.voice.stt.download import Source

DATA = bytes(3_000_000)
WHAT = "Downloading Whisper base.en"


class Offer:
    """A recogniser that could be better."""

    def __init__(self) -> None:
        self.name, self.offer, self.may_fetch = "the commands' grammar", "Fetch it.", True
        self.did: list[str] = []

    def fetch(self) -> None:
        self.did.append("fetch")

    def stop(self) -> None:
        self.did.append("stop")


def test_each_step_is_told_with_what_can_be_done() -> None:
    offer, told = Offer(), list[dict[str, Any]]()
    fetch = Fetch(offer, told.append)

    def row(event: Any) -> tuple[Any, ...]:
        fetch.follow(event)
        return tuple(told[-1][name] for name in ("words", "button", "action", "share"))

    changed = SettingsChanged("", {})
    assert row(changed) == ("Fetch it.", "Download", "fetch", None)
    assert row(Progress("", WHAT)) == (f"{WHAT}…", "Cancel", "keep", -1)
    words, button, action, share = row(Progress("", WHAT, 43_000_000, 86_000_000))
    assert words == f"{WHAT}: 43 of 86 MB. What has come is kept if you cancel."
    assert (button, action, share) == ("Cancel", "keep", 0.5)
    words, *rest = row(Progress("", WHAT, 43_000_000, 86_000_000, over=True))
    assert "Stopped at 43 of 86 MB" in words
    assert rest == ["Download", "fetch", None]
    assert row(Progress("", WHAT, over=True, trouble="No network.")) == ("No network.", "Try again", "fetch", None)
    offer.may_fetch, offer.offer = False, "Offline is on."
    assert row(changed) == ("Offline is on.", "", "", None)
    offer.offer = ""
    assert row(Notice("", "info", RECOGNISER, "Another.")) == ("", "", "", None)
    fetch.act("fetch")
    fetch.act("keep")
    assert offer.did == ["fetch", "stop"]


def test_nothing_is_told_of_what_does_not_concern_it() -> None:
    told: list[dict[str, Any]] = []
    Fetch(Offer(), told.append).follow(Notice("", "info", "ready", "Ready."))
    nobody = Fetch(None, told.append)
    nobody.tell()
    nobody.act("fetch")
    assert told == []


OFFSCREEN = """
import json, sys
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton
app = QApplication([])
from oi_voice.desktop.ui.fetch import FetchRow
did, seen = [], []
row = FetchRow(lambda action, text: did.append(action))
words, bar, press = row.findChild(QLabel), row.findChild(QProgressBar), row.findChild(QPushButton)
for message in json.loads(sys.argv[1]):
    row.tell(message)
    app.processEvents()
    if not press.isHidden():
        where = press.mapTo(row, press.rect().center())
        QTest.mouseDClick(row.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    full = (bar.value() / bar.maximum() if bar.maximum() else -1) if not bar.isHidden() else None
    seen.append([row.isHidden(), words.text(), press.text() if not press.isHidden() else "", full])
print(json.dumps([seen, did]))
"""


def test_the_row_shows_what_it_is_told_and_is_pressed_once() -> None:
    def message(words: str, button: str = "", action: str = "", share: float | None = None) -> dict[str, Any]:
        return {"words": words, "button": button, "action": action, "share": share}

    steps = [
        message("Fetch it.", "Download", "fetch"),
        message("Fetching.", "Cancel", "keep", -1),
        message("Fetching: 1 of 2 MB.", "Cancel", "keep", 0.5),
        message("x\u202e" + "/long" * 10),
        message(""),
    ]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", OFFSCREEN, json.dumps(steps)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=env, check=True)
    seen, did = json.loads(done.stdout)
    assert seen[:3] == [
        [False, "Fetch it.", "Download", None],
        [False, "Fetching.", "Cancel", -1],
        [False, "Fetching: 1 of 2 MB.", "Cancel", 0.5],
    ]
    assert "⟨U+202E⟩" in seen[3][1]
    assert "\u200b" in seen[3][1]
    assert seen[4][0] is True
    assert did == ["fetch", "keep", "keep"], "the second half of a double-click does nothing"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[ModelServer], Callable[[Harness], Chosen]]:
    """Makes the grammar, on a machine without any checkpoint, which are fetched from this server."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HOME", str(tmp_path))

    def at(server: ModelServer) -> Callable[[Harness], Chosen]:
        def find(name: str) -> Source:
            return Source(f"{server.url}/{name}.pt", hashlib.sha256(DATA).hexdigest(), tmp_path / f"{name}.pt")

        def chosen(h: Harness) -> Chosen:
            links = Links(
                lambda: (FakeTranscriber(h.journal), "Whisper"), lambda: False, h.engine.tell, h.engine.notify, find
            )
            return Chosen(h.settings, h.transcriber, "the commands' grammar", links)

        return chosen

    return at


@pytest.mark.desktop
async def test_it_is_fetched_by_a_click_cancelled_by_another_and_then_goes_on(
    opened: Open, shop: Any, tmp_path: Path
) -> None:
    go_on = asyncio.Event()

    async def slowly(wire: Wire) -> None:
        start = int(wire.request.headers.get("range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        headers = {"Content-Range": f"bytes {start}-{len(DATA) - 1}/{len(DATA)}"} if start else {}
        await wire.head(206 if start else 200, "application/octet-stream", length=len(DATA) - start, headers=headers)
        await wire.send(DATA[start : None if go_on.is_set() else 2_000_000])
        await go_on.wait()

    async with ModelServer(slowly) as server:
        desk = await opened(recogniser=shop(server))
        await asyncio.to_thread(choose_last_but, 1)  # "Download Whisper…" opens the window
        await asyncio.to_thread(in_front, "^oi_voice$")
        xdotool("key", "shift+Tab", "shift+Tab", "space")
        assert server.requests == []
        assert (await progress(desk.h)).what == WHAT
        while (await progress(desk.h)).done < 1_000_000:
            pass
        xdotool("key", "space")
        stopped = await progress(desk.h, over=True)
        assert stopped.trouble == ""
        go_on.set()
        xdotool("key", "space")
        assert (await progress(desk.h, over=True)).trouble == ""
        assert (tmp_path / "base.en.pt").read_bytes() == DATA
        assert int(server.requests[-1].headers["range"][6:-1]) >= stopped.done
        assert [event.code for event in desk.h.events if isinstance(event, Notice)] == [RECOGNISER]


async def progress(h: Harness, over: bool = False) -> Progress:
    """The next progress, or its end."""
    while True:
        told: Progress = await asyncio.wait_for(h.until(Progress), 20)
        if told.over or not over:
            return told
