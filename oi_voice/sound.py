"""Ear and mouth from their settings: a part of the composition root."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from dataclasses import dataclass
from functools import partial

from oi_voice import ledger
from oi_voice.addresses import on_this_machine
from oi_voice.computer.titles import names
from oi_voice.computer.windows import Windows
from oi_voice.engine import Engine
from oi_voice.errors import RecorderError
from oi_voice.events import CLOSED, OPEN, Event, SettingsChanged, State, StateChanged, TurnEnded
from oi_voice.hearing import Ear
from oi_voice.kit import Mouth
from oi_voice.llm.commands import PRONUNCIATIONS, jsgf
from oi_voice.ports import Transcriber
from oi_voice.roster import offline
from oi_voice.runtime import in_thread, spawn
from oi_voice.settings import Settings
from oi_voice.takes import Takes
from oi_voice.vocabulary import Vocabulary, default_path
from oi_voice.voice.ambient import BACK, Ambient
from oi_voice.voice.cues import Cues
from oi_voice.voice.earcons import Earcons
from oi_voice.voice.lock import watch_lock
from oi_voice.voice.player import Player
from oi_voice.voice.recorder import Recorder
from oi_voice.voice.sentences import Sentences
from oi_voice.voice.stt.api import MODEL, OPENAI, Endpoint
from oi_voice.voice.stt.choose import Around, choose
from oi_voice.voice.stt.chosen import Chosen, Links
from oi_voice.voice.stt.gated import Gated
from oi_voice.voice.tts.choose import Wishes
from oi_voice.voice.tts.choose import choose as choose_voice

log = logging.getLogger(__name__)


def recogniser(settings: Settings, wanted: str = "", early: bool = True) -> tuple[Transcriber, str]:
    """The recogniser of that name, or that of the settings, and what it is called. ``early``: while it is spoken.

    Raises SettingsError.
    """
    voice = settings.voice
    url = voice.stt_base or OPENAI
    key = voice.stt_key or (os.environ.get("OPENAI_API_KEY", "") if url == OPENAI else "")
    there = Endpoint(url, key, MODEL, on_this_machine(url))
    around = Around(lambda: (jsgf(), PRONUNCIATIONS), there, lambda: offline(settings), early)
    return choose(wanted or voice.stt, around)


@dataclass
class Sound:
    """What hears and speaks, as ``engine`` and ``settings`` have it. It hears better what ``windows`` are called."""

    engine: Engine
    settings: Settings
    transcriber: Transcriber
    name: str  # of the transcriber
    windows: Windows

    def __post_init__(self) -> None:
        voice = self.settings.voice
        self._tasks: list[asyncio.Task[None]] = []
        self._cues = Cues(Earcons(Player(voice.speaker), lambda: bool(self.settings.voice.earcons)))
        self.recorder = Recorder(
            voice.microphone,
            tail=voice.tail,
            max_seconds=voice.max_take,
            warm=voice.warm or voice.handsfree,
            ring_seconds=BACK if voice.handsfree else 0.6,
            on_level=self.engine.heard_level,
            on_fault=self._fault,
            on_warm=self._open,
            on_live=lambda: self._cues.ready(self.recorder.warm),
        )
        self.synthesizer, self.voice_name = choose_voice(
            voice.tts,
            Wishes(voice.rate, voice.volume, voice.name, voice.tts_base, voice.tts_key, lambda: offline(self.settings)),
        )
        self.chosen = self._chosen()
        gated = Gated(self.chosen.transcriber, lambda code, words: self.engine.notify("warning", code, words))
        self.ear = Ear(
            self.recorder, gated, Takes(), Vocabulary(default_path()), self._other, partial(names, self.windows)
        )
        self._ambient = Ambient(voice.microphone, voice.max_take, self._began, self.engine.release)
        self._waiting: asyncio.Task[None] | None = None  # for somebody to speak, hands-free
        self.mouth = Mouth(Sentences, self.synthesizer, Player(voice.speaker))
        self.engine.listen(self._cues.follow)
        self.engine.listen(self._follow)

    async def prepare(self) -> None:
        """Have the microphone ready; from now on it is closed while the screen is locked."""
        await self.recorder.prepare()
        if sys.platform == "linux":
            self._tasks.append(spawn(watch_lock(self._locked), "screen lock"))
        self._hands_free(True)

    def close(self) -> None:
        """Listen no more."""
        self._hands_free(False)
        self.chosen.stop()
        for task in self._tasks:
            task.cancel()

    def _chosen(self) -> Chosen:
        engine, settings = self.engine, self.settings
        links = Links(lambda: recogniser(settings), lambda: offline(settings), engine.tell, engine.notify)
        return Chosen(settings, self.transcriber, self.name, links)

    def _other(self, wanted: str) -> Transcriber:
        return Gated(recogniser(self.settings, wanted)[0])

    def _locked(self, locked: bool) -> None:
        (self.recorder.sleep if locked else self.recorder.wake)()
        self._hands_free(not locked)

    def _hands_free(self, on: bool) -> None:
        if self._waiting:
            self._waiting.cancel()
        wanted = on and self.settings.voice.handsfree
        self._waiting = spawn(self._ambient.run(), "hands-free") if wanted else None

    def _began(self) -> None:
        """Somebody speaks. What goes on is not interrupted by a voice in the room, as it is by the key."""
        if self.engine.state in (State.IDLE, State.ASKING):
            self.engine.press()

    def _open(self, warm: bool) -> None:
        """The person is told of a microphone that stays open."""
        words = "The microphone stays open." if warm else "The microphone is closed between takes."
        self.engine.notify("info", OPEN if warm else CLOSED, words)

    def _remember(self, legs: dict[str, float]) -> None:
        try:
            ledger.keep(ledger.default_path(), legs, time.time())
        except OSError as error:
            log.info("the turn's times can't be kept: %s", error)

    def _fault(self, error: RecorderError) -> None:
        self.engine.notify("warning", error.code, str(error))

    def _follow(self, event: Event) -> None:
        if isinstance(event, StateChanged):
            self._ambient.machine.deaf = event.speaking
        if isinstance(event, TurnEnded) and event.legs:
            spawn(in_thread(self._remember, event.legs, name="ledger"), "ledger")
        if not isinstance(event, SettingsChanged):
            return
        changed, voice = event.changed, self.settings.voice
        self.chosen.follow(changed)
        self.synthesizer.tune(voice.rate, voice.name, voice.volume)
        if "voice.warm" in changed:
            self.recorder.keep_warm(voice.warm)
        if "voice.microphone" in changed:
            self.recorder.choose(voice.microphone)
