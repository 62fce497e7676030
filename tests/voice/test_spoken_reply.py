"""From the text of a reply to the loudspeaker and back to silence, on a real voice and sound server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from patience import SOON

from oi_voice.demo.monitor import Monitor
from oi_voice.demo.stage import Stage
from oi_voice.runtime import in_thread
from oi_voice.speech import Speech
from oi_voice.voice.player import Player
from oi_voice.voice.sentences import Sentences
from oi_voice.voice.tts.pyttsx3 import Pyttsx3Synthesizer

pytestmark = pytest.mark.desktop
CLAUSE = "I have looked at all of it, "
REST = "and I found three new files in the folder that you named. One of them is rather large."


class Voice:
    """A warm voice at the loudspeaker, and what is heard of it."""

    def __init__(self, stage: Stage) -> None:
        self.monitor, self.player, self.synthesizer = Monitor(stage), Player(), Pyttsx3Synthesizer()

    def speech(self) -> Speech:
        return Speech(Sentences("en"), self.synthesizer, self.player, lambda error: None)

    async def heard_after(self, began: float) -> float:
        """Seconds until sound."""
        first = await in_thread(self.monitor.wait_for_sound, began, 5.0)
        assert first is not None
        return first - began

    async def silent_after(self, began: float) -> float:
        """When the sound since ``began`` ended."""
        ended = await in_thread(self.monitor.wait_for_silence, began, 0.4, 10.0)
        assert ended is not None
        return ended


@pytest.fixture
async def voice(stage: Stage) -> AsyncIterator[Voice]:
    voice = Voice(stage)
    voice.monitor.start()
    await voice.synthesizer.start()
    await voice.player.prepare()
    yield voice
    voice.synthesizer.close()
    voice.player.close()
    voice.monitor.close()


async def test_the_first_clause_is_heard_within_150_ms_while_the_reply_goes_on(voice: Voice) -> None:
    late = []
    for _ in range(5):
        speech = voice.speech()
        began = time.monotonic()
        for piece in [*CLAUSE.split(" "), "and"]:
            speech.feed(f"{piece} ")
        late.append(await voice.heard_after(began))
        speech.cancel()
        voice.player.hush()
        await voice.silent_after(began)
    assert min(late) <= 0.15, late


async def test_barge_in_is_silence_and_what_was_heard_is_known(voice: Voice) -> None:
    late = []
    for _ in range(4):
        speech = voice.speech()
        began = time.monotonic()
        speech.feed(CLAUSE + REST)
        await voice.heard_after(began)
        await asyncio.sleep(0.6)  # of speech
        hushed = time.monotonic()
        speech.hush()
        assert 0 < len(" ".join(speech.said)) < len(CLAUSE)
        late.append(await voice.silent_after(began) - hushed)
        speech.cancel()
    assert min(late) <= 0.1, late
    assert max(late) <= SOON, late


async def test_what_is_fed_after_a_hush_is_heard_alone(voice: Voice) -> None:
    speech = voice.speech()
    began = time.monotonic()
    speech.feed(CLAUSE + REST)
    await voice.heard_after(began)
    speech.hush()
    speech.feed("Yes. ")
    await asyncio.wait_for(speech.finish(), 10)
    ended = await voice.silent_after(began)
    assert ended - began < 2.5
    assert speech.said[-1] == "Yes."
