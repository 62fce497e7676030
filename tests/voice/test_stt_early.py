"""Early decoding: what was said before a pause is text before the take ends, and no word is lost or heard twice."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from sounds import RATE, pcm

from oi_voice.ports import Hints, Word
from oi_voice.voice.stt.early import Growing, Stopped, joined
from oi_voice.voice.stt.guards import Heard

VOICE = 0.2  # level of what stands for speech: noise, over a quieter one
ROOM = 0.0005
generator = np.random.default_rng(7)


def speech(seconds: float, level: float = VOICE) -> np.ndarray:
    return generator.normal(0, level, round(seconds * RATE))


def pause(seconds: float) -> np.ndarray:
    return speech(seconds, ROOM)


class Listener:
    """A session whose take is fed by hand."""

    def __init__(self) -> None:
        self.hints = Hints()
        self.next = b""
        self.over = False
        self.tail = False

    def aborted(self) -> bool:
        return self.over

    def waiting(self) -> bytes:
        return self.next

    def ending(self) -> bool:
        return self.tail


class Decoder:
    """Tells how many seconds of speech, to a tenth, are in each window it is given."""

    def __init__(self) -> None:
        self.windows: list[float] = []
        self.languages: list[str] = []
        self.during: Callable[[], None] = lambda: None

    def __call__(self, sound: np.ndarray, language: str, stopped: Callable[[], bool]) -> Heard:
        self.during()
        if stopped():
            raise Stopped
        self.windows.append(len(sound) / RATE)
        self.languages.append(language)
        frames = np.abs(sound[: len(sound) // 160 * 160]).reshape(-1, 160).mean(axis=1)
        said = round(float((frames > VOICE / 10).mean() * len(sound) / RATE), 1)
        return Heard(f"{said}", "de", -0.1, tokens=1, words=(Word(f"{said}", 0.0, 0.5),))


@pytest.fixture
def decoder() -> Decoder:
    return Decoder()


def fed(take: Growing, *parts: np.ndarray, step: float = 0.1) -> None:
    samples = np.concatenate(parts)
    size = round(step * RATE)
    for start in range(0, len(samples), size):
        take.more(pcm(samples[start : start + size]).data)


def test_a_take_that_ends_in_quiet_is_decoded_before_its_end(decoder: Decoder) -> None:
    take = Growing(decoder, Listener(), "fake")
    fed(take, pause(0.3), speech(2), pause(0.4))
    assert len(decoder.windows) == 1
    transcript = take.whole()
    assert (transcript.text, len(decoder.windows)) == ("2.0", 1)
    assert transcript.timings_ms["decode"] < 50


def test_only_the_tail_is_left_after_a_long_pause(decoder: Decoder) -> None:
    take = Growing(decoder, Listener(), "fake")
    fed(take, pause(0.3), speech(3), pause(1), speech(2), pause(1), speech(1))
    transcript = take.whole()
    assert transcript.text == "3.0 2.0 1.0"
    assert decoder.windows[-1] < 2
    assert decoder.languages == ["", "de", "de"], "the language is found once"
    starts = [word.start for word in transcript.words]
    assert starts == pytest.approx([0, 3.8, 6.8], abs=0.35)


def test_a_short_pause_does_not_cut(decoder: Decoder) -> None:
    take = Growing(decoder, Listener(), "fake")
    fed(take, pause(0.3), speech(1), pause(0.4), speech(1))
    assert take.whole().text == "2.0"


def test_the_longer_the_stretch_the_shorter_the_pause_that_cuts(decoder: Decoder) -> None:
    take = Growing(decoder, Listener(), "fake")
    fed(take, pause(0.3), speech(11), pause(0.45), speech(1))
    assert take.whole().text == "11.0 1.0"


def test_a_recogniser_that_is_behind_still_cuts_in_the_pauses(decoder: Decoder) -> None:
    take = Growing(decoder, Listener(), "fake")
    fed(take, pause(0.3), speech(9), pause(0.4), speech(1), step=20)
    assert len(decoder.windows) == 1
    assert take.whole().text == "9.0 1.0"


def test_a_pause_that_cuts_is_decoded_though_speech_goes_on(decoder: Decoder) -> None:
    listener = Listener()
    take = Growing(decoder, listener, "fake")
    fed(take, pause(0.3), speech(9))
    listener.next = pcm(speech(0.1)).data
    fed(take, pause(0.4))
    assert len(decoder.windows) == 1
    fed(take, speech(1))
    assert take.whole().text == "9.0 1.0"


def test_a_soft_last_word_is_heard(decoder: Decoder) -> None:
    take = Growing(decoder, Listener(), "fake")
    fed(take, pause(0.5), speech(2), pause(1), speech(0.4, VOICE / 5), pause(0.3))
    assert take.whole().text == "2.0 0.4"


@pytest.mark.parametrize("early", [True, False])
def test_a_minute_without_a_pause_is_cut_into_windows(decoder: Decoder, early: bool) -> None:
    take = Growing(decoder, Listener(), "fake", early=early)
    fed(take, speech(60), step=0.5)
    transcript = take.whole()
    assert max(decoder.windows) <= 28
    assert sum(map(float, transcript.text.split())) == pytest.approx(60, abs=0.2)


def test_long_takes_are_cut_in_their_pauses(decoder: Decoder) -> None:
    take = Growing(decoder, Listener(), "fake", early=False)
    fed(take, pause(0.2), speech(14.8), pause(0.2), speech(15), pause(0.2), speech(5), step=40)
    assert take.whole().text == "14.8 20.0"


def test_what_must_not_be_cut_is_one_window(decoder: Decoder) -> None:
    take = Growing(decoder, Listener(), "fake", whole_takes=True)
    fed(take, pause(0.3), speech(3), pause(1.5), speech(2), pause(0.5))
    assert take.whole().text == "5.0"


def test_without_early_decoding_all_is_done_at_the_end(decoder: Decoder) -> None:
    take = Growing(decoder, Listener(), "fake", early=False)
    fed(take, speech(3), pause(1), speech(2))
    assert decoder.windows == []
    assert take.whole().text == "5.0"


def test_a_guess_is_dropped_as_soon_as_speech_goes_on(decoder: Decoder) -> None:
    listener = Listener()
    take = Growing(decoder, listener, "fake")
    listener.next = pcm(speech(0.1)).data
    fed(take, pause(0.3), speech(1), pause(0.4))
    assert decoder.windows == []
    listener.next = b""
    fed(take, speech(1))
    assert take.whole().text == "2.0"


def test_at_the_release_a_shorter_pause_will_do(decoder: Decoder) -> None:
    listener = Listener()
    take = Growing(decoder, listener, "fake")
    fed(take, pause(0.3), speech(2), pause(0.12), step=0.02)
    assert decoder.windows == []
    listener.tail = True
    fed(take, pause(0.02))
    assert len(decoder.windows) == 1
    fed(take, speech(0.2), pause(0.05))
    assert take.whole().text == "2.2", "the tail had a word in it"


class Guesses:
    """Where, in seconds, each guess was made."""

    def __init__(self) -> None:
        self.made: list[float] = []
        self.during: Callable[[], None] = lambda: None

    def __call__(self, sound: np.ndarray, language: str, stopped: Callable[[], bool]) -> None:
        self.made.append(round(len(sound) / RATE, 1))
        self.during()
        if stopped():
            raise Stopped


def test_a_decoder_that_can_guess_does_so_amid_speech_only(decoder: Decoder) -> None:
    listener, guesses = Listener(), Guesses()
    take = Growing(decoder, listener, "fake", guess=guesses)
    fed(take, pause(0.3), speech(3.5))
    assert len(guesses.made) == 3
    fed(take, pause(2))
    assert len(guesses.made) == 3
    assert np.diff(guesses.made) == pytest.approx(1, abs=0.15)
    listener.tail = True
    fed(take, speech(3))
    assert len(guesses.made) == 3, "at the end there is something better to do"
    assert take.whole().text == "3.5 3.0"


def test_a_guess_is_left_at_the_release_and_when_nobody_wants_it(decoder: Decoder) -> None:
    listener, guesses = Listener(), Guesses()
    guesses.during = lambda: setattr(listener, "tail", True)
    take = Growing(decoder, listener, "fake", guess=guesses)
    fed(take, pause(0.3), speech(2))
    assert take.whole().text == "2.0"
    listener.tail = False
    guesses.during = lambda: setattr(listener, "over", True)
    with pytest.raises(Stopped):
        fed(Growing(decoder, listener, "fake", guess=guesses), pause(0.3), speech(2))
    assert len(guesses.made) == 2


def test_without_early_decoding_nothing_is_guessed(decoder: Decoder) -> None:
    guesses = Guesses()
    fed(Growing(decoder, Listener(), "fake", early=False, guess=guesses), pause(0.3), speech(3))
    assert guesses.made == []


def test_an_aborted_take_leaves_the_decoder(decoder: Decoder) -> None:
    listener = Listener()
    take = Growing(decoder, listener, "fake")
    decoder.during = lambda: setattr(listener, "over", True)
    with pytest.raises(Stopped):
        fed(take, pause(0.3), speech(1), pause(0.4))


def test_nothing_is_nothing(decoder: Decoder) -> None:
    transcript = Growing(decoder, Listener(), "fake").whole()
    assert (transcript.text, transcript.confidence, decoder.windows) == ("", 0, [])


def test_windows_are_joined_as_their_language_is_written() -> None:
    parts = [Heard("你好", "zh"), Heard(""), Heard("世界", "zh")]
    assert joined(parts, "fake", {}).text == "你好世界"
