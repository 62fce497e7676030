"""The talk key's state machine, on a clock that the tests set."""

from __future__ import annotations

import pytest

from oi_voice.desktop.keys.machine import LATE, POLL, REPEATED, SETTLE, SHORTCUT, TAP, Act, Mode, TalkKey
from oi_voice.events import State

START, END, CANCEL = Act.START, Act.END, Act.CANCEL


def held(key: TalkKey, began: float, ended: float) -> list[Act]:
    """A whole hold, the key let go of and looked at in time."""
    acts = key.down(began)
    acts += key.up(ended)
    return acts + key.wake(ended + SETTLE, False)


@pytest.mark.parametrize(
    ("mode", "seconds", "acts", "goes_on"),
    [
        (Mode.HOLD, 0.05, [START, END], False),
        (Mode.HOLD, 5.0, [START, END], False),
        (Mode.TOGGLE, 0.05, [START], True),
        (Mode.TOGGLE, 5.0, [START], True),
        (Mode.AUTO, TAP - 0.01, [START], True),
        (Mode.AUTO, TAP + 0.01, [START, END], False),
    ],
)
def test_a_hold_by_mode(mode: Mode, seconds: float, acts: list[Act], goes_on: bool) -> None:
    key = TalkKey(mode)
    assert held(key, 1.0, 1.0 + seconds) == acts
    assert key.taking is goes_on
    assert not key.held


@pytest.mark.parametrize("mode", [Mode.TOGGLE, Mode.AUTO])
def test_a_second_press_ends_what_a_tap_began_as_soon_as_it_is_down(mode: Mode) -> None:
    key = TalkKey(mode)
    held(key, 1.0, 1.1)
    assert key.down(3.0) == [END]
    assert key.up(4.0) + key.wake(4.0 + SETTLE, False) == []
    assert held(key, 5.0, 5.1) == [START]


def test_a_burst_of_presses_is_one_hold() -> None:
    key = TalkKey()
    acts = [act for at in range(100) for act in key.down(1.0 + at / 30)]
    assert acts + key.up(5.0) + key.wake(5.0 + SETTLE, False) == [START, END]


@pytest.mark.parametrize("apart", [0.0, SETTLE / 2])
def test_pairs_of_release_and_press_are_one_hold(apart: float) -> None:
    key = TalkKey()
    acts = key.down(1.0)
    for at in range(1, 100):
        acts += key.up(1.0 + at / 30) + key.down(1.0 + at / 30 + apart)
    assert acts + key.up(5.0) + key.wake(5.0 + SETTLE, False) == [START, END]


def test_a_press_long_after_the_release_is_another_hold_however_late_both_are_read() -> None:
    key = TalkKey()
    assert key.down(1.0) + key.up(2.0) + key.down(2.1) == [START, END, START]


def test_a_release_waits_for_the_press_that_the_key_itself_shows() -> None:
    key = TalkKey()
    key.down(1.0)
    key.up(2.0)
    assert key.wake(2.0 + SETTLE, True) == []
    assert key.down(2.005) == []
    assert key.taking


def test_a_release_of_a_key_that_stays_down_means_nothing() -> None:
    key = TalkKey()
    key.down(1.0)
    key.up(2.0)
    assert key.wake(2.0 + SETTLE, True) + key.wake(2.0 + LATE, True) == []
    assert key.wakes == pytest.approx(2.0 + LATE + POLL)
    assert key.taking


def test_a_lost_release_is_seen_on_the_key_itself() -> None:
    key = TalkKey()
    key.down(1.0)
    assert key.wakes == pytest.approx(1.0 + POLL)
    assert key.wake(1.1, True) == []
    assert key.wake(1.2, False) == []
    assert key.wakes == pytest.approx(1.2 + SETTLE)
    assert key.wake(1.22, False) == [END]
    assert key.up(1.3) == []
    assert key.wakes is None


def test_where_the_key_cannot_be_looked_at_an_unexplained_press_begins_anew() -> None:
    key = TalkKey()
    assert key.down(1.0) + key.wake(1.1, None) == [START]
    assert key.down(1.0 + REPEATED) == [], "a repetition"
    assert key.down(1.1 + 2 * REPEATED) == [END, START]


def test_injected_keys_are_nobodys() -> None:
    key = TalkKey()
    assert key.down(1.0, injected=True) + key.up(1.1, injected=True) == []
    key.down(2.0)
    key.up(2.5, injected=True)
    assert key.wakes == pytest.approx(2.0 + POLL), "the person's hold goes on"


