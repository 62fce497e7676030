"""The spoken side of a turn: sentences are rendered while earlier ones play."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from oi_voice.errors import OiVoiceError
from oi_voice.ports import Pcm, Player, Segmenter, Synthesizer
from oi_voice.runtime import spawn

AHEAD = 2  # sentences rendered beyond the one that plays: enough to leave no gap, little to throw away
HURRY = 0.7  # seconds that a reply may go on without the end of its first clause until what is there is said
EAST_ASIAN = "\u2e80"
BUFFERED = 0.1  # seconds of sound on the way to the ear when a sentence is cut off: the speaker's buffer


class Speech:
    """Speaks what it is fed. A speech engine or speaker that fails costs the sound, never the answer.

    ``changed`` is called when speaking begins or ends, and with the error when it fails. ``said`` is what was really
    heard: of a sentence that was cut off, the words until then.

    Each ``hush`` begins a new generation, with a line of its own from text to sound; of an older one nothing is
    played any more, whatever its engine still renders.
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
        self.generation = 0
        self._segmenter = segmenter
        self._synthesizer = synthesizer
        self._player = player
        self._changed = changed
        self._late: asyncio.TimerHandle | None = None
        self._playing: tuple[str, float, float] | None = None  # sentence, its seconds, when it began
        self._begin()

    def expect(self, language: str) -> None:
        """The language, such as ``de``, that the answer may be in: that of the request."""
        self._segmenter.language = language

    def feed(self, text: str) -> None:
        """More of what is to be said."""
        self._add(self._segmenter.feed(text))
        if self._late is None:
            self._late = asyncio.get_running_loop().call_later(HURRY, self._hurry)

    def flush(self) -> None:
        """Say what there is, without waiting for the end of the sentence."""
        self._add(self._segmenter.end())
        self._forget_hurry()

    async def finish(self) -> None:
        """Say the rest; returns when all is said, or hushed."""
        self.flush()
        tasks = self._tasks
        self._sentences.put_nowait(None)
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            if not task.cancelled():
                task.result()

    def hush(self) -> None:
        """Silence, now: what was fed until now is not heard any more; what is fed from now on is."""
        if self._playing:
            self._player.hush()
        self.cancel()
        self._segmenter.end()
        self._begin()

    def cancel(self) -> None:
        """Say no more. The player is hushed by whoever stops the turn."""
        self.generation += 1
        self._cut_off()
        self._forget_hurry()
        self.speaking = False
        for task in self._tasks:
            task.cancel()

    def _begin(self) -> None:
        self._sentences: asyncio.Queue[tuple[str, str] | None] = asyncio.Queue()
        self._sounds: asyncio.Queue[tuple[str, Pcm] | None] = asyncio.Queue(AHEAD)
        line = (self.generation, self._sentences, self._sounds)
        self._tasks = [spawn(self._render(*line), "render speech"), spawn(self._play(line[0], line[2]), "play speech")]

    def _add(self, sentences: list[str]) -> None:
        for sentence in sentences:
            self._sentences.put_nowait((sentence, self._segmenter.language))

    def _hurry(self) -> None:
        """Nothing has been whole for a while: begin with what there is."""
        self._late = None
        self._add(self._segmenter.hurry())

    def _forget_hurry(self) -> None:
        if self._late:
            self._late.cancel()
            self._late = None

    async def _render(
        self,
        generation: int,
        sentences: asyncio.Queue[tuple[str, str] | None],
        sounds: asyncio.Queue[tuple[str, Pcm] | None],
    ) -> None:
        try:
            while (piece := await sentences.get()) is not None:
                sound = await self._synthesizer.render(*piece)
                if generation != self.generation:
                    return
                await sounds.put((piece[0], sound))
        except OiVoiceError as error:
            self._changed(error)
        await sounds.put(None)

    async def _play(self, generation: int, sounds: asyncio.Queue[tuple[str, Pcm] | None]) -> None:
        audible = True
        while (rendered := await sounds.get()) is not None and generation == self.generation:
            if not audible:
                continue
            sentence, sound = rendered
            self._playing = (sentence, sound.seconds, asyncio.get_running_loop().time())
            self._set_speaking(True)
            try:
                await self._player.play(sound)
            except OiVoiceError as error:
                audible = False
                self._playing = None
                self._changed(error)
            if generation != self.generation:
                return
            if audible:
                self.said.append(sentence)
                self._playing = None
            if sounds.empty():
                self._set_speaking(False)
        if generation == self.generation:
            self._set_speaking(False)

    def _cut_off(self) -> None:
        """What plays now was heard up to here."""
        if self._playing is None:
            return
        (sentence, seconds, began), self._playing = self._playing, None
        heard = asyncio.get_running_loop().time() - began - BUFFERED
        if part := until(sentence, heard / seconds if seconds else 0.0):
            self.said.append(part)

    def _set_speaking(self, speaking: bool) -> None:
        if self.speaking != speaking:
            self.speaking = speaking
            self._changed(None)


def until(sentence: str, fraction: float) -> str:
    """The words of a sentence that were whole when so much of it had been said; a voice takes its letters evenly."""
    if fraction >= 1:
        return sentence
    end = int(len(sentence) * max(fraction, 0.0))
    if any(character > EAST_ASIAN for character in sentence):  # written without spaces
        return sentence[:end].rstrip()
    return sentence[: max(sentence.rfind(" ", 0, end + 1), 0)].rstrip()
