"""A function of the user's as the language model: it takes what OpenAI's ``completions`` takes, and yields chunks."""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Generator, Iterable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from oi_voice.errors import ModelError
from oi_voice.llm.chat import EXECUTE, prepare
from oi_voice.llm.options import Options
from oi_voice.llm.reading import Failed, Malformed, Reply, plain
from oi_voice.messages import Message
from oi_voice.ports import Delta
from oi_voice.runtime import Worker, contained, outcome, spawn

Completions = Callable[..., Any]
END = object()
SHAPE = 'Yield chunks like {"choices": [{"delta": {"content": "…"}}]}, or text.'


class CustomModel:
    """``ports.Model`` over ``completions``, a generator function, plain or async; one that returns is fine too.

    It is called with those of ``messages``, ``model``, ``stream``, ``max_tokens``, ``temperature``, ``tools``,
    ``api_base``, ``api_key`` and ``api_version`` that its signature takes. What is not async runs on a thread of its
    own. Its end is the reply's, unless it gives another finish reason.
    """

    def __init__(self, completions: Completions, options: Options) -> None:
        self.name = options.model
        self.abilities = options.abilities
        self._completions, self._options = completions, options
        self._called = getattr(completions, "__name__", type(completions).__name__)

    async def start(self) -> None:
        """There is nothing to load."""

    async def close(self) -> None:
        """There is nothing to close."""

    async def respond(self, messages: Sequence[Message]) -> AsyncGenerator[Delta, None]:
        """Stream what the function yields. Raises ModelError when it raises, or yields what is no chunk."""
        chat = await prepare(messages, self.abilities, shrink=self._options.shrink_images)
        reply = Reply()
        async with aclosing(self._chunks(self._arguments(chat))) as chunks:
            async for chunk in chunks:
                try:
                    deltas = list(reply.read(_event(chunk)))
                except Malformed as error:
                    what = f"yielded a {type(chunk).__name__} that is no chunk ({error})"
                    raise ModelError(f"Your function {self._called} {what}.", fix=SHAPE, code="model.custom") from error
                except Failed as failure:
                    raise self._failed(failure.body) from failure
                for delta in deltas:
                    yield delta
        reply.began = True
        for delta in reply.last(done=True):
            yield delta

    def _arguments(self, chat: list[dict[str, Any]]) -> dict[str, Any]:
        options = self._options
        given = {
            "messages": chat,
            "model": options.model,
            "stream": True,
            "max_tokens": options.max_tokens or None,
            "temperature": options.temperature,
            "tools": [EXECUTE] if self.abilities.functions else None,
            "api_base": options.api_base or None,
            "api_key": options.api_key or None,
            "api_version": options.api_version or None,
        }
        parameters = inspect.signature(self._completions).parameters.values()
        if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
            named = {parameter.name for parameter in parameters}
            return {name: value for name, value in given.items() if value is not None or name in named}
        return {parameter.name: given[parameter.name] for parameter in parameters if parameter.name in given}

    async def _chunks(self, arguments: dict[str, Any]) -> AsyncGenerator[Any, None]:
        """What the function gives, one by one, whatever sort of function it is; closed when nobody listens any more."""
        worker = Worker(f"model function {self._called}")
        result: Any = None
        try:
            result = await self._outcome(worker.run(lambda: self._completions(**arguments)))
            if isinstance(result, Awaitable):
                result = await self._outcome(contained(result))
            if isinstance(result, str | Mapping) or hasattr(result, "choices"):
                yield result
            elif isinstance(result, AsyncIterable):
                result = aiter(result)
                while (chunk := await self._outcome(contained(anext(result, END)))) is not END:
                    yield chunk
            elif isinstance(result, Iterable):
                result = iter(result)
                while (chunk := await self._outcome(worker.run(next, result, END))) is not END:
                    yield chunk
            else:
                yield result
        finally:
            spawn(_leave(worker, result), f"close {self._called}")  # the thread may still be busy with a step

    async def _outcome(self, work: Awaitable[Any]) -> Any:
        result = await outcome(work)
        if isinstance(result, BaseException):
            raise self._failed(f"{type(result).__name__}: {result}") from result
        return result

    def _failed(self, what: object) -> ModelError:
        return ModelError(f"Your function {self._called} failed. It says: {what}", code="model.custom")


async def _leave(worker: Worker, result: Any) -> None:
    """Close a generator where it ran, and end its thread."""
    if isinstance(result, AsyncGenerator):
        await result.aclose()
    elif isinstance(result, Generator):
        await worker.run(result.close)
    worker.close()


def _event(chunk: Any) -> Any:
    return {"choices": [{"delta": {"content": chunk}}]} if isinstance(chunk, str) else plain(chunk)
