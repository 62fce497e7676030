"""Earcons: short sounds for what happens to whoever does not look. They are made by ``scripts/earcons.py``.

They never wait and are never waited for: nobody's first word is held up for a cue. So where microphone and speaker
share a room a take may have one in it; the activity gate takes it for no voice.
"""

from __future__ import annotations

import logging
import wave
from collections.abc import Callable
from pathlib import Path

from oi_voice.errors import PlayerError
from oi_voice.ports import Pcm, Player
from oi_voice.runtime import spawn

log = logging.getLogger(__name__)
NAMES = ("start", "ready", "sent", "question", "done", "error", "cancelled")

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
