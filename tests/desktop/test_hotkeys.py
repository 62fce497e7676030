"""The push-to-talk key, pressed for real on the X server."""

from __future__ import annotations

import queue
import subprocess
import sys
from collections.abc import Iterator

import pytest
from front import xdotool
from Xlib import XK, X, display
from Xlib.ext import xtest

from oi_voice.demo.stage import Stage
from oi_voice.desktop.hotkeys import PushToTalk, words
from oi_voice.errors import SettingsError

WAIT = 10.0


class Heard:
    """What the key's callbacks said, in order."""

    def __init__(self, key: str) -> None:
        self.edges: queue.Queue[str] = queue.Queue()
        self.hotkeys = PushToTalk(key)
        put = self.edges.put
        self.hotkeys.start(lambda: put("pressed"), lambda: put("released"), lambda: put("cancelled"))

    def until_escape(self) -> list[str]:
        """Everything up to an Esc typed now."""
        xdotool("key", "Escape")
        heard = []
        while (edge := self.edges.get(timeout=WAIT)) != "cancelled":
            heard.append(edge)
        return heard


@pytest.fixture
def heard(request: pytest.FixtureRequest, stage: Stage) -> Iterator[Heard]:
    result = Heard(request.param)
    result.until_escape()  # recording has begun
    yield result
    result.hotkeys.close()
    xdotool("key", "Shift_L")  # with which the listener's thread ends


@pytest.mark.desktop
@pytest.mark.parametrize("heard", ["<f9>"], indirect=True)
def test_a_hundred_holds_with_auto_repeat(heard: Heard) -> None:
    subprocess.run(["xset", "r", "rate", "20", "100"], check=True)
    hold = ("keydown", "F9", "sleep", "0.06", "keyup", "F9", "sleep", "0.03")
    try:
        xdotool(*hold * 100)
    finally:
        subprocess.run(["xset", "r", "rate"], check=True)
    assert heard.until_escape() == ["pressed", "released"] * 100


@pytest.mark.desktop
@pytest.mark.parametrize("heard", ["<f9>"], indirect=True)
def test_repeats_as_pairs_of_release_and_press(heard: Heard) -> None:
    screen = display.Display()
    code = screen.keysym_to_keycode(XK.XK_F9)
    xtest.fake_input(screen, X.KeyPress, code)
    for _ in range(50):
        xtest.fake_input(screen, X.KeyRelease, code)
        xtest.fake_input(screen, X.KeyPress, code)
    xtest.fake_input(screen, X.KeyRelease, code)
    screen.sync()
    screen.close()
    assert heard.until_escape() == ["pressed", "released"]


@pytest.mark.desktop
@pytest.mark.parametrize(
    ("heard", "pressed"),
    [("<ctrl_r>", "Control_R"), ("<ctrl>", "Control_L"), ("<ctrl>+<alt>+v", "ctrl+alt+v"), ("v", "v")],
    indirect=["heard"],
)
def test_single_keys_and_combinations(heard: Heard, pressed: str) -> None:
    xdotool("keydown", pressed, "sleep", "0.05", "keyup", pressed)
    assert heard.until_escape() == ["pressed", "released"]


@pytest.mark.desktop
@pytest.mark.parametrize("heard", ["<ctrl>+<alt>+v"], indirect=True)
def test_other_keys_say_nothing(heard: Heard) -> None:
    xdotool("key", "ctrl+v", "a", "alt+v", "F9", "shift+Control_L")
    assert heard.until_escape() == []


@pytest.mark.desktop
@pytest.mark.parametrize("key", ["<nokey>", "ctrl_r", "<ctrl>+", ""])
def test_an_unknown_key_is_refused_with_examples(stage: Stage, key: str) -> None:
    with pytest.raises(SettingsError, match="<ctrl_r>"):
        PushToTalk(key).start(lambda: None, lambda: None, lambda: None)


@pytest.mark.parametrize("shown", ["", ":4711"], ids=["none", "a wrong one"])
def test_no_display_is_said_with_the_fix(shown: str) -> None:
    program = f"""
import os
os.environ["DISPLAY"] = {shown!r}
from oi_voice.desktop.hotkeys import PushToTalk
from oi_voice.errors import DesktopError
try:
    PushToTalk().start(print, print, print)
except DesktopError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert "there is no display" in done.stdout
    assert "oi-voice demo" in done.stdout


def test_closing_what_was_never_started_is_harmless() -> None:
    PushToTalk().close()


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("<ctrl_r>", "Right Ctrl"),
        ("<f9>", "F9"),
        ("<ctrl>+<alt>+v", "Ctrl+Alt+V"),
        ("<cmd_r>", "Right Super"),
        ("+", "+"),
    ],
)
def test_a_key_is_named_as_a_person_does(key: str, name: str) -> None:
    assert words(key) == name
