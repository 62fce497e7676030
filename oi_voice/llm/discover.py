"""Finding a model to use when none was chosen: a key in the environment, a server on this machine, or neither.

Asking is all it does, and only of this machine.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from oi_voice.errors import ModelError
from oi_voice.runtime import in_thread, spawn

ASK_WITHIN = 0.3  # seconds, for all servers together
LIST_WITHIN = 5.0  # seconds, for a server that was named
ANSWER_MAX = 1 << 20  # bytes

# The first key that is set decides. A provider's current all-round model, as LiteLLM (1.106) names it.
PROVIDERS = {
    "OPENAI_API_KEY": "openai/gpt-6.1-sol",
    "ANTHROPIC_API_KEY": "anthropic/claude-sonnet-5-5",
    "GEMINI_API_KEY": "gemini/gemini-flash-latest",
    "GOOGLE_API_KEY": "gemini/gemini-flash-latest",
    "OPENROUTER_API_KEY": "openrouter/openrouter/auto",
    "GROQ_API_KEY": "groq/openai/gpt-oss-120b",
    "MISTRAL_API_KEY": "mistral/mistral-large-latest",
    "DEEPSEEK_API_KEY": "deepseek/deepseek-chat",
    "XAI_API_KEY": "xai/grok-4.7",
    "CEREBRAS_API_KEY": "cerebras/gpt-oss-120b",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The model to use, where (empty: the provider's own address), and why, as a sentence for the person."""

    model: str
    api_base: str
    reason: str


@dataclass(frozen=True, slots=True)
class Server:
    """A kind of model server: where it listens, where it lists its models, and how LiteLLM speaks to it."""

    name: str
    port: int
    path: str = "/v1/models"
    prefix: str = "openai/"
    base: str = "/v1"


SERVERS = (
    Server("Ollama", 11434, "/api/tags", "ollama_chat/", ""),
    Server("LM Studio", 1234),
    Server("Jan", 1337),
    Server("llamafile", 8080),
)


async def discover(environ: Mapping[str, str], servers: Sequence[Server] = SERVERS) -> Choice:
    """The model for ``--model auto``; takes 0.3 s at most. Raises nothing."""
    for key, model in PROVIDERS.items():
        if environ.get(key, "").strip():
            return Choice(model, "", f"Using {model} because {key} is set.")
    tasks = [spawn(_models(server), f"ask {server.name}") for server in servers]
    if tasks:
        await asyncio.wait(tasks)
    for server, task in zip(servers, tasks, strict=True):
        if models := task.result():
            address = f"http://127.0.0.1:{server.port}{server.base}"
            reason = f"Using {models[0]} because {server.name} is running on this machine."
            return Choice(server.prefix + models[0], address, reason)
    return Choice(
        "commands", "", "Using the built-in commands because no provider's key is set and no model server is running."
    )


async def served(address: str) -> Choice:
    """The first model of the OpenAI-compatible server at ``address``. Raises ModelError when it does not tell."""
    names = await in_thread(_listed, f"{address.strip().rstrip('/')}/models", name="ask model server")
    if not names:
        raise ModelError(
            f"The server at {address} does not tell which models it has.",
            fix="Check that it runs and that its address is right (it often ends in /v1), or name the model too.",
            code="model.unnamed",
        )
    return Choice(f"openai/{names[0]}", address, f"Using {names[0]}, the first model of {address}.")


def _listed(url: str) -> list[str]:
    import httpx

    try:
        return _names(httpx.get(url, timeout=LIST_WITHIN, follow_redirects=True).json())
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return []


async def _models(server: Server) -> list[str]:
    """The names of the chat models that a server has; none when it is not there, or is something else."""
    try:
        async with asyncio.timeout(ASK_WITHIN):
            return _names(await _get(server.port, server.path))
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
        return []


async def _get(port: int, path: str) -> Any:
    """The JSON that a server on this machine has at ``path``."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        # HTTP 1.0: the answer comes in one piece, and ends where its length or the connection does.
        writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        if head.split()[1:2] != ["200"]:
            raise ValueError("no such page")
        length = re.search(r"^content-length: *(\d+)", head, re.IGNORECASE | re.MULTILINE)
        left, body = min(int(length[1]), ANSWER_MAX) if length else ANSWER_MAX, b""
        while left > 0 and (data := await reader.read(left)):
            body, left = body + data, left - len(data)
        return json.loads(body)
    finally:
        writer.close()


def _names(answer: Any) -> list[str]:
    if not isinstance(answer, dict):
        return []
    models = answer.get("models") or answer.get("data")
    if not isinstance(models, list):
        return []
    named = [model.get("name") or model.get("id") for model in models if isinstance(model, dict)]
    return [name for name in named if isinstance(name, str) and name and "embed" not in name.lower()]
