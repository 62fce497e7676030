"""Any model that LiteLLM can reach: a hundred providers, and the servers on this machine."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import threading
from collections.abc import AsyncGenerator, Awaitable, Sequence
from typing import Any, TypeVar

from oi_voice.addresses import on_this_machine, place
from oi_voice.errors import ModelError
from oi_voice.llm.chat import EXECUTE, prepare
from oi_voice.llm.failures import cut, explain, nonsense, silence
from oi_voice.llm.options import LINGER, Options
from oi_voice.llm.reading import Reply, plain
from oi_voice.messages import Message
from oi_voice.ports import Delta
from oi_voice.runtime import in_thread

GEMINI = ("gemini", "vertex_ai", "vertex_ai_beta")
T = TypeVar("T")
_loading = threading.Lock()


def load() -> Any:
    """Import LiteLLM and all that its first call would import; takes 2 to 5 s, so do it on a thread.

    It makes no network call: the price list is the one it brings, and the rehearsal's reply is made up.
    """
    with _loading:
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # read at import; else it fetches a list from the network
        import litellm

        if not litellm.suppress_debug_info:
            litellm.suppress_debug_info = True  # it would print
            litellm.telemetry = False
            litellm.disable_token_counter = True  # it would fetch tokenizers from the network
            litellm.disable_aiohttp_transport = True  # httpx alone, so that failures come in one shape
            importlib.import_module("openai.resources")  # else the first call does: 0.2 to 0.4 s on the core loop
            logging.getLogger("LiteLLM").setLevel(logging.CRITICAL)
            rehearsal = [{"role": "user", "content": "-"}]
            for _ in litellm.completion("openai/-", rehearsal, stream=True, mock_response="-", api_key="-"):
                pass
        return litellm


class LiteLLMModel:
    """``ports.Model`` over LiteLLM. ``options.model`` is LiteLLM's name for it: ``anthropic/…``, ``gemini/…``.

    A server on this machine is never sent a key from the environment.
    """

    def __init__(self, options: Options) -> None:
        self.name = options.model
        self.abilities = options.abilities
        self._options = options
        base = options.api_base
        self._where = f"The model server at {place(base)}" if base else f"The provider of {self.name}"

    async def start(self) -> None:
        """Load LiteLLM, on a thread."""
        await in_thread(load, name="litellm import")

    async def close(self) -> None:
        """Nothing is kept open here; LiteLLM's connections are its own."""

    async def respond(self, messages: Sequence[Message]) -> AsyncGenerator[Delta, None]:
        """Stream the reply. Raises ModelError for whatever goes wrong, a reply that was cut too."""
        litellm = await in_thread(load, name="litellm import")
        chat = await prepare(messages, self.abilities, shrink=self._options.shrink_images)
        patience, reply = self._options.patience, Reply()
        stream = await self._wait(patience.first, litellm.acompletion(**self._request(chat)))
        try:
            while (piece := await self._next(stream, reply)) is not None:
                for delta in reply.read(plain(piece)):
                    if delta.finish and not _received_finish(stream):
                        raise cut(self._where) if reply.said else nonsense(self._where)
                    yield delta
            for delta in reply.last(done=False):
                yield delta
            if not reply.finish:
                raise cut(self._where)
        finally:
            await stream.aclose()

    def _request(self, chat: list[dict[str, Any]]) -> dict[str, Any]:
        import httpx

        options, patience = self._options, self._options.patience
        local = on_this_machine(options.api_base)
        request: dict[str, Any] = {
            "api_base": options.api_base,
            "api_key": options.api_key or ("none" if local else ""),
            "api_version": options.api_version,
            "max_tokens": options.max_tokens,
            "tools": [EXECUTE] if self.abilities.functions else None,
            "_skip_mcp_handler": self.abilities.functions,  # else any tools at all have it import a package for MCP
        }
        request = {name: value for name, value in request.items() if value}
        if options.temperature is not None:
            request["temperature"] = options.temperature
        return request | {
            "model": options.model,
            "messages": chat,
            "stream": True,
            "stream_options": {"include_usage": True},
            # Ours end first; these are for what hangs below us.
            "timeout": httpx.Timeout(patience.first + 5, connect=patience.connect),
            "drop_params": True,  # a model that takes no temperature gets none
            "max_retries": 0,
            "num_retries": 0,
        }

    async def _next(self, stream: Any, reply: Reply) -> Any:
        """The next piece; None at the end, be it a bad one once the reply itself was whole."""
        patience = self._options.patience
        seconds = LINGER if reply.finish else patience.stall if reply.said else patience.first
        try:
            return await self._wait(seconds, anext(stream, None), late=reply.said)
        except ModelError:
            if reply.finish:
                return None
            raise

    async def _wait(self, seconds: float, work: Awaitable[T], *, late: bool = False) -> T:
        import httpx
        import openai

        try:
            async with asyncio.timeout(seconds):
                return await work
        except TimeoutError as error:
            raise silence(self._where, transient=late) from error
        except (openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise explain(error, self.name, self._where) from error


def _received_finish(stream: Any) -> bool:
    """Whether the server itself said that its reply is whole: LiteLLM makes up a "stop" for any stream that ends.

    Of Gemini's it keeps no trace of that; there a broken connection shows, a reply that Google itself cuts does not.
    """
    if stream.custom_llm_provider in GEMINI:
        return bool(stream.intermittent_finish_reason)
    return bool(stream.received_finish_reason)
