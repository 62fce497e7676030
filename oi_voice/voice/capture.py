"""One open stream of the microphone; its newest sound is in a ring."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from oi_voice.runtime import in_thread, post
from oi_voice.voice.devices import LOST, MICROPHONE, PATIENCE, close_soon, open_stream, start_stream
from oi_voice.voice.pcm import resample
from oi_voice.voice.ring import Ring

RATE = 16_000  # Hz, what every recogniser here wants
RATES = (RATE, None)

# Measured on PulseAudio through ALSA: 240-frame blocks with a suggested latency of 45 ms give four 15 ms periods.
# First samples 19 ms after the call, and no sample lost while another Python thread spins; 20 ms of buffer loses some.
BLOCK = 240
LATENCY = 0.045
TICKS = 30  # a second, about
SLACK = 5.0  # seconds that the loop may be busy before sound is lost


async def open_capture(
    device: str, keep: float, lost: Callable[[Capture], None], rates: Sequence[float | None] = RATES
) -> Capture:
    """Open a microphone; returns when the first samples have really come in. Raises RecorderError.

    ``device`` is a name (part of it will do) or number; empty is the system's. While nobody listens no more than
    ``keep`` seconds are kept. ``lost`` is called on the loop when the device ends or falls silent later on. Of
    ``rates`` the first that the device takes is used; None is its own.
    """
    capture = Capture(keep, lost, rates)
    try:
        async with asyncio.timeout(PATIENCE):
            await in_thread(capture.open, device, name="microphone")
            await capture.begun.wait()
    except TimeoutError:
        capture.close()
        raise MICROPHONE.silent() from None
    except BaseException:
        capture.close()
        raise
    if capture.closed:
        raise MICROPHONE.lost()
    return capture


class Capture:
    """A running stream. All but ``open`` and the callbacks runs on the loop, where ``rate`` and ``ring`` come of it."""

    def __init__(self, keep: float, lost: Callable[[Capture], None], rates: Sequence[float | None]) -> None:
        self.rate = RATE
        self.ring = Ring(2)
        self.begun = asyncio.Event()
        self.closed = False
        self._keep = keep
        self._rates = rates
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._tick: Callable[[], None] | None = None
        self._every = 1
        self._over = 0  # where the latest take ended
        self._blocks = 0
        self._last = 0.0
        self._stream: Any = None
        self._watch: asyncio.TimerHandle | None = None
        self._due = 0.0  # when it looks

    def open(self, device: str) -> None:
        """Blocking. One that was closed meanwhile closes what it opened."""
        stream = open_stream(
            MICROPHONE,
            device,
            self._rates,
            blocksize=BLOCK,
            latency=LATENCY,
            callback=self._captured,
            finished_callback=self._finished,
        )
        self.rate = round(stream.samplerate)
        kept = self._bytes(self._keep)
        self.ring = Ring(kept + self._bytes(SLACK), kept)
        resample(bytes(2), self.rate, RATE)  # loads the resampler, which a take would wait for
        start_stream(MICROPHONE, stream)
        if not post(self._loop, self._opened, stream):
            close_soon(stream)

    def listen(self, tick: Callable[[], None], seconds: float) -> int:
        """Have ``tick`` called on the loop about 30 times a second.

        Returns the ring's position of ``seconds`` ago, or of the end of what was listened to before.
        """
        self._tick, self._every = tick, max(1, round(self.rate / BLOCK / TICKS))
        self.ring.keep = None
        return max(self._over, self.ring.written - self._bytes(seconds))

    def hurry(self) -> None:
        """Tick with every block: somebody waits for the end."""
        self._every = 1

    def rest(self) -> None:
        """Nobody listens any more."""
        self._tick = None
        self.ring.keep = self._bytes(self._keep)
        self.ring.wipe()
        self._over = self.ring.written

    def close(self) -> None:
        """Record no more; the device is closed in the background."""
        self.closed = True
        self._tick = None
        self.begun.set()
        if self._watch:
            self._watch.cancel()
        stream, self._stream = self._stream, None
        if stream is not None:
            close_soon(stream)

    def _bytes(self, seconds: float) -> int:
        return round(seconds * self.rate) * 2

    def _captured(self, data: Any, frames: int, when: Any, status: Any) -> None:
        """PortAudio's thread: copy, count, and wake the loop only where somebody listens."""
        self.ring.write(data)
        self._last = time.monotonic()
        self._blocks += 1
        if self._blocks == 1:
            post(self._loop, self._begin)
        tick = self._tick
        if tick and self._blocks % self._every == 0:
            post(self._loop, tick)

    def _finished(self) -> None:
        """PortAudio's thread: the device ended the stream, or we did."""
        post(self._loop, self._lose)

    def _opened(self, stream: Any) -> None:
        self._stream = stream
        if self.closed:
            self.close()

    def _begin(self) -> None:
        self.begun.set()
        if not self.closed:
            self._due = self._loop.time()
            self._look()

    def _look(self) -> None:
        """A frozen sound server says nothing; its silence is the only sign, but not while we are held up ourselves."""
        now = self._loop.time()
        left = self._last + LOST - time.monotonic()
        if left <= 0 and now - self._due < LOST:
            self._lose()
        else:
            self._due = now + max(left, LOST / 2)
            self._watch = self._loop.call_at(self._due, self._look)

    def _lose(self) -> None:
        if not self.closed:
            begun = self.begun.is_set()
            self.close()
            if begun:
                self._lost(self)
