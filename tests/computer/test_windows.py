"""Windows and programs of a real desktop."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Target, text_in_front
from xdotool import xdotool

from oi_voice.computer import entries
from oi_voice.computer.apps import find, find_for, mime_of
from oi_voice.computer.entries import App
from oi_voice.computer.handlers import Devices, KeyboardHandler, MouseHandler
from oi_voice.computer.ocr import Tesseract
from oi_voice.computer.volume import set_volume
from oi_voice.errors import ComputerError, RefusedError


def app(name: str, *categories: str, generic: str = "", terminal: bool = False) -> App:
    command = name.split(" ")[0].lower()
    names = (name, command)
    return App(f"{command}.desktop", name, names, command, frozenset(categories), generic=generic, terminal=terminal)


APPS = [
    app("Mousepad", "TextEditor", generic="Text Editor"),
    app("Vim", "TextEditor", terminal=True),
    app("Text Editor Settings"),
    app("Firefox Web Browser", "WebBrowser"),
    app("Chromium", "WebBrowser"),
    app("Galculator", "Calculator"),
]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("text editor", "Mousepad"),
        ("the editor", "Mousepad"),
        ("mousepad", "Mousepad"),
        ("VIM", "Vim"),
        ("firefox", "Firefox Web Browser"),
        ("calculator", "Galculator"),
        ("editor settings", "Text Editor Settings"),
    ],
)
def test_programs_have_names_and_kinds(said: str, name: str, no_defaults: None) -> None:
    assert find(said, APPS).name == name


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("web browser", "Say “Firefox Web Browser” or “Chromium”."),
        ("file manager", "No file manager is installed"),
        ("mosepad", "Did you mean “Mousepad”"),
        ("xyzzy", "Install it first"),
        ("", "No program"),
    ],
)
def test_unknown_and_ambiguous_programs_are_refused(said: str, words: str, no_defaults: None) -> None:
    with pytest.raises(RefusedError) as refused:
        find(said, APPS)
    assert words in str(refused.value)


@pytest.fixture
def no_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for variable in ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_HOME", "XDG_DATA_DIRS"):
        monkeypatch.setenv(variable, str(tmp_path))
    return tmp_path


def test_the_default_of_a_kind_goes_first(no_defaults: Path) -> None:
    (no_defaults / "mimeapps.list").write_text(
        "[Default Applications]\nx-scheme-handler/https=gone.desktop;chromium.desktop;\n"
    )
    assert find("web browser", APPS).name == "Chromium"


def test_desktop_entries(no_defaults: Path) -> None:
    folder = no_defaults / "applications"
    folder.mkdir()
    entry = "[Desktop Entry]\nType=Application\nName={}\nExec={}\n{}\n[Desktop Action new]\nName=Other\nExec=other\n"
    (folder / "a.desktop").write_text(entry.format("Fine", 'sh -c "echo 100%%" %U --name %c', "# comment"))
    for name, bad in {"b": "NoDisplay=true", "c": "TryExec=not-there", "d": "OnlyShowIn=Elsewhere;"}.items():
        (folder / f"{name}.desktop").write_text(entry.format("Bad", "sh", bad))
    (folder / "e.desktop").write_text(entry.format("Bad", 'sh "unbalanced', ""))
    (folder / "f.desktop").write_text(entry.format("Bad", "not-there", ""))
    (fine,) = entries.installed()
    assert entries.command(fine) == ("sh", "-c", "echo 100%", "--name", "Fine")
    assert entries.command(fine, "/a b") == ("sh", "-c", "echo 100%", "/a b", "--name", "Fine")
    assert entries.command(APPS[0], "/a b") == ("mousepad", "/a b")


def test_files_and_addresses_go_to_the_program_for_them(no_defaults: Path) -> None:
    (no_defaults / "notes.txt").touch()
    assert mime_of("notes.txt") == mime_of("text editor") == ""
    assert find_for(mime_of(str(no_defaults / "notes.txt")), APPS).name == "Mousepad"
    assert find_for(mime_of("http://example.org/?q=1"), APPS).name == "Firefox Web Browser"
    with pytest.raises(RefusedError, match="inode/directory"):
        find_for(mime_of(str(no_defaults)), APPS)
    with pytest.raises(RefusedError, match="no file or folder"):
        mime_of("~/not-there.txt")


@pytest.fixture
def opened(real: Devices) -> Iterator[Callable[[str], str]]:
    """Open a program by name, and end it afterwards."""
    before = {window.id for window in real.windows.list()}
    yield real.handlers["os"].open  # type: ignore[attr-defined]  # handlers are plain objects to the broker
    for window in real.windows.list():
        if window.id not in before:
            os.kill(int(xdotool("getwindowpid", str(window.id))), signal.SIGTERM)
            while window.id in {left.id for left in real.windows.list()}:
                time.sleep(0.02)


@pytest.mark.desktop
def test_an_opened_program_has_the_keyboard(real: Devices, opened: Callable[[str], str]) -> None:
    title = opened("text editor")
    assert "Mousepad" in title
    assert xdotool("getactivewindow", "getwindowname") == title
    KeyboardHandler(real.keyboard).write("typed at once")
    assert text_in_front() == "typed at once"
    KeyboardHandler(real.keyboard).press("ctrl+a", "delete")
    pid = xdotool("getactivewindow", "getwindowpid")
    status = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    assert int(status["PPid"]) != os.getpid(), "it outlives us"
    assert "Mousepad" in opened("the text editor"), "a program that runs already comes back"


@pytest.mark.desktop
def test_windows_are_listed_focused_minimized_and_closed(real: Devices, zenity: Callable[..., Target]) -> None:
    windows = real.windows
    first = zenity("one", "First")
    second = zenity("two", "Second")
    assert [window.title for window in windows.list()] == ["First", "Second"]
    assert [window.active for window in windows.list()] == [False, True]
    assert windows.next() == "First"
    assert xdotool("getactivewindow") == first.window
    assert windows.next() == "Second"
    assert windows.focus("first") == "First"
    assert xdotool("getactivewindow") == first.window
    assert windows.minimize() == "First"
    assert [window.minimized for window in windows.list()] == [True, False]
    assert windows.focus("First") == "First"
    assert not any(window.minimized for window in windows.list())
    with pytest.raises(RefusedError, match="may be several windows: “First”, “Second”"):
        windows.focus("zenity")
    with pytest.raises(RefusedError, match="Did you mean “Second”"):
        windows.focus("Secnd")
    assert windows.close("Second") == "Second"
    second.process.wait(5)
    assert windows.close() == "First"
    first.process.wait(5)
    with pytest.raises(ComputerError, match="No window is open"):
        windows.close()


@pytest.mark.desktop
def test_a_window_that_stays_is_said(real: Devices, mousepad: Target) -> None:
    KeyboardHandler(real.keyboard).write("unsaved")
    with pytest.raises(ComputerError, match="still open"):
        real.windows.close("mousepad")


@pytest.mark.desktop
def test_our_own_windows_are_left_alone(real: Devices, zenity: Callable[..., Target]) -> None:
    own = zenity("Run this code?", "oi-voice-own", "Run", "Deny")
    mouse = MouseHandler(real.screen, real.pointer, real.own, Tesseract())
    assert real.windows.list() == []
    x, y = (int(part.split("=")[1]) for part in xdotool("getwindowgeometry", "--shell", own.window).split()[1:3])
    for action in (
        lambda: mouse.click(x + 20, y + 20),
        lambda: mouse.click("Run"),
        lambda: KeyboardHandler(real.keyboard).press("enter"),
        lambda: KeyboardHandler(real.keyboard).write("y"),
        lambda: real.windows.focus("oi-voice-own"),
        lambda: real.windows.close(),
    ):
        with pytest.raises(ComputerError):
            action()
    assert own.process.poll() is None
    zenity("Something else", "Other")
    xdotool("windowactivate", "--sync", own.window)
    assert real.windows.close() == "Other", "the window in front is the topmost that is not ours"


@pytest.mark.desktop
def test_volume(speaker: None) -> None:
    assert set_volume(40) == 40
    assert set_volume("up") == 50
    assert set_volume("-20%") == 30
    assert set_volume("down") == 20
    assert set_volume(500) == 100
    assert set_volume("mute") == 100
    muted = subprocess.run(["pactl", "get-sink-mute", "@DEFAULT_SINK@"], capture_output=True, text=True).stdout
    assert "yes" in muted
    set_volume("unmute")
    with pytest.raises(ComputerError, match="is no volume"):
        set_volume("loud")
