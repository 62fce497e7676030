"""The talk key, pressed for real on the X server."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest
from xdotool import xdotool
from Xlib import XK, X, display
from Xlib.ext import xtest

from oi_voice.demo.stage import Stage
from oi_voice.desktop.hotkeys import Mode, PushToTalk, open_source, try_key
from oi_voice.desktop.keys.names import Combination
from oi_voice.desktop.keys.source import Pollable, Seen, Source, What
from oi_voice.desktop.keys.watched import WatchedKeys
from oi_voice.errors import DesktopError, SettingsError
from oi_voice.events import Notice

WAIT = 10.0
TAKE = ["pressed", "released"]


class Heard:
    """What the key's callbacks said, in order."""

    def __init__(self, hotkeys: PushToTalk) -> None:
        self.edges: queue.Queue[str] = queue.Queue()
        self.hotkeys = hotkeys
        put = self.edges.put
        hotkeys.start(lambda: put("pressed"), lambda: put("released"), lambda: put("cancelled"))

    def next(self) -> str:
        return self.edges.get(timeout=WAIT)

    def until_escape(self) -> list[str]:
        """Everything up to an Esc typed now."""
        xdotool("key", "Escape")
        heard = []
        while (edge := self.next()) != "cancelled":
            heard.append(edge)
        return heard


class Desk:
    """A display of the test's own, and the talk keys that it has opened."""

    def __init__(self) -> None:
        self.screen = display.Display()
        self.heard: list[Heard] = []

    def watch(self, key: str, mode: Mode = Mode.HOLD, **options: object) -> Heard:
        self.heard.append(Heard(PushToTalk(key, mode, **options)))  # type: ignore[arg-type]
        self.heard[-1].until_escape()  # it is watched
        return self.heard[-1]

    def code(self, name: str) -> int:
        return int(self.screen.keysym_to_keycode(XK.string_to_keysym(name)))

    def fake(self, *keys: tuple[str, bool]) -> None:
        """Press (True) and release keys, as fast as can be."""
        for name, down in keys:
            xtest.fake_input(self.screen, X.KeyPress if down else X.KeyRelease, self.code(name))
        self.screen.sync()


@pytest.fixture
def desk(stage: Stage) -> Iterator[Desk]:
    result = Desk()
    yield result
    for heard in result.heard:
        heard.hotkeys.close()
    xdotool("key", "Shift_L")  # with which pynput's thread ends
    result.screen.close()


@pytest.fixture
def fast_repeat(stage: Stage) -> Iterator[None]:
    subprocess.run(["xset", "r", "rate", "20", "100"], check=True)
    yield
    subprocess.run(["xset", "r", "rate"], check=True)


@pytest.mark.desktop
@pytest.mark.slow
@pytest.mark.parametrize("key", ["F9", "Control_R"])
def test_a_hundred_holds_with_auto_repeat(desk: Desk, fast_repeat: None, key: str) -> None:
    heard = desk.watch({"F9": "<f9>", "Control_R": "<ctrl_r>"}[key])
    xdotool(*("keydown", key, "sleep", "0.06", "keyup", key, "sleep", "0.03") * 100)
    assert heard.until_escape() == TAKE * 100


@pytest.mark.desktop
@pytest.mark.parametrize("key", ["F9", "Control_R"])
def test_repeats_as_pairs_of_release_and_press(desk: Desk, key: str) -> None:
    heard = desk.watch({"F9": "<f9>", "Control_R": "<ctrl_r>"}[key])
    desk.fake((key, True), *[(key, False), (key, True)] * 50, (key, False))
    assert heard.next() == "pressed"
    assert heard.next() == "released"
    assert heard.until_escape() == []


def pynput(combination: Combination, typed_by_code: object) -> Source:
    return WatchedKeys(combination, lambda key: False)


