"""Speech on fakes: what is said while a reply still streams, what is cut off, and that it never comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oi_voice.errors import OiVoiceError, PlayerError, SynthesizerError
from oi_voice.ports import Pcm
from oi_voice.speech import Speech, until


class Lines:
    """A segmenter: a sentence is what a full stop ends."""

    def __init__(self) -> None:
        self.language = ""
        self._text = ""
        self.hurried = asyncio.Event()

    def feed(self, text: str) -> list[str]:
        *whole, self._text = (self._text + text).split(".")
        return [f"{sentence.strip()}." for sentence in whole]

    def hurry(self) -> list[str]:
        self.hurried.set()
        words, self._text = self._text.strip(), ""
        return [words] if words else []

    def end(self) -> list[str]:
        rest, self._text = self._text.strip(), ""
        return [rest] if rest else []


class Engine:
    """A synthesizer that renders when it is told to, and, as native code does, whether it was cancelled or not."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.waiting: list[asyncio.Future[Pcm]] = []
        self.patient = True
        self.error: OiVoiceError | None = None

    async def start(self) -> None: ...

    async def render(self, text: str, language: str = "") -> Pcm:
        self.asked.append((text, language))
        if self.error:
            raise self.error
        if not self.patient:
            return sound(text)
        rendered: asyncio.Future[Pcm] = asyncio.get_running_loop().create_future()
        self.waiting.append(rendered)
        try:
            return await asyncio.shield(rendered)
        except asyncio.CancelledError:
            return sound(text)  # it was too late to stop it

    def go_on(self) -> None:
        if self.waiting:
            done = self.waiting.pop(0)
            done.set_result(sound(self.asked[-1][0]))

    def close(self) -> None: ...


class Speaker:
    """A player whose sounds last until they are let go, or hushed."""

    def __init__(self) -> None:
        self.played: list[str] = []
        self.error: OiVoiceError | None = None
        self.news = asyncio.Event()
        self._done = asyncio.Event()

    async def play(self, pcm: Pcm) -> None:
        if self.error:
            raise self.error
        self.played.append(pcm.data.decode())
        self.news.set()
        self._done.clear()
        await self._done.wait()

    def let_go(self) -> None:
        self._done.set()

    hush = let_go

    def close(self) -> None: ...


def sound(text: str, rate: int = 8000) -> Pcm:
    return Pcm(text.encode() + b" " * (len(text.encode()) % 2), rate)


async def settled() -> None:
    """Returns when all that can go on has gone on."""
    for _ in range(12):
        await asyncio.sleep(0)


def speech(
    changed: Callable[[OiVoiceError | None], None] = lambda error: None,
) -> tuple[Speech, Lines, Engine, Speaker]:
    lines, engine, speaker = Lines(), Engine(), Speaker()
    engine.patient = False
    return Speech(lines, engine, speaker, changed), lines, engine, speaker


async def test_a_sentence_is_said_while_the_reply_goes_on() -> None:
    spoken, _, _, speaker = speech()
    spoken.feed("One. Tw")
    await asyncio.wait_for(speaker.news.wait(), 5)
    assert [each.strip() for each in speaker.played] == ["One."]
    assert spoken.speaking
    assert spoken.said == []
    spoken.cancel()


async def test_what_was_played_to_its_end_was_said() -> None:
    spoken, _, _, speaker = speech()
    spoken.feed("One. Two.")
    for _ in range(2):
        await settled()
        speaker.let_go()
    await asyncio.wait_for(spoken.finish(), 5)
    assert spoken.said == ["One.", "Two."]
    assert not spoken.speaking


async def test_the_language_goes_to_the_engine() -> None:
    spoken, lines, engine, _ = speech()
    spoken.expect("de")
    spoken.feed("Eins.")
    lines.language = "fr"
    spoken.feed("Deux.")
    await settled()
    assert engine.asked == [("Eins.", "de"), ("Deux.", "fr")]
    spoken.cancel()


async def test_a_beginning_that_is_late_is_said_as_it_is() -> None:
    spoken, lines, engine, _ = speech()
    spoken.feed("Let me see")
    await asyncio.wait_for(lines.hurried.wait(), 5)
    await settled()
    assert engine.asked == [("Let me see", "")]
    spoken.cancel()


