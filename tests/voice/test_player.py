"""The player on a real sound server, judged at the speaker's monitor."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from patience import SOON
from sounds import SoundServer, tone

from oi_voice.demo.monitor import Monitor
from oi_voice.demo.stage import Stage
from oi_voice.errors import PlayerError
from oi_voice.ports import Pcm
from oi_voice.runtime import in_thread
from oi_voice.voice.player import Player

pytestmark = pytest.mark.desktop
SPEECH_RATE = 22_050


@pytest.fixture
def monitor(stage: Stage) -> Iterator[Monitor]:
    monitor = Monitor(stage)
    monitor.start()
    yield monitor
    monitor.close()


@pytest.fixture
async def player(stage: Stage) -> AsyncIterator[Player]:
    player = Player()
    await player.prepare()
    yield player
    player.close()


async def silence(monitor: Monitor, after: float) -> float:
    """When the sound that was there ended."""
    ended = await in_thread(monitor.wait_for_silence, after, 0.4, 5.0)
    assert ended is not None
    return ended


async def test_a_sound_is_heard_whole_and_soon(player: Player, monitor: Monitor) -> None:
    began = time.monotonic()
    await player.play(tone(0.5, rate=SPEECH_RATE))
    over = time.monotonic()
    first = monitor.first_sound(began)
    last = await silence(monitor, began)
    assert first is not None
    assert first - began < SOON
    assert last - first == pytest.approx(0.5, abs=0.05)
    assert over >= last - 0.05


async def test_hush_is_silence_within_100_ms(player: Player, monitor: Monitor) -> None:
    late = []
    for _ in range(4):
        began = time.monotonic()
        playing = asyncio.create_task(player.play(tone(10, rate=SPEECH_RATE)))
        assert await in_thread(monitor.wait_for_sound, began, 5.0) is not None
        hushed = time.monotonic()
        player.hush()
        await asyncio.wait_for(playing, SOON)
        late.append(await silence(monitor, began) - hushed)
    assert min(late) <= 0.1, late
    assert max(late) <= SOON, late


async def test_hush_ends_what_waits_and_the_next_sound_plays(player: Player, monitor: Monitor) -> None:
    began = time.monotonic()
    waiting = [asyncio.create_task(player.play(tone(10, rate=SPEECH_RATE))) for _ in range(3)]
    assert await in_thread(monitor.wait_for_sound, began, 5.0) is not None
    player.hush()
    await asyncio.wait_for(asyncio.gather(*waiting), SOON)
    after = await silence(monitor, began)
    await player.play(tone(0.2, rate=SPEECH_RATE))
    assert monitor.first_sound(after + 0.01) is not None


async def test_hush_before_the_speaker_is_open_keeps_it_silent(player: Player, monitor: Monitor) -> None:
    began = time.monotonic()
    playing = asyncio.create_task(player.play(tone(1, rate=SPEECH_RATE)))
    await asyncio.sleep(0)
    player.hush()
    await asyncio.wait_for(playing, SOON)
    await player.play(Pcm(bytes(SPEECH_RATE), SPEECH_RATE))  # half a second of silence: time enough to be heard
    assert monitor.seconds_of_sound(began, float("inf")) <= 0.1


async def test_sentences_follow_each_other_without_a_gap(player: Player, monitor: Monitor) -> None:
    began = time.monotonic()
    for _ in range(3):
        await player.play(tone(0.2, rate=SPEECH_RATE))
    first, last = monitor.first_sound(began), await silence(monitor, began)
    assert first is not None
    assert last - first < 0.6 + 2 * 0.2


async def test_another_rate_plays_too(player: Player, monitor: Monitor) -> None:
    began = time.monotonic()
    for rate in (16_000, 48_000):
        await player.play(tone(0.2, rate=rate))
    await silence(monitor, began)
    assert monitor.seconds_of_sound(began, float("inf")) == pytest.approx(0.4, abs=0.1)


async def test_cancelling_silences(player: Player, monitor: Monitor) -> None:
    began = time.monotonic()
    playing = asyncio.create_task(player.play(tone(10, rate=SPEECH_RATE)))
    assert await in_thread(monitor.wait_for_sound, began, 5.0) is not None
    playing.cancel()
    cancelled = time.monotonic()
    assert await silence(monitor, began) - cancelled < SOON


async def test_a_dead_sound_server_ends_play_in_words(doomed: SoundServer) -> None:
    player = Player()
    playing = asyncio.create_task(player.play(tone(10, rate=SPEECH_RATE)))
    await something_played()
    doomed.kill()
    with pytest.raises(PlayerError) as lost:
        await asyncio.wait_for(playing, 5)
    assert lost.value.fix
    with pytest.raises(PlayerError) as dead:
        await asyncio.wait_for(player.play(tone(1)), 5)
    assert dead.value.fix
    player.hush()


async def test_a_frozen_sound_server_ends_play_in_words(doomed: SoundServer) -> None:
    player = Player()
    playing = asyncio.create_task(player.play(tone(10, rate=SPEECH_RATE)))
    await something_played()
    doomed.freeze()
    try:
        with pytest.raises(PlayerError, match="lost"):
            await asyncio.wait_for(playing, 5)
    finally:
        doomed.thaw()


async def something_played() -> None:
    """Returns when another, short sound has gone through the same server."""
    await Player().play(tone(0.2))
