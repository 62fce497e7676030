"""Any model that LiteLLM can reach: a hundred providers, and the servers on this machine."""

from __future__ import annotations

import asyncio
import importlib
import ipaddress
import logging
import os
import threading
from collections.abc import AsyncGenerator, Awaitable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from oi_voice.llm.chat import to_chat
from oi_voice.llm.failures import cut, explain, nonsense, silence
from oi_voice.messages import Message
from oi_voice.ports import Abilities, Delta
from oi_voice.runtime import in_thread

GEMINI = ("gemini", "vertex_ai", "vertex_ai_beta")
T = TypeVar("T")
_loading = threading.Lock()


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for a connection, for the first word (a local model may have to be loaded), for the next."""

    connect: float = 10.0
    first: float = 120.0
    stall: float = 30.0


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
    """``ports.Model`` over LiteLLM. ``model`` is LiteLLM's name for it: ``anthropic/…``, ``ollama_chat/…``.

    ``api_base`` and ``api_key`` are the provider's own, and from the environment, when empty; a server on
    this machine is never sent a key from the environment. ``system`` is put before each conversation.
    """

    def __init__(
        self,
        model: str,
        api_base: str = "",
        api_key: str = "",
        temperature: float = 0.0,
        system: str = "",
        patience: Patience = Patience(),
    ) -> None:
        self.name = model
        self.abilities = Abilities()
        self._system, self._patience = system, patience
        self._where = f"The model server at {api_base}" if api_base else f"The provider of {model}"
        self._options: dict[str, Any] = {"model": model, "temperature": temperature}
        if api_base:
            self._options["api_base"] = api_base
        if api_key or _on_this_machine(api_base):
            self._options["api_key"] = api_key or "none"

    async def start(self) -> None:
        """Load LiteLLM, on a thread."""
        await in_thread(load, name="litellm import")

    async def respond(self, messages: Sequence[Message]) -> AsyncGenerator[Delta, None]:
        """Stream the reply; the last delta has ``finish``. Raises ``ModelError`` for whatever goes wrong."""
        litellm = await in_thread(load, name="litellm import")
        chat = to_chat(messages, self._system, sees=_sees(litellm, self.name))
        said, patience = False, self._patience.first
        stream = await self._wait(patience, litellm.acompletion(**self._request(chat)))
        try:
            while (piece := await self._wait(patience, anext(stream, None))) is not None:
                patience = self._patience.stall
                for choice in piece.choices[:1]:
                    if choice.delta.content:
                        said = True
                        yield Delta(choice.delta.content)
                    if choice.finish_reason:
                        if _received_finish(stream):
                            yield Delta(finish=choice.finish_reason)
                            return
                        raise cut(self._where) if said else nonsense(self._where)
            raise cut(self._where)
        finally:
            await stream.aclose()

    def _request(self, chat: list[dict[str, Any]]) -> dict[str, Any]:
        import httpx

        patience = self._patience
        # Ours end first; these are for what hangs below us.
        timeout = httpx.Timeout(patience.first + 5, connect=patience.connect)
        return self._options | {
            "messages": chat,
            "stream": True,
            "timeout": timeout,
            "drop_params": True,  # a model that takes no temperature gets none
            "max_retries": 0,
            "num_retries": 0,
        }

    async def _wait(self, seconds: float, work: Awaitable[T]) -> T:
        import httpx
        import openai

        try:
            async with asyncio.timeout(seconds):
                return await work
        except TimeoutError as error:
            raise silence(self._where) from error
        except (openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise explain(error, self.name, self._where) from error


def _received_finish(stream: Any) -> bool:
    """Whether the server itself said that its reply is whole: LiteLLM makes up a "stop" for any stream that ends.

    Of Gemini's it keeps no trace of that; there a broken connection shows, a reply that Google itself cuts does not.
    """
    if stream.custom_llm_provider in GEMINI:
        return bool(stream.intermittent_finish_reason)
    return bool(stream.received_finish_reason)


def _sees(litellm: Any, model: str) -> bool:
    """Whether LiteLLM's list says that the model takes pictures. Asks nobody."""
    known = litellm.model_cost.get(model) or litellm.model_cost.get(model.partition("/")[2]) or {}
    return bool(known.get("supports_vision"))


def _on_this_machine(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
