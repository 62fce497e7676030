"""LiteLLM against a real server on loopback; no call leaves the machine."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from typing import Any

import pytest

from oi_voice.errors import ModelError
from oi_voice.llm.litellm import LiteLLMModel, load
from oi_voice.llm.options import Options
from oi_voice.messages import Message, user
from oi_voice.ports import Delta
from oi_voice.testing.server import ModelServer, plain, streaming

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

# LiteLLM asks pydantic in a way that is to go.
pytestmark = pytest.mark.filterwarnings("ignore::pydantic.warnings.PydanticDeprecatedSince211")


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


def made(model: str, base: str, **kwargs: Any) -> LiteLLMModel:
    return LiteLLMModel(Options(model, base, api_key="k", **kwargs))


async def deltas(model: LiteLLMModel, *messages: Message) -> list[Delta]:
    async with aclosing(model.respond(messages or [user("hello")])) as stream:
        return [delta async for delta in stream]


async def heard(model: LiteLLMModel, into: list[Delta]) -> None:
    """Consume a reply, keeping what came before it failed."""
    async with aclosing(model.respond([user("hello")])) as stream:
        async for delta in stream:
            into.append(delta)


async def test_a_model_without_temperature_gets_none() -> None:
    async with ModelServer(streaming("ok")) as server:
        await deltas(made("openai/gpt-5-mini", server.url))
        assert "temperature" not in server.requests[0].body


@pytest.mark.parametrize("model", PROTOCOLS)
async def test_other_protocols_stream_and_finish(model: str) -> None:
    async with ModelServer(plain(*PROTOCOLS[model])) as server:
        whole = await deltas(made(model, server.url))
    assert "".join([delta.text for delta in whole]) == "Hello"
    assert [delta.finish for delta in whole if delta.finish] == ["stop"]


@pytest.mark.parametrize("model", ["anthropic/m", "ollama_chat/m"])
async def test_other_protocols_never_finish_when_cut(model: str) -> None:
    came: list[Delta] = []
    async with ModelServer(plain(PROTOCOLS[model][0])) as server:
        with pytest.raises(ModelError, match="broke off"):
            await heard(made(model, server.url), came)
    assert came == [Delta("Hello")]


@pytest.mark.parametrize("model", ["openai/m", "ollama_chat/m", "anthropic/m", "gemini/m"])
async def test_nobody_there(model: str, closed_port: int) -> None:
    with pytest.raises(ModelError, match=f"127.0.0.1:{closed_port}/v1 cannot be reached") as failure:
        await deltas(made(model, f"http://127.0.0.1:{closed_port}/v1"))
    assert failure.value.code == "model.unreachable"


@pytest.mark.parametrize("model", ["openai/m", "anthropic/m", "gemini/m"])
async def test_a_missing_key(model: str) -> None:
    with pytest.raises(ModelError, match="needs a key") as failure:
        await deltas(LiteLLMModel(Options(model)))
    assert failure.value.code == "model.key_missing"


async def test_a_model_of_no_provider() -> None:
    with pytest.raises(ModelError, match="No provider is known for the model no-such-model") as failure:
        await deltas(LiteLLMModel(Options("no-such-model")))
    assert failure.value.code == "model.unknown"


FIRST = """
import asyncio, sys, time
from oi_voice.llm.litellm import LiteLLMModel
from oi_voice.llm.options import Options
assert "litellm" not in sys.modules and "openai" not in sys.modules and "httpx" not in sys.modules

async def main():
    stalls, busy = [], True

    async def pulse():
        while busy:
            before = time.perf_counter()
            await asyncio.sleep(0.005)
            stalls.append(time.perf_counter() - before - 0.005)

    model = LiteLLMModel(Options("openai/m", sys.argv[1]))
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
