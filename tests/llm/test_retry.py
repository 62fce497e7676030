from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest
from patience import SOON

from oi_voice.errors import ModelError
from oi_voice.llm.retry import Patient, Schedule
from oi_voice.messages import Message, user
from oi_voice.ports import Abilities, CallPiece, Delta, Usage
from oi_voice.runtime import spawn

ABILITIES = Abilities(context_window=1234)
USUAL = Schedule()
ANSWER = (Delta("Hello"), Delta(finish="stop"))


def busy(after: float | None = None, transient: bool = True) -> ModelError:
    words = "The server takes no more requests. It says: slow down."
    return ModelError(words, fix="Wait a little.", code="model.busy", transient=transient, after=after)


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Flaky:
    """A model whose tries are given: what each streams, and the error that ends it."""

    tries: Sequence[Sequence[Delta | ModelError]]
    lasts: Callable[[], None] = lambda: None
    name: str = "flaky"
    abilities: Abilities = ABILITIES
    asked: int = 0
    closed: int = 0

    async def respond(self, messages: Sequence[Message]) -> AsyncGenerator[Delta, None]:
        self.asked += 1
        try:
            self.lasts()
            for piece in self.tries[min(self.asked, len(self.tries)) - 1]:
                if isinstance(piece, ModelError):
                    raise piece
                yield piece
        finally:
            self.closed += 1


@dataclass
class Run:
    """What came of asking a patient model."""

    said: list[Delta] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    error: ModelError | None = None


async def ask(model: Flaky, clock: Clock, chance: float = 1.0, schedule: Schedule = USUAL) -> Run:
    run = Run()
    patient = Patient(model, run.told.append, schedule, now=lambda: clock.now, sleep=clock.sleep, chance=lambda: chance)
    try:
        async with aclosing(patient.respond([user("hi")])) as stream:
            async for delta in stream:
                run.said.append(delta)
    except ModelError as error:
        run.error = error
    assert model.closed == model.asked
    return run


def test_it_passes_for_the_model_within() -> None:
    patient = Patient(Flaky([ANSWER]), [].append)
    assert (patient.name, patient.abilities) == ("flaky", ABILITIES)


async def test_a_good_answer_goes_through_untouched() -> None:
    clock = Clock()
    run = await ask(Flaky([ANSWER]), clock)
    assert (run.said, run.told, run.error, clock.slept) == ([*ANSWER], [], None, [])


@pytest.mark.parametrize(
    ("chance", "waits"), [(0.0, [0.25, 0.5, 1.0, 2.0]), (1.0, [0.5, 1.0, 2.0, 4.0]), (0.5, [0.375, 0.75, 1.5, 3.0])]
)
async def test_waits_double_and_the_fifth_error_is_raised(chance: float, waits: list[float]) -> None:
    clock, error = Clock(), busy()
    run = await ask(Flaky([[error]]), clock, chance)
    assert clock.slept == waits
    assert run.error is error
    assert run.said == []


async def test_it_answers_as_soon_as_the_server_does() -> None:
    clock, model = Clock(), Flaky([[busy()], [busy()], ANSWER])
    run = await ask(model, clock)
    assert run.said == [*ANSWER]
    assert run.error is None
    assert model.asked == 3


async def test_each_wait_is_told_in_a_sentence() -> None:
    run = await ask(Flaky([[busy()]]), Clock(), chance=0.5)
    assert run.told == [
        f"The server takes no more requests; trying again in {seconds} s ({number} of 5)."
        for number, seconds in ((2, "0.4"), (3, "0.8"), (4, "1.5"), (5, "3"))
    ]


async def test_no_wait_is_longer_than_the_cap_and_no_try_starts_too_late() -> None:
    clock = Clock()
    run = await ask(Flaky([[busy()]]), clock, schedule=Schedule(tries=99))
    assert clock.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0]  # with 20 s more it were 71.5 s
    assert run.error is not None


