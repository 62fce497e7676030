"""Hands-free listening: a stream of its own that tells when somebody begins to speak, and when they have ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from oi_voice.errors import RecorderError
from oi_voice.ports import Pcm
from oi_voice.runtime import Worker
from oi_voice.voice.activity import RATE, Activity, Frame
from oi_voice.voice.activity.silero import Silero
from oi_voice.voice.capture import open_capture
from oi_voice.voice.devices import MICROPHONE
from oi_voice.voice.handsfree import Ended, HandsFree, Started
from oi_voice.voice.pcm import Resampler

AGAIN = 5.0  # seconds until a microphone that was lost is tried again
BACK = 1.5  # seconds that a recorder must keep, for speech is sure only some time after it began


class Ambient:
    """``began`` and ``ended`` are called on the loop; the latter, too, for a microphone that is lost in mid-take. Set
    ``deaf`` while the assistant itself can be heard."""

    def __init__(self, device: str, longest: float, began: Callable[[], None], ended: Callable[[], None]) -> None:
        self.deaf = False
        self._device, self._longest, self._began, self._ended = device, longest, began, ended

    async def run(self) -> None:
        """Listen until cancelled; a microphone that is lost is waited for. Raises TranscriberError without silero."""
        worker = Worker("hands-free")
        try:
            silero = await worker.run(Silero)
            while True:
                with suppress(RecorderError):
                    await self._listen(worker, Activity(silero), HandsFree(self._longest))
                await asyncio.sleep(AGAIN)
        finally:
            worker.close()

    async def _listen(self, worker: Worker, activity: Activity, machine: HandsFree) -> None:
        heard = asyncio.Event()
        capture = await open_capture(self._device, 0, lambda _: heard.set())
        resampler = Resampler(capture.rate, RATE)
        try:
            position = capture.listen(heard.set, 0)
            while True:
                await heard.wait()
                heard.clear()
                if capture.closed:
                    if machine.listening:
                        self._ended()
                    raise MICROPHONE.lost()
                data, position = capture.ring.read(position)
                self._hear(machine, await worker.run(activity.feed, Pcm(resampler.feed(data), RATE)))
        finally:
            capture.close()

    def _hear(self, machine: HandsFree, frames: Sequence[Frame]) -> None:
        for frame in frames:
            machine.deaf = self.deaf
            match machine.feed(frame):
                case Started():
                    self._began()
                case Ended():
                    self._ended()
