"""Earcons: short sounds for what happens to whoever does not look. They are made by ``scripts/earcons.py``.

They never wait and are never waited for, but for the ready cue, which must be over before a take begins to count: a
recorder that opens its device on the key awaits ``ready`` between its first sample and the first that it keeps. One
whose ring is warm keeps what came before the key, so its take may have the cue in it where microphone and speaker
share a room: it plays it with ``play`` and takes it out of the take with ``without``.
"""

from __future__ import annotations

import logging
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

from oi_voice.errors import PlayerError
from oi_voice.ports import Pcm, Player
from oi_voice.runtime import spawn
from oi_voice.voice.pcm import resample

log = logging.getLogger(__name__)
NAMES = ("start", "ready", "sent", "question", "done", "error", "cancelled")
DELAY = 0.4  # seconds at most between a cue's beginning and its coming in at the microphone
EDGE = 0.02  # seconds over which taking out fades in and out
ROOM = 0.1  # seconds that a room goes on with a cue
SHARP = 1e-2  # the part of a cue's strongest tone that a band must have for half of it to be taken out
LIKE = 0.6  # how like the cue a stretch of a take must be, 0 to 1, to be taken for it

_PACKAGE = Path(__file__).resolve().parents[1]
_FOLDERS = (_PACKAGE / "_data" / "assets" / "earcons", _PACKAGE.parent / "assets" / "earcons")


class Earcons:
    """Plays them through a player of their own, so that none holds up a sentence, nor is hushed with one.

    ``on()`` is asked before each: the person's switch. One that is missing, or a speaker that is, costs the sound.
    """

    def __init__(self, player: Player, on: Callable[[], bool] = lambda: True) -> None:
        self._player = player
        self._on = on
        self._sounds: dict[str, Pcm] = {}
        self._sounding = 0

    def play(self, name: str) -> None:
        """Sound one of ``NAMES``, at once: it cuts off another that still sounds. Takes no time."""
        if self._on():
            spawn(self._sound(name), f"earcon {name}")

    async def ready(self) -> None:
        """The ready cue; returns when its last sample is out: what little the room still holds is 25 dB below it."""
        if self._on():
            await self._sound("ready")

    def close(self) -> None:
        self._player.close()

    async def _sound(self, name: str) -> None:
        if self._sounding:
            self._player.hush()
        self._sounding += 1
        try:
            await self._player.play(self._load(name))
        except (PlayerError, OSError, wave.Error) as error:
            log.info("the earcon %s was not heard: %s", name, error)
        finally:
            self._sounding -= 1

    def _load(self, name: str) -> Pcm:
        if name not in self._sounds:
            self._sounds[name] = load(name)
        return self._sounds[name]


def load(name: str) -> Pcm:
    """One of ``NAMES``. Raises OSError where the file is missing."""
    path = next((folder / f"{name}.wav" for folder in _FOLDERS if (folder / f"{name}.wav").is_file()), None)
    if path is None:
        raise FileNotFoundError(f"{name}.wav")
    with path.open("rb") as file, wave.open(file) as sound:
        return Pcm(sound.readframes(sound.getnframes()), sound.getframerate())


def without(take: Pcm, cue: Pcm, began: float) -> Pcm:
    """A take without a cue that sounded ``began`` seconds into it (or before it: then negative).

    A cue is a few pure tones, so a room changes their phase and how they die away, but not their pitch: where the
    stretch is most like the cue, and as long as a room goes on with it, those narrow bands are taken out, and what
    was said meanwhile stays. A take in which the cue is not found is given back as it is.
    """
    import numpy as np

    heard = np.frombuffer(take.data, "<i2").astype(float)
    played = np.frombuffer(resample(cue.data, cue.rate, take.rate), "<i2").astype(float)
    first = round(began * take.rate)
    start = max(0, first)
    window = heard[start : max(start, first + len(played) + round(DELAY * take.rate))]
    played = played[max(0, -first) :]
    if len(played) < EDGE * take.rate or len(window) <= len(played):
        return take
    at = _found(_within(window, played), played)
    if at is None:
        return take
    edge = round(EDGE * take.rate)
    begin = max(0, start + at - edge)
    stretch = heard[begin : start + at + len(played) + round(ROOM * take.rate)]
    fade = np.minimum(1.0, np.minimum(np.arange(len(stretch)), np.arange(len(stretch))[::-1]) / edge)
    cleaned = heard.copy()
    cleaned[begin : begin + len(stretch)] -= _within(stretch * fade, played)
    return Pcm(np.clip(np.rint(cleaned), -32768, 32767).astype("<i2").tobytes(), take.rate)


def _within(sound: Any, cue: Any) -> Any:
    """What of a sound is in the cue's bands."""
    import numpy as np

    power = np.abs(np.fft.rfft(cue, len(sound))) ** 2
    return np.fft.irfft(np.fft.rfft(sound) * (power / (power + SHARP * power.max())), len(sound))


def _found(window: Any, played: Any) -> int | None:
    """Where in the window it is most like what was played; None where it is not much like it anywhere."""
    import numpy as np

    size = len(window) + len(played)
    match = np.fft.irfft(np.fft.rfft(window, size) * np.fft.rfft(played, size).conj(), size)
    places = max(1, len(window) - len(played))
    energy = np.concatenate([[0.0], np.cumsum(window**2)])
    norms = np.sqrt((energy[len(played) :] - energy[: len(energy) - len(played)])[:places] * (played**2).sum())
    likeness = np.abs(match[:places]) / np.maximum(norms, 1.0)
    best = int(likeness.argmax())
    return best if likeness[best] >= LIKE else None
