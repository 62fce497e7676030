"""LiteLLM against a real server on loopback; no call leaves the machine."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import aclosing

import pytest
from oi_voice.testing.server import ModelServer, Script, plain, refusing, silent, streaming

from oi_voice.errors import ModelError
from oi_voice.llm.litellm import LiteLLMModel, Patience, load
from oi_voice.messages import Kind, Message, Role, user
from oi_voice.ports import Delta
from oi_voice.runtime import spawn

TOO_LONG = '{"error": {"message": "maximum context length is 10 tokens", "code": "context_length_exceeded"}}'
DELTA = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}}
END = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 3}}
PROTOCOLS = {
    "anthropic/m": [f"event: {data['type']}\ndata: {json.dumps(data)}\n\n" for data in (DELTA, END)],
    "ollama_chat/m": [
        json.dumps({"model": "m", "message": {"role": "assistant", "content": text}, "done": not text, **end}) + "\n"
        for text, end in (("Hello", {}), ("", {"done_reason": "stop"}))
    ],
    "gemini/m": [
        f"data: {json.dumps({'candidates': [{'content': {'parts': [{'text': text}]}, 'index': 0, **end}]})}\r\n\r\n"
        for text, end in (("Hello", {}), ("", {"finishReason": "STOP"}))
    ],
}
PICTURE = Message(Role.COMPUTER, Kind.IMAGE, "aGk=", "base64.png")


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    load()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken and does not listen."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)


async def deltas(model: LiteLLMModel, *messages: Message) -> list[Delta]:
    async with aclosing(model.respond(messages or [user("hello")])) as stream:
        return [delta async for delta in stream]


async def heard(model: LiteLLMModel, into: list[Delta]) -> None:
    """Consume a reply, keeping what came before it failed."""
    async with aclosing(model.respond([user("hello")])) as stream:
        async for delta in stream:
            into.append(delta)


async def test_a_reply_streams_and_ends_with_its_finish() -> None:
    async with ModelServer(streaming("Hel", "lo ```", "py")) as server:
        assert await deltas(LiteLLMModel("openai/m", server.url)) == [
            Delta("Hel"),
            Delta("lo ```"),
            Delta("py"),
            Delta(finish="stop"),
        ]


async def test_the_request_carries_the_conversation_and_nothing_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-from-the-environment")
    async with ModelServer(streaming("ok")) as server:
        await deltas(LiteLLMModel("openai/m", server.url, system="Be brief."), user("hello"), PICTURE)
        await deltas(LiteLLMModel("openai/m", server.url, api_key="given", temperature=0.5))
        first, second = server.requests
    assert first.body["messages"][0] == {"role": "system", "content": "Be brief."}
    assert "cannot see pictures" in first.body["messages"][1]["content"]
    assert first.body["model"] == "m"
    assert first.body["temperature"] == 0
    assert first.headers["authorization"] == "Bearer none"
    assert second.headers["authorization"] == "Bearer given"
    assert second.body["temperature"] == 0.5


async def test_a_model_that_sees_gets_pictures_and_one_without_temperature_none() -> None:
    async with ModelServer(streaming("ok")) as server:
        await deltas(LiteLLMModel("openai/gpt-5-mini", server.url), PICTURE)
        body = server.requests[0].body
    assert body["messages"][0]["content"][0]["type"] == "image_url"
    assert "temperature" not in body


@pytest.mark.parametrize("finish", ["length", "content_filter"])
async def test_a_reply_that_was_shortened_says_so(finish: str) -> None:
    async with ModelServer(streaming("half a prog", finish=finish)) as server:
        assert (await deltas(LiteLLMModel("openai/m", server.url)))[-1] == Delta(finish=finish)


@pytest.mark.parametrize("cut", ["clean", "torn"])
async def test_a_reply_cut_in_the_middle_never_finishes(cut: str) -> None:
    came: list[Delta] = []
    async with ModelServer(streaming("half a ", "prog", cut=cut)) as server:
        with pytest.raises(ModelError, match="broke off") as failure:
            await heard(LiteLLMModel("openai/m", server.url), came)
    assert came == [Delta("half a "), Delta("prog")]
    assert failure.value.code == "model.cut"


@pytest.mark.parametrize("model", PROTOCOLS)
async def test_other_protocols_stream_and_finish(model: str) -> None:
    async with ModelServer(plain(*PROTOCOLS[model])) as server:
        whole = await deltas(LiteLLMModel(model, server.url, api_key="k"))
    assert "".join([delta.text for delta in whole]) == "Hello"
    assert whole[-1] == Delta(finish="stop")


@pytest.mark.parametrize("model", ["anthropic/m", "ollama_chat/m"])
async def test_other_protocols_never_finish_when_cut(model: str) -> None:
    came: list[Delta] = []
    async with ModelServer(plain(PROTOCOLS[model][0])) as server:
        with pytest.raises(ModelError, match="broke off"):
            await heard(LiteLLMModel(model, server.url, api_key="k"), came)
    assert came == [Delta("Hello")]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (refusing(400), "model.refused"),
        (refusing(400, TOO_LONG), "model.too_long"),
        (refusing(401), "model.key_refused"),
        (refusing(402), "model.credit"),
        (refusing(403), "model.key_refused"),
        (refusing(404), "model.unknown"),
        (refusing(429), "model.busy"),
        (refusing(500), "model.failing"),
        (refusing(503), "model.failing"),
        (refusing(502, "<html>Bad gateway</html>", "text/html"), "model.failing"),
        (refusing(200, "<html>Welcome!</html>", "text/html"), "model.nonsense"),
        (refusing(200, '{"hello": 1}'), "model.nonsense"),
        (streaming(cut="clean"), "model.nonsense"),
    ],
)
async def test_a_refusal_is_told_in_words_after_one_try(
    script: Script, code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    async with ModelServer(script) as server:
        with pytest.raises(ModelError) as failure:
            await deltas(LiteLLMModel("openai/m", server.url))
        assert len(server.requests) == 1
    assert failure.value.code == code
    assert failure.value.fix
    assert "<html>" not in str(failure.value)
    assert "litellm" not in str(failure.value).lower()
    assert capfd.readouterr() == ("", "")


async def test_the_servers_own_words_are_passed_on() -> None:
    async with ModelServer(refusing(500)) as server:
        with pytest.raises(ModelError, match="It says: the server's own words"):
            await deltas(LiteLLMModel("openai/m", server.url))


@pytest.mark.parametrize("model", ["openai/m", "ollama_chat/m", "anthropic/m", "gemini/m"])
async def test_nobody_there(model: str, closed_port: int) -> None:
    with pytest.raises(ModelError, match=f"127.0.0.1:{closed_port}/v1 cannot be reached") as failure:
        await deltas(LiteLLMModel(model, f"http://127.0.0.1:{closed_port}/v1", api_key="k"))
    assert failure.value.code == "model.unreachable"


async def test_an_address_that_is_none() -> None:
    with pytest.raises(ModelError, match="is not a web address") as failure:
        await deltas(LiteLLMModel("openai/m", "127.0.0.1:9", api_key="k"))
    assert failure.value.code == "model.address"


@pytest.mark.parametrize("model", ["openai/m", "anthropic/m", "gemini/m"])
async def test_a_missing_key(model: str) -> None:
    with pytest.raises(ModelError, match="needs a key") as failure:
        await deltas(LiteLLMModel(model))
    assert failure.value.code == "model.key_missing"


async def test_a_model_of_no_provider() -> None:
    with pytest.raises(ModelError, match="No provider is known for the model no-such-model") as failure:
        await deltas(LiteLLMModel("no-such-model"))
    assert failure.value.code == "model.unknown"


@pytest.mark.parametrize(
    ("script", "patience", "came"),
    [
        (silent(), Patience(first=0.2), []),
        (streaming("one ", stall=True), Patience(first=30, stall=0.2), [Delta("one ")]),
    ],
)
async def test_a_silent_server_is_given_up(script: Script, patience: Patience, came: list[Delta]) -> None:
    got: list[Delta] = []
    async with ModelServer(script) as server:
        start = time.perf_counter()
        with pytest.raises(ModelError, match="does not answer") as failure:
            await heard(LiteLLMModel("openai/m", server.url, patience=patience), got)
        assert time.perf_counter() - start < 1
        await asyncio.wait_for(server.hung_up.wait(), 5)
    assert got == came
    assert failure.value.code == "model.timeout"


@pytest.mark.parametrize("script", [silent(), streaming("one ", stall=True)])
async def test_cancelling_ends_the_request_within_100_ms(script: Script) -> None:
    came: list[Delta] = []
    async with ModelServer(script) as server:
        task = spawn(heard(LiteLLMModel("openai/m", server.url), came), "reply")
        await server.asked.wait()
        start = time.perf_counter()
        task.cancel()
        await asyncio.wait([task])
        await asyncio.wait_for(server.hung_up.wait(), 5)
        assert time.perf_counter() - start < 0.1
    assert task.cancelled()


async def test_leaving_a_reply_early_ends_the_request() -> None:
    async with ModelServer(streaming("one ", stall=True)) as server:
        async with aclosing(LiteLLMModel("openai/m", server.url).respond([user("hello")])) as stream:
            assert await anext(stream) == Delta("one ")
        await asyncio.wait_for(server.hung_up.wait(), 5)


FIRST = """
import asyncio, sys, time
from oi_voice.llm.litellm import LiteLLMModel
assert "litellm" not in sys.modules and "openai" not in sys.modules and "httpx" not in sys.modules

async def main():
    stalls, busy = [], True

    async def pulse():
        while busy:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            stalls.append(time.perf_counter() - before - 0.005)

    model = LiteLLMModel("openai/m", sys.argv[1])
    await model.start()
    beat = asyncio.ensure_future(pulse())
    text = [delta.text async for delta in model.respond([])]
    busy = False
    await beat
    print(repr("".join(text)), max(stalls) < 0.15)

asyncio.run(main())
"""


async def test_a_fresh_process_loads_late_quietly_and_answers_without_holding_the_loop_up() -> None:
    async with ModelServer(streaming("hello")) as server:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-W", "error", "-c", FIRST, server.url), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, err = await process.communicate()
    assert err.decode() == ""
    assert out.decode() == "'hello' True\n"
