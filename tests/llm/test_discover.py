from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import pytest
from patience import SOON

from oi_voice.llm.discover import PROVIDERS, SERVERS, Server, discover
from oi_voice.llm.litellm import load
from oi_voice.testing.server import ModelServer, Script, refusing, silent

OLLAMA = json.dumps({"models": [{"name": "nomic-embed-text:latest"}, {"name": "qwen3:8b"}]})
OPENAI = json.dumps({"object": "list", "data": [{"id": "text-embedding-x"}, {"id": "gemma-4"}]})


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken and does not listen."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def at(server: ModelServer, kind: int) -> Server:
    """The kind of server, at the port where this one listens."""
    known = SERVERS[kind]
    return Server(known.name, server.port, known.path, known.prefix, known.base)


@pytest.mark.parametrize("key", PROVIDERS)
async def test_a_key_in_the_environment_decides(key: str) -> None:
    choice = await discover({key: "secret"}, servers=())
    assert (choice.model, choice.api_base) == (PROVIDERS[key], "")
    assert choice.reason == f"Using {choice.model} because {key} is set."


async def test_the_first_provider_wins_and_an_empty_key_is_none() -> None:
    choice = await discover({"GROQ_API_KEY": "b", "ANTHROPIC_API_KEY": "a", "OPENAI_API_KEY": " "}, servers=())
    assert choice.model == PROVIDERS["ANTHROPIC_API_KEY"]


async def test_a_key_is_enough_and_nobody_is_asked() -> None:
    async with ModelServer(refusing(200, OLLAMA)) as server:
        await discover({"OPENAI_API_KEY": "a"}, [at(server, 0)])
        assert server.requests == []


async def test_ollama_on_this_machine() -> None:
    async with ModelServer(refusing(200, OLLAMA)) as server:
        choice = await discover({}, [at(server, 0)])
        assert [(request.method, request.path) for request in server.requests] == [("GET", "/api/tags")]
        assert (choice.model, choice.api_base) == ("ollama_chat/qwen3:8b", f"http://127.0.0.1:{server.port}")
    assert choice.reason == "Using qwen3:8b because Ollama is running on this machine."


async def test_a_server_that_speaks_as_openai_does() -> None:
    async with ModelServer(refusing(200, OPENAI)) as server:
        choice = await discover({}, [at(server, 1)])
        assert (choice.model, choice.api_base) == ("openai/gemma-4", f"http://127.0.0.1:{server.port}/v1")
        assert server.requests[0].path == "/v1/models"


async def test_the_servers_are_asked_together_and_the_first_in_order_wins(closed_port: int) -> None:
    async with ModelServer(refusing(200, OPENAI)) as one, ModelServer(refusing(200, OPENAI)) as two:
        choice = await discover({}, [Server("Nobody", closed_port), at(two, 2), at(one, 1)])
    assert "Jan" in choice.reason


@pytest.mark.parametrize(
    "script",
    [
        silent(),
        refusing(404, "{}"),
        refusing(200, "<html>hello</html>", "text/html"),
        refusing(200, "[1, 2]"),
        refusing(200, '{"data": {"id": "x"}}'),
        refusing(200, '{"data": [{"id": 3}, "x"]}'),
        refusing(200, '{"models": []}'),
    ],
)
async def test_something_else_on_the_port_is_passed_over_in_time(script: Script, closed_port: int) -> None:
    async with ModelServer(script) as server:
        start = time.perf_counter()
        choice = await discover({}, [at(server, 0), at(server, 3), Server("Nobody", closed_port)])
        assert time.perf_counter() - start < 0.5 + SOON
    assert (choice.model, choice.api_base) == ("commands", "")
    assert "built-in commands" in choice.reason


def test_litellm_knows_every_model_of_the_table() -> None:
    litellm = load()
    for model in PROVIDERS.values():
        name, provider, *_ = litellm.get_llm_provider(model)
        assert provider == model.split("/")[0]
        if provider != "openrouter":  # lists no models
            assert litellm.model_cost.get(model) or litellm.model_cost.get(name), model
