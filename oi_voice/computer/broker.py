"""The door through which running code reaches the computer: a private socket in front of the handlers.

A request is a line of JSON, ``{"run": id, "call": "mouse.click", "args": [...], "kwargs": {...}}``, an answer
``{"result": ...}`` or ``{"error": {"code": ..., "words": ...}}``. A picture is answered as
``{"frame": [width, height, number], "bytes": n}`` and n bytes of RGB after the line: raw, for on one machine
they travel faster than they can be packed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from oi_voice import folders
from oi_voice.computer import permit as permits
from oi_voice.computer.calls import Call, Directory, Request
from oi_voice.computer.permit import Hold, Permit, refusal
from oi_voice.errors import ComputerError, OiVoiceError
from oi_voice.ports import Frame
from oi_voice.runtime import Worker, spawn

log = logging.getLogger(__name__)
LINE = 1 << 24  # bytes; the longest request
PIECE = 1 << 19  # bytes; a picture goes out in pieces, so that the loop is never held for long


class Broker:
    """Implements ``ports.Broker``. Its methods are called on the core loop; blocking handlers run on a worker.

    Each grant has a worker of its own: what a stopped run still waits for never holds up the next one.
    ``release`` lets go of held keys and buttons. A kernel finds the broker by ``address``.
    """

    def __init__(self, handlers: Mapping[str, object], release: Callable[[], None]) -> None:
        self.address = ""
        self._directory = Directory(handlers)
        self._release = release
        self._hold = Hold()
        self._grant: _Grant | None = None
        self._server: asyncio.Server | None = None
        self._folder = ""
        self._secret = ""
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def register(self, name: str, handler: object) -> None:
        """Let code call the public methods of ``handler`` as ``computer.<name>.*``, on the loop; they may be async."""
        self._directory.add(name, handler, on_loop=True)

    async def start(self, folder: Path | None = None) -> None:
        """Open the socket, in a private folder of the caller's or one of our own, and set ``address``."""
        if sys.platform == "win32":  # loopback with a secret; not tested
            self._secret = secrets.token_hex(16)
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LINE)
            port = self._server.sockets[0].getsockname()[1]
            self.address = f"tcp:127.0.0.1:{port}:{self._secret}"
        else:
            if folder is None:
                folder = folders.private()
                self._folder = str(folder)
            path = folder / "broker"
            self._server = await asyncio.start_unix_server(self._serve, path, limit=LINE)
            self.address = f"unix:{path}"

    def grant(self, run: str) -> None:
        """Let the code of this run, and of no other, use the computer from now on."""
        self.revoke()
        self._grant = _Grant(run, self._hold)

    def revoke(self) -> None:
        """Refuse everything from now on, what is queued included; held keys and buttons are let go of."""
        if self._grant is None:
            return
        grant, self._grant = self._grant, None
        grant.end()
        if grant.worker is not None:
            task = spawn(_let_go(grant.worker, self._release), "broker release")
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def hold(self, why: str) -> None:
        """Refuse everything but looking, what is queued and under way included, whosever code it is, until ``go_on``.

        ``why`` is the sentence that the code is told. Takes no time.
        """
        self._hold.why = why

    def go_on(self) -> None:
        """Take actions again."""
        self._hold.why = ""

    async def close(self) -> None:
        """Revoke, end every connection and remove the socket."""
        self.revoke()
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._connections.values():
            writer.close()
        if waiting := {*self._connections, *self._closing}:
            await asyncio.wait(waiting, timeout=1.0)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task: Any = asyncio.current_task()
        self._connections[task] = writer
        try:
            if self._secret and (await reader.readline()).strip() != self._secret.encode():
                return
            while line := await reader.readline():
                await _send(writer, await self._answer(line))
        except (ConnectionError, ValueError) as error:  # the other side went away, or sent an endless line
            log.debug("broker connection ended: %s", error)
        finally:
            del self._connections[task]
            writer.close()

    async def _answer(self, line: bytes) -> object:
        try:
            request = Request.parse(line)
            grant = self._grant
            if grant is None or not secrets.compare_digest(request.run.encode(), grant.permit.run.encode()):
                raise refusal()
            return await self._perform(grant, self._directory.find(request))
        except OiVoiceError as error:
            return {"error": {"code": error.code, "words": str(error)}}

    async def _perform(self, grant: _Grant, call: Call) -> object:
        work = spawn(_outcome(call, grant), f"computer.{call.name}")
        either: list[asyncio.Future[Any]] = [work, grant.ended]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if grant.permit.revoked:
            if not call.on_loop:  # what the app does on the loop may be the very stop, and is left to end
                work.cancel()
            raise refusal()
        if unforeseen := work.exception():
            raise ComputerError(f"{call.name} failed: {unforeseen}.", code="computer.internal") from unforeseen
        result, error = work.result()
        if error is not None:
            raise error
        return result


class _Grant:
    def __init__(self, run: str, hold: Hold) -> None:
        self.permit = Permit(run, hold)
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.worker: Worker | None = None

    def end(self) -> None:
        self.permit.revoked = True
        self.ended.set_result(None)

    def perform(self, call: Call) -> object:
        """On the worker: the call, under this grant's permit."""
        token = permits.current.set(self.permit)
        try:
            self.permit.check(looks=call.looks)
            return call()
        finally:
            permits.current.reset(token)


async def _outcome(call: Call, grant: _Grant) -> tuple[object, OiVoiceError | None]:
    """What came of a call. An error meant for people is a result; any other is logged by ``spawn``."""
    try:
        if call.on_loop:
            grant.permit.check()
            result = call()
            return (await result if asyncio.iscoroutine(result) else result), None
        grant.worker = grant.worker or Worker("broker")
        return await grant.worker.run(grant.perform, call), None
    except OiVoiceError as error:
        return None, error


async def _let_go(worker: Worker, release: Callable[[], None]) -> None:
    try:
        with contextlib.suppress(OiVoiceError):  # no display any more: nothing is held
            await worker.run(release)
    finally:
        worker.close()


async def _send(writer: asyncio.StreamWriter, answer: object) -> None:
    pixels = memoryview(b"")
    if isinstance(answer, Frame):
        pixels = memoryview(answer.rgb)
        head: object = {"frame": [answer.width, answer.height, answer.number], "bytes": len(pixels)}
    else:
        head = answer if isinstance(answer, dict) and "error" in answer else {"result": answer}
    writer.write(json.dumps(head, default=str).encode() + b"\n")
    for start in range(0, len(pixels), PIECE):
        await writer.drain()
        writer.write(pixels[start : start + PIECE])
    await writer.drain()
