"""Ear and mouth from their settings: a part of the composition root."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable
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
from oi_voice.voice.recorder import RING, Recorder
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
    url = settings.voice.stt_base or OPENAI

    def key() -> str:
        return settings.voice.stt_key or (os.environ.get("OPENAI_API_KEY", "") if url == OPENAI else "")

    there = Endpoint(url, key, MODEL, on_this_machine(url))
    around = Around(lambda: (jsgf(), PRONUNCIATIONS), there, lambda: offline(settings), early)
    return choose(wanted or settings.voice.stt, around)


class ByVoice:
    """Takes that begin when somebody speaks and end when they fall silent; those begun otherwise are left alone.

    ``takes`` tells how many were recorded so far, whoever began them.
    """

    def __init__(self, engine: Engine, takes: Callable[[], int]) -> None:
        self._engine = engine
        self._takes = takes
        self._own = "", 0  # the turn of the latest, and its number

    def began(self) -> None:
        """Somebody speaks. What goes on is not interrupted by a voice in the room, as it is by the key."""
        if self._engine.state in (State.IDLE, State.ASKING) and not self._engine.taking:
            number = self._takes() + 1
            self._engine.press()
            self._own = self._engine.turn, number

    def ended(self) -> None:
        """Somebody fell silent."""
        if self._taking:
            self._own = "", 0  # the key may go on with it
            self._engine.release()

    def drop(self) -> None:
        """Nobody was meant to be heard."""
        if self._taking:
            self._engine.end_turn("hands-free")

    @property
    def _taking(self) -> bool:
        """Whether the take that goes on began so: another may have taken its place, in the same turn or a new one."""
        turn, number = self._own
        return self._engine.taking and self._engine.turn == turn and self._takes() <= number


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
        self._earcons = Earcons(Player(voice.speaker), lambda: bool(self.settings.voice.earcons))
        self._cues = Cues(self._earcons)
        self.recorder = Recorder(
            voice.microphone,
            tail=voice.tail,
            max_seconds=voice.max_take,
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
        self._by_voice = ByVoice(self.engine, lambda: self.recorder.takes)
        self._ambient: Ambient | None = None  # made anew for each ``_waiting``
        self._waiting: asyncio.Task[None] | None = None  # for somebody to speak, hands-free
        self._lock: asyncio.Task[None] | None = None
        self._locked = self._ready = False
        self.mouth = Mouth(Sentences, self.synthesizer, Player(voice.speaker))
        self._leave = [self.engine.listen(self._cues.follow), self.engine.listen(self._follow)]

    async def prepare(self) -> None:
        """Have the microphone ready; from now on it is closed while the screen is locked."""
        await self.recorder.prepare()
        self._ready = True
        if sys.platform == "linux":
            self._lock = spawn(watch_lock(self._see_lock), "screen lock")
        self._keep_warm()
        self._hands_free()

    def close(self) -> None:
        """Listen, watch, fetch and sound no more; what hears and speaks is the engine's to close. Takes no time, and
        may be called more than once."""
        while self._leave:
            self._leave.pop()()
        self._ready = False
        self._hands_free()
        if self._lock:
            self._lock.cancel()
        self.chosen.stop()
        self._earcons.close()

    def _chosen(self) -> Chosen:
        engine, settings = self.engine, self.settings
        links = Links(lambda: recogniser(settings), lambda: offline(settings), engine.tell, engine.notify)
        return Chosen(settings, self.transcriber, self.name, links)

    def _other(self, wanted: str) -> Transcriber:
        return Gated(recogniser(self.settings, wanted)[0])

    def _see_lock(self, locked: bool) -> None:
        """Who locks the screen leaves: a take that goes on is the room's, and nobody is there to end it."""
        self._locked = locked
        (self.recorder.sleep if locked else self.recorder.wake)()
        if locked and self.engine.taking:
            self.engine.cancel("lock")
        self._hands_free()

    def _keep_warm(self) -> None:
        voice = self.settings.voice
        self.recorder.keep_warm(voice.warm or voice.handsfree, BACK if voice.handsfree else RING)

    def _hands_free(self) -> None:
        """Wait for somebody to speak from now on, or no more, as settings and lock have it. A take that began so has
        ended: nobody listens for its end."""
        voice = self.settings.voice
        wanted = voice.handsfree and self._ready and not self._locked
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
            (self._by_voice.ended if wanted else self._by_voice.drop)()
        if wanted:
            self._ambient = Ambient(voice.microphone, voice.max_take, self._by_voice.began, self._by_voice.ended)
            self._ambient.deaf = self.engine.speaking
            self._waiting = spawn(self._ambient.run(), "hands-free")

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
        if isinstance(event, StateChanged) and self._ambient:
            self._ambient.deaf = event.speaking
        if isinstance(event, TurnEnded) and event.legs:
            spawn(in_thread(self._remember, event.legs, name="ledger"), "ledger")
        if not isinstance(event, SettingsChanged):
            return
        changed, voice = event.changed, self.settings.voice
        self.chosen.follow(changed)
        self.synthesizer.tune(voice.rate, voice.name, voice.volume)
        self.recorder.max_seconds = voice.max_take
        if changed.keys() & {"voice.warm", "voice.handsfree"}:
            self._keep_warm()
        if "voice.microphone" in changed:
            self.recorder.choose(voice.microphone)
        if changed.keys() & {"voice.handsfree", "voice.microphone", "voice.max_take"}:
            self._hands_free()
