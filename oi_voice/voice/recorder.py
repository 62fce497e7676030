"""The microphone: one stream a take, opened when the key goes down and closed when the take ends."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

from oi_voice.errors import RecorderError
from oi_voice.ports import Pcm
from oi_voice.runtime import in_thread, post
from oi_voice.voice.devices import LOST, MICROPHONE, PATIENCE, close_soon, library, open_stream, start_stream
from oi_voice.voice.pcm import peak, resample

RATE = 16_000  # Hz, what every recogniser here wants

# Measured on PulseAudio through ALSA: 240-frame blocks with a suggested latency of 45 ms give four 15 ms periods.
# First samples 19 ms after the call, and no sample lost while another Python thread spins; 20 ms of buffer loses some.
BLOCK = 240
LATENCY = 0.045
LEVELS = 30  # a second, about


class Recorder:
    """The port's Recorder over PortAudio.

    ``device`` is a name (part of it will do) or number; empty follows the system. ``tail`` seconds are recorded
    after ``stop`` is called, for people let go of the key with the last syllable. A take longer than
    ``max_seconds`` keeps its beginning. ``on_level`` hears the peak level, 0 to 1, about 30 times a second, and
    ``on_fault`` at once of a microphone lost in mid-take; both are called on the loop.
    """

    def __init__(
        self,
        device: str = "",
        tail: float = 0.15,
        max_seconds: float = 120,
        on_level: Callable[[float], None] | None = None,
        on_fault: Callable[[RecorderError], None] | None = None,
    ) -> None:
        self._device = device
        self._tail = tail
        self._max_seconds = max_seconds
        self._on_level = on_level
        self._on_fault = on_fault
        self._take: _Take | None = None

    @property
    def fault(self) -> RecorderError | None:
        """What ended the latest take too early, if anything did."""
        return self._take.fault if self._take else None

    async def prepare(self) -> None:
        """Load the sound library, so that the first key press need not wait for it. Opens no device."""
        await in_thread(library, MICROPHONE, name="sound")

    async def start(self) -> None:
        self.abort()
        self._take = take = _Take(self._max_seconds, self._on_level, self._on_fault)
        try:
            async with asyncio.timeout(PATIENCE):
                await in_thread(take.open, self._device, name="microphone")
                await take.wait_for(1)
        except TimeoutError:
            take.end()
            raise MICROPHONE.silent() from None
        except BaseException:
            take.end()
            raise
        if take.fault and not take.filled:
            raise take.fault
        take.watch()

    async def stop(self) -> Pcm:
        take = self._take
        if take is None:
            return Pcm(b"", RATE)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._tail + LOST):
                    await take.wait_for(take.filled + round(self._tail * take.rate) * 2)
        finally:
            take.end()
        sound = take.sound()
        if take.rate != RATE:
            sound = await in_thread(resample, sound, take.rate, RATE, name="resample")
        return Pcm(sound, RATE)

    def abort(self) -> None:
        if self._take:
            self._take.end()

    def close(self) -> None:
        self.abort()


class _Take:
    """One take: what the callback fills. All but ``open`` and the callbacks runs on the loop."""

    def __init__(
        self,
        seconds: float,
        on_level: Callable[[float], None] | None,
        on_fault: Callable[[RecorderError], None] | None,
    ) -> None:
        self.rate = RATE
        self.filled = 0  # bytes
        self.fault: RecorderError | None = None
        self._seconds = seconds
        self._on_level = on_level
        self._on_fault = on_fault
        self._loop = asyncio.get_running_loop()
        self._sound = bytearray()
        self._wanted = 0
        self._enough = asyncio.Event()
        self._ended = False
        self._stream: Any = None
        self._watch: asyncio.TimerHandle | None = None
        self._last = 0.0
        self._blocks = 0
        self._every = 1

    def open(self, device: str) -> None:
        """Blocking. A take that ended meanwhile closes what it opened."""
        stream = open_stream(
            MICROPHONE,
            device,
            (RATE, None),
            blocksize=BLOCK,
            latency=LATENCY,
            callback=self._captured,
            finished_callback=self._finished,
        )
        self.rate = round(stream.samplerate)
        self._every = max(1, round(self.rate / BLOCK / LEVELS))
        self._sound = bytearray(round(self._seconds * self.rate) * 2)
        start_stream(MICROPHONE, stream)
        if not self._post(lambda: self._opened(stream)):
            close_soon(stream)

    async def wait_for(self, filled: int) -> None:
        """Returns when so many bytes are in, or no more will come."""
        self._wanted = min(filled, len(self._sound))
        self._enough.clear()
        if self.filled < self._wanted and not self.fault and not self._ended:
            await self._enough.wait()

    def watch(self) -> None:
        """From now on notice when the device falls silent."""
        if not self._ended:
            self._look()

    def end(self) -> None:
        """Record no more; the device is closed in the background."""
        self._ended = True
        self._enough.set()
        if self._watch:
            self._watch.cancel()
        stream, self._stream = self._stream, None
        if stream is not None:
            close_soon(stream)

    def sound(self) -> bytes:
        return bytes(memoryview(self._sound)[: self.filled])

    def _captured(self, data: Any, frames: int, when: Any, status: Any) -> None:
        """PortAudio's thread: copy, count, and wake the loop only where somebody waits."""
        start = self.filled
        end = min(start + frames * 2, len(self._sound))
        self._sound[start:end] = data[: end - start]
        self.filled = end
        self._last = time.monotonic()
        if start < self._wanted <= end:
            self._post(self._enough.set)
        self._blocks += 1
        if self._on_level and self._blocks % self._every == 0:
            self._post(self._level)

    def _finished(self) -> None:
        """PortAudio's thread: the device ended the stream, or we did."""
        self._post(self._lose)

    def _post(self, what: Callable[[], None]) -> bool:
        return post(self._loop, what)

    def _opened(self, stream: Any) -> None:
        self._stream = stream
        if self._ended:
            self.end()

    def _look(self) -> None:
        """A frozen sound server says nothing; its silence is the only sign."""
        left = self._last + LOST - time.monotonic()
        if left <= 0:
            self._lose()
        else:
            self._watch = self._loop.call_later(left, self._look)

    def _lose(self) -> None:
        if self._ended or self.fault:
            return
        self.fault = MICROPHONE.lost()
        self.end()
        if self._on_fault:
            self._on_fault(self.fault)

    def _level(self) -> None:
        if self._on_level and not self._ended:
            newest = BLOCK * 2 * self._every
            self._on_level(peak(bytes(self._sound[max(0, self.filled - newest) : self.filled])))