@pytest.mark.desktop
@pytest.mark.parametrize("opened", [open_source, pynput])
@pytest.mark.parametrize(
    ("key", "pressed"),
    [("<ctrl_r>", "Control_R"), ("<ctrl>", "Control_L"), ("<ctrl>+<alt>+v", "ctrl+alt+v"), ("<F9>", "F9")],
)
def test_single_keys_and_combinations(desk: Desk, opened: object, key: str, pressed: str) -> None:
    heard = desk.watch(key, opened=opened)
    xdotool("keydown", pressed, "sleep", "0.05", "keyup", pressed)
    assert heard.next() == "pressed"
    assert heard.next() == "released"
    assert heard.until_escape() == []


@pytest.mark.desktop
@pytest.mark.parametrize("opened", [open_source, pynput])
def test_other_keys_say_nothing(desk: Desk, opened: object) -> None:
    heard = desk.watch("<ctrl>+<alt>+v", opened=opened)
    xdotool("key", "ctrl+v", "a", "alt+v", "F9", "shift+Control_L")
    assert heard.until_escape() == []


@pytest.mark.desktop
def test_more_modifiers_make_it_another_combination(desk: Desk) -> None:
    heard = desk.watch("<ctrl>+<alt>+v")
    xdotool("key", "ctrl+alt+shift+v")
    assert heard.until_escape() == []


@pytest.mark.desktop
@pytest.mark.parametrize("opened", [open_source, pynput])
def test_a_modifier_that_is_part_of_a_shortcut_is_no_take(desk: Desk, opened: object) -> None:
    heard = desk.watch("<ctrl_r>", Mode.AUTO, opened=opened)
    desk.fake(("Control_R", True), ("c", True), ("c", False), ("Control_R", False))
    assert heard.next() == "pressed"
    assert heard.next() == "cancelled"
    assert heard.until_escape() == []


@pytest.mark.desktop
def test_escape_is_heard_while_the_key_keeps_all_others(desk: Desk) -> None:
    heard = desk.watch("<f9>")
    desk.fake(("F9", True))
    assert heard.next() == "pressed"
    assert heard.until_escape() == []
    desk.fake(("F9", False))
    assert heard.until_escape() == []


@pytest.mark.desktop
def test_what_running_code_presses_begins_nothing(desk: Desk) -> None:
    typed = {"f9", "esc"}

    def by_code(key: str) -> bool:
        found = key in typed
        typed.discard(key)
        return found

    heard = Heard(PushToTalk("<f9>", typed_by_code=by_code))
    desk.heard.append(heard)
    desk.fake(("F9", True), ("F9", False), ("Escape", True), ("Escape", False))
    desk.fake(("F9", True), ("F9", False))  # another program's, or a remote viewer's
    assert [heard.next(), heard.next()] == TAKE
    assert not typed


# --- the program in front


class Front:
    """A focused window, and the keys it gets."""

    def __init__(self, screen: display.Display) -> None:
        self._screen = screen
        root = screen.screen().root
        events = X.KeyPressMask | X.StructureNotifyMask | X.FocusChangeMask
        self._window = root.create_window(0, 0, 50, 50, 0, X.CopyFromParent, event_mask=events, override_redirect=True)
        self._window.map()
        self._until(X.MapNotify)
        self._window.set_input_focus(X.RevertToParent, X.CurrentTime)
        self._until(X.FocusIn)

    def keys_until(self, last: int) -> list[int]:
        codes: list[int] = []
        while last not in codes:
            codes.append(self._until(X.KeyPress).detail)
        return codes

    def close(self) -> None:
        self._window.destroy()
        self._screen.sync()

    def _until(self, kind: int) -> object:
        while (event := self._screen.next_event()).type != kind:
            pass
        return event


@pytest.fixture
def front(desk: Desk) -> Iterator[Front]:
    result = Front(desk.screen)
    yield result
    result.close()


COMBINATION = (("Control_L", True), ("Alt_L", True), ("v", True), ("v", False), ("Alt_L", False), ("Control_L", False))


