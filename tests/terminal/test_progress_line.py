"""How far a download is, in the terminal."""

from __future__ import annotations

import io

from oi_voice.events import Notice, Progress
from oi_voice.terminal.render import Printer

WHAT = "Downloading Whisper"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_is_one_line_that_is_written_again() -> None:
    screen, errors = Screen(), io.StringIO()
    printer = Printer(screen, errors)
    printer.show(Progress("", WHAT))
    for done in (1_000_000, 2_000_000):
        printer.show(Progress("", WHAT, done, 9_000_000))
    printer.show(Progress("", WHAT, 2_000_000, 9_000_000, over=True, trouble="No network."))
    lines = [line for line in screen.getvalue().split("\r") if line]
    assert lines == [f"{WHAT}: 1 of 9 MB", f"{WHAT}: 2 of 9 MB", f"{WHAT}: 2 of 9 MB\n"]
    assert errors.getvalue() == "No network.\n"


def test_what_comes_between_is_on_a_line_of_its_own() -> None:
    screen = Screen()
    printer = Printer(screen, screen)
    printer.show(Progress("", WHAT, 1_000_000))
    printer.show(Notice("", "info", "ready", "Ready."))
    printer.show(Progress("", WHAT, 2_000_000))
    printer.tell("You: hello")
    assert screen.getvalue() == f"\r{WHAT}: 1 MB\nReady.\n\r{WHAT}: 2 MB\nYou: hello\n"


def test_a_file_gets_no_progress_but_the_trouble() -> None:
    out, errors = io.StringIO(), io.StringIO()
    printer = Printer(out, errors)
    printer.show(Progress("", WHAT, 1_000_000, 9_000_000))
    printer.show(Progress("", WHAT, over=True, trouble="No\x1b network."))
    assert out.getvalue() == ""
    assert errors.getvalue() == "No⟨U+001B⟩ network.\n"
