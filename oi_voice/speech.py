"""The spoken side of a turn: sentences are rendered while earlier ones play."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from oi_voice.errors import OiVoiceError
from oi_voice.ports import Pcm, Player, Segmenter, Synthesizer
from oi_voice.runtime import spawn

AHEAD = 2  # sentences rendered beyond the one that plays: enough to leave no gap, little to throw away


class Speech:
    """Speaks what it is fed. A speech engine or speaker that fails costs the sound, never the answer.

    ``changed`` is called when speaking begins or ends, and with the error when it fails.
    """

    def __init__(
        self,
        segmenter: Segmenter,
        synthesizer: Synthesizer,
        player: Player,
        changed: Callable[[OiVoiceError | None], None],
    ) -> None:
        self.speaking = False
        self.said: list[str] = []
        self._segmenter = segmenter
        self._synthesizer = synthesizer
        self._player = player
        self._changed = changed
        self._sentences: asyncio.Queue[str | None] = asyncio.Queue()
        self._sounds: asyncio.Queue[tuple[str, Pcm] | None] = asyncio.Queue(AHEAD)
        self._tasks = [spawn(self._render(), "render speech"), spawn(self._play(), "play speech")]

    def feed(self, text: str) -> None:
        """More of what is to be said."""
        self._add(self._segmenter.feed(text))

    def flush(self) -> None:
        """Say what there is, without waiting for the end of the sentence."""
        self._add(self._segmenter.end())

    async def finish(self) -> None:
        """Say the rest; returns when all is said."""
        self.flush()
        self._sentences.put_nowait(None)
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    def cancel(self) -> None:
        """Say no more. The player is hushed by whoever stops the turn."""
        self.speaking = False
        for task in self._tasks:
            task.cancel()

    def _add(self, sentences: list[str]) -> None:
        for sentence in sentences:
            self._sentences.put_nowait(sentence)

    async def _render(self) -> None:
        try:
            while (sentence := await self._sentences.get()) is not None:
                await self._sounds.put((sentence, await self._synthesizer.render(sentence)))
        except OiVoiceError as error:
            self._changed(error)
        await self._sounds.put(None)

    async def _play(self) -> None:
        audible = True
        while (rendered := await self._sounds.get()) is not None:
            if not audible:
                continue
            sentence, sound = rendered
            self.said.append(sentence)
            self._set_speaking(True)
            try:
                await self._player.play(sound)
            except OiVoiceError as error:
                audible = False
                self._changed(error)
            if self._sounds.empty():
                self._set_speaking(False)
        self._set_speaking(False)

    def _set_speaking(self, speaking: bool) -> None:
        if self.speaking != speaking:
            self.speaking = speaking
            self._changed(None)
