"""The recogniser in use: it follows the setting, and becomes a better one that the person has fetched."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from oi_voice.errors import OiVoiceError
from oi_voice.events import RECOGNISER, Progress
from oi_voice.ports import Transcriber
from oi_voice.runtime import spawn
from oi_voice.settings import Settings
from oi_voice.voice.stt.checkpoints import SIZES, to_offer
from oi_voice.voice.stt.choose import automatic
from oi_voice.voice.stt.download import official
from oi_voice.voice.stt.fetching import Fetching, Find
from oi_voice.voice.stt.replaceable import Replaceable

OFFER = "I understand set commands only. With Whisper {name}, a download of {size} MB, I understand everything."
BARRED = "I understand set commands only. Whisper would understand everything, but offline is on: I can't download it."
FOLLOWED = frozenset({"voice.stt", "voice.stt_base"})


@dataclass(frozen=True, slots=True)
class Links:
    """What it has to do with: ``make`` makes the recogniser of the settings, and says what it is called (or raises
    SettingsError); ``offline``: nothing may be fetched. The person is told by ``notify(level, code, words)``."""

    make: Callable[[], tuple[Transcriber, str]]
    offline: Callable[[], bool]
    publish: Callable[[Progress], None]
    notify: Callable[[str, str, str], None]
    find: Find = official


class Chosen:
    """Begins with ``first``, called ``name``, which is that of the settings. All is called on the loop."""

    def __init__(self, settings: Settings, first: Transcriber, name: str, links: Links) -> None:
        self._settings = settings
        self._links = links
        self._basic = self._lacking()
        self._fetching = Fetching(links.find, links.publish, self._change)
        self._changing: asyncio.Task[None] | None = None
        self._one_by_one = asyncio.Lock()
        self.transcriber = Replaceable(first)
        self.name = name

    @property
    def offer(self) -> str:
        """A sentence on what could be fetched in its place; empty where nothing is missing."""
        if not self._basic:
            return ""
        name = self._wanted
        return BARRED if self._links.offline() else OFFER.format(name=name, size=SIZES[name])

    @property
    def may_fetch(self) -> bool:
        return self._basic and not self._links.offline()

    def fetch(self) -> None:
        """Fetch what was offered, and then use it."""
        if self.may_fetch:
            self._fetching.start(self._wanted)

    def stop(self) -> None:
        """Fetch no more; what has come is kept."""
        self._fetching.cancel()

    def follow(self, changed: Mapping[str, Any]) -> None:
        """Settings have changed."""
        if self._links.offline():
            self.stop()
        if FOLLOWED & changed.keys():
            if self._changing:
                self._changing.cancel()
            self._changing = spawn(self._changed(), "change the recogniser")

    @property
    def _wanted(self) -> str:
        return to_offer(self._settings.voice.languages)

    def _lacking(self) -> bool:
        """Whether it is the grammar for want of anything better."""
        return self._settings.voice.stt.strip() == "auto" and automatic()[0] == "grammar"

    async def _changed(self) -> None:
        try:
            await self._change()
        except OiVoiceError as error:
            self._links.notify("error", error.code, f"{error} The recogniser is still {self.name}.")

    async def _change(self) -> None:
        """Have the recogniser of the settings, once it is ready; the old one is in use until then.

        Raises OiVoiceError.
        """
        async with self._one_by_one:
            basic = self._lacking()
            new, name = self._links.make()
            try:
                await new.start()
            except BaseException:
                new.close()
                raise
            self.transcriber.replace(new)
            self.name, self._basic = name, basic
        self._links.notify("info", RECOGNISER, f"From now on the recogniser is {name}.")