@pytest.mark.desktop
@pytest.mark.parametrize("lock", ["", "Num_Lock", "Caps_Lock"])
def test_the_program_in_front_does_not_get_the_combination(desk: Desk, front: Front, lock: str) -> None:
    last, v = desk.code("z"), desk.code("v")
    heard = desk.watch("<ctrl>+<alt>+v")
    locked = [(lock, True), (lock, False)] if lock else []
    desk.fake(*locked)
    try:
        desk.fake(*COMBINATION)
        assert [heard.next(), heard.next()] == TAKE
        desk.fake(("v", True), ("v", False), ("z", True), ("z", False))
        assert front.keys_until(last).count(v) == 1, "without its modifiers the key is only a key"
        heard.hotkeys.rebind("<f9>")
        desk.fake(*COMBINATION, ("z", True), ("z", False))
        while v not in front.keys_until(last):  # until the old one is let go of
            desk.fake(*COMBINATION, ("z", True), ("z", False))
    finally:
        desk.fake(*locked)


@pytest.mark.desktop
def test_modifiers_alone_are_only_watched(desk: Desk, front: Front) -> None:
    heard = desk.watch("<ctrl_r>")
    desk.fake(("Control_R", True), ("Control_R", False), ("z", True), ("z", False))
    assert desk.code("Control_R") in front.keys_until(desk.code("z"))
    assert [heard.next(), heard.next()] == TAKE


# --- a release that never comes


class Lossy:
    """A source whose releases get lost."""

    ready = True

    def __init__(self, source: Source) -> None:
        self._source = source

    def waits(self) -> Sequence[Pollable]:
        return self._source.waits()

    def read(self) -> Sequence[Seen]:
        return [seen for seen in self._source.read() if seen.what is not What.UP]

    def down(self) -> bool | None:
        return self._source.down()

    def close(self) -> None:
        self._source.close()


@pytest.mark.desktop
@pytest.mark.parametrize("key", ["F9", "Control_R"])
def test_a_lost_release_is_found_by_looking_at_the_key(desk: Desk, key: str) -> None:
    named = {"F9": "<f9>", "Control_R": "<ctrl_r>"}[key]
    heard = desk.watch(named, opened=lambda combination, by_code: Lossy(open_source(combination, by_code)))
    for _ in range(3):
        desk.fake((key, True))
        assert heard.next() == "pressed"
        desk.fake((key, False))
        assert heard.next() == "released"
    assert heard.until_escape() == []


# --- another key


@pytest.mark.desktop
def test_a_key_that_another_program_has_is_refused_and_the_old_one_stays(desk: Desk) -> None:
    desk.screen.screen().root.grab_key(desk.code("F8"), 0, False, X.GrabModeAsync, X.GrabModeAsync)
    desk.screen.sync()
    heard = desk.watch("<f9>")
    with pytest.raises(DesktopError, match=r"F8 is taken.*Choose another"):
        heard.hotkeys.rebind("<f8>")
    with pytest.raises(SettingsError, match="needed for writing"):
        heard.hotkeys.rebind("v")
    desk.fake(("F9", True), ("F9", False))
    assert [heard.next(), heard.next()] == TAKE
    assert heard.hotkeys.key == "<f9>"
    with closing(PushToTalk("<f8>")) as other, pytest.raises(DesktopError, match="F8 is taken"):
        other.start(lambda: None, lambda: None, lambda: None)


@pytest.mark.desktop
def test_another_key_takes_over_and_ends_the_take(desk: Desk) -> None:
    heard = desk.watch("<f9>", Mode.TOGGLE)
    desk.fake(("F9", True), ("F9", False))
    assert heard.next() == "pressed"
    heard.hotkeys.rebind("<ctrl>+<alt>+t")
    assert heard.next() == "released"
    desk.fake(("F9", True), ("F9", False))
    xdotool("key", "ctrl+alt+t")
    assert heard.next() == "pressed"
    assert heard.until_escape() == []


