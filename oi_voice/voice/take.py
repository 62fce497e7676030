"""One take: what is recorded of one key press, handed on in pieces while it is spoken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from oi_voice.errors import RecorderError
from oi_voice.ports import Pcm
from oi_voice.voice.capture import RATE, Capture
from oi_voice.voice.pcm import FULL, RAIL, Resampler, peak, railed

PIECE = round(0.05 * RATE) * 2  # bytes that are worth handing on
MOMENT = 0.029  # seconds between levels: two blocks of 15 ms
ZEROS = 2.0  # seconds of nothing but zeros in mid-take from which on the microphone must be muted
ZEROS_ALL = 0.5  # seconds of a take that was nothing else
CLIPPED = 0.01  # of a piece's samples at the rails; a loud voice that is recorded well touches them once in a while


class Take:
    """At 16 kHz, its beginning kept where it is longer than ``seconds``. Runs on the loop.

    ``fed`` hears each piece, ``level`` the peak about 30 times a second, ``live`` of the first sample that is not
    zero, and ``warn``, once a take, of a microphone that is muted or too loud.
    """

    def __init__(
        self,
        seconds: float,
        fed: Callable[[Pcm], None] | None,
        level: Callable[[float], None] | None,
        live: Callable[[], None] | None,
        warn: Callable[[RecorderError], None],
    ) -> None:
        self.over = False
        self._room = round(seconds * RATE) * 2
        self._fed, self._level, self._live, self._warn = fed, level, live, warn
        self._sound = bytearray()
        self._handed = 0  # bytes of it
        self._heard = 0.0  # seconds
        self._peak = self._moment = 0.0  # of what no level was told of yet
        self._until = float("inf")
        self._enough = asyncio.Event()
        self._alive = self._clipped = self._muted = False
        self._capture: Capture | None = None
        self._resampler = Resampler(RATE, RATE)
        self._position = 0

    def attach(self, capture: Capture, back: float) -> None:
        """Take the sound from there, beginning ``back`` seconds ago."""
        self._resampler = Resampler(capture.rate, RATE)
        self._capture = capture
        self._enough.clear()
        self._position = capture.listen(self._pump, back)
        self._pump()

    def detach(self) -> None:
        """The device is gone: keep all that it gave. Whoever waits for the tail waits no more."""
        self._pump()
        if self._capture is not None:
            self._add(self._resampler.end())
            self._capture = None
        self._enough.set()

    async def tail(self, seconds: float) -> None:
        """Returns when that much more is in, or no more will come."""
        self._pump()
        if self._capture is None:
            return
        self._until = self._heard + seconds
        self._capture.hurry()
        await self._enough.wait()

    def go_on(self) -> None:
        """That was no tail: it goes on."""
        self._until = float("inf")
        if self._capture is not None and len(self._sound) < self._room:
            self._enough.clear()

    def end(self) -> Pcm:
        """No more of it; hand on the rest. The whole take."""
        self.detach()
        self._hand_on(1)
        if not self._alive and self._heard >= ZEROS_ALL:
            self._mute()
        self.over = True
        return Pcm(bytes(self._sound), RATE)

    def drop(self) -> None:
        """Nobody wants it any more."""
        self.over = True
        self._capture = None
        self._enough.set()

    def _pump(self) -> None:
        if self._capture is None:
            return
        data, self._position = self._capture.ring.read(self._position)
        if not data:
            return
        seconds = len(data) / 2 / self._capture.rate
        self._heard += seconds
        self._judge(data, seconds)
        self._add(self._resampler.feed(data))
        self._hand_on(PIECE)
        if self._heard >= self._until or len(self._sound) == self._room:
            self._enough.set()

    def _add(self, sound: bytes) -> None:
        self._sound += sound[: self._room - len(self._sound)]

    def _hand_on(self, least: int) -> None:
        if len(self._sound) - self._handed >= least:
            piece = bytes(memoryview(self._sound)[self._handed :])
            self._handed = len(self._sound)
            if self._fed:
                self._fed(Pcm(piece, RATE))

    def _judge(self, data: bytes, seconds: float) -> None:
        loudest = peak(data)
        self._peak, self._moment = max(self._peak, loudest), self._moment + seconds
        if self._moment >= MOMENT:
            if self._level:
                self._level(self._peak)
            self._peak = self._moment = 0.0
        if loudest and not self._alive:
            self._alive = True
            if self._live:
                self._live()
        if not self._alive and self._heard >= ZEROS:
            self._mute()
        if loudest >= RAIL / FULL and not self._clipped and railed(data) > CLIPPED:
            self._clipped = True
            self._warn(clipping())

    def _mute(self) -> None:
        if not self._muted:
            self._muted = True
            self._warn(zeros())


def zeros() -> RecorderError:
    return RecorderError(
        "The microphone is open, but sends nothing but zeros.",
        fix="Check its own switch and the sound settings for a mute, and that it is the right one.",
        code="microphone.zeros",
    )


def clipping() -> RecorderError:
    return RecorderError(
        "The microphone is too loud: what you say is cut off at the peaks.",
        fix="Turn its level down in the sound settings, or keep more distance.",
        code="microphone.clipping",
    )