@pytest.mark.parametrize("mode", Mode)
def test_escape_drops_the_take_and_the_key_begins_anew_when_it_was_let_go(mode: Mode) -> None:
    key = TalkKey(mode)
    assert key.down(1.0) + key.escape(1.5) + key.down(1.6) == [START, CANCEL]
    assert key.up(2.0) + key.wake(2.0 + SETTLE, False) == []
    assert key.down(3.0) == [START]


def test_escape_stops_also_where_there_is_no_take() -> None:
    assert TalkKey().escape(1.0) == [CANCEL]


@pytest.mark.parametrize("mode", Mode)
def test_the_longest_take_ends_by_itself_and_another_can_begin(mode: Mode) -> None:
    key = TalkKey(mode, longest=10)
    key.down(1.0)
    assert key.wake(10.9, True) == []
    assert key.wake(11.0, True) == [END]
    assert key.down(11.1) == [], "still held"
    assert key.up(12.0) + key.wake(12.0 + SETTLE, False) == []
    assert key.down(13.0) == [START]


def test_a_shortcut_with_the_talk_key_is_no_take() -> None:
    key = TalkKey(Mode.AUTO)
    assert key.down(1.0) + key.other(1.1) == [START, CANCEL]
    assert key.up(1.2) + key.wake(1.3, False) == []
    assert not key.taking


def test_a_key_touched_while_talking_does_no_harm() -> None:
    key = TalkKey()
    key.down(1.0)
    assert key.other(1.0 + SHORTCUT) == []
    assert key.taking


@pytest.mark.parametrize("state", [state for state in State if state is not State.LISTENING])
@pytest.mark.parametrize("mode", Mode)
def test_the_key_begins_a_take_whatever_goes_on(state: State, mode: Mode) -> None:
    key = TalkKey(mode)
    key.engine(0.5, state)
    assert key.down(1.0) == [START]
    key.engine(1.01, State.IDLE)  # what went on was ended
    key.engine(1.05, State.LISTENING)
    assert key.taking


def test_a_toggled_take_that_the_engine_ended_is_over() -> None:
    key = TalkKey(Mode.TOGGLE)
    held(key, 1.0, 1.1)
    key.engine(1.2, State.LISTENING)
    key.engine(9.0, State.TRANSCRIBING)
    assert key.down(10.0) == [START]


@pytest.mark.parametrize("mode", Mode)
def test_after_a_take_that_the_engine_could_not_begin_the_key_begins_the_next(mode: Mode) -> None:
    key = TalkKey(mode)
    for at in (1.0, 2.0):
        assert key.down(at) == [START]
        key.failed()
        assert key.up(at + 0.1) + key.wake(at + 0.1 + SETTLE, False) == ([] if mode is Mode.TOGGLE else [END])
        assert not key.taking


def test_what_fails_beside_a_take_that_is_recorded_does_not_end_it() -> None:
    key = TalkKey(Mode.TOGGLE)
    held(key, 1.0, 1.1)
    key.engine(1.2, State.LISTENING)
    key.failed()
    assert key.down(3.0) == [END]


def test_a_held_take_ends_with_the_key_whatever_the_engine_says() -> None:
    key = TalkKey()
    key.down(1.0)
    key.engine(1.1, State.LISTENING)
    key.engine(1.2, State.IDLE)
    assert key.up(2.0) + key.wake(2.1, False) == [END]


@pytest.mark.parametrize(
    ("mode", "down", "up"), [(Mode.HOLD, [], [END]), (Mode.TOGGLE, [END], []), (Mode.AUTO, [END], [])]
)
def test_a_take_that_a_window_began_is_ended_by_the_key(mode: Mode, down: list[Act], up: list[Act]) -> None:
    key = TalkKey(mode)
    key.engine(1.0, State.LISTENING)
    assert key.down(2.0) == down
    assert key.up(3.0) + key.wake(3.1, False) == up
    assert not key.taking


def test_what_the_engine_tells_late_of_a_take_that_is_over_begins_none() -> None:
    key = TalkKey(Mode.TOGGLE)
    assert held(key, 1.0, 1.05) + held(key, 1.1, 1.15) == [START, END]
    key.engine(1.2, State.LISTENING)  # the microphone took its time
    assert not key.taking
    assert key.down(1.3) == [START]


def test_a_take_soon_after_one_that_never_listened_is_known_to_end() -> None:
    key = TalkKey(Mode.TOGGLE)
    assert held(key, 1.0, 1.05) + held(key, 1.1, 1.15) + held(key, 1.2, 1.25) == [START, END, START]
    key.engine(1.3, State.LISTENING)
    key.engine(9.0, State.IDLE)  # stopped in a window
    assert key.down(10.0) == [START]


def test_another_key_ends_the_take() -> None:
    key = TalkKey()
    key.down(1.0)
    assert key.drop(2.0) == [END]
    assert not key.held
    assert key.drop(3.0) == []
    assert key.wakes is None
