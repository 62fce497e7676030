"""Seeing, and clicking on what is written there."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from desk import Eye, Target

from oi_voice.computer.geometry import Box
from oi_voice.computer.handlers import Devices, MouseHandler
from oi_voice.computer.ink import ink
from oi_voice.computer.ocr import SPARSE, Tesseract, Word, find, locate
from oi_voice.errors import ComputerError, RefusedError
from oi_voice.ports import Frame


def words(*rows: str) -> list[Word]:
    """Rows of text as read: letters 10 wide and 10 high, rows 20 apart, ``_`` a gap of three letters."""
    found = []
    for line, row in enumerate(rows):
        x = 0
        for part in row.split(" "):
            if part != "_":
                found.append(Word(part, Box(x, line * 20, len(part) * 10, 10), (line,)))
            x += 30 if part == "_" else len(part) * 10 + 5
    return found


class Reads:
    def __init__(self, *rows: str) -> None:
        self._words = words(*rows)

    def read(self, frame: Frame, mode: str) -> list[Word]:
        return self._words


@pytest.mark.parametrize(
    ("rows", "text", "places"),
    [
        (["Save _ Cancel"], "save", 1),
        (["Save _ Cancel"], "  SAVE ", 1),
        (["Save _ Save"], "save", 2),
        (["Do you want to save it", "Save _ Discard"], "save", 1),  # the button goes before the sentence
        (["Do you want to save it"], "save", 0),  # a button may have gone unrecognised
        (["Save As… _ Close"], "save as", 1),
        (["|Save| _ Close"], "save", 1),
        (["Saved _ Close"], "save", 0),
        (["Save", "as"], "save as", 0),
        (["=) Save _ [s] Cancel ="], "cancel", 1),  # icons
        (["Save 2"], "save", 0),
        (["2"], "2", 1),
        (["Save"], "…", 0),
        (["Save"], "", 0),
    ],
)
def test_find_takes_exact_words_only(rows: list[str], text: str, places: int) -> None:
    assert len(find(words(*rows), text)) == places


def test_several_places_are_refused_and_named() -> None:
    with pytest.raises(RefusedError, match=r"2 times: “Save” at \(20, 5\), “Save” at \(20, 25\)") as refused:
        locate(Reads("Save", "Save"), Frame(1, 1, b"123"), "Save")
    assert refused.value.code == "computer.ambiguous"


def test_near_matches_are_named_and_never_taken() -> None:
    with pytest.raises(RefusedError, match="Similar: “Safe mode”") as refused:
        locate(Reads("Safe mode _ Cancel"), Frame(1, 1, b"123"), "Save mode")
    assert refused.value.code == "computer.not_found"


def test_words_inside_a_longer_text_are_named_and_never_taken() -> None:
    with pytest.raises(RefusedError, match=r"longer texts: “Do you save it” at \(80, 5\)"):
        locate(Reads("Do you save it _ Cancel"), Frame(1, 1, b"123"), "save")


def test_borders_go_and_text_of_any_colour_is_black_on_white() -> None:
    width, height = 80, 60
    for back, ink_ in ((0, 255), (255, 0), (40, 200)):
        pixels = [[back] * width for _ in range(height)]
        for x in range(5, 75):
            pixels[5][x] = pixels[50][x] = ink_  # a box
        for y in range(5, 51):
            pixels[y][5] = pixels[y][74] = ink_
        for y in range(20, 32):
            pixels[y][30] = ink_  # a letter's stem
        picture = ink(Frame(width, height, bytes(value for row in pixels for value in row for _ in range(3))), 1)
        rows = picture.removeprefix(b"P5 80 60 255\n")
        dark = {divmod(at, width) for at, value in enumerate(rows) if value < 128}
        assert dark == {(y, 30) for y in range(20, 32)}


def test_words_in_our_own_windows_do_not_count() -> None:
    assert locate(Reads("Save", "Save"), Frame(1, 1, b"123"), "Save", [Box(0, 0, 100, 15)]).box.y == 20


def test_no_tesseract_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ComputerError, match="apt install tesseract-ocr"):
        Tesseract().read(Frame(2, 2, bytes(12)))


def test_an_unknown_language_is_said() -> None:
    with pytest.raises(ComputerError, match="tesseract could not read the screen"):
        Tesseract("xyz").read(Frame(2, 2, bytes(12)))


@pytest.mark.desktop
def test_the_screenshot_is_what_the_screen_shows(real: Devices, eye: Eye, zenity: Callable[..., Target]) -> None:
    zenity("Anything to be seen")
    frame = real.screen.grab()
    assert real.screen.size() == (frame.width, frame.height)
    independent = eye.pixels()  # four bytes a pixel: blue, green, red, unused
    for channel in range(3):
        assert frame.rgb[channel::3] == independent[2 - channel :: 4]
    assert len(set(frame.rgb)) > 10, "something is to be seen"
    assert real.screen.grab().number == frame.number + 1


@pytest.mark.desktop
def test_a_button_is_clicked_by_its_text(real: Devices, zenity: Callable[..., Target]) -> None:
    dialog = zenity("Do you want to save the changes?")
    real.handlers["mouse"].click("discard")  # type: ignore[attr-defined]  # handlers are plain objects to the broker
    assert dialog.process.wait(5) == 1
    dialog = zenity("Do you want to save the changes?")
    real.handlers["mouse"].click("Save")  # type: ignore[attr-defined]  # as above
    assert dialog.process.wait(5) == 0


@pytest.mark.desktop
def test_a_dark_dialog_is_read_too(real: Devices, show: Callable[..., Target]) -> None:
    labels = ("--ok-label", "Save", "--cancel-label", "Discard")
    dialog = show(
        "Dark", "zenity", "--question", "--title", "Dark", "--text", "Save?", *labels, GTK_THEME="Adwaita:dark"
    )
    assert "Discard" in real.handlers["display"].text()  # type: ignore[attr-defined]  # as above
    real.handlers["mouse"].click("Discard")  # type: ignore[attr-defined]  # as above
    assert dialog.process.wait(5) == 1


@pytest.mark.desktop
def test_an_ambiguous_button_is_not_clicked(real: Devices, eye: Eye, zenity: Callable[..., Target]) -> None:
    dialog = zenity("Which one?", "Choice", "Continue", "Continue")
    with pytest.raises(RefusedError, match="2 times"):
        real.handlers["mouse"].click("Continue")  # type: ignore[attr-defined]  # as above
    assert dialog.process.poll() is None
    assert "button" not in eye.seen()


@pytest.mark.desktop
def test_a_text_that_went_away_meanwhile_is_not_clicked(real: Devices, eye: Eye, zenity: Callable[..., Target]) -> None:
    dialog = zenity("Do you want to save the changes?")

    class Distracted(Tesseract):
        """While it reads, the dialog closes."""

        def read(self, frame: Frame, mode: str = SPARSE) -> list[Word]:
            found = super().read(frame, mode)
            if dialog.process.poll() is not None:
                return found
            dialog.process.terminate()
            dialog.process.wait(5)
            while real.screen.grab().rgb == frame.rgb:
                time.sleep(0.01)
            return found

    mouse = MouseHandler(real.screen, real.pointer, real.own, Distracted())
    with pytest.raises(RefusedError, match="not on the screen"):
        mouse.click("Discard")
    assert eye.seen() == []


@pytest.mark.desktop
def test_a_text_that_keeps_changing_is_not_clicked(real: Devices, eye: Eye) -> None:
    class Flicker:
        """A screen that never looks the same twice."""

        shown = 0

        def grab(self) -> Frame:
            self.shown += 1
            return Frame(200, 100, bytes([self.shown]) * 60_000)

        def size(self) -> tuple[int, int]:
            return 200, 100

    screen = Flicker()
    with pytest.raises(RefusedError) as refused:
        MouseHandler(screen, real.pointer, real.own, Reads("Save")).click("Save")
    assert refused.value.code == "computer.stale"
    assert screen.shown == 6
    assert eye.seen() == []


@pytest.mark.desktop
@pytest.mark.parametrize("place", [(-1, 5), (5, 5000), ("Save", 4), (4, None)])
def test_impossible_places_are_refused(real: Devices, eye: Eye, place: tuple[object, object]) -> None:
    with pytest.raises(ComputerError):
        real.handlers["mouse"].click(*place)  # type: ignore[attr-defined]  # as above
    assert eye.seen() == []


@pytest.mark.desktop
def test_the_pointer_goes_and_scrolls(real: Devices, eye: Eye) -> None:
    mouse = real.handlers["mouse"]
    mouse.move(321, 123)  # type: ignore[attr-defined]  # as above
    assert mouse.position() == (321, 123)  # type: ignore[attr-defined]  # as above
    eye.seen()
    mouse.scroll(-3)  # type: ignore[attr-defined]  # as above
    assert eye.seen().count("button") == 3
