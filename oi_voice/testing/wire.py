"""HTTP/1.1 as a scripted server needs it: one request read whole, one answer written piece by piece."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass
class Request:
    """What a client asked; ``at`` is ``time.monotonic()`` when all of it was here, the same clock for all processes."""

    method: str
    path: str
    headers: dict[str, str]
    data: bytes
    at: float

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON that was sent; {} for none."""
        return json.loads(self.data) if self.data else {}


@dataclass
class Wire:
    """The connection that a script answers on. ``every`` cuts what is sent into HTTP chunks of that many bytes."""

    writer: asyncio.StreamWriter
    request: Request
    keep: bool = False
    every: int = 0
    framed: bool = False  # whether the client can tell where the answer ended, so that another can follow

    async def head(
        self,
        status: int = 200,
        kind: str = "text/event-stream",
        *,
        length: int | None = None,
        chunked: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Begin the answer: of ``length`` bytes, in chunks, or until the connection ends."""
        lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}"]
        lines.append("Connection: keep-alive" if self.keep else "Connection: close")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self._chunked = length is None and chunked
        self.framed = length is not None
        if length is not None:
            lines.append(f"Content-Length: {length}")
        elif chunked:
            lines.append("Transfer-Encoding: chunked")
        self.writer.write("\r\n".join([*lines, "", ""]).encode())
        await self.writer.drain()

    async def send(self, data: bytes) -> None:
        """A piece of the body."""
        step = self.every or len(data) or 1
        for start in range(0, len(data), step):
            piece = data[start : start + step]
            self.writer.write(b"%x\r\n%s\r\n" % (len(piece), piece) if self._chunked else piece)
            await self.writer.drain()

    async def event(self, data: str | Mapping[str, Any]) -> None:
        """A server-sent event with this data."""
        text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        await self.send(f"data: {text}\n\n".encode())

    async def end(self) -> None:
        """End the body as HTTP has it."""
        if self._chunked:
            self.writer.write(b"0\r\n\r\n")
            await self.writer.drain()
            self.framed = True


Script = Callable[[Wire], Awaitable[None]]


async def read_request(reader: asyncio.StreamReader, first: bytes = b"") -> Request:
    """The next request; IncompleteReadError when there is none. ``first`` is what was read of it already."""
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {key.lower(): value.strip() for key, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, body, time.monotonic())