@pytest.mark.desktop
@pytest.mark.parametrize("key", ["<nokey>", "ctrl_r", "<ctrl>+", ""])
def test_an_unknown_key_is_refused_with_examples(stage: Stage, key: str) -> None:
    with closing(PushToTalk(key)) as hotkeys, pytest.raises(SettingsError, match="<ctrl_r>"):
        hotkeys.start(lambda: None, lambda: None, lambda: None)


@pytest.mark.desktop
def test_a_key_that_this_keyboard_lacks_is_refused(stage: Stage) -> None:
    with closing(PushToTalk("<9999999>")) as hotkeys, pytest.raises(SettingsError, match="no key"):
        hotkeys.start(lambda: None, lambda: None, lambda: None)


@pytest.mark.desktop
def test_a_toggled_take_whose_microphone_fails_costs_no_tap(desk: Desk) -> None:
    heard = desk.watch("<f9>", Mode.TOGGLE)
    for _ in range(2):
        xdotool("keydown", "F9", "sleep", "0.05", "keyup", "F9", "sleep", "0.05")  # or it is one tap that repeats
        assert heard.next() == "pressed"
        heard.hotkeys.follow(Notice("a turn", "error", "microphone", "There is no microphone."))
    assert heard.until_escape() == []


# --- a trial


@pytest.mark.desktop
def test_a_key_is_tried_and_let_go_of(desk: Desk) -> None:
    assert try_key("<ctrl>+<alt>+v") == "Ctrl+Alt+V can be had."
    assert try_key("<ctrl>+<alt>+v") == "Ctrl+Alt+V can be had."
    desk.screen.screen().root.grab_key(desk.code("F8"), 0, False, X.GrabModeAsync, X.GrabModeAsync)
    desk.screen.sync()
    with pytest.raises(DesktopError, match=r"F8 is taken.*Choose another"):
        try_key("<f8>")


def test_a_key_that_there_is_none_of_is_said_without_a_desktop() -> None:
    with pytest.raises(SettingsError, match="There is no key"):
        try_key("<nokey>", {})


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="has always a desktop")
def test_without_a_desktop_no_key_is_tried() -> None:
    assert try_key("<f9>", {}) == "F9 was not tried: there is no desktop here."


# --- the ends


@pytest.mark.desktop
def test_a_display_that_goes_ends_the_take_and_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "64x64x24", "-nolisten", "tcp", "-noreset"]
    with (
        subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server,
        os.fdopen(reading) as lines,
    ):
        os.close(writing)
        monkeypatch.setenv("DISPLAY", f":{lines.readline().strip()}")
        lost: queue.Queue[DesktopError] = queue.Queue()
        desk = Desk()
        heard = desk.watch("<f9>", failed=lost.put)
        desk.fake(("F9", True))
        assert heard.next() == "pressed"
        desk.screen.close()
        server.terminate()
        assert heard.next() == "released"
        assert "gone with its display" in str(lost.get(timeout=WAIT))
        heard.hotkeys.close()


@pytest.mark.parametrize("shown", ["", ":4711"], ids=["none", "a wrong one"])
@pytest.mark.parametrize("source", ["x11.X11Keys", "watched.WatchedKeys"])
def test_no_display_is_said_with_the_fix(shown: str, source: str) -> None:
    module, name = source.split(".")
    program = f"""
import os
os.environ["DISPLAY"] = {shown!r}
from oi_voice.desktop.hotkeys import PushToTalk
from oi_voice.desktop.keys.{module} import {name}
from oi_voice.errors import DesktopError
try:
    PushToTalk(opened={name}).start(print, print, print)
except DesktopError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert "there is no display" in done.stdout
    assert "oi-voice demo" in done.stdout


def test_closing_what_was_never_started_is_harmless() -> None:
    PushToTalk().close()
