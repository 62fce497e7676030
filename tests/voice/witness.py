"""Somebody else who listens to the virtual microphone, and tells the time by its samples."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import numpy as np
from sounds import RATE

from oi_voice.demo.stage import MICROPHONE

LOUD = 200  # of 32767; a null sink is exactly silent between sounds


class Witness:
    """Recording by parec. Positions are samples at 16 kHz since the first loud one."""

    def __init__(self, lines: asyncio.StreamReader) -> None:
        self._lines = lines
        self._since: int | None = None
        self._odd = b""

    async def reach(self, position: int) -> None:
        """Returns when the microphone has heard that sample."""
        while self._since is None or self._since < position:
            data = self._odd + await self._lines.read(4096)
            assert data != self._odd, "parec has ended"
            samples = np.frombuffer(data[: len(data) // 2 * 2], "<i2")
            self._odd = data[len(data) // 2 * 2 :]
            if self._since is not None:
                self._since += len(samples)
            elif (loud := np.flatnonzero(np.abs(samples.astype(int)) > LOUD)).size:
                self._since = len(samples) - int(loud[0])


@contextlib.asynccontextmanager
async def witness() -> AsyncIterator[Witness]:
    form = ("--raw", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=10")
    process = await asyncio.create_subprocess_exec(
        "parec", f"--device={MICROPHONE}", *form, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield Witness(process.stdout)
    finally:
        process.kill()
        process.stdout.feed_eof()
        await process.wait()
