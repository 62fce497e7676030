"""The loudspeaker: one stream for all sentences of an answer, silent within milliseconds when hushed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from oi_voice.errors import PlayerError
from oi_voice.ports import Pcm
from oi_voice.runtime import in_thread, post, spawn
from oi_voice.voice.devices import PATIENCE, SPEAKER, close_soon, library, open_stream, start_stream
from oi_voice.voice.pcm import resample

LATENCY = 0.06  # seconds of buffer: rides out a busy interpreter, and is all that is left to hear without abort()
STUCK = 1.0  # seconds without a callback until the speaker counts as lost: on a busy machine it is late, and not lost
LINGER = 1.0  # seconds the silent stream stays open for the next sentence
SILENCE = memoryview(b"")


class Player:
    """The port's Player over PortAudio. ``device`` is a name (part of it will do) or number; empty: the system's.

    Sounds play one after the other, in the order of the calls. A speaker that dies ends ``play`` with PlayerError
    within ``STUCK`` seconds; the next call tries anew.
    """

    def __init__(self, device: str = "") -> None:
        self._device = device
        self._turn = asyncio.Lock()
        self._hushes = 0
        self._output: _Output | None = None
        self._retirement: asyncio.TimerHandle | None = None

    async def prepare(self) -> None:
        """Load the sound library, so that the first sentence need not wait for it. Opens no device."""
        await in_thread(library, SPEAKER, name="sound")

    async def play(self, sound: Pcm) -> None:
        hushes = self._hushes
        async with self._turn:
            if not sound.data or hushes != self._hushes:
                return
            output = self._take_output(sound.rate)
            try:
                await output.play(sound.data)
            except BaseException:  # cancelled, or lost
                self._drop(output)
                raise
            if self._output is output:
                self._retirement = asyncio.get_running_loop().call_later(LINGER, self._drop, output)

    def hush(self) -> None:
        self._hushes += 1
        if self._output:
            self._drop(self._output)

    def close(self) -> None:
        self.hush()

    def _take_output(self, rate: int) -> _Output:
        if self._retirement:
            self._retirement.cancel()
        if self._output and (self._output.wanted_rate != rate or self._output.over):
            self._drop(self._output)
        if self._output is None:
            self._output = _Output(self._device, rate)
        return self._output

    def _drop(self, output: _Output) -> None:
        output.end()
        if self._output is output:
            self._output = None


class _Output:
    """One open stream. All but ``_open`` and the callbacks runs on the loop."""

    def __init__(self, device: str, rate: int) -> None:
        self.wanted_rate = rate
        self.over = False
        self._device = device
        self._rate = rate
        self._loop = asyncio.get_running_loop()
        self._stream: Any = None
        self._latency = LATENCY
        self._left = SILENCE
        self._done: asyncio.Future[PlayerError | None] = self._loop.create_future()
        self._watch: asyncio.TimerHandle | None = None
        self._last = 0.0

    async def play(self, data: bytes) -> None:
        """Returns when all of it was heard, or ``end`` was called. PlayerError when the speaker is lost."""
        self._done = self._loop.create_future()
        if self._stream is None:
            spawn(self._begin(data), "open the speaker")
        else:
            self._load(data)
            self._watch_over()
        if error := await self._done:
            raise error

    def end(self) -> None:
        """Silence, at once; the device is closed in the background."""
        self._finish(None)
        stream, self._stream = self._stream, None
        if stream is not None:
            close_soon(stream)

    async def _begin(self, data: bytes) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await in_thread(self._open, data, name="speaker")
        except TimeoutError:
            self._finish(SPEAKER.silent())
        except PlayerError as error:
            self._finish(error)
        except BaseException:
            self._finish(SPEAKER.lost())
            raise
        else:
            self._watch_over()

    def _open(self, data: bytes) -> None:
        """Blocking. Loaded before it starts, the stream begins with sound, not with a buffer of silence."""
        stream = open_stream(
            SPEAKER,
            self._device,
            (self.wanted_rate, None),
            blocksize=0,
            latency=LATENCY,
            callback=self._fill,
            finished_callback=self._finished,
        )
        self._rate, self._latency = round(stream.samplerate), stream.latency
        self._load(data)
        start_stream(SPEAKER, stream)
        if not self._post(lambda: self._opened(stream)):
            close_soon(stream)

    def _opened(self, stream: Any) -> None:
        self._stream = stream
        if self.over:
            self.end()

    def _load(self, data: bytes) -> None:
        self._left = memoryview(resample(data, self.wanted_rate, self._rate))

    def _fill(self, out: Any, frames: int, when: Any, status: Any) -> None:
        """PortAudio's thread: copy what is left, then silence."""
        left = SILENCE if self.over else self._left
        size = min(len(out), len(left))
        out[:size] = left[:size]
        out[size:] = bytes(len(out) - size)
        self._last = time.monotonic()
        if size:
            self._left = left[size:]
            if size == len(left):
                self._post(self._drain)

    def _finished(self) -> None:
        """PortAudio's thread: the device ended the stream, or we did."""
        self._post(self._lose)

    def _post(self, what: Callable[[], None]) -> bool:
        return post(self._loop, what)

    def _drain(self) -> None:
        """The last sample is in the buffer, and heard when the buffer has run through."""
        self._loop.call_later(self._latency, self._settle, self._done, None)

    def _watch_over(self) -> None:
        self._last = time.monotonic()
        self._look()

    def _look(self) -> None:
        """A frozen sound server says nothing; its silence is the only sign."""
        left = self._last + STUCK - time.monotonic()
        if left <= 0:
            self._lose()
        elif not self._done.done():
            self._watch = self._loop.call_later(left, self._look)

    def _lose(self) -> None:
        self._finish(SPEAKER.lost())

    def _finish(self, error: PlayerError | None) -> None:
        self.over = True
        if self._watch:
            self._watch.cancel()
        self._settle(self._done, error)

    @staticmethod
    def _settle(done: asyncio.Future[PlayerError | None], error: PlayerError | None) -> None:
        if not done.done():
            done.set_result(error)
