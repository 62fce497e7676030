"""What is the OpenAI adapter's own, against the scripted server."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest

from oi_voice.errors import ModelError
from oi_voice.llm.openai_compatible import OpenAIModel
from oi_voice.llm.options import Options, Patience
from oi_voice.messages import Kind, Message, Role, user
from oi_voice.ports import Abilities, Delta, Usage
from oi_voice.testing.server import (
    ModelServer,
    Request,
    Script,
    by_request,
    calls,
    error,
    plain,
    raw_call,
    refusing,
    serve,
    streaming,
)

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
FUNCTIONS = Abilities(functions=True)
WANTED = [("python", "print(1)"), ("shell", "ls"), ("python", "print(1)")]


async def deltas(model: OpenAIModel, *messages: Message, into: list[Delta] | None = None) -> list[Delta]:
    came = [] if into is None else into
    async with aclosing(model.respond(messages or [user("hello")])) as stream:
        async for delta in stream:
            came.append(delta)
    return came


async def answer(script: Script, **kwargs: Any) -> list[Delta]:
    """The reply of a fresh adapter to this script."""
    async with ModelServer(script) as server:
        model = OpenAIModel(Options("m", server.url, **kwargs))
        try:
            return await deltas(model)
        finally:
            await model.close()


def blocks(came: list[Delta]) -> list[tuple[str, str]]:
    arguments: dict[int, str] = {}
    for piece in [delta.call for delta in came if delta.call]:
        arguments[piece.index] = arguments.get(piece.index, "") + piece.arguments
    return [(call["language"], call["code"]) for call in map(json.loads, arguments.values())]


def sse(*events: dict[str, Any], end: str = "data: [DONE]\n\n") -> Script:
    return plain(*[f"data: {json.dumps(event)}\n\n" for event in events], end)


# --- the shapes that servers give their replies


@pytest.mark.parametrize("size", [0, 5])
@pytest.mark.parametrize(("indexed", "ids"), [(False, True), (True, False), (False, False)])
async def test_calls_are_told_apart_without_numbers_or_ids(size: int, indexed: bool, ids: bool) -> None:
    came = await answer(streaming(*calls(*WANTED, size=size, indexed=indexed, ids=ids)), abilities=FUNCTIONS)
    assert blocks(came) == WANTED
    heads = [delta.call for delta in came if delta.call and delta.call.id]
    assert len({head.id for head in heads}) == 3
    assert [head.name for head in heads] == ["execute"] * 3


@pytest.mark.parametrize("ids", [True, False])
async def test_whole_calls_that_all_have_the_number_0(ids: bool) -> None:
    pieces = [piece for n, (_, code) in enumerate(WANTED) for piece in raw_call(call(code), id=f"c{n}" if ids else "")]
    assert [code for _, code in blocks(await answer(streaming(*pieces)))] == [code for _, code in WANTED]


async def test_arguments_that_are_an_object_and_the_older_form_of_a_call() -> None:
    whole = {"tool_calls": [{"function": {"name": "execute", "arguments": json.loads(call("1"))}}]}
    older = {"function_call": {"name": "execute", "arguments": call("2")}}
    assert blocks(await answer(streaming(whole))) == [("python", "1")]
    came = await answer(streaming(older, finish="function_call"))
    assert blocks(came) == [("python", "2")]
    assert came[-1] == Delta(finish="tool_calls")


async def test_content_in_parts() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}
    came = await answer(streaming({"content": [thinking, {"type": "text", "text": "42"}]}))
    assert came == [Delta(thought="Hm."), Delta("42"), Delta(finish="stop")]


async def test_a_server_that_does_not_stream() -> None:
    whole = {"choices": [{"message": {"role": "assistant", "content": "hello"}, "finish_reason": "stop"}]}
    assert await answer(refusing(200, json.dumps(whole, indent=1))) == [Delta("hello"), Delta(finish="stop")]


async def test_lines_that_are_no_events_are_passed_over() -> None:
    event = json.dumps({"choices": [{"delta": {"content": "ok"}}]})
    script = plain(": ping\r\n\r\n", "retry: 5\r\n", f"id: 1\r\ndata:{event}\r\n\r\n", "data: [DONE]")
    assert await answer(script) == [Delta("ok"), Delta(finish="stop")]


async def test_no_choices_is_no_news() -> None:
    usage = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 1}}
    script = sse({"choices": []}, {"choices": [{"delta": None}]}, usage, {"choices": [{"delta": {"content": "ok"}}]})
    assert await answer(script) == [Delta("ok"), Delta(finish="stop"), Delta(usage=Usage(5, 1))]


@pytest.mark.parametrize("event", ["[]", "3", "{}", '{"choices": 1}', '{"choices": [{"delta": 3}]}', "{'no': json}"])
async def test_what_is_no_event_is_told(event: str) -> None:
    with pytest.raises(ModelError) as failure:
        await answer(plain(f"data: {event}\n\n"))
    assert failure.value.code == "model.nonsense"


@pytest.mark.parametrize(
    "line", ['event: error\ndata: {"message": "Overloaded"}\n\n', '{"error": {"message": "Overloaded", "code": 529}}']
)
async def test_errors_in_other_shapes(line: str) -> None:
    with pytest.raises(ModelError, match="Overloaded") as failure:
        await answer(plain(line))
    assert failure.value.transient


# --- the end of a reply


async def test_done_without_a_reason_is_an_end() -> None:
    assert (await answer(streaming("ok", finish=None)))[-1] == Delta(finish="stop")
    assert (await answer(streaming(*calls(("python", "1")), finish=None)))[-1] == Delta(finish="tool_calls")


async def test_a_reason_without_done_is_an_end() -> None:
    assert (await answer(streaming("ok", done=False)))[-1] == Delta(finish="stop")


async def test_neither_is_none() -> None:
    with pytest.raises(ModelError) as failure:
        await answer(streaming("ok", finish=None, done=False))
    assert failure.value.code == "model.cut"


async def test_what_comes_after_the_reason_cannot_spoil_the_reply() -> None:
    stop = json.dumps({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    assert await answer(plain(f"data: {stop}\n\n", "data: {torn")) == [Delta(finish="stop")]
    assert await answer(plain(f"data: {stop}\n\n", 'data: {"error": "x"}\n\n')) == [Delta(finish="stop")]


# --- what a server won't be told


def without(name: str, script: Script) -> Callable[[Request], Script]:
    """Refuse requests that have a parameter of that name."""
    words = f"Unsupported parameter: '{name}' is not supported with this model."
    if name == "max_tokens":
        words += " Use 'max_completion_tokens' instead."
    return lambda request: refusing(400, error(words, param=name)) if name in request.body else script


@pytest.mark.parametrize("name", ["temperature", "stream_options", "max_tokens"])
async def test_what_a_server_refuses_is_left_out_from_then_on(name: str) -> None:
    async with ModelServer(by_request(without(name, streaming("ok")))) as server:
        model = OpenAIModel(Options("m", server.url, max_tokens=9))
        for _ in range(2):
            assert (await deltas(model))[0] == Delta("ok")
        await model.close()
        assert [name in request.body for request in server.requests] == [True, False, False]
        assert (server.requests[1].body.get("max_completion_tokens") == 9) is (name == "max_tokens")


async def test_a_temperature_that_is_not_wanted_is_not_told() -> None:
    async with ModelServer(streaming("ok")) as server:
        model = OpenAIModel(Options("m", server.url, temperature=None, api_version="2026-01"))
        await deltas(model)
        await model.close()
        assert "temperature" not in server.requests[0].body
        assert server.requests[0].path == "/v1/chat/completions?api-version=2026-01"


async def test_a_model_without_tools_is_told_in_words() -> None:
    with pytest.raises(ModelError, match="can't call functions") as failure:
        await answer(refusing(400, error("m does not support tools")), abilities=FUNCTIONS)
    assert "supports_functions" in failure.value.fix


# --- the connection


async def test_connections_are_kept_and_ended() -> None:
    async with ModelServer(streaming("ok", usage=(1, 1)), keep=True) as server:
        model = OpenAIModel(Options("m", server.url))
        for _ in range(3):
            await deltas(model)
        assert server.connections == 1
        await model.close()
        await model.close()
        await deltas(model)  # it may be asked again
        assert server.connections == 2
        await model.close()


async def test_this_machine_is_reached_past_any_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Token: secret")
    async with ModelServer(streaming("ok")) as server:
        model = OpenAIModel(Options("m", server.url))
        assert (await deltas(model))[0] == Delta("ok")
        await model.close()
        assert "secret" not in repr(server.requests[0])


async def test_a_server_here_that_was_offered_calls_may_think_as_long_as_at_first() -> None:
    came: list[Delta] = []
    async with ModelServer(streaming("Well. ", stall=True)) as server:
        patience = Patience(first=0.4, stall=0.01)
        model = OpenAIModel(Options("m", server.url, patience=patience, abilities=FUNCTIONS))
        with pytest.raises(ModelError) as failure:
            await deltas(model, into=came)
        await model.close()
    assert came == [Delta("Well. ")]
    assert failure.value.code == "model.timeout"


async def test_pictures_are_made_ready_and_sent() -> None:
    picture = Message(Role.USER, Kind.IMAGE, DOT, "base64.png")
    async with ModelServer(streaming("ok")) as server:
        model = OpenAIModel(Options("m", server.url, abilities=Abilities(vision=True), shrink_images=False))
        await deltas(model, picture)
        await model.close()
        [part] = server.requests[0].body["messages"][0]["content"]
    assert part["image_url"]["url"] == f"data:image/png;base64,{DOT}"


def test_programs_without_a_loop_of_their_own_reach_the_server() -> None:
    async def once(url: str) -> list[Delta]:
        model = OpenAIModel(Options("m", url))
        try:
            return await deltas(model)
        finally:
            await model.close()

    with serve(streaming("ok"), keep=True) as server:
        for _ in range(2):
            assert asyncio.run(once(server.url))[0] == Delta("ok")
        assert server.until(lambda: len(server.requests) == 2)


LATE = """
import asyncio, sys
from oi_voice.llm.choose import choose
from oi_voice.llm.options import Options
model = choose(Options("openai/m", sys.argv[1]), {})
assert "openai" not in sys.modules and "httpx" not in sys.modules

async def main():
    print("".join([delta.text async for delta in model.respond([])]), "litellm" in sys.modules)
    await model.close()

asyncio.run(main())
"""


async def test_the_client_is_imported_late_and_litellm_never() -> None:
    async with ModelServer(streaming("hello")) as server:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "error", "-c", LATE, server.url), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, err = await process.communicate()
    assert (out.decode(), err.decode()) == ("hello False\n", "")


def call(code: str) -> str:
    return json.dumps({"language": "python", "code": code})
