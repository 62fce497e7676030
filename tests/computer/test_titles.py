"""What recognisers are told of the windows on the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import Target

from oi_voice.computer.handlers import Devices, devices
from oi_voice.computer.titles import LONGEST, MOST, in_titles, names

TITLES = {
    "quarterly-report.odt — LibreOffice Writer": ["quarterly-report.odt", "LibreOffice Writer"],
    "*Untitled 1 - Mousepad": ["Untitled 1", "Mousepad"],
    "main.py [oi_voice] - Visual Studio Code": ["main.py", "oi_voice", "Visual Studio Code"],
    "Inbox (3) - anna@example.org": ["Inbox", "anna@example.org"],
    "bash: ~/src/k8s-tools": ["k8s-tools"],
    "Besuch bei Tante Änne": ["Besuch", "Tante Änne"],
    "how to fold a sheet | don't give up": [],
    "... - 42 - a": [],
    "": [],
}


@pytest.mark.parametrize(("title", "found"), TITLES.items())
def test_names_are_found_in_titles(title: str, found: list[str]) -> None:
    assert list(in_titles([title])) == found


def test_neither_many_nor_long_nor_one_twice() -> None:
    titles = ["Same", "Same", "X" * (LONGEST + 1), *(f"File{number}" for number in range(MOST))]
    assert in_titles(titles) == ("Same", *(f"File{number}" for number in range(MOST - 1)))


@pytest.mark.desktop
def test_the_active_window_goes_first_and_ours_and_hidden_ones_are_not_named(
    real: Devices, zenity: Callable[..., Target]
) -> None:
    for title in ("Annual Report", "Hidden Notes", "oi-voice-own", "Budget.ods"):
        zenity("text", title)
    real.windows.minimize("Hidden Notes")
    real.windows.focus("Budget.ods")
    assert names(real.windows) == ("Budget.ods", "Annual Report")


def test_without_a_display_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "")
    assert names(devices().windows) == ()
