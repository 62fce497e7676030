"""Stop always works: from each state, idle and silent within 100 ms, and nothing happens after."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from oi_voice.events import ApprovalRequested, InputRequested, Notice, Outcome, State, StateChanged, Streamed, TurnEnded
from oi_voice.testing import HANG, Harness, harness

CODE = "I will.\n```python\nclick()\n```\n"
REPEATS = 50
LIMIT = 0.1  # seconds


async def listening(h: Harness) -> None:
    h.engine.press()
    await h.until(State.LISTENING)


async def transcribing(h: Harness) -> None:
    h.transcriber.text = HANG
    await listening(h)
    h.engine.release()
    await h.until(State.TRANSCRIBING)


async def thinking(h: Harness) -> None:
    h.model.replies = [f"Let me see. {HANG}"]
    h.engine.start_turn("do it")
    await h.until(State.THINKING)


async def asking(h: Harness) -> None:
    h.model.replies = [CODE]
    h.engine.start_turn("do it")
    await h.until(ApprovalRequested)


async def running(h: Harness) -> None:
    h.language.output = HANG
    await asking(h)
    requested = h.events[-1]
    assert isinstance(requested, ApprovalRequested)
    assert h.engine.resolve(requested.turn, requested.digest, True, "test")
    await h.until(State.RUNNING)
    await h.until(Streamed)
    assert h.journal.of("act")


async def asking_for_input(h: Harness) -> None:
    h.language.asks = [("Name? ", False)]
    h.engine.asking.attend()
    await asking(h)
    requested = h.events[-1]
    assert isinstance(requested, ApprovalRequested)
    assert h.engine.resolve(requested.turn, requested.digest, True, "test")
    await h.until(InputRequested)
    await h.until(State.ASKING)


async def hearing_an_answer(h: Harness) -> None:
    await asking_for_input(h)
    h.engine.press()
    await h.until(State.LISTENING)


async def understanding_an_answer(h: Harness) -> None:
    h.transcriber.text = HANG
    await hearing_an_answer(h)
    h.engine.release()
    await h.until(State.TRANSCRIBING)


async def speaking(h: Harness) -> None:
    h.player.holds = True
    h.model.replies = ["One sentence. Another sentence. A third one."]
    h.engine.start_turn("talk")
    await h.until_speaking()


@pytest.mark.parametrize(
    "reach",
    [listening, transcribing, thinking, asking, running, speaking, asking_for_input, hearing_an_answer,
     understanding_an_answer],
)  # fmt: skip
async def test_cancel_is_idle_silence_and_no_further_action(reach: Callable[[Harness], Awaitable[None]]) -> None:
    h = harness()
    worst = 0.0
    for _ in range(REPEATS):
        await reach(h)
        began = time.monotonic()
        h.engine.cancel()
        acted = len(h.journal.of("act")) + len(h.journal.of("play")) + len(h.journal.of("model"))
        assert h.engine.state is State.IDLE
        assert not h.engine.speaking
        assert not h.player.playing
        assert not h.broker.granted
        assert not h.engine.asking.open
        ended = await h.ended()
        worst = max(worst, time.monotonic() - began)
        assert ended.outcome is Outcome.CANCELLED
        last = [event for event in h.events if isinstance(event, StateChanged)][-1]
        assert (last.state, last.speaking) == (State.IDLE, False)
        for _ in range(20):  # give whatever is left the chance to do something
            await asyncio.sleep(0)
        assert len(h.journal.of("act")) + len(h.journal.of("play")) + len(h.journal.of("model")) == acted
        h.journal.entries.clear()
    assert worst < LIMIT


async def test_the_key_barges_in_and_listens_at_once() -> None:
    h = harness()
    await speaking(h)
    h.engine.press()
    assert not h.player.playing
    await h.until(State.LISTENING)
    assert h.engine.state is State.LISTENING


async def test_after_a_stop_the_next_turn_works_and_knows_of_it() -> None:
    h = harness()
    await running(h)
    h.engine.cancel()
    await h.ended()
    h.model.replies = ["Hello."]
    h.engine.start_turn("hello")
    assert (await h.ended()).outcome is Outcome.DONE
    assert "Stopped by the person." in [message.content for message in h.model.asked[-1]]


async def test_lost_variables_are_told() -> None:
    h = harness()
    h.language.kept = False
    await running(h)
    h.engine.cancel()
    assert "variables are lost" in (await h.until(Notice)).text


async def test_a_late_answer_runs_nothing() -> None:
    h = harness()
    await asking(h)
    requested = h.events[-1]
    assert isinstance(requested, ApprovalRequested)
    h.engine.cancel()
    assert not h.engine.resolve(requested.turn, requested.digest, True, "popup")
    await h.ended()
    assert h.journal.of("run") in ([], ["stop"])


async def test_a_yes_and_a_stop_in_one_breath_run_nothing() -> None:
    h = harness()
    await asking(h)
    requested = h.events[-1]
    assert isinstance(requested, ApprovalRequested)
    h.engine.resolve(requested.turn, requested.digest, True, "popup")
    h.engine.cancel()
    await h.ended()
    for _ in range(20):
        await asyncio.sleep(0)
    assert h.journal.of("run") == ["stop"]


async def test_thousand_turns_leave_nothing_behind() -> None:
    h = harness(["Fine."])
    for _ in range(1000):
        h.engine.start_turn("again")
        await h.ended()
        h.engine.new_conversation()
    assert len(asyncio.all_tasks()) == 1
    assert isinstance(h.events[-1], TurnEnded)


@pytest.fixture(autouse=True)
async def nothing_left_running() -> AsyncIterator[None]:
    yield
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
