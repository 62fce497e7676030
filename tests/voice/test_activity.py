"""Speech is proven, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from noises import KINDS, LEVELS, Sound, at_level, noises
from sounds import RATE, pcm, samples
from speakers import NEAR, TEXTS, VOICES, WHISPERING, at_active_level, far, framed, noisy, speak

from oi_voice.errors import TranscriberError
from oi_voice.ports import Pcm
from oi_voice.voice.activity import Activity, Frame, Pitch
from oi_voice.voice.activity import silero as network
from oi_voice.voice.activity.larynx import voiced_seconds
from oi_voice.voice.activity.silero import Silero

PIECE = 480  # samples, as they come from a microphone


@pytest.fixture(scope="module")
def silero() -> Silero:
    return Silero()


def listen(silero: Silero, sound: Sound, piece: int = PIECE) -> tuple[Activity, list[Frame]]:
    activity, data = Activity(silero), pcm(sound).data
    frames: list[Frame] = []
    for start in range(0, len(data), 2 * piece):
        frames += activity.feed(Pcm(data[start : start + 2 * piece], RATE))
    return activity, frames + activity.end()


def test_there_are_noises_enough() -> None:
    made = list(noises())
    assert len(made) >= 300
    assert len(KINDS) >= 30
    assert all(np.abs(noise.sound).max() <= 1 for noise in made)


@pytest.mark.parametrize("kind", ["typing", "a piano", "mains hum", "coughing", "a ringing phone"])
def test_a_noise_in_small_pieces_is_no_speech(silero: Silero, kind: str) -> None:
    activity, _ = listen(silero, at_level(KINDS[kind](np.random.default_rng(7), 2 * RATE), LEVELS[0]))
    assert not activity.proven
    assert not activity.faint


@pytest.mark.slow
@pytest.mark.parametrize(("snr", "slope"), [(None, 0), (10, 0.5), (5, 0)])
def test_a_near_voice_is_speech(silero: Silero, snr: float | None, slope: float) -> None:
    missed = []
    said = [(voice, text) for voice in VOICES for text in TEXTS]
    for number, (voice, text) in enumerate(said if snr is None else said[::2]):
        sound = framed(speak(text, voice))
        heard, _ = listen(silero, sound if snr is None else noisy(sound, snr, slope, number), 2048)
        if not heard.proven:
            missed.append(f"{voice}: {text}")
    assert missed == []


@pytest.mark.slow
def test_a_voice_from_the_next_room_is_not_obeyed(silero: Silero) -> None:
    heard = [
        listen(silero, far(speak(text, voice), number), 2048)[0]
        for number, voice in enumerate(VOICES)
        for text in TEXTS[::3]
    ]
    assert [activity for activity in heard if activity.proven] == []


def test_a_faint_voice_is_told(silero: Silero) -> None:
    sound = speak("open the text editor", "flite slt")
    faint, _ = listen(silero, framed(at_active_level(sound, NEAR - 30)))
    assert (faint.proven, faint.faint) == (False, True)
    soft, _ = listen(silero, framed(at_active_level(sound, NEAR - 10)))
    assert (soft.proven, soft.faint) == (True, False)


@pytest.mark.parametrize("voice", WHISPERING)
def test_whispering_is_speech_though_it_has_no_pitch(silero: Silero, voice: str) -> None:
    sound = framed(speak("what is thirty four times twelve", voice))
    assert listen(silero, sound)[0].proven


def test_it_tells_when_somebody_speaks(silero: Silero) -> None:
    said = speak("open the text editor", "flite slt")
    activity, frames = listen(silero, framed(said, before=1, after=1))
    ended = 1 + len(said) / RATE
    speech = [frame.at for frame in frames if frame.speech]
    assert 0.9 < speech[0] < 1.3
    assert activity.last_speech == speech[-1]
    assert ended - 0.3 < speech[-1] < ended + 0.3
    assert 0.5 * len(said) / RATE < activity.speech_seconds < len(said) / RATE + 0.2
    assert not activity.speaking
    assert any(frame.proven and frame.at < ended for frame in frames)


@pytest.mark.parametrize("piece", [100, 512, 5000, 100_000])
def test_how_it_is_cut_does_not_matter_to_the_frames(silero: Silero, piece: int) -> None:
    sound = framed(speak("no, don't run it", "flite slt"))
    activity, frames = listen(silero, sound, piece)
    _, expected = listen(silero, sound)
    assert activity.proven
    assert [frame.speech for frame in frames] == [frame.speech for frame in expected]


@pytest.mark.parametrize("count", [0, 1, 500])
def test_a_tap_on_the_key_has_no_voice(silero: Silero, count: int) -> None:
    assert not listen(silero, np.zeros(count))[0].proven
    assert voiced_seconds(Pcm(bytes(2 * count), RATE)) == 0


def test_a_network_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "MODEL", "no such file")
    with pytest.raises(TranscriberError, match="pip install") as missing:
        Silero()
    assert missing.value.code == "recogniser.activity"


# --- by pitch alone


def by_pitch(sound: Pcm) -> bool:
    pitch = Pitch()
    for start in range(0, len(sound.data), 2 * PIECE):
        pitch.feed(Pcm(sound.data[start : start + 2 * PIECE], RATE))
    pitch.end()
    return pitch.proven


@pytest.mark.parametrize("text", ["stop", "no", "mute", "yes, run it", "open the text editor"])
def test_a_command_has_a_pitch(say: Callable[[str], Pcm], text: str) -> None:
    assert by_pitch(say(text))
    assert by_pitch(pcm(samples(say(text)) / 30))


@pytest.mark.parametrize("kind", ["white noise", "fan", "mains hum", "a steady tone", "beeps", "mouse clicks"])
def test_simple_noises_have_no_pitch(kind: str) -> None:
    make = KINDS[kind]
    assert not by_pitch(pcm(at_level(make(np.random.default_rng(1), 2 * RATE), -25)))


def test_looking_ends_when_there_is_enough(say: Callable[[str], Pcm]) -> None:
    long = Pcm(say("open the text editor").data * 20, RATE)
    assert 0.1 <= voiced_seconds(long, 0.1) < voiced_seconds(long)
