"""Lines that running code asks the person for: who is asked, what an answer is, and what ends the waiting."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing

import pytest

from oi_voice.errors import LanguageError
from oi_voice.events import (
    InputRequested,
    InputResolved,
    Notice,
    Outcome,
    State,
    StateChanged,
    Streamed,
    to_json,
)
from oi_voice.messages import Kind
from oi_voice.ports import Answer
from oi_voice.testing import HANG, Harness, harness

CODE = "I will.\n```python\ninput('Name? ')\n```\n"


async def asking(prompt: str = "Name? ", secret: bool = False, there: bool = True, **settings: object) -> Harness:
    """A turn whose code asks for a line."""
    h = harness([CODE, "Fine."], auto_run=True, **settings)
    h.language.asks = [(prompt, secret)]
    if there:
        h.engine.asking.attend()
    h.engine.start_turn("ask me")
    if there:
        await h.until(InputRequested)
        await h.until(State.ASKING)
    return h


def question(h: Harness) -> InputRequested:
    assert h.engine.asking.open
    return h.engine.asking.open


def printed(h: Harness) -> str:
    return "".join(
        event.chunk.content
        for event in h.events
        if isinstance(event, Streamed) and event.chunk.kind is Kind.CONSOLE and event.chunk.format == "output"
    )


async def test_the_answer_reaches_the_code_and_the_states_tell_of_it() -> None:
    h = await asking()
    assert h.engine.state is State.ASKING
    assert (question(h).prompt, question(h).secret, question(h).turn) == ("Name? ", False, h.engine.turn)
    assert question(h).timeout == h.settings.input_timeout
    assert h.engine.asking.answer(question(h).id, "Ann", "test")
    assert (await h.until(InputResolved)).by == "test"
    assert (await h.until(StateChanged)).state is State.RUNNING
    assert (await h.ended()).outcome is Outcome.DONE
    assert printed(h) == "Ann\ndone"
    consoles = [message for message in h.engine.history if message.kind is Kind.CONSOLE]
    assert [message.content for message in consoles] == ["Ann\ndone"], "the output is one message still"


async def test_nobody_there_is_told_at_once() -> None:
    h = await asking(there=False)
    await h.ended()
    assert printed(h).startswith("no answer: nobody is there to answer\n")
    assert not any(isinstance(event, InputRequested) for event in h.events)


async def test_whoever_leaves_last_closes_the_question() -> None:
    h = await asking(there=False)
    await h.ended()
    h.model.asked.clear()
    gone = h.engine.asking.attend()
    elsewhere = h.engine.asking.attend("another turn")
    h.engine.start_turn("ask me")
    await h.until(InputRequested)
    gone()
    gone()
    assert (await h.until(InputResolved)).by == "nobody"
    await h.ended()
    elsewhere()


async def test_a_question_has_its_time() -> None:
    h = await asking(input_timeout=0.05)
    assert (await h.until(InputResolved)).by == "timeout"
    await h.ended()
    assert "no answer: nobody answered within 0.05 seconds" in printed(h)


async def test_no_answer_is_an_answer_with_a_reason() -> None:
    h = await asking()
    assert not h.engine.asking.answer("another", "Ann", "test")
    assert h.engine.asking.answer(question(h).id, None, "test")
    await h.ended()
    assert "no answer: the person gave no answer" in printed(h)


async def test_a_stop_while_it_asks_counts_as_a_stop_of_running_code() -> None:
    h = await asking()
    asked = question(h)
    h.engine.cancel()
    assert (await h.ended()).outcome is Outcome.CANCELLED
    assert h.engine.asking.open is None
    assert not h.engine.asking.answer(asked.id, "late", "test")
    assert h.engine.history[-1].content == "Stopped by the person."
    states = [event.state for event in h.events if isinstance(event, StateChanged)]
    assert states[-2:] == [State.ASKING, State.IDLE]


async def test_code_that_was_stopped_asks_no_more() -> None:
    h = await asking()
    h.engine.cancel()
    await h.ended()
    assert await h.engine.ask("Again? ", False) == Answer(None, "it was stopped")
    assert not any(isinstance(event, InputRequested) and event.prompt == "Again? " for event in h.events)


async def test_a_second_question_waits_for_the_first_and_a_stop_ends_both() -> None:
    h = await asking()
    h.language.output = HANG  # goes on after its answer
    second = asyncio.get_running_loop().create_task(h.engine.ask("Second? ", False))
    await asyncio.sleep(0)
    assert question(h).prompt == "Name? "
    h.engine.asking.answer(question(h).id, "Ann", "test")
    assert (await h.until(InputRequested)).prompt == "Second? "
    third = asyncio.get_running_loop().create_task(h.engine.ask("Third? ", False))
    await asyncio.sleep(0)
    h.engine.cancel()
    assert (await second).text is None
    assert await third == Answer(None, "it was stopped")


async def test_own_code_is_refused_while_the_models_code_asks() -> None:
    h = await asking()
    with pytest.raises(LanguageError, match="Other code is running"):
        async with aclosing(h.engine.run_code("python", "1")) as chunks:
            await anext(chunks)
    assert h.engine.asking.open
    h.engine.cancel()


async def test_own_code_asks_in_no_turns_name_and_a_turns_end_leaves_it() -> None:
    h = harness()
    h.language.asks = [("Own? ", False)]
    h.engine.asking.attend("")
    chunks = h.engine.run_code("python", "input()")
    first = asyncio.get_running_loop().create_task(anext(chunks))
    asked = await h.until(InputRequested)
    assert asked.turn == ""
    assert h.engine.state is State.IDLE
    h.engine.end_turn("test")
    assert h.engine.asking.answer(asked.id, "mine", "test")
    assert (await first).content == "mine\n"
    await chunks.aclose()


async def test_stopping_own_code_closes_its_question() -> None:
    h = harness()
    h.language.asks = [("Own? ", False)]
    h.engine.asking.attend()
    chunks = h.engine.run_code("python", "input()")
    first = asyncio.get_running_loop().create_task(anext(chunks))
    await h.until(InputRequested)
    h.engine.cancel()
    await h.until(InputResolved)
    await asyncio.wait([first])
    assert h.engine.asking.open is None
    await chunks.aclose()


async def test_a_question_that_its_code_left_open_is_closed_with_the_run() -> None:
    h = harness([CODE, HANG], auto_run=True)
    h.language.output = HANG
    h.engine.asking.attend()
    h.engine.start_turn("go")
    await h.until(Streamed)
    await h.until(State.RUNNING)
    left = asyncio.get_running_loop().create_task(h.engine.ask("Left? ", False))
    await h.until(InputRequested)
    h.language.output = "over"
    await h.until(State.THINKING)
    assert (await left).text is None
    assert h.engine.state is State.THINKING
    h.engine.cancel()


async def test_a_flood_of_a_prompt_keeps_its_end() -> None:
    h = await asking(prompt="x" * 10_000_000 + "Name? ")
    assert len(question(h).prompt) < 5000
    assert question(h).prompt.endswith("Name? ")
    h.engine.cancel()


async def test_as_json_a_question_has_no_answer() -> None:
    h = await asking("Password: ", secret=True)
    h.engine.asking.answer(question(h).id, "hunter2", "test")
    h.language.output = "done"
    resolved = await h.until(InputResolved)
    requested = next(event for event in h.events if isinstance(event, InputRequested))
    assert (to_json(requested)["prompt"], to_json(requested)["secret"]) == ("Password: ", True)
    assert "hunter2" not in json.dumps([to_json(requested), to_json(resolved)])
    await h.ended()


# --- by voice


async def say(h: Harness, words: str, speech: bool = True) -> None:
    """Hold the key and speak."""
    h.transcriber.text, h.transcriber.speech = words, speech
    h.engine.press()
    await h.until(State.LISTENING)
    h.engine.release()
    await h.until(State.TRANSCRIBING)


async def test_a_question_is_said_and_answered_aloud() -> None:
    h = await asking("What is your name? ")
    turn = h.engine.turn
    await h.until_speaking()
    await say(h, "Ann.")
    resolved = await h.until(InputResolved)
    assert (resolved.by, resolved.turn) == ("voice", turn)
    assert (await h.ended()).outcome is Outcome.DONE
    assert printed(h) == "Ann\ndone"
    assert "What is your name?" in h.journal.of("render")
    assert h.journal.of("record") == ["start", "stop"]


async def test_the_key_silences_the_question() -> None:
    h = harness([CODE, "Fine."], auto_run=True)
    h.player.holds = True
    h.language.asks = [("One thing. Another thing. A third thing. ", False)]
    h.engine.asking.attend()
    h.engine.start_turn("ask me")
    await h.until(InputRequested)
    await h.until_speaking()
    played = len(h.journal.of("play"))
    await say(h, "Ann")
    assert not h.player.playing
    assert not h.engine.speaking
    await h.until(InputResolved)
    assert len(h.journal.of("play")) == played
    h.engine.cancel()


@pytest.mark.parametrize("words", ["stop", "Stop.", "Cancel!", "never mind", "Never mind."])
async def test_a_spoken_stop_ends_the_turn(words: str) -> None:
    h = await asking()
    await say(h, words)
    ended = await h.ended()
    assert (ended.outcome, ended.by) == (Outcome.CANCELLED, "voice")
    assert h.engine.history[-1].content == "Stopped by the person."


@pytest.mark.parametrize("speech", [False, True])
async def test_nothing_heard_leaves_the_question_open(speech: bool) -> None:
    h = await asking()
    asked = question(h)
    await say(h, "", speech=speech)
    await h.until(State.ASKING)
    assert h.engine.asking.open == asked
    assert speech == any(isinstance(event, Notice) for event in h.events)
    await say(h, "stop it now")
    assert (await h.until(InputResolved)).by == "voice"
    await h.ended()
    assert printed(h) == "stop it now\ndone"


async def test_a_secret_is_not_taken_aloud() -> None:
    h = await asking("Password for Ann: ", secret=True)
    turn = h.engine.turn
    h.engine.press()
    assert (await h.ended()).by == "barge-in"
    await h.until(State.LISTENING)
    assert h.engine.turn != turn
    assert not any("Password" in said for said in h.journal.of("render"))
    h.engine.cancel()


async def test_an_answer_from_elsewhere_ends_the_recording() -> None:
    h = await asking()
    h.engine.press()
    await h.until(State.LISTENING)
    h.engine.asking.answer(question(h).id, "typed", "popup")
    await h.until(State.RUNNING)
    assert h.journal.of("record") == ["start", "abort"]
    assert (await h.ended()).outcome is Outcome.DONE
    assert printed(h) == "typed\ndone"
