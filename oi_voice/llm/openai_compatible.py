"""Any endpoint that speaks OpenAI's chat protocol, through the ``openai`` client.

The client makes the request and its errors; what it streams is read here, for its own objects cost several times as
much as the reply itself (see ``benchmarks/streaming.py``) and hide whether the server said that it was done.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import re
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar

from oi_voice.addresses import on_this_machine, place
from oi_voice.errors import ModelError
from oi_voice.llm.chat import EXECUTE
from oi_voice.llm.events import Events
from oi_voice.llm.failures import cut, explain, explain_event, key_missing, nonsense, silence
from oi_voice.llm.options import LINGER, Options
from oi_voice.llm.reading import Failed, Reply
from oi_voice.llm.transcript import Transcript
from oi_voice.messages import Message
from oi_voice.ports import Delta
from oi_voice.runtime import in_thread

if TYPE_CHECKING:
    import httpx
    from openai import AsyncOpenAI

OPENAI = "https://api.openai.com/v1"
NEWER = re.compile(r"o\d|gpt-[5-9]")  # OpenAI's models that think before they answer, and take no temperature
T = TypeVar("T")


class OpenAIModel:
    """``ports.Model`` over OpenAI's protocol.

    ``options`` are the endpoint's own: its name for the model, its address, the key for it. ``name`` is what people
    call the model, ``needs`` the variable that its key belongs in, if it can't be used without one. What a server
    refuses to be told (a temperature, say) it isn't told again.
    """

    def __init__(self, options: Options, *, name: str = "", needs: str = "") -> None:
        self.name = name or options.model
        self.abilities = options.abilities
        self._options, self._needs = options, needs
        self._base = options.api_base or OPENAI
        self._local = on_this_machine(self._base)
        self._where = "OpenAI" if self._base == OPENAI else f"The model server at {place(self._base)}"
        self._limit = "max_completion_tokens" if self._base == OPENAI else "max_tokens"
        self._unwanted: set[str] = set()
        if self._base == OPENAI and NEWER.match(options.model) and not options.temperature:
            self._unwanted.add("temperature")
        self._transcript = Transcript(options.abilities, shrink=options.shrink_images)
        self._client: AsyncOpenAI | None = None

    async def start(self) -> None:
        """Import the client, on a thread: it takes half a second."""
        if self._client is None:
            await in_thread(load, name="openai import")
            try:
                self._client = _connect(self._options, self._base, self._local)
            except ValueError as error:  # the address has no form that one has
                raise explain(error, self.name, self._where) from error

    async def close(self) -> None:
        """End the connections that are kept for the next request."""
        if client := self._client:
            self._client = None
            await client.close()

    async def respond(self, messages: Sequence[Message]) -> AsyncGenerator[Delta, None]:
        """Stream the reply.

        A reply is whole when the server gave a finish reason or said ``[DONE]``; one that ends without either was
        cut, and raises. Raises ModelError for whatever goes wrong.
        """
        if self._needs and not self._options.api_key:
            raise key_missing(self.name, self._needs)
        due = asyncio.get_running_loop().time() + self._options.patience.first
        await self.start()
        chat, body = await self._transcript.json(messages), self._body()
        response = await self._ask(chat, body, due)
        try:
            async with aclosing(self._read(response, due, bool(body.get("tools")))) as deltas:
                async for delta in deltas:
                    yield delta
        finally:
            await response.aclose()

    def _body(self) -> dict[str, Any]:
        """What a request holds beside the conversation."""
        options = self._options
        body: dict[str, Any] = {"model": options.model, "stream": True, "stream_options": {"include_usage": True}}
        if options.temperature is not None:
            body["temperature"] = options.temperature
        if options.max_tokens:
            body[self._limit] = options.max_tokens
        if self.abilities.functions:
            body["tools"] = [EXECUTE]
        return {key: value for key, value in body.items() if key not in self._unwanted}

    async def _ask(self, chat: bytes, body: dict[str, Any], due: float) -> httpx.Response:
        """Send the request, again without what the server refuses to be told."""
        import openai

        while True:
            try:
                return await self._within(due, self._post(chat, body))
            except openai.APIStatusError as error:
                if not self._relent(body, error):
                    raise explain(error, self.name, self._where) from error

    async def _post(self, chat: bytes, body: dict[str, Any]) -> httpx.Response:
        import openai

        assert self._client is not None
        query = {"api-version": self._options.api_version} if self._options.api_version else {}
        stream = await self._client.post(
            "/chat/completions",
            cast_to=object,
            content=json.dumps(body).encode()[:-1] + b',"messages":' + chat + b"}",
            options={"params": query},
            stream=True,
            stream_cls=openai.AsyncStream[object],
        )
        return stream.response

    def _relent(self, body: dict[str, Any], error: Any) -> bool:
        """Take out of the request, and of those to come, what the server says that it won't have."""
        if error.status_code not in (400, 422):
            return False
        words, named = str(error), getattr(error, "param", None)
        if named == self._limit or re.search(rf"\b{self._limit}\b.{{0,80}}(unsupported|not supported|instead)", words):
            other = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}[self._limit]
            if self._limit in body and other in words:
                body[other], self._limit = body.pop(self._limit), other
                return True
        for name in ("stream_options", "temperature"):
            if name in body and (named == name or name in words):
                del body[name]
                self._unwanted.add(name)
                return True
        return False

    async def _read(self, response: httpx.Response, due: float, offered: bool) -> AsyncGenerator[Delta, None]:
        patience, now = self._options.patience, asyncio.get_running_loop().time
        # A server on this machine may hold a call back until it is whole.
        stall = patience.first if self._local and offered else patience.stall
        events, reply, pieces = Events(), Reply(), response.aiter_bytes()
        try:
            while (data := await self._more(pieces, due, reply)) is not None:
                for event in events.feed(data):
                    for delta in reply.read(event):
                        yield delta
                due = now() + (LINGER if reply.finish or events.done else stall) if reply.said else due
            for event in events.end():
                for delta in reply.read(event):
                    yield delta
        except Failed as failure:
            if not reply.finish:
                raise explain_event(failure.body, self.name, self._where) from failure
        except ValueError as error:
            if not reply.finish:
                raise nonsense(self._where) from error
        for delta in reply.last(done=events.done):
            yield delta
        if not reply.finish:
            raise cut(self._where) if reply.began or events.torn else nonsense(self._where)

    async def _more(self, pieces: Any, due: float, reply: Reply) -> bytes | None:
        """The next bytes; None at the end, be it a bad one once the reply itself was whole."""
        try:
            return await self._within(due, anext(pieces, None), late=reply.said)
        except ModelError:
            if reply.finish:
                return None
            raise

    async def _within(self, due: float, work: Awaitable[T], *, late: bool = False) -> T:
        import httpx
        import openai

        try:
            async with asyncio.timeout_at(due):
                return await work
        except TimeoutError as error:
            raise silence(self._where, transient=late) from error
        except openai.APIStatusError:
            raise
        except (openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise explain(error, self.name, self._where) from error


def load() -> None:
    """Import the client; takes half a second, so do it on a thread."""
    importlib.import_module("openai")


def _connect(options: Options, base: str, local: bool) -> AsyncOpenAI:
    """The client. It never tries again by itself, and gives none but OpenAI what the environment has for OpenAI."""
    import httpx
    import openai

    timeout = httpx.Timeout(None, connect=options.patience.connect)
    hidden: dict[str, Any] = {}
    if base != OPENAI:
        extra = os.environ.get("OPENAI_CUSTOM_HEADERS", "").splitlines()
        names = ["OpenAI-Organization", "OpenAI-Project", *[line.partition(":")[0].strip() for line in extra]]
        hidden = dict.fromkeys(names, openai.omit)
    return openai.AsyncOpenAI(
        api_key=options.api_key or "none",
        base_url=base,
        timeout=timeout,
        max_retries=0,
        default_headers=hidden,
        # No proxy stands between us and this machine.
        http_client=openai.DefaultAsyncHttpxClient(timeout=timeout, trust_env=not local),
    )
