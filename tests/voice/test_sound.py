"""Ear and mouth in the engine's service: whose takes hands-free ends, what a change of settings does, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sounds import RATE, save

from oi_voice.demo.stage import MICROPHONE_SINK
from oi_voice.events import CLOSED, OPEN, ApprovalRequested, Notice, Outcome, State
from oi_voice.ports import Pcm
from oi_voice.sound import ByVoice, Sound
from oi_voice.testing import Harness, harness

CODE = "```python\nprint(1)\n```\n"


def by_voice(h: Harness) -> ByVoice:
    return ByVoice(h.engine, lambda: h.journal.entries.count(("record", "start")))


async def all_due() -> None:
    """Returns when a take that was let go of, if any, has been recognised: nothing there waits for the world."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_take_that_a_voice_began_ends_with_it() -> None:
    h = harness()
    voice = by_voice(h)
    voice.began()
    await h.until(State.LISTENING)
    voice.ended()
    assert (await h.ended()).outcome is Outcome.DONE


@pytest.mark.parametrize("opening", [True, False])
async def test_a_take_of_the_key_goes_on_at_a_pause_of_speech(opening: bool) -> None:
    h = harness()
    voice = by_voice(h)
    h.engine.press()
    turn = h.engine.turn
    if not opening:
        await h.until(State.LISTENING)
    voice.began()
    voice.ended()
    if opening:
        await h.until(State.LISTENING)
    assert h.engine.turn == turn
    await all_due()
    assert h.engine.state is State.LISTENING


async def test_the_key_takes_over_from_a_voice() -> None:
    h = harness()
    voice = by_voice(h)
    voice.began()
    await h.until(State.LISTENING)
    h.engine.press()
    await h.until(State.LISTENING)
    voice.ended()
    voice.drop()
    await all_due()
    assert h.engine.state is State.LISTENING


async def test_the_key_takes_over_an_answer() -> None:
    h = harness([CODE])
    voice = by_voice(h)
    h.engine.start_turn("print one")
    await h.until(ApprovalRequested)
    turn = h.engine.turn
    for begin in (voice.began, h.engine.press):
        begin()
        await h.until(State.LISTENING)
    voice.ended()
    await all_due()
    assert (h.engine.turn, h.engine.state) == (turn, State.LISTENING)


async def test_the_key_goes_on_with_the_tail_of_a_voice() -> None:
    h = harness()
    voice = by_voice(h)
    voice.began()
    await h.until(State.LISTENING)
    voice.ended()
    h.engine.press()
    voice.ended()
    await all_due()
    assert h.engine.state is State.LISTENING


async def test_a_voice_in_the_room_interrupts_nothing() -> None:
    h = harness()
    h.engine.start_turn("hello")
    turn = h.engine.turn
    await h.until(State.THINKING)
    by_voice(h).began()
    assert h.engine.turn == turn


# --- on the virtual sound server


async def notice(h: Harness, code: str) -> None:
    async with asyncio.timeout(10):
        while (await h.until(Notice)).code != code:
            pass


class Streams:
    """Those that record at the sound server, beside any that did before."""

    def __init__(self, changes: asyncio.StreamReader, before: set[str]) -> None:
        self._changes = changes
        self._before = before
        self.now = set[str]()

    async def until(self, count: int, other: bool = False) -> None:
        """Returns when there are so many, with ``other`` not all of them the same as now."""
        last = self.now
        async with asyncio.timeout(10):
            while len(self.now) != count or (other and self.now == last):
                await self._changes.readline()
                self.now = await recording() - self._before


async def recording() -> set[str]:
    listing = ("pactl", "list", "short", "source-outputs")
    process = await asyncio.create_subprocess_exec(*listing, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return {line.split("\t")[0] for line in output.decode().splitlines()}


@pytest.fixture
async def streams(sound: Sound) -> AsyncIterator[Streams]:
    watch = await asyncio.create_subprocess_exec("pactl", "subscribe", stdout=asyncio.subprocess.PIPE)
    assert watch.stdout is not None
    yield Streams(watch.stdout, await recording())
    watch.kill()
    watch.stdout.feed_eof()
    await watch.wait()


@pytest.mark.desktop
async def test_hands_free_can_be_switched_while_the_program_runs(h: Harness, sound: Sound, streams: Streams) -> None:
    await sound.prepare()
    h.settings.apply({"voice.handsfree": True})
    await notice(h, OPEN)
    await streams.until(2)  # what waits for a voice, and what records it
    h.settings.apply({"voice.max_take": 30.0})
    await streams.until(2, other=True)
    h.settings.apply({"voice.handsfree": False})
    await notice(h, CLOSED)
    await streams.until(0)


@pytest.mark.desktop
async def test_the_end_closes_what_listens_and_hears_no_more_of_settings(
    h: Harness, sound: Sound, streams: Streams
) -> None:
    h.settings.apply({"voice.handsfree": True})
    await sound.prepare()
    await streams.until(2)
    sound.close()
    sound.close()
    await h.engine.close()
    await streams.until(0)
    h.settings.apply({"voice.warm": True})
    await asyncio.sleep(0)
    assert not sound.recorder.warm


@pytest.mark.desktop
async def test_a_pause_of_speech_ends_the_voices_take_not_the_keys(
    h: Harness, sound: Sound, streams: Streams, tmp_path: Path, say: Callable[[str], Pcm]
) -> None:
    said = save(Pcm(say("open the editor").data[RATE // 2 :] + bytes(3 * RATE), RATE), tmp_path / "said.wav")

    async def speak() -> None:
        process = await asyncio.create_subprocess_exec("paplay", f"--device={MICROPHONE_SINK}", str(said))
        assert await process.wait() == 0

    h.settings.apply({"voice.handsfree": True})
    await sound.prepare()
    await streams.until(2)
    h.engine.press()
    await h.until(State.LISTENING)
    await speak()
    assert h.engine.taking
    h.engine.release()
    assert (await h.ended()).outcome is Outcome.DONE
    await speak()
    assert (await h.ended()).outcome is Outcome.DONE
