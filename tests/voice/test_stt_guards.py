"""When Whisper is not believed."""

from __future__ import annotations

import pytest

from oi_voice.voice.stt.guards import Attempt, Heard, believable, settle

GOOD = Heard("Open the text editor.", "en", -0.2, 0.01, 6)


@pytest.mark.parametrize(
    "heard",
    [
        Heard("Open the text editor.", no_speech=0.7),
        Heard("Open the text editor.", log_probability=-1.2),
        Heard("no no no no no no no no no no no no no no no no no no no no no no no no"),
        Heard("Thank you for watching!"),
        Heard("Thanks for watching."),
        Heard("Please subscribe to my channel."),
        Heard("Subtitles by the Amara.org community"),
        Heard("Untertitel im Auftrag des ZDF, 2021"),
        Heard("♪ Sous-titres réalisés par la communauté d'Amara.org ♪"),
        Heard("kubectl, Wojciech, the quarterly report"),
        Heard("x" * 200),
        Heard(" "),
    ],
)
def test_nonsense_is_not_believed(heard: Heard) -> None:
    assert not believable(heard, 3.0, "kubectl, Wojciech, the quarterly report")


@pytest.mark.parametrize(
    "text", ["Thank you.", "Stop.", "kubectl", "No.", "Subscribe me to the mailing list of the club."]
)
def test_what_people_say_is_believed(text: str) -> None:
    assert believable(Heard(text, "en", -0.3, 0.1), 2.0, "kubectl, Wojciech, the quarterly report")


def test_what_looks_wrong_is_asked_again_without_our_shortcuts() -> None:
    asked: list[Attempt] = []

    def decode(attempt: Attempt) -> Heard:
        asked.append(attempt)
        return GOOD if attempt.padded else Heard("Thank you for watching.")

    assert settle(decode, 2.0, "kubectl") == GOOD
    assert asked == [Attempt(prompted=True), Attempt(padded=True)]


def test_hotter_attempts_come_last_and_then_nothing_is_understood() -> None:
    asked: list[float] = []

    def decode(attempt: Attempt) -> Heard:
        asked.append(attempt.temperature)
        return Heard("Thank you for watching.", "de")

    assert (settle(decode, 2.0).text, settle(decode, 2.0).language) == ("", "de")
    assert asked[:4] == [0, 0, 0.2, 0.4]


def test_silence_is_asked_twice_and_no_more() -> None:
    asked: list[Attempt] = []

    def decode(attempt: Attempt) -> Heard:
        asked.append(attempt)
        return Heard("Hello.", no_speech=0.9)

    assert settle(decode, 2.0).text == ""
    assert len(asked) == 2


def test_what_a_shortened_window_says_twice_is_asked_again() -> None:
    twice = Heard("Unmute. Unmute.", "en", -0.1, 0.01, 8)
    assert settle(lambda attempt: GOOD if attempt.padded else twice, 1.0) == GOOD
    assert settle(lambda attempt: twice, 1.0) == twice, "some people do say it twice"
