"""What the kernel's process says is heard, whenever it says it."""

from __future__ import annotations

import asyncio
import os
import select

import zmq

from oi_voice.languages.process import KernelProcess


async def test_an_answer_that_arrives_just_when_something_is_sent_is_heard() -> None:
    """A socket tells of its messages once. Whoever sends on it may be told in the reader's place."""
    kernel = await KernelProcess.launch(os.environ, set())
    try:
        door = kernel._shell.socket.get(zmq.FD)
        for _ in range(10):
            first = kernel.execute("1")
            select.select([door], [], [], 5)  # the loop waits, too: the answer is there, and nobody has looked
            second = kernel.execute("2")
            async with asyncio.timeout(10):
                await asyncio.gather(first.over.wait(), second.over.wait())
    finally:
        await kernel.close()
