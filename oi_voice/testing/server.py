"""A model server on loopback that answers by script: OpenAI's chat protocol, and all the ways it can go wrong."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self

Script = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class ModelServer:
    """``script`` answers each request; ``hung_up`` is set when a client leaves before its answer ended."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[Request] = []
        self.asked = asyncio.Event()
        self.hung_up = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
        self._clients: set[asyncio.StreamWriter] = set()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._clients:
            writer.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            self.requests.append(await _request(reader))
            self.asked.set()
            answer = asyncio.ensure_future(self.script(writer))
            gone = asyncio.ensure_future(reader.read(1))
            await asyncio.wait([answer, gone], return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                self.hung_up.set()
            answer.cancel()
            gone.cancel()
            await asyncio.wait([answer, gone])
        writer.close()


async def _request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {key.lower(): value.strip() for key, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, json.loads(body) if body else {})


def streaming(*texts: str, finish: str = "stop", stall: bool = False, cut: str = "") -> Script:
    """A streamed reply. ``stall``: then silence for ever. ``cut``: ``clean`` or ``torn``, it ends before its end."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        chunked = cut != "clean"  # without chunks, the end of the connection looks like the end of the answer
        coding = b"Transfer-Encoding: chunked\r\n" if chunked else b""
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n" + coding + b"\r\n")

        async def send(data: str) -> None:
            event = f"data: {data}\n\n".encode()
            writer.write(b"%x\r\n%s\r\n" % (len(event), event) if chunked else event)
            await writer.drain()

        for text in texts:
            await send(json.dumps(_piece({"role": "assistant", "content": text})))
        if stall:
            await asyncio.Event().wait()
        if cut:
            return
        await send(json.dumps(_piece({}, finish)))
        await send("[DONE]")
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    return answer


def plain(*lines: str) -> Script:
    """These lines as they are, and the end of the connection: for protocols other than OpenAI's."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        for line in lines:
            writer.write(line.encode())
            await writer.drain()

    return answer


def silent() -> Script:
    """Takes the request and never says a word."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    return answer


def refusing(status: int, body: str = "", kind: str = "application/json") -> Script:
    """An answer with this status; the body is an error as OpenAI writes it unless given."""
    text = body or json.dumps({"error": {"message": "the server's own words", "type": "t", "code": "c"}})

    async def answer(writer: asyncio.StreamWriter) -> None:
        data = text.encode()
        head = (
            f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n"
        )
        writer.write(head.encode() + data)
        await writer.drain()

    return answer


def _piece(delta: dict[str, str], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
