"""Hands-free takes on a simulated clock: when they begin, and when they end."""

from __future__ import annotations

import pytest
from sounds import RATE, pcm
from speakers import framed, speak

from oi_voice.voice.activity import STEP, Activity, Frame
from oi_voice.voice.activity.silero import Silero
from oi_voice.voice.handsfree import ECHO, ONSET, Ended, HandsFree, Started

PROOF = 3 * STEP  # seconds of speech after which it is proven, here


class Room:
    """Feeds a machine what is to be heard, frame by frame, and keeps what it says."""

    def __init__(self, longest: float = 60.0) -> None:
        self.machine = HandsFree(longest)
        self.now = 0.0
        self.said: list[Started | Ended] = []

    def speak(self, seconds: float, level: float = -25.0, proof: float = PROOF) -> Room:
        return self._pass(seconds, level, True, proof)

    def quiet(self, seconds: float) -> Room:
        return self._pass(seconds, -70.0, False, 0)

    def _pass(self, seconds: float, level: float, speech: bool, proof: float) -> Room:
        for number in range(round(seconds / STEP)):
            self.now += STEP
            proven = speech and number * STEP >= proof
            if event := self.machine.feed(Frame(self.now, level, speech, proven)):
                self.said.append(event)
        return self

    def waited(self) -> float:
        """Seconds from the last of the speech to the end of the take."""
        end = self.said[-1]
        assert isinstance(end, Ended)
        return end.at - end.spoken


def test_silence_starts_nothing() -> None:
    assert Room().quiet(30).said == []


def test_a_take_begins_before_the_speech_that_starts_it() -> None:
    room = Room().quiet(5).speak(1)
    [started] = room.said
    assert isinstance(started, Started)
    assert started.at == pytest.approx(5 - ONSET, abs=2 * STEP)
    assert room.machine.listening


def test_what_is_not_proven_starts_nothing() -> None:
    assert Room().quiet(1).speak(0.2, proof=9).quiet(2).speak(0.3, proof=9).said == []


def test_a_beginning_in_two_parts_is_one() -> None:
    [started] = Room().quiet(2).speak(0.1, proof=9).quiet(0.2).speak(0.5).said
    assert started.at == pytest.approx(2 - ONSET, abs=3 * STEP)


def test_what_was_long_before_is_no_part_of_it() -> None:
    [started] = Room().quiet(2).speak(0.1, proof=9).quiet(1).speak(0.5).said
    assert started.at == pytest.approx(3.1 - ONSET, abs=3 * STEP)


def test_after_a_short_beginning_it_waits_long() -> None:
    room = Room().quiet(1).speak(0.4).quiet(3)
    assert 1.2 < room.waited() <= 1.5 + STEP


def test_after_a_long_sentence_that_falls_it_ends_soon() -> None:
    room = Room().quiet(1).speak(3.5, -22).speak(0.5, -30).quiet(3)
    assert 0.5 <= room.waited() < 0.5 + 2 * STEP


def test_a_long_sentence_that_does_not_fall_may_go_on() -> None:
    room = Room().quiet(1).speak(4).quiet(0.7).speak(1).quiet(3)
    assert len(room.said) == 2
    assert 0.8 < room.waited() < 1.0


@pytest.mark.parametrize("seconds", [0.2, 0.5, 1, 2, 3, 5, 20])
@pytest.mark.parametrize("last", [-20, -25, -32])
def test_the_wait_is_within_bounds(seconds: float, last: float) -> None:
    room = Room().quiet(1).speak(seconds, -24).speak(0.3, last).quiet(3)
    assert [type(event) for event in room.said] == [Started, Ended]
    assert 0.5 <= room.waited() <= 1.5 + 2 * STEP


def test_pauses_for_thought_do_not_end_it() -> None:
    room = Room().quiet(1).speak(0.5).quiet(1).speak(0.5).quiet(0.9).speak(0.5)
    assert len(room.said) == 1


def test_a_take_has_a_greatest_length() -> None:
    room = Room(longest=10).quiet(1).speak(30)
    started, ended, again = room.said[:3]
    assert isinstance(ended, Ended)
    assert ended.why == "long"
    assert ended.at - started.at == pytest.approx(10, abs=2 * STEP)
    assert isinstance(again, Started)
    assert again.at >= ended.at  # nothing is in two takes


def test_the_assistants_own_voice_starts_nothing() -> None:
    room = Room()
    room.machine.deaf = True
    room.quiet(1).speak(5)
    room.machine.deaf = False
    room.speak(ECHO - STEP).quiet(2)
    assert room.said == []
    room.speak(1)
    assert len(room.said) == 1


def test_a_take_reaches_not_back_into_the_assistants_voice() -> None:
    room = Room()
    room.machine.deaf = True
    room.speak(3)
    over = room.now
    room.machine.deaf = False
    [started] = room.speak(1).said
    assert started.at >= over + ECHO - STEP


def test_an_earcon_in_the_middle_neither_ends_nor_prolongs_a_take() -> None:
    room = Room().quiet(1).speak(0.5)
    room.machine.deaf = True
    room.speak(1)
    room.machine.deaf = False
    room.quiet(1)
    assert len(room.said) == 1
    room.quiet(1)
    assert [type(event) for event in room.said] == [Started, Ended]


@pytest.mark.parametrize("text", ["stop", "open the text editor", "what is thirty four times twelve"])
def test_real_speech_is_one_take_with_all_of_it(text: str) -> None:
    said = speak(text, "flite slt")
    activity, machine = Activity(Silero()), HandsFree()
    frames = activity.feed(pcm(framed(said, before=2, after=2.5)))
    events = [event for frame in frames if (event := machine.feed(frame))]
    started, ended = events
    assert isinstance(ended, Ended)
    assert 2 - ONSET - 0.2 < started.at < 2 - 0.2
    assert ended.at > 2 + len(said) / RATE
    assert ended.why == "silence"