async def test_after_a_hush_only_what_is_new_is_played() -> None:
    spoken, _, engine, speaker = speech()
    engine.patient = True
    spoken.feed("Old one. Old two. Old th")
    await settled()
    spoken.hush()
    engine.patient = False
    spoken.feed("New.")
    await settled()
    assert [each.strip() for each in speaker.played] == ["New."]
    speaker.let_go()
    await asyncio.wait_for(spoken.finish(), 5)
    assert spoken.said == ["New."]


async def test_a_hush_ends_what_waits_for_the_end() -> None:
    spoken, _, _, speaker = speech()
    spoken.feed("One. Two.")
    ending = asyncio.ensure_future(spoken.finish())
    await asyncio.wait_for(speaker.news.wait(), 5)
    spoken.hush()
    await asyncio.wait_for(ending, 5)
    assert len(speaker.played) == 1
    spoken.cancel()


async def test_what_was_cut_off_counts_as_far_as_it_was_heard() -> None:
    spoken, _, engine, speaker = speech()
    words = " ".join(["word"] * 400)
    engine.render = lambda text, language="": _rendered(sound(text, 2000))  # type: ignore[method-assign]  # half a second
    spoken.feed(f"{words}.")
    await asyncio.wait_for(speaker.news.wait(), 5)
    await asyncio.sleep(0.3)  # of sound: it is time that is measured here
    spoken.hush()
    [said] = spoken.said
    assert words.startswith(said)
    assert set(said.split()) == {"word"}
    assert 20 <= len(said.split()) < 400
    spoken.cancel()
    assert spoken.said == [said]


async def _rendered(pcm: Pcm) -> Pcm:
    return pcm


@pytest.mark.parametrize("part", ["engine", "speaker"])
async def test_a_fault_costs_the_sound_alone(part: str) -> None:
    heard: list[OiVoiceError | None] = []
    spoken, _, engine, speaker = speech(heard.append)
    if part == "engine":
        engine.error = SynthesizerError("No engine.")
    else:
        speaker.error = PlayerError("No speaker.")
    spoken.feed("One. Two.")
    await asyncio.wait_for(spoken.finish(), 5)
    assert [error.message for error in heard if error] == ["No engine." if part == "engine" else "No speaker."]
    assert spoken.said == []
    assert not spoken.speaking


STEPS = st.lists(st.sampled_from(["feed", "half", "render", "play", "hush", "flush"]), max_size=40)


@settings(deadline=None, max_examples=300)
@given(STEPS)
def test_nothing_of_an_older_generation_is_ever_played(steps: list[str]) -> None:
    asyncio.run(_go_through(steps))


async def _go_through(steps: list[str]) -> None:
    spoken, _, engine, speaker = speech()
    engine.patient = True
    played = 0
    fed: list[str] = []
    for number, step in enumerate(steps):
        if step == "feed":
            spoken.feed(f"g{spoken.generation} s{number} is said. ")
        elif step == "half":
            spoken.feed(f"g{spoken.generation} s{number} is ")
        elif step == "render":
            engine.go_on()
        elif step == "play":
            speaker.let_go()
        elif step == "flush":
            spoken.flush()
        else:
            spoken.hush()
        await settled()
        for text in speaker.played[played:]:
            assert text.startswith(f"g{spoken.generation} ")
            fed.append(text.strip())
        played = len(speaker.played)
    spoken.cancel()
    await settled()
    assert len(speaker.played) == played
    assert [one for one in spoken.said if not any(whole.startswith(one) for whole in fed)] == []
    order = [int(one.split("s")[1].split()[0]) for one in fed]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("sentence", "fraction", "heard"),
    [
        ("one two three", 0.0, ""),
        ("one two three", -1.0, ""),
        ("one two three", 0.2, ""),
        ("one two three", 0.25, "one"),
        ("one two three", 0.6, "one two"),
        ("one two three", 0.99, "one two"),
        ("one two three", 1.0, "one two three"),
        ("word", 0.9, ""),
        ("你好再见", 0.5, "你好"),
    ],
)
def test_a_sentence_is_cut_at_a_word(sentence: str, fraction: float, heard: str) -> None:
    assert until(sentence, fraction) == heard


@given(st.text("ab c", max_size=40), st.floats(-0.5, 1.5))
def test_what_was_heard_is_a_beginning_in_whole_words(sentence: str, fraction: float) -> None:
    heard = until(sentence, fraction)
    assert sentence.startswith(heard)
    assert heard.split() == sentence.split()[: len(heard.split())]
