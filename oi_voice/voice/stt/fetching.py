"""One checkpoint at a time is fetched behind the person's work, and all who listen hear how far it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from oi_voice.errors import OiVoiceError
from oi_voice.events import Progress
from oi_voice.runtime import in_thread, spawn
from oi_voice.voice.stt.download import Source, download

Find = Callable[[str], Source]
"""Where the checkpoint of a name is; blocks, and raises TranscriberError."""


class Fetching:
    """``publish`` hears how far it is, ``arrived`` is awaited once the file is there. What of it has come is kept,
    however a download ends."""

    def __init__(self, find: Find, publish: Callable[[Progress], None], arrived: Callable[[], Awaitable[None]]) -> None:
        self._find = find
        self._publish = publish
        self._arrived = arrived
        self._task: asyncio.Task[None] | None = None

    def start(self, name: str) -> None:
        """Fetch a checkpoint, unless one is being fetched."""
        if self._task is None or self._task.done():
            self._task = spawn(self._run(name), "fetch")

    def cancel(self) -> None:
        """Stop. Harmless when nothing is fetched."""
        if self._task:
            self._task.cancel()

    async def _run(self, name: str) -> None:
        last, trouble = Progress("", ""), ""

        def tell(what: str, done: int = 0, whole: int = 0) -> None:
            nonlocal last
            last = Progress("", f"{what} Whisper {name}", done, whole)
            self._publish(last)

        try:
            tell("Downloading")
            await download(await in_thread(self._find, name, name="checkpoint"), partial(tell, "Downloading"))
            tell("Loading")
            await self._arrived()
        except OiVoiceError as error:
            trouble = str(error)
        finally:
            self._publish(replace(last, over=True, trouble=trouble))
