from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from types import SimpleNamespace
from typing import Any

import pytest
from patience import SOON

from oi_voice.errors import ModelError
from oi_voice.llm.custom import CustomModel
from oi_voice.llm.options import Options
from oi_voice.messages import user
from oi_voice.ports import Abilities, Delta, Usage
from oi_voice.runtime import spawn

OPTIONS = Options("echo", max_tokens=7)


def chunk(text: str) -> dict[str, Any]:
    return {"choices": [{"delta": {"content": text}}]}


async def deltas(function: Callable[..., Any], options: Options = OPTIONS) -> list[Delta]:
    async with aclosing(CustomModel(function, options).respond([user("hey")])) as stream:
        return [delta async for delta in stream]


def documented(messages: Any, model: Any, stream: Any, max_tokens: Any) -> Iterator[Any]:
    assert (model, stream, max_tokens) == ("echo", True, 7)
    for character in messages[-1].get("content"):
        yield chunk(character)


async def asynchronous(messages: Any) -> AsyncIterator[Any]:
    for character in messages[-1]["content"]:
        yield chunk(character)


async def awaited(messages: Any) -> Any:
    return documented(messages, "echo", True, 7)


def objects(messages: Any) -> Iterator[Any]:
    for character in messages[-1]["content"]:
        yield SimpleNamespace(choices=[SimpleNamespace(delta=SimpleNamespace(content=character), finish_reason=None)])


def words(messages: Any) -> Iterator[str]:
    yield from messages[-1]["content"]


def in_a_list(messages: Any) -> list[Any]:
    return [chunk(character) for character in messages[-1]["content"]]


@pytest.mark.parametrize("function", [documented, asynchronous, awaited, objects, words, in_a_list])
async def test_what_a_function_yields_is_the_reply(function: Callable[..., Any]) -> None:
    assert await deltas(function) == [Delta("h"), Delta("e"), Delta("y"), Delta(finish="stop")]


@pytest.mark.parametrize("reply", ["hello", {"choices": [{"message": {"content": "hello"}, "finish_reason": "stop"}]}])
async def test_what_a_function_returns_is_the_reply(reply: Any) -> None:
    assert await deltas(lambda messages: reply) == [Delta("hello"), Delta(finish="stop")]


async def test_a_function_gets_what_it_takes() -> None:
    got: dict[str, Any] = {}

    def everything(**kwargs: Any) -> str:
        got.update(kwargs)
        return "ok"

    def little(api_key: Any, tools: Any, unknown: str = "default") -> str:
        got.update(api_key=api_key, tools=tools, unknown=unknown)
        return "ok"

    options = Options("m", api_key="k", temperature=0.3, abilities=Abilities(functions=True))
    await deltas(everything, options)
    assert got.keys() == {"messages", "model", "stream", "temperature", "tools", "api_key"}
    got.clear()
    await deltas(little, options)
    assert got["api_key"] == "k"
    assert got["tools"][0]["function"]["name"] == "execute"
    assert got["unknown"] == "default"


async def test_calls_usage_and_the_finish_reason_pass_through() -> None:
    def calling() -> Iterator[Any]:
        function = SimpleNamespace(name="execute", arguments="{}")
        call = SimpleNamespace(index=0, id="c", function=function)
        yield SimpleNamespace(choices=[SimpleNamespace(delta=SimpleNamespace(tool_calls=[call]))])
        usage = SimpleNamespace(prompt_tokens=1, completion_tokens=2)
        yield {"choices": [{"delta": {}, "finish_reason": "length"}], "usage": usage}

    first, *rest = await deltas(calling)
    assert first.call is not None
    assert (first.call.id, first.call.name, first.call.arguments) == ("c", "execute", "{}")
    assert rest == [Delta(finish="length"), Delta(usage=Usage(1, 2))]


@pytest.mark.parametrize("asynchronously", [True, False])
async def test_what_a_function_raises_is_told(asynchronously: bool) -> None:
    def failing() -> Iterator[Any]:
        yield "a"
        raise ZeroDivisionError("nothing is divided by zero")

    async def failing_too() -> AsyncIterator[Any]:
        yield "a"
        raise ZeroDivisionError("nothing is divided by zero")

    came = []
    with pytest.raises(ModelError, match="ZeroDivisionError: nothing is divided by zero") as failure:
        async for delta in CustomModel(failing_too if asynchronously else failing, OPTIONS).respond([]):
            came.append(delta)
    assert came == [Delta("a")]
    assert failure.value.code == "model.custom"


async def test_a_function_that_cannot_be_called_is_told() -> None:
    def needy(messages: Any, secret: str) -> None: ...

    with pytest.raises(ModelError, match=r"needy failed.*secret"):
        await deltas(needy)


@pytest.mark.parametrize("wrong", [3, None, {"text": "hello"}, {"choices": "x"}, {"choices": [{"delta": "x"}]}])
async def test_what_is_no_chunk_is_told(wrong: Any) -> None:
    def strange() -> Iterator[Any]:
        yield wrong

    with pytest.raises(ModelError, match=r"strange yielded a .* that is no chunk") as failure:
        await deltas(strange)
    assert '{"choices"' in failure.value.fix


async def test_leaving_early_closes_the_function() -> None:
    closed = asyncio.Event()
    loop = asyncio.get_running_loop()

    def endless() -> Iterator[str]:
        try:
            while True:
                yield "a"
        finally:
            loop.call_soon_threadsafe(closed.set)

    async with aclosing(CustomModel(endless, OPTIONS).respond([])) as stream:
        assert await anext(stream) == Delta("a")
    await asyncio.wait_for(closed.wait(), 5)


async def test_a_function_that_hangs_can_be_stopped_and_holds_nobody_up() -> None:
    entered, release = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def hanging() -> Iterator[str]:
        loop.call_soon_threadsafe(entered.set)
        release.wait(10)
        yield "late"

    task = spawn(deltas(hanging), "reply")
    await asyncio.wait_for(entered.wait(), 5)  # the loop runs on meanwhile
    start = loop.time()
    task.cancel()
    await asyncio.wait([task])
    assert loop.time() - start < SOON
    assert task.cancelled()
    release.set()
