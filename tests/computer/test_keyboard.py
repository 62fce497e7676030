"""Keys and the clipboard, checked in a real editor from outside."""

from __future__ import annotations

import subprocess
import sys

import pytest
from desk import Eye, Target, clipboard

from oi_voice.computer.handlers import ClipboardHandler, Devices, KeyboardHandler
from oi_voice.computer.input import pieces
from oi_voice.computer.keys import canonical, chord
from oi_voice.errors import ComputerError

KEYS = ["alt", "apps", "command", "ctrl", "down", "enter", "esc", "pagedown", "space", "win"]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Enter", "enter"),
        ("return", "enter"),
        ("escape", "esc"),
        ("page down", "pagedown"),
        ("Page_Down", "pagedown"),
        ("control", "ctrl"),
        ("control key", "ctrl"),
        ("down arrow", "down"),
        ("slash", "/"),
        ("plus", "+"),
        ("super", "win"),
        ("cmd", "win"),
        ("option", "alt"),
        ("a", "a"),
    ],
)
def test_keys_have_many_names(said: str, key: str) -> None:
    assert canonical(said, KEYS, mac=False) == key


def test_an_unknown_key_is_refused_with_the_nearest() -> None:
    with pytest.raises(ComputerError, match=r"no key “entr”\. Did you mean “enter”"):
        canonical("entr", KEYS)


def test_chords() -> None:
    assert chord(("ctrl+s",)) == ["ctrl", "s"]
    assert chord(("ctrl", "+")) == ["ctrl", "+"]
    assert chord(("+",)) == ["+"]


def test_only_what_has_no_key_is_pasted() -> None:
    typable = set("abc ")
    assert list(pieces("abc", typable)) == [("abc", True)]
    assert list(pieces("aéb cü c\nab\n", typable)) == [
        ("a", True),
        ("éb cü", False),
        (" c\n", True),
        ("ab\n", True),
    ]
    assert list(pieces("é\r\nü", typable)) == [("é", False), ("\n", True), ("ü", False)]
    assert list(pieces("", typable)) == []


@pytest.fixture
def keyboard(real: Devices) -> KeyboardHandler:
    return KeyboardHandler(real.keyboard)


@pytest.fixture
def board(real: Devices) -> ClipboardHandler:
    return ClipboardHandler(real.clipboard, real.keyboard)


@pytest.mark.desktop
def test_typed_text_arrives(keyboard: KeyboardHandler, board: ClipboardHandler, mousepad: Target) -> None:
    board.copy("kept")
    text = "Hello, World! {[(~^`)]} \"quoted\" 'n' <x> @#$%&*_+-=|\\:;/?\nGrüße, 日本語 — ok ✓.\n\tlast\n"
    keyboard.write(text)
    assert board.view() == "kept"
    assert mousepad.text() == text


@pytest.mark.desktop
def test_hotkeys_and_the_clipboard(keyboard: KeyboardHandler, board: ClipboardHandler, mousepad: Target) -> None:
    keyboard.write("one two")
    keyboard.hotkey("ctrl", "a")
    board.copy()
    assert board.view() == clipboard() == "one two"
    keyboard.press("End", "enter", presses=2)
    board.paste()
    keyboard.press("ctrl+a")
    board.copy()
    assert board.view() == "one two\n\none two"
    board.copy("ünï")
    assert clipboard() == "ünï"
    keyboard.press("delete")
    for text in ("ünï ", "due ", "tre"):  # each is taken before the next
        board.copy(text)
        board.paste()
    assert mousepad.text() == "ünï due tre"


@pytest.mark.desktop
def test_nothing_selected_is_said(board: ClipboardHandler, mousepad: Target) -> None:
    with pytest.raises(ComputerError, match="Nothing was copied"):
        board.copy()


@pytest.mark.desktop
def test_a_window_that_takes_no_paste_is_found_out(
    keyboard: KeyboardHandler, board: ClipboardHandler, show: object
) -> None:
    board.copy("kept")
    show("Rather", "zenity", "--info", "--title", "Rather", "--text", "no field here")  # type: ignore[operator]  # a fixture
    with pytest.raises(ComputerError, match="did not take the text"):
        keyboard.write("ü")
    assert board.view() == "kept"


@pytest.mark.desktop
def test_another_layout_types_the_same(keyboard: KeyboardHandler, mousepad: Target) -> None:
    if subprocess.run(["setxkbmap", "de"], check=False).returncode:
        pytest.skip("setxkbmap can't change the layout here")
    try:
        keyboard.write("zebra (yes) [no] @ -_/?")
    finally:
        subprocess.run(["setxkbmap", "us"], check=True)
    assert mousepad.text() == "zebra (yes) [no] @ -_/?"


@pytest.mark.desktop
def test_keys_are_let_go_of(real: Devices, eye: Eye) -> None:
    with pytest.raises(ComputerError):
        real.keyboard.press("ctrl", "nokey")
    for missing in ("f24", "й"):
        with pytest.raises(ComputerError, match="This keyboard has no key"):
            real.keyboard.press("ctrl", "alt", missing)
    real.keyboard.press("ctrl", "alt", "f12")
    assert eye.held() == 0
    assert real.keyboard.pressed_lately("ctrl")
    assert not real.keyboard.pressed_lately("esc")


@pytest.mark.desktop
def test_the_clipboard_helper_holds_nothing_of_ours(stage: object) -> None:
    """xclip stays behind; were our output open in it, whoever reads that would wait for ever."""
    code = "from oi_voice.computer.clipboard import SystemClipboard as C; C().write('left behind')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=10, check=True)
    assert done.stderr == b""
    assert clipboard() == "left behind"