async def test_the_time_that_tries_take_counts() -> None:
    clock = Clock()

    def minutes_pass() -> None:
        clock.now += 120

    model = Flaky([[busy()]], lasts=minutes_pass)
    assert (await ask(model, clock)).error is not None
    assert model.asked == 1


async def test_the_time_that_the_server_names_is_waited_for() -> None:
    clock = Clock()
    run = await ask(Flaky([[busy(after=7.0)], [busy(after=53.0)], ANSWER]), clock)
    assert run.said == [*ANSWER]
    assert clock.slept == [7.0, 53.0]
    assert run.told[0].endswith("; trying again in 7 s (2 of 5).")


async def test_a_whole_minute_is_waited_for() -> None:
    clock = Clock()

    def a_second_passes() -> None:
        clock.now += 1

    run = await ask(Flaky([[busy(after=60.0)], ANSWER], lasts=a_second_passes), clock)
    assert (run.said, clock.slept) == ([*ANSWER], [60.0])


@pytest.mark.parametrize(
    ("named", "words"), [(61.0, "61 seconds"), (119.0, "119 seconds"), (600.0, "10 minutes"), (86400.0, "24 hours")]
)
async def test_more_than_a_minute_is_not_waited_for_and_is_said(named: float, words: str) -> None:
    clock, model = Clock(), Flaky([[busy(after=named)], ANSWER])
    run = await ask(model, clock)
    assert (clock.slept, run.told, model.asked) == ([], [], 1)
    assert run.error is not None
    assert words in str(run.error)
    assert "Wait a little." in str(run.error)
    assert (run.error.code, run.error.after, run.error.transient) == ("model.busy", named, True)


async def test_a_server_that_names_a_time_again_and_again_is_left_after_a_minute() -> None:
    clock = Clock()
    run = await ask(Flaky([[busy(after=40.0)]]), clock)
    assert clock.slept == [40.0]
    assert "40 seconds" in str(run.error)


@pytest.mark.parametrize("named", [0.0, -3.0])
async def test_no_time_at_all_is_not_a_named_time(named: float) -> None:
    clock = Clock()
    await ask(Flaky([[busy(after=named)], ANSWER]), clock)
    assert clock.slept == [0.5]


async def test_a_lasting_error_is_raised_at_once() -> None:
    clock, error = Clock(), busy(transient=False, after=1.0)
    run = await ask(Flaky([[error], ANSWER]), clock)
    assert run.error is error
    assert clock.slept == run.told == []


@pytest.mark.parametrize(
    "piece", [Delta("H"), Delta(thought="Hm"), Delta(call=CallPiece(id="1")), Delta(finish="stop")]
)
async def test_what_was_begun_is_not_begun_again(piece: Delta) -> None:
    clock, error = Clock(), busy(after=1.0)
    run = await ask(Flaky([[busy()], [piece, error], ANSWER]), clock)
    assert run.said == [piece]
    assert run.error is error
    assert len(clock.slept) == 1


async def test_bookkeeping_alone_is_no_beginning() -> None:
    count = Delta(usage=Usage(5, 0))
    run = await ask(Flaky([[count, busy()], ANSWER]), Clock())
    assert run.said == [count, *ANSWER]


async def test_closing_it_closes_the_model_within() -> None:
    model = Flaky([ANSWER])
    stream = Patient(model, [].append).respond([user("hi")])
    assert await anext(stream) == ANSWER[0]
    await stream.aclose()
    assert model.closed == 1


async def test_a_wait_ends_at_once_when_cancelled() -> None:
    waiting, told = asyncio.Event(), list[str]()

    def tell(words: str) -> None:
        told.append(words)
        waiting.set()

    async def read() -> None:
        async with aclosing(Patient(Flaky([[busy(after=50.0)]]), tell).respond([user("hi")])) as stream:
            async for _ in stream:
                pass

    task = spawn(read(), "reader")
    await waiting.wait()
    await asyncio.sleep(0)  # into the wait itself
    start = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - start < SOON
    assert told[0].endswith("trying again in 50 s (2 of 5).")
