"""A recogniser behind a gate: a take without a voice in it never reaches it."""

from __future__ import annotations

import time

from oi_voice.ports import Pcm, Transcriber, Transcript
from oi_voice.runtime import in_thread
from oi_voice.voice.activity import ENOUGH, speech_seconds


class Gated:
    """The port's Transcriber around another: silence, noise and clicks are the empty transcript."""

    def __init__(self, transcriber: Transcriber) -> None:
        self._transcriber = transcriber

    async def start(self) -> None:
        await in_thread(speech_seconds, Pcm(bytes(32_000), 16_000), name="activity")  # loads numpy
        await self._transcriber.start()

    async def transcribe(self, take: Pcm) -> Transcript:
        began = time.perf_counter()
        voice = await in_thread(speech_seconds, take, ENOUGH, name="activity")
        if voice < ENOUGH:
            return Transcript(
                "", engine="gate", speech=False, timings_ms={"gate": (time.perf_counter() - began) * 1000}
            )
        return await self._transcriber.transcribe(take)

    def close(self) -> None:
        self._transcriber.close()
