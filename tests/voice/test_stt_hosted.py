"""Recognisers that hang, crash and answer with garbage: the take ends in words, and the next one works."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest
from hearings import RATE, SECOND, Behaviour, heard

from oi_voice.errors import TranscriberError
from oi_voice.ports import Pcm, Transcript
from oi_voice.voice.stt.hosted import Hosted


@pytest.fixture
def behaviour() -> Behaviour:
    return Behaviour()


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """What a hanging engine waits for, so that no thread is left when the test is over."""
    event = threading.Event()
    yield event
    event.set()


async def test_a_take_is_fed_in_pieces_and_answered_on_one_thread(behaviour: Behaviour) -> None:
    host = Hosted(behaviour.make)
    await host.start()
    assert (await heard(host, SECOND)).text == f"{2 * RATE} bytes"
    assert (await heard(host, Pcm(b"", RATE))).text == "0 bytes"
    [engine] = behaviour.engines
    assert (engine.loads, len(engine.threads)) == (1, 1)
    host.close()
    host.close()


async def test_the_engine_decodes_while_the_take_is_spoken(behaviour: Behaviour) -> None:
    loop, early = asyncio.get_running_loop(), asyncio.Event()
    behaviour.more = lambda piece: loop.call_soon_threadsafe(early.set) and None
    host = Hosted(behaviour.make)
    hearing = host.hear()
    hearing.feed(SECOND)
    await early.wait()
    hearing.feed(SECOND)
    assert (await hearing.finish()).text == f"{4 * RATE} bytes"
    host.close()


async def test_the_engine_knows_when_only_the_tail_is_left(behaviour: Behaviour) -> None:
    loop, early = asyncio.get_running_loop(), asyncio.Event()
    behaviour.more = lambda piece: loop.call_soon_threadsafe(early.set) and None
    host = Hosted(behaviour.make)
    told, untold = host.hear(), host.hear()
    told.feed(SECOND)
    await early.wait()
    first = behaviour.engines[0].listening
    assert first
    assert not first.ending()
    told.tail()
    assert first.ending()
    await told.finish()
    await untold.finish()
    second = behaviour.engines[0].listening
    assert second is not first
    assert second
    assert second.ending(), "a take that is over has no more than a tail"
    host.close()


def crash(sound: bytes) -> Transcript:
    raise ZeroDivisionError("by zero")


def leave(sound: bytes) -> Transcript:
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        (crash, "ZeroDivisionError: by zero"),
        (leave, "SystemExit: 3"),
        (lambda sound: None, "garbage"),
        (lambda sound: b"text", "garbage"),
        (lambda sound: Transcript(None), "garbage"),  # type: ignore[arg-type]
        (lambda sound: Transcript("\0\x1b[2J"), "garbage"),
        (lambda sound: Transcript("la " * 1000), "garbage"),
        (lambda sound: Transcript("hello", confidence=float("nan")), "garbage"),
    ],
)
async def test_failure_and_garbage_become_words_and_the_next_take_works(
    behaviour: Behaviour, whole: Callable[[bytes], Transcript], words: str
) -> None:
    works, behaviour.whole = behaviour.whole, whole
    host = Hosted(behaviour.make)
    with pytest.raises(TranscriberError, match=words) as told:
        await heard(host, SECOND)
    assert told.value.fix
    behaviour.whole = works
    assert (await heard(host, SECOND)).text == f"{2 * RATE} bytes"
    host.close()


async def test_a_crash_while_the_take_is_spoken_is_told_at_its_end(behaviour: Behaviour) -> None:
    behaviour.more = crash  # type: ignore[assignment]
    host = Hosted(behaviour.make)
    with pytest.raises(TranscriberError, match="ZeroDivisionError"):
        await heard(host, SECOND)
    behaviour.more = lambda piece: None
    assert (await heard(host, SECOND)).text
    host.close()


@pytest.mark.parametrize("where", ["more", "whole"])
async def test_a_hang_ends_in_time_and_the_next_take_has_a_fresh_engine(
    behaviour: Behaviour, stuck: threading.Event, where: str
) -> None:
    works = getattr(behaviour, where)
    setattr(behaviour, where, lambda sound: stuck.wait() and None)
    host = Hosted(behaviour.make, patience=lambda seconds: 0.1)
    with pytest.raises(TranscriberError, match="did not answer in time"):
        await heard(host, SECOND)
    setattr(behaviour, where, works)
    host.patience = lambda seconds: 10
    assert (await heard(host, SECOND)).text == f"{2 * RATE} bytes"
    assert len(behaviour.engines) == 2
    stuck.set()
    assert await asyncio.get_running_loop().run_in_executor(None, behaviour.closed.wait, 5)  # the one left behind
    host.close()


async def test_a_cancelled_take_is_given_up_at_once_and_one_that_hangs_on_is_replaced(
    behaviour: Behaviour, stuck: threading.Event
) -> None:
    loop, began = asyncio.get_running_loop(), asyncio.Event()
    works = behaviour.whole

    def hang(sound: bytes) -> Transcript:
        loop.call_soon_threadsafe(began.set)
        stuck.wait()
        return Transcript("too late")

    behaviour.whole = hang
    host = Hosted(behaviour.make, grace=0.05)
    take = asyncio.create_task(heard(host, SECOND))
    await began.wait()
    take.cancel()
    with pytest.raises(asyncio.CancelledError):
        await take
    behaviour.whole = works
    assert (await heard(host, SECOND)).text == f"{2 * RATE} bytes"
    assert len(behaviour.engines) == 2
    host.close()


async def test_an_aborted_take_is_decoded_no_further(behaviour: Behaviour) -> None:
    pieces: list[bytes] = []
    behaviour.more = pieces.append
    host = Hosted(behaviour.make)
    await host.start()
    hearing = host.hear()
    hearing.feed(SECOND)
    hearing.abort()
    hearing.abort()
    hearing.feed(SECOND)
    assert (await heard(host, SECOND)).text == f"{2 * RATE} bytes"
    assert sum(map(len, pieces)) == 2 * RATE
    host.close()


async def test_what_can_not_be_loaded_is_said_and_tried_again(behaviour: Behaviour) -> None:
    def broken() -> None:
        raise TranscriberError("There is no model.", fix="Get one.")

    behaviour.load = broken
    host = Hosted(behaviour.make)
    with pytest.raises(TranscriberError, match="no model"):
        await host.start()
    with pytest.raises(TranscriberError, match="no model"):
        await heard(host, SECOND)
    behaviour.load = lambda: None
    assert (await heard(host, SECOND)).text
    host.close()


async def test_an_idle_model_is_let_go_of_and_loaded_again(behaviour: Behaviour) -> None:
    timers: list[Timer] = []

    class Timer:
        def __init__(self, seconds: float, ring: Callable[[], None]) -> None:
            self.seconds, self.ring, self.set = seconds, ring, True
            timers.append(self)

        def cancel(self) -> None:
            self.set = False

    host = Hosted(behaviour.make, idle=900, later=Timer)
    await heard(host, SECOND)
    second = host.hear()
    assert [timer.set for timer in timers] == [False], "a take that goes on keeps the model"
    second.feed(SECOND)
    await second.finish()
    assert (timers[-1].seconds, timers[-1].set) == (900, True)
    timers[-1].ring()
    assert await asyncio.get_running_loop().run_in_executor(None, behaviour.closed.wait, 5)
    assert (await heard(host, SECOND)).text
    assert [engine.loads for engine in behaviour.engines] == [1, 1]
    host.close()


async def test_sound_at_another_rate_is_refused(behaviour: Behaviour) -> None:
    host = Hosted(behaviour.make)
    with pytest.raises(TranscriberError, match="16000"):
        await heard(host, Pcm(bytes(9600), 48_000))
    host.close()
