"""What happens beside, before and after an answer: other requests, stops, ends, forks, functions that misbehave."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from interpreters import Make

from oi_voice import AsyncInterpreter, OpenInterpreter
from oi_voice.errors import ConversationError, ModelError, OiVoiceError, SettingsError
from oi_voice.testing.replies import in_turn, silent, streaming
from oi_voice.testing.server import ModelServer, serve

TOUCH = "```python\nopen({path!r}, 'w').close()\n```"


def words(interpreter: OpenInterpreter) -> list[str]:
    return [message["content"] for message in interpreter.messages]


def test_a_question_within_an_answer_ends_that_and_nothing_is_lost_or_twice(make: Make) -> None:
    interpreter, _ = make(streaming("A1 ", "words", stall=True), "B2")
    for chunk in interpreter.chat("a", stream=True, display=False):
        if chunk.get("content") == "words":
            assert [message["content"] for message in interpreter.chat("b", display=False)] == ["B2"]
    assert words(interpreter) == ["a", "A1 words", "b", "B2"]


def test_whoever_is_interrupted_by_another_thread_is_told(make: Make) -> None:
    interpreter, server = make(streaming("A1", stall=True), "B2")
    told: list[str] = []

    def first() -> None:
        try:
            interpreter.chat("a", display=False)
        except OiVoiceError as error:
            told.append(error.code)

    thread = threading.Thread(target=first)
    thread.start()
    assert server.until(lambda: len(server.requests) == 1, 30)
    assert [message["content"] for message in interpreter.chat("b", display=False)] == ["B2"]
    thread.join(10)
    assert told == ["interrupted"]
    assert words(interpreter)[0] == "a"
    assert words(interpreter)[-2:] == ["b", "B2"]


def test_an_answer_that_nobody_waited_for_is_there_all_the_same(make: Make) -> None:
    interpreter, server = make("A1", "B2")
    interpreter.chat("a", display=False, blocking=False)
    assert server.until(lambda: len(server.requests) == 1, 30)
    while words(interpreter) != ["a", "A1"]:
        threading.Event().wait(0.01)
    interpreter.chat("b", display=False)
    assert words(interpreter) == ["a", "A1", "b", "B2"]


def test_a_stop_while_the_engine_starts_counts(make: Make, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    interpreter, _ = make(TOUCH.format(path=str(mark)), "Done.", auto_run=True)
    stream = interpreter.chat("do it", stream=True, display=False)
    interpreter.stop()  # nothing has been opened yet
    assert [chunk for chunk in stream if chunk["type"] == "confirmation"] == []
    assert not mark.exists()


def test_nobody_to_ask_ends_it_even_if_the_model_never_gives_up(make: Make) -> None:
    interpreter, server = make("```python\nprint(1)\n```")
    with pytest.warns(UserWarning, match="not run") as warned:
        interpreter.chat("go", display=False)
    assert len(server.requests) == 2
    assert {Path(warning.filename).name for warning in warned} == {Path(__file__).name}


def test_withdrawn_consent_holds_at_once(make: Make, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    interpreter, _ = make("```python\nprint(1)\n```", TOUCH.format(path=str(mark)), "Done.", auto_run=True)
    for chunk in interpreter.chat("go", stream=True, display=False):
        if chunk.get("format") == "output":
            interpreter.auto_run = False
            break
    with pytest.warns(UserWarning, match="not run"):
        interpreter.chat("on", display=False)
    assert not mark.exists()


def test_closing_under_an_answer_just_ends_it(make: Make) -> None:
    interpreter, _ = make(streaming("one ", stall=True))
    stream = interpreter.chat("hi", stream=True, display=False)
    next(stream)
    interpreter.close()
    list(stream)
    stream.close()
    assert words(interpreter)[0] == "hi"


def test_what_was_chosen_and_spent_outlives_the_engine(make: Make) -> None:
    interpreter, _ = make("Hi.")
    interpreter.computer.languages = []
    interpreter._hooks.purse.spent = 0.5
    interpreter.close()
    assert interpreter.computer.languages == []
    assert interpreter.spend == 0.5


def test_a_fork_has_an_engine_of_its_own(make: Make) -> None:
    interpreter, _ = make("one", "two")
    interpreter.chat("a", display=False)
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=lambda: answers.put(interpreter.chat("b", display=False)))
    child.start()
    child.join(20)
    assert child.exitcode == 0
    assert answers.get()[0]["content"] == "two"


# --- functions of the person's own


@pytest.mark.parametrize("error", [StopIteration, SystemExit, KeyboardInterrupt, asyncio.CancelledError, ValueError])
def test_a_model_function_that_raises_is_told_and_nothing_hangs(error: type[BaseException]) -> None:
    with OpenInterpreter(conversation_history=False) as interpreter:

        def broken(messages: list[dict[str, Any]]) -> Iterator[str]:
            raise error("no more")

        interpreter.llm.completions = broken
        for _ in range(2):
            with pytest.raises(ModelError, match=f"broken failed.*{error.__name__}"):
                interpreter.chat("hi", display=False)
        interpreter.llm.completions = lambda messages: ["fine"]
        assert interpreter.chat("hi", display=False)[0]["content"] == "fine"


def test_an_async_model_function_that_exits_is_told() -> None:
    async def leaves(messages: list[dict[str, Any]]) -> str:
        raise SystemExit(3)

    with OpenInterpreter(conversation_history=False) as interpreter:
        interpreter.llm.completions = leaves
        with pytest.raises(ModelError, match="SystemExit"):
            interpreter.chat("hi", display=False)


def test_waiting_for_oneself_is_refused() -> None:
    with OpenInterpreter(conversation_history=False) as interpreter:

        async def asks_back(messages: list[dict[str, Any]]) -> str:
            return str(interpreter.computer.run("python", "1"))

        interpreter.llm.completions = asks_back
        with pytest.raises(ModelError, match="another thread"):
            interpreter.chat("hi", display=False)


# --- two at a time on one's own loop


async def test_of_two_async_questions_the_newer_is_answered() -> None:
    async with ModelServer(in_turn(streaming("one", stall=True), streaming("two"))) as server:
        llm = {"model": "openai/m", "api_base": server.url}
        async with AsyncInterpreter(llm=llm, conversation_history=False) as interpreter:
            first = asyncio.ensure_future(interpreter.chat("a"))
            await server.asked.wait()
            assert [message["content"] for message in await interpreter.chat("b")][-1] == "two"
            await first


async def test_cancelling_while_the_engine_opens_leaves_nothing_behind() -> None:
    async with ModelServer(silent()) as server:
        llm = {"model": "openai/m", "api_base": server.url}
        async with AsyncInterpreter(llm=llm, conversation_history=False) as interpreter:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(interpreter.chat("a"), 0.001)
            assert interpreter._streamed  # the object is alive; its engine opens, and ends that request
            await interpreter.aclose()
        assert not server.requests or server.hung_up.is_set()


# --- conversations


def contents(folder: Path) -> list[list[str]]:
    return sorted([m["content"] for m in json.loads(path.read_text())] for path in folder.glob("*.json"))


def test_starting_afresh_keeps_what_was_saved(make: Make, tmp_path: Path) -> None:
    interpreter, _ = make("r1", "r2", "r3", conversation_history_path=tmp_path)
    interpreter.chat("first", display=False)
    interpreter.messages = []
    interpreter.chat("second", display=False)
    interpreter.chat([{"role": "user", "content": "third"}], display=False)
    assert contents(tmp_path) == [["first", "r1"], ["second", "r2"], ["third", "r3"]]


def test_a_saved_conversation_is_gone_on_with_in_its_file(make: Make, tmp_path: Path) -> None:
    interpreter, _ = make("r1", conversation_history_path=tmp_path)
    interpreter.chat("first", display=False)
    [path] = tmp_path.glob("*.json")
    other, server = make("r2", conversation_history_path=tmp_path)
    other.load(path)
    other.chat("second", display=False)
    assert contents(tmp_path) == [["first", "r1", "second", "r2"]]
    assert [m["content"] for m in server.requests[0].body["messages"][1:]] == ["first", "r1", "second"]
    with pytest.raises(ConversationError, match="There is no conversation"):
        other.load(tmp_path / "none.json")


@pytest.mark.parametrize(
    "settings", [{"conversation_filename": "a/b.json"}, {"conversation_history_path": "~nobody/x"}]
)
def test_a_place_that_cannot_be_costs_no_answer(make: Make, settings: dict[str, str]) -> None:
    interpreter, _ = make("ok", **settings)
    assert interpreter.chat("hi", display=False)[0]["content"] == "ok"


# --- safeguards and settings


def test_offline_asks_nobody_elsewhere_for_models(make: Make) -> None:
    interpreter, _ = make("x", offline=True)
    interpreter.llm.model, interpreter.llm.api_base = "auto", "https://example.invalid/v1"
    with pytest.raises(ModelError, match=r"example\.invalid/v1 is not on this machine"):
        interpreter.chat("hi", display=False)


def test_lists_are_ones_own_and_templates_keep_the_words(make: Make) -> None:
    one, two = OpenInterpreter(), OpenInterpreter()
    one.loop_breakers.append("Enough.")
    assert "Enough." in one.loop_breakers
    assert "Enough." not in two.loop_breakers
    with pytest.raises(SettingsError, match=r"a text with \{content\} in it"):
        one.user_message_template = "Answer briefly."
    one.custom_instructions = None
    assert one.custom_instructions == ""


def test_instructions_that_leave_no_room_are_told(make: Make) -> None:
    interpreter, server = make("ok")
    interpreter.custom_instructions = "Always be polite to everyone. " * 230
    with pytest.raises(ModelError, match="Shorten custom_instructions"):
        interpreter.chat("What time is it?", display=False)
    assert server.requests == []


def test_a_password_in_an_address_is_not_told() -> None:
    with serve(silent()) as server:
        address = server.url.replace("http://", "http://me:hidden@").replace(str(server.port), "1")
        llm = {"model": "openai/m", "api_base": address}
        with OpenInterpreter(llm=llm) as interpreter, pytest.raises(ModelError) as failure:
            interpreter.chat("hi", display=False)
    assert "hidden" not in str(failure.value)
