"""The times of the last turns, shown."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from front import Alone, Open, choose_last_but, wait_gone
from xdotool import in_front, xdotool

from oi_voice import ledger
from oi_voice.demo.stage import Stage
from oi_voice.desktop.times import Times

TITLE = "^oi_voice: speed$"
SPOKEN = {"listening": 20.0, "transcribing": 300.0, "thinking": 400.0, "speaking": 90.0}
TYPED = {"thinking": 400.0, "speaking": 90.0}
AT = 1_600_000_000


class Shown:
    """What the windows' process is told of a file."""

    def __init__(self, path: Path) -> None:
        self._messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.times = Times(self._messages.put_nowait, lambda: path)

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self._messages.get(), 10)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "state" / "latency.jsonl"
    path.parent.mkdir()
    path.write_text(json.dumps(SPOKEN) + "\n")
    ledger.keep(path, TYPED, AT)
    return path


async def test_the_times_are_told_newest_first(path: Path) -> None:
    shown = Shown(path)
    shown.times.show()
    message = await shown.next()
    assert message["show"]
    assert message["turns"] == [
        {"at": AT, "what": "Typed", "legs": TYPED, "wait": 490.0},
        {"at": 0.0, "what": "Spoken", "legs": SPOKEN, "wait": 790.0},
    ]
    assert [leg["title"] for leg in message["legs"]] == ["Microphone", "Recogniser", "Language model", "Voice"]
    assert message["words"] == "Nothing is usually slow."
    assert "790 ms" in message["usual"]
    for _ in range(3):
        ledger.keep(path, {**SPOKEN, "thinking": 4000.0}, AT)
    shown.times.refresh()
    message = await shown.next()
    assert (message["show"], len(message["turns"])) == (False, 5)
    assert message["words"] == ledger.slow(ledger.read(path)) != ""


async def test_where_nothing_was_timed_or_can_be_read_it_says_so(tmp_path: Path) -> None:
    shown = Shown(tmp_path / "not" / "there.jsonl")
    shown.times.show()
    message = await shown.next()
    assert (message["turns"], message["words"], message["usual"], message["trouble"]) == ([], "", "", "")
    shown = Shown(tmp_path)
    shown.times.show()
    assert (await shown.next())["trouble"].startswith(f"{tmp_path} can't be read")


# --- the window itself


@pytest.fixture
async def window(stage: Stage) -> AsyncIterator[Alone]:
    window = Alone()
    await window.start()
    yield window
    await window.close()


@pytest.mark.desktop
async def test_it_follows_the_file_until_it_is_closed(window: Alone, tmp_path: Path) -> None:
    path = tmp_path / "state" / "latency.jsonl"  # not even its folder is there
    shown = Shown(path)
    shown.times.show()
    window.tell(await shown.next())
    place = await asyncio.to_thread(in_front, TITLE)
    for count in range(1, 5):
        ledger.keep(path, SPOKEN, AT)
        turns: list[Any] = []
        while len(turns) < count:
            assert await window.said() == {"did": "times"}
            shown.times.refresh()
            message = await shown.next()
            turns = message["turns"]
            window.tell(message)
    xdotool("key", "Down", "Escape")
    await asyncio.to_thread(wait_gone, place)


@pytest.mark.desktop
async def test_the_menu_brings_it_up(opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(path.parent))
    desk = await opened()
    await asyncio.to_thread(choose_last_but, 2)
    shown = await asyncio.to_thread(in_front, TITLE)
    xdotool("key", "Escape")
    await asyncio.to_thread(wait_gone, shown)
    assert desk.quits.empty()


OFFSCREEN = """
import json, sys
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QTableView, QWidget
app = QApplication([])
from oi_voice.desktop.ui.times import TimesWindow
window = TimesWindow(lambda message: None)
first, then = json.loads(sys.argv[1])
window.show_times(first)
table = window.findChild(QTableView)
model, bar = table.model(), table.verticalScrollBar()
app.processEvents()
if first["turns"]:
    table.setCurrentIndex(model.index(30, 2))
    bar.setValue(25)
before = [table.currentIndex().row(), bar.value()]
window.show_times(then)
app.processEvents()
after = [table.currentIndex().row(), bar.value()]
texts = [label.text() for label in window.findChildren(QLabel) if not label.isHidden()]
cells = lambda row, role: [model.data(model.index(row, at), role) for at in range(model.columnCount())]
text, spoken = Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole
rows = [[cells(row, text), cells(row, spoken)] for row in range(min(2, model.rowCount()))]
heads = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
inner = lambda widget: widget.objectName().startswith("qt_") or "Scroll" in type(widget).__name__
nameless = [type(one).__name__ for one in window.findChildren(QWidget) if not (one.accessibleName() or inner(one))]
window.grab()
print(json.dumps([texts, heads, rows, nameless, [before, after], table.isHidden()]))
"""


async def offscreen(path: Path, *added: ledger.Past) -> list[Any]:
    """What a window says that is shown a file, and then once more with more turns."""
    shown, messages = Shown(path), []
    for more in ([], added):
        for turn in more:
            ledger.keep(path, turn.legs, turn.at)
        shown.times.show()
        messages.append(await shown.next())
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C", "TZ": "UTC"}
    command = [sys.executable, "-c", OFFSCREEN, json.dumps(messages)]
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, timeout=60, env=env, check=True
    )
    return list(json.loads(done.stdout))


async def test_each_turn_is_a_row_and_a_new_one_leaves_the_reader_where_they_are(path: Path) -> None:
    for at in range(100):
        ledger.keep(path, SPOKEN, AT + at)
    slow = {**SPOKEN, "transcribing": 1234.4}
    texts, heads, rows, nameless, places, _ = await offscreen(path, ledger.Past(TYPED), ledger.Past(slow, AT))
    assert heads == ["When", "Request", "Microphone", "Recogniser", "Language model", "Voice", "First sound", "Share"]
    assert rows[0][0][1:-1] == ["Spoken", "20", "▲ 1234", "400", "90", "1724"]
    assert rows[0][0][0].startswith("13 Sep 2020, 12:26")
    assert rows[0][1][3:5] == ["Recogniser 1234 milliseconds, slow", "Language model 400 milliseconds"]
    assert "Recogniser 1234 milliseconds, slow" in rows[0][1][-1]
    assert rows[1][0][:-1] == ["–", "Typed", "–", "–", "400", "90", "490"]
    assert all(rows[1][1])
    assert "Nothing is usually slow." in texts
    assert any("▲ is slow" in text for text in texts)
    assert nameless == []
    assert places == [[30, 25], [32, 27]]


async def test_where_nothing_was_timed_it_says_so(tmp_path: Path) -> None:
    texts, _, rows, nameless, _, no_table = await offscreen(tmp_path / "none")
    assert texts[0] == "Nothing was timed yet."
    assert (rows, nameless, no_table) == ([], [], True)
