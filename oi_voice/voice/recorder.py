"""The microphone: opened when the key goes down, or always open with the newest sound in memory for whom wants it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterator

from oi_voice.errors import RecorderError
from oi_voice.ports import Pcm
from oi_voice.runtime import in_thread, spawn
from oi_voice.voice.capture import RATE, Capture, open_capture
from oi_voice.voice.devices import LOST, MICROPHONE, library
from oi_voice.voice.take import Take

__all__ = ["RATE", "RING", "Recorder"]

RING = 0.6  # seconds before the key that a warm microphone keeps: people begin to speak while they press it


class Recorder:
    """The port's Recorder over PortAudio. All callbacks are called on the loop.

    ``device`` is a name (part of it will do) or number; empty follows the system. The ``tail`` is in seconds, for
    people let go of the key with the last syllable. A take longer than
    ``max_seconds`` keeps its beginning. With ``warm`` the microphone stays open once ``prepare`` was called, and a
    take begins ``ring_seconds`` before its ``start``; ``on_warm`` hears whenever that begins and ends. ``takes`` counts
    those that were begun; ``max_seconds`` may be set at any time, and holds from the next one on. ``on_level``
    hears the peak level, 0 to 1, about 30 times a second; ``on_live``, once a take, of the first sample that is not
    zero; ``on_fault`` at once of a microphone that is lost in mid-take (code ``microphone``), goes on
    (``microphone.back``), is muted (``microphone.zeros``) or too loud (``microphone.clipping``).
    """

    def __init__(
        self,
        device: str = "",
        tail: float = 0.3,
        max_seconds: float = 120,
        on_level: Callable[[float], None] | None = None,
        on_fault: Callable[[RecorderError], None] | None = None,
        *,
        warm: bool = False,
        ring_seconds: float = RING,
        on_warm: Callable[[bool], None] | None = None,
        on_live: Callable[[], None] | None = None,
    ) -> None:
        self.fault: RecorderError | None = None  # what the latest take lacks sound for, if anything
        self._device = device
        self._tail = tail
        self.max_seconds = max_seconds
        self.takes = 0
        self._on_level = on_level
        self._on_fault = on_fault
        self._on_warm = on_warm
        self._on_live = on_live
        self._back = ring_seconds
        self._wanted = warm
        self._awake = True
        self._told_warm = False
        self._stale = False  # the open one is not the one that is asked for
        self._capture: Capture | None = None
        self._take: Take | None = None
        self._opening: asyncio.Task[None] | None = None
        self._pauses = pauses()

    @property
    def warm(self) -> bool:
        """Whether the microphone is open though nobody may be speaking to us."""
        return self._capture is not None and self._keeps

    async def prepare(self) -> None:
        """Load the sound library, so that the first key press need not wait for it. Opens no device unless warm."""
        await in_thread(library, MICROPHONE, name="sound")
        self._settle()

    def keep_warm(self, wanted: bool, ring_seconds: float | None = None) -> None:
        """Whether the microphone shall stay open from now on, and how much of it is kept."""
        self._wanted = wanted
        if ring_seconds not in (None, self._back):
            self._back, self._stale = ring_seconds, True
        self._settle()

    def choose(self, device: str) -> None:
        """Record from another microphone, from the next take on."""
        self._device = device
        self._stale = True
        self._settle()

    def sleep(self) -> None:
        """Record nothing from the next take on, and keep the microphone closed: the screen is locked."""
        self._awake = False
        self._settle()

    def wake(self) -> None:
        """The opposite."""
        self._awake = True
        self._settle()

    async def start(self, fed: Callable[[Pcm], None] | None = None) -> None:
        self.abort()
        if not self._awake:
            raise RecorderError("The screen is locked.", fix="Unlock it, then speak.", code="microphone.locked")
        self.takes += 1
        self.fault, self._pauses = None, pauses()
        self._take = take = Take(self.max_seconds, fed, self._on_level, self._on_live, self._tell)
        if self._capture is None:
            self._drop_capture()
            try:
                capture = await open_capture(self._device, self._back, self._lose)
            except BaseException:
                self._finish(take)
                raise
            if take.over:
                capture.close()
                return
            self._capture = capture
        take.attach(self._capture, self._back)

    async def tail(self) -> None:
        take = self._take
        if take is None:
            return
        try:
            async with asyncio.timeout(self._tail + LOST):
                await take.tail(self._tail)
        except TimeoutError:
            take.detach()

    def go_on(self) -> None:
        if self._take:
            self._take.go_on()

    async def stop(self) -> Pcm:
        take = self._take
        if take is None:
            return Pcm(b"", RATE)
        sound = Pcm(b"", RATE)
        try:
            await self.tail()
        finally:
            if not take.over:
                sound = take.end()
            self._finish(take)
        return sound

    def abort(self) -> None:
        if self._take:
            self._take.drop()
            self._finish(self._take)

    def close(self) -> None:
        self._wanted = False
        self.abort()
        self._settle()

    @property
    def _keeps(self) -> bool:
        return self._wanted and self._awake

    def _tell(self, fault: RecorderError) -> None:
        if self._on_fault:
            self._on_fault(fault)

    def _finish(self, take: Take) -> None:
        take.drop()
        if self._take is take:
            self._take = None
            if self._capture:
                self._capture.rest()
            self._settle()

    def _settle(self) -> None:
        """Between takes the microphone is open if it is to be, and the right one."""
        if self._take is None:
            if self._stale or not self._keeps:
                self._drop_capture()
            if self._keeps and self._capture is None and self._opening is None:
                self._opening = spawn(self._reopen(), "open the microphone")
        if self._told_warm != self.warm:
            self._told_warm = self.warm
            if self._on_warm:
                self._on_warm(self.warm)

    def _drop_capture(self) -> None:
        """Close the microphone, and open it no more."""
        self._stale = False
        if self._opening:
            self._opening.cancel()
            self._opening = None
        capture, self._capture = self._capture, None
        if capture:
            capture.close()

    def _lose(self, capture: Capture) -> None:
        if capture is not self._capture:
            return
        self._capture = None
        if self._take:
            self._take.detach()
            self.fault = MICROPHONE.lost()
            self._tell(self.fault)
            self._opening = spawn(self._reopen(), "reopen the microphone")
        self._settle()

    async def _reopen(self) -> None:
        """Try again and again, ever more rarely, until it is open or not wanted any more; a take makes do with any."""
        for pause in self._pauses:
            await asyncio.sleep(pause)
            for device in dict.fromkeys([self._device, ""] if self._take else [self._device]):
                with contextlib.suppress(RecorderError):
                    self._adopt(await open_capture(device, self._back, self._lose), device)
                    return

    def _adopt(self, capture: Capture, device: str) -> None:
        self._capture, self._opening = capture, None
        self._stale = device != self._device
        if self._take:
            self._take.attach(capture, self._back)
            self._tell(back(self._stale))
        self._settle()


def pauses() -> Iterator[float]:
    """Seconds before each try to open a lost device: it may be back at once, or in hours."""
    yield 0
    pause = 0.1
    while True:
        yield pause
        pause = min(2 * pause, 30)


def back(another: bool) -> RecorderError:
    where = "in the system's own" if another else "in it"
    return RecorderError(
        f"The microphone was lost for a moment; the recording goes on {where}.",
        fix="Say again what you said meanwhile.",
        code="microphone.back",
    )
