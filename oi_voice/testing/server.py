"""A model server on loopback that answers by script, for async tests (``ModelServer``) and all others (``serve``).

``async with ModelServer(streaming("Hel", "lo")) as server: …`` or, anywhere,
``with serve(in_turn(refusing(500), streaming("Hello"))) as server: …``; it is at ``server.url``.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Self

from oi_voice.runtime import Core, spawn
from oi_voice.testing.replies import (
    blob,
    by_request,
    calls,
    chars,
    error,
    failing,
    in_turn,
    plain,
    raw_call,
    refusing,
    silent,
    streaming,
    thought,
    tokens,
)  # fmt: skip
from oi_voice.testing.wire import Request, Script, Wire, read_request

__all__ = [
    "ModelServer", "Request", "Script", "Wire", "blob", "by_request", "calls", "chars", "error", "failing", "in_turn",
    "plain", "raw_call", "refusing", "serve", "silent", "streaming", "thought", "tokens",
]  # fmt: skip


class ModelServer:
    """``script`` answers each request, and may be changed between them; ``requests`` are those that came.

    ``asked`` is set by the first, ``hung_up`` when a client leaves before its answer ended: events of the loop that
    the server runs on. Other threads wait with ``until``. With ``keep`` connections stay open from one request to the
    next; ``connections`` counts them.
    """

    def __init__(self, script: Script, *, keep: bool = False) -> None:
        self.script = script
        self.keep = keep
        self.requests: list[Request] = []
        self.connections = 0
        self.asked = asyncio.Event()
        self.hung_up = asyncio.Event()
        self._news = threading.Condition()
        self._clients: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._clients:
            writer.close()
        await self._server.wait_closed()

    def until(self, what: Callable[[], bool], timeout: float = 5.0) -> bool:
        """Wait, on another thread than the server's, for something to be so: ``lambda: server.hung_up.is_set()``."""
        with self._news:
            return self._news.wait_for(what, timeout)

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        self.connections += 1
        first: bytes | None = b""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while first is not None:
                first = await self._answer(await read_request(reader, first), reader, writer)
        self._clients.discard(writer)
        writer.close()

    async def _answer(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bytes | None:
        """Answer one request; returns what was read of the next, or None when there can be none."""
        self.requests.append(request)
        self.asked.set()
        self._tell()
        wire = Wire(writer, request, self.keep)
        answer = spawn(self._play(wire), "answer by script")
        gone = spawn(_next_byte(reader), "client leaves")
        await asyncio.wait([answer, gone], return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            self._left()
        answer.cancel()
        first = gone.result() if gone.done() else b""
        gone.cancel()
        await asyncio.wait([answer, gone])
        return first if self.keep and wire.framed else None

    async def _play(self, wire: Wire) -> None:
        try:
            await self.script(wire)
        except ConnectionError:
            self._left()

    def _left(self) -> None:
        self.hung_up.set()
        self._tell()


async def _next_byte(reader: asyncio.StreamReader) -> bytes:
    with contextlib.suppress(ConnectionError):
        return await reader.read(1)
    return b""


@contextlib.contextmanager
def serve(script: Script, *, keep: bool = False) -> Iterator[ModelServer]:
    """A server on a thread of its own, for whoever has no loop, or one that is busy."""
    core, server = Core(), ModelServer(script, keep=keep)
    try:
        core.call(server.__aenter__())
        try:
            yield server
        finally:
            core.call(server.__aexit__(), timeout=5)
    finally:
        core.stop()
