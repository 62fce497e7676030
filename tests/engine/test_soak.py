"""A day's use at once: a thousand turns on fakes leave nothing behind, and never get stuck."""

from __future__ import annotations

import asyncio
import gc
import random
import threading
import tracemalloc

import pytest

from oi_voice.errors import TranscriberError
from oi_voice.events import ApprovalRequested, State, TurnEnded
from oi_voice.testing import HANG, Harness, harness

TURNS = 1000
GROWTH = 400  # bytes a turn that may stay: its recording is kept for a while, its messages are forgotten here
CODE = "I will.\n```python\nopen('/etc/hostname').read()\n```\n"


async def spoken(h: Harness) -> None:
    h.engine.press()
    await h.until(State.LISTENING)
    h.engine.release()
    await h.ended()


async def typed(h: Harness) -> None:
    h.engine.start_turn("hello")
    await h.ended()


async def broken(h: Harness) -> None:
    h.transcriber.error = TranscriberError("It crashed.")
    await spoken(h)
    h.transcriber.error = None


async def hung(h: Harness) -> None:
    h.transcriber.text, before = HANG, h.transcriber.text
    h.engine.press()
    await h.until(State.LISTENING)
    h.engine.release()
    await h.until(State.TRANSCRIBING)
    h.engine.cancel()
    h.transcriber.text = before
    await h.ended()


async def stopped(h: Harness) -> None:
    h.engine.press()
    await h.until(State.LISTENING)
    h.engine.cancel("Esc")
    await h.ended()


async def barged_in(h: Harness) -> None:
    h.engine.start_turn("hello")
    await h.until(State.THINKING)
    await spoken(h)


async def asked(h: Harness) -> None:
    h.model.replies = [CODE, "Done."]
    h.model.asked.clear()
    h.engine.start_turn("do it")
    question = await h.until(ApprovalRequested)
    h.engine.resolve(question.turn, question.digest, random.random() < 0.5, "popup")
    await h.ended()
    h.model.replies = ["Hello there. All is well."]


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_thousand_turns_leave_nothing_behind() -> None:
    random.seed(7)
    h = harness(["Hello there. All is well."])
    kinds = [spoken, spoken, typed, broken, hung, stopped, barged_in, asked]
    before: tuple[int, int, int] = (0, 0, 0)
    tracemalloc.start()
    try:
        for number in range(TURNS + 1):
            if number in (200, TURNS):
                now = await settled(h)
                if number == TURNS:
                    tasks, threads, memory = (after - start for after, start in zip(now, before, strict=True))
                    assert tasks <= 1 and threads <= 1, (now, before)
                    assert memory < GROWTH * (TURNS - 200), f"{memory / (TURNS - 200):.0f} bytes a turn"
                before = now
            await random.choice(kinds)(h)
            assert h.engine.state is State.IDLE
    finally:
        tracemalloc.stop()
    h.engine.start_turn("hello")
    assert isinstance(await h.until(TurnEnded), TurnEnded)
    await h.engine.close()


async def settled(h: Harness) -> tuple[int, int, int]:
    """How many tasks, threads and bytes there are when all that was begun is over."""
    h.events.clear()
    h.journal.entries.clear()
    h.model.asked.clear()
    h.engine.replace([])
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.wait(others, timeout=1) if others else None
    gc.collect()
    return len(asyncio.all_tasks()), threading.active_count(), tracemalloc.get_traced_memory()[0]
