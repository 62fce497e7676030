"""Whether a press is proven to be made by hand, from raw events as an X server has sent them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from xdotool import xdotool

from oi_voice.desktop.ui.hand import BUTTON_PRESS, BUTTON_RELEASE, KEY_PRESS, KEY_RELEASE, Raw, Stroke, by_hand

XTEST, MOUSE, KEYBOARD, TOUCHPAD = 4, 6, 7, 9
RETURN = 36
CLICK, CHORD = Stroke(1000, 1080), Stroke(2000, 2070, RETURN)


def clicked(*sources: int, detail: int = 1) -> list[Raw]:
    return [
        Raw(kind, time, detail, source)
        for source in sources
        for kind, time in ((BUTTON_PRESS, CLICK.down), (BUTTON_RELEASE, CLICK.up))
    ]


def typed(source: int, key: int = RETURN) -> list[Raw]:
    return [Raw(KEY_PRESS, CHORD.down, key, source), Raw(KEY_RELEASE, CHORD.up, key, source)]


def real(source: int) -> bool:
    return source != XTEST


@pytest.mark.parametrize("button", [1, 3], ids=["left", "left of a left-handed person"])
def test_a_click_of_a_mouse_is_by_hand(button: int) -> None:
    assert by_hand(CLICK, clicked(MOUSE, detail=button), real)


def test_a_key_of_a_keyboard_is_by_hand_among_others() -> None:
    assert by_hand(CHORD, [*clicked(XTEST), *typed(KEYBOARD), Raw(KEY_PRESS, 2000, 38, XTEST)], real)


@pytest.mark.parametrize(
    "raws",
    [
        [],
        clicked(XTEST),
        clicked(MOUSE, XTEST),
        clicked(MOUSE, TOUCHPAD),
        clicked(MOUSE)[:1],
        clicked(MOUSE)[1:],
        [clicked(MOUSE)[0], clicked(XTEST)[1]],
        [clicked(MOUSE)[0], clicked(TOUCHPAD)[1]],
        clicked(MOUSE, detail=5),
        [Raw(raw.kind, raw.time + 1, raw.detail, raw.source) for raw in clicked(MOUSE)],
        typed(KEYBOARD),
    ],
    ids=[
        *("nothing", "XTEST", "both at once", "two at once", "no release", "no press", "XTEST lets go"),
        *("another lets go", "the wheel", "another time", "keys"),
    ],
)
def test_all_else_is_no_click_by_hand(raws: list[Raw]) -> None:
    assert not by_hand(CLICK, raws, real)


@pytest.mark.parametrize("raws", [[], typed(XTEST), typed(KEYBOARD, 65), clicked(MOUSE)])
def test_all_else_is_no_key_by_hand(raws: list[Raw]) -> None:
    assert not by_hand(CHORD, raws, real)


def test_an_event_is_read_as_the_server_sends_it() -> None:
    data = bytes.fromhex("060003591402010000000600020000000000000000000000000000000000")
    assert Raw.read(BUTTON_PRESS, data) == Raw(BUTTON_PRESS, 34887939, 1, 6)


PRESSED = """
import json, sys
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QAccessible, QAccessibleActionInterface
from PySide6.QtTest import QTest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
app = QApplication([])
from oi_voice.desktop.ui.popup import Popup
from oi_voice.events import ApprovalRequested, to_json
loop = QEventLoop()
def tell(message):
    print(json.dumps(message))
    if message["did"] in ("answer",) or message.get("armed"):
        QTimer.singleShot(0, loop.quit)
popup = Popup(tell)
popup.introduce("Right Ctrl", "trusted" in sys.argv)
popup.ask(to_json(ApprovalRequested("t", "d", "python", "print(1)", 60.0)) | {"voice": False})
QTimer.singleShot(int(sys.argv[1]), loop.quit)
QTest.mouseClick(popup._text.viewport(), Qt.MouseButton.LeftButton)
loop.exec()
run = popup._choices.named["run"]
if "click" in sys.argv:
    QTest.mouseClick(run, Qt.MouseButton.LeftButton)
else:
    QAccessible.queryAccessibleInterface(run).actionInterface().doAction(QAccessibleActionInterface.pressAction())
QTimer.singleShot(500, loop.quit)
loop.exec()
"""


def pressed(*arguments: str, wait: int = 5000, **env: str) -> list[bool]:
    """The answers of a popup whose Run is pressed by a program inside."""
    command = [sys.executable, "-c", PRESSED, str(wait), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env={**os.environ, **env})
    told = [json.loads(line) for line in done.stdout.splitlines()]
    return [message["approved"] for message in told if message["did"] == "answer"]


@pytest.mark.desktop
@pytest.mark.usefixtures("stage")
def test_a_press_through_accessibility_or_qt_itself_is_none_by_hand_unless_trusted() -> None:
    xdotool("mousemove", 5, 5)
    assert pressed("action") == []
    assert pressed("click") == []
    assert pressed("action", "trusted") == [True]


def test_where_nothing_can_be_proven_run_is_refused() -> None:
    assert pressed("action", wait=1500, QT_QPA_PLATFORM="offscreen") == []
    assert pressed("action", "trusted", QT_QPA_PLATFORM="offscreen") == [True]
