"""The two kinds of hands under one contract: both press, click, move and turn for real on the stage's X server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk import Eye, Target

from oi_voice.computer.hands import Hands, PyautoguiHands, hands
from oi_voice.computer.own import Own
from oi_voice.demo.stage import Stage

pytestmark = [
    pytest.mark.desktop,
    # pyautogui's own screenshot library leaves pipes open while it is imported.
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <_io:pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(params=["x", "pyautogui"])
def hand(stage: Stage, request: pytest.FixtureRequest) -> Iterator[Hands]:
    if request.param == "pyautogui":
        yield PyautoguiHands()
    else:
        with hands(Own()) as x:
            yield x


def test_the_pointer_goes_where_it_is_sent(hand: Hands) -> None:
    for place in ((100, 200), (640, 399), (1279, 799)):
        hand.move(*place)
        assert hand.position() == place


def test_keys_arrive_and_are_let_go_of(hand: Hands, mousepad: Target) -> None:
    for letter in "hands off":
        hand.key("space" if letter == " " else letter, True)
        hand.key("space" if letter == " " else letter, False)
    assert mousepad.text() == "hands off"


def test_keys_it_has_are_named_and_letters_it_can_type(hand: Hands) -> None:
    assert {"enter", "esc", "ctrl", "pagedown", "f5"} <= set(hand.known())
    assert hand.typable(set("aZ5!")) == set("aZ5!")


def test_button_and_wheel_are_seen_and_nothing_stays_down(hand: Hands, mousepad: Target, eye: Eye) -> None:
    hand.move(640, 400)
    eye.seen()
    hand.button("left", True)
    assert eye.held() == 1
    hand.button("left", False)
    hand.wheel(True)
    hand.wheel(False)
    for _ in range(3):  # a window manager may hold them back for a moment
        eye.until("button")
    assert eye.held() == 0
