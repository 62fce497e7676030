"""What is shown of state, hidden characters and icons; without a screen."""

from __future__ import annotations

import itertools

import pytest
from PIL import Image, ImageChops, ImageStat

from oi_voice.desktop.ui.assets import icon
from oi_voice.desktop.ui.face import Face
from oi_voice.events import CLOSED, OPEN, Event, Notice, Outcome, Progress, State, StateChanged, TurnEnded
from oi_voice.reveal import reveal

NAMES = ("idle", "listening", "thinking", "asking", "running", "speaking", "error", "muted")


def after(*events: Event) -> Face:
    face = Face()
    for event in events:
        face = face.after(event)
    return face


def test_each_state_has_its_icon() -> None:
    shown = [after(StateChanged("1", state)).icon for state in State]
    assert shown == ["idle", "listening", "thinking", "thinking", "asking", "running"]


def test_speaking_shows_unless_something_else_wants_attention() -> None:
    assert after(StateChanged("1", State.IDLE, speaking=True)).icon == "speaking"
    assert after(StateChanged("1", State.ASKING, speaking=True)).icon == "asking"
    assert after(StateChanged("1", State.IDLE, speaking=True), TurnEnded("1", Outcome.DONE)).icon == "idle"


def test_an_error_shows_until_the_next_turn() -> None:
    trouble = Notice("1", "error", "microphone", "No microphone.")
    face = after(trouble, StateChanged("1", State.IDLE), TurnEnded("1", Outcome.FAILED))
    assert (face.icon, face.trouble) == ("error", "No microphone.")
    assert after(trouble, StateChanged("2", State.LISTENING), StateChanged("2", State.IDLE)).icon == "idle"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a = 'é日本🙂'\n\tb", "a = 'é日本🙂'\n\tb"),
        ("user\u202e", "user⟨U+202E⟩"),
        ("a\u200bb\u00a0c\ufeff", "a⟨U+200B⟩b⟨U+00A0⟩c⟨U+FEFF⟩"),
        ("\x1b[2K\r\x00", "⟨U+001B⟩[2K⟨U+000D⟩⟨U+0000⟩"),
        ("\u2028\u3164\u2800\ufe0f\U000e0041\ud800", "⟨U+2028⟩⟨U+3164⟩⟨U+2800⟩⟨U+FE0F⟩⟨U+E0041⟩⟨U+D800⟩"),
    ],
)
def test_hidden_characters_are_shown(text: str, shown: str) -> None:
    assert reveal(text) == (shown, shown.count("⟨U+"))


@pytest.mark.parametrize("size", [22, 64])
def test_icons_differ_in_shape_and_are_legible_on_any_panel(size: int) -> None:
    pictures = [Image.open(icon(name, size)).convert("RGBA") for name in NAMES]
    assert all(picture.size == (size, size) for picture in pictures)
    for panel in ("#f6f6f6", "#202124"):
        grey = [Image.alpha_composite(Image.new("RGBA", p.size, panel), p).convert("L") for p in pictures]
        assert all(ImageStat.Stat(picture).stddev[0] > 25 for picture in grey)
        for one, other in itertools.combinations(grey, 2):  # without their colours
            assert ImageStat.Stat(ImageChops.difference(one, other)).mean[0] > 5


def test_a_microphone_that_stays_open_is_shown() -> None:
    face = Face().after(Notice("", "info", OPEN, "The microphone stays open."))
    assert face.words == "Ready (the microphone is open)"
    assert face.after(Notice("", "info", CLOSED, "It is closed.")).words == "Ready"


def test_what_goes_on_beside_all_turns_is_in_the_tooltip() -> None:
    begun = Progress("", "Downloading Whisper base.en")
    assert after(begun).tooltip == "oi_voice: Ready, downloading Whisper base.en"
    half = Progress("", begun.what, 43_700_000, 145_300_000)
    assert after(half).tooltip == "oi_voice: Ready, downloading Whisper base.en, 30 %"
    assert after(half, Progress("", half.what, over=True)).tooltip == "oi_voice: Ready"
    assert half.amount == "44 of 145 MB"
    assert Progress("", "", 1_000_000).amount == "1 MB"
    assert begun.amount == ""
