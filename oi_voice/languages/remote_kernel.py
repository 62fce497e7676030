"""One kernel on a Jupyter Server or Enterprise Gateway, and the websocket to it.

Its messages are JSON, one a frame, as every such server speaks; a kernel's own signatures stay on the server.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from oi_voice.errors import LanguageError
from oi_voice.languages.gateway import FAILED, LAUNCH_TIMEOUT, MISSING, PULSE, Gateway
from oi_voice.runtime import spawn, within

if TYPE_CHECKING:
    from aiohttp import ClientWebSocketResponse

Heard = Callable[[str, Mapping[str, Any]], None]

END_TIMEOUT = 5.0  # seconds: a stuck kernel is first asked, then killed by its server
AGAIN = (0.1, 0.2, 0.5, 1.0, 0.0)  # seconds of pause after each attempt to end a kernel that its server was restarting
ASK_AGAIN, ASKED_MAX = 0.2, 100  # seconds between two "do I hear you?" to a fresh kernel, and how many there are
RUN = "run-"  # what the ids of all requests begin with
DEAD = ("dead", "restarting", "autorestarting")


class Request:
    """A piece of code under way; ``over`` when its kernel is idle again and its reply is in, or the line is down."""

    def __init__(self, heard: Heard, ended: Callable[[], None]) -> None:
        self.id = RUN + uuid4().hex
        self.started, self.over = asyncio.Event(), asyncio.Event()
        self.fate = ""  # why it has no reply; empty where nobody knows
        self.replied = self._idle = False
        self._heard, self._ended = heard, ended

    def take(self, kind: str, content: Mapping[str, Any]) -> None:
        if kind == "status":
            self.started.set()
            self._idle = content["execution_state"] == "idle"
        elif kind == "execute_reply":
            self.replied = True
        else:
            self._heard(kind, content)
        if self._idle and self.replied:
            self.end()

    def end(self, fate: str = "") -> None:
        if not self.over.is_set():
            self.fate = fate
            self.started.set()
            self.over.set()
            self._ended()


class RemoteKernel:
    """A kernel there, made by ``launch``. ``late`` gets text that comes when its request is over; ``close`` it.

    ``fate`` says what became of it, where it is known to have ended.
    """

    def __init__(self, gateway: Gateway, id: str, late: Callable[[str], object]) -> None:
        self.id, self.fate = id, ""
        self._gateway, self._late = gateway, late
        self._session = uuid4().hex
        self._line: ClientWebSocketResponse | None = None
        self._reader: asyncio.Task[None] | None = None
        self._request: Request | None = None
        self._question, self._hearing = "", asyncio.Event()

    @classmethod
    async def launch(cls, gateway: Gateway, name: str, late: Callable[[str], object]) -> RemoteKernel:
        """A new kernel of that name (none: the server's default), its line open. Raises ``LanguageError``."""
        await gateway.ask("GET")  # answered at once by a server that lives, whatever a kernel takes
        if name and name not in (there := (await gateway.ask("GET", "kernelspecs"))["kernelspecs"]):
            raise LanguageError(
                f"The kernel gateway {gateway.host} has no kernel {name}.",
                fix=f"Set computer.kernel_gateway_kernel to one of: {', '.join(there)}.",
                code="language.gateway",
            )
        model = await gateway.ask("POST", "kernels", body={"name": name} if name else {}, patience=LAUNCH_TIMEOUT)
        kernel = cls(gateway, model["id"], late)
        try:
            await kernel._connect()
        except BaseException:
            await kernel.close()
            raise
        return kernel

    @property
    def connected(self) -> bool:
        return self._reader is not None and not self._reader.done() and not self.fate

    async def rejoin(self) -> bool:
        """Open the line again. False when the kernel was still busy, and was interrupted. Raises ``LanguageError``."""
        await self.hang_up()
        busy = await self._state() == "busy"
        if busy:
            await self.interrupt()
        await self._connect()
        return not busy

    async def alive(self) -> bool:
        """Whether the line is open and the kernel there. Raises ``LanguageError``."""
        if self.connected:
            await self._look()
        return self.connected

    def execute(self, code: str, request: Request) -> None:
        """Run ``code``; what it causes goes to ``request``, which ends with the line at the latest."""
        self._request = request
        spawn(self._execute(code, request), "gateway run")

    async def answer(self, line: str) -> None:
        """Give the line that the code asked for; ``\\x04`` is the end of all lines."""
        await self._send("stdin", "input_reply", {"value": line})

    async def interrupt(self) -> None:
        """Raise ``KeyboardInterrupt`` in the code. Raises ``LanguageError``."""
        await self._gateway.ask("POST", "kernels", self.id, "interrupt")

    async def restart(self) -> None:
        """A fresh one in its place, however stuck it is. Raises ``LanguageError``."""
        self.fate = "had to be ended, for the code would not stop"
        await self.hang_up()
        await self._gateway.ask("POST", "kernels", self.id, "restart", patience=LAUNCH_TIMEOUT)
        self._session = uuid4().hex  # with the old one the server would go on with its channels to the old process
        await self._connect()
        await self._hear()

    async def close(self) -> None:
        """End it there. Raises ``LanguageError`` when the server is not reached or can't."""
        await self.hang_up()
        for pause in AGAIN:
            try:
                await self._gateway.ask("DELETE", "kernels", self.id, patience=END_TIMEOUT)
            except LanguageError as error:
                if error.code == MISSING:
                    return
                if error.code != FAILED or not pause:
                    raise
                await asyncio.sleep(pause)
            else:
                return

    async def hang_up(self) -> None:
        """Close the line; what runs there runs on."""
        line, self._line = self._line, None
        if line:
            await line.close()
        if self._reader:
            await asyncio.wait([self._reader])

    async def _connect(self) -> None:
        line = self._line = await self._gateway.line(self.id, self._session)
        self.fate = ""
        self._reader = spawn(self._read(line), "gateway")

    async def _hear(self) -> None:
        """Wait until what the kernel says comes through: a server that knew it as busy does not see to that."""
        self._question = uuid4().hex
        self._hearing.clear()
        for _ in range(ASKED_MAX):
            await self._send("control", "kernel_info_request", {}, self._question)
            if await within(ASK_AGAIN, self._hearing) or not self.connected:
                break

    async def _send(self, channel: str, kind: str, content: Mapping[str, Any], id: str = "") -> None:
        header = {"msg_id": id or uuid4().hex, "msg_type": kind, "username": "", "session": self._session}
        header |= {"date": datetime.now(UTC).isoformat(), "version": "5.3"}
        message = {"channel": channel, "header": header, "parent_header": {}, "metadata": {}, "content": content}
        if not self._line or not self.connected:
            self._end()
            return
        with suppress(ConnectionError):  # then the reader ends the request
            await self._line.send_json(message)

    async def _execute(self, code: str, request: Request) -> None:
        asked = {"store_history": False, "user_expressions": {}, "allow_stdin": True, "stop_on_error": False}
        await self._send("shell", "execute_request", {"code": code, "silent": False} | asked, request.id)
        while not await within(PULSE, request.over):  # a server says nothing of a kernel when it ends one
            with suppress(LanguageError):
                await self._look()

    async def _look(self) -> None:
        try:
            await self._state()
        except LanguageError as error:
            if error.code != MISSING:
                raise
            self.fate = "has been ended by the server"
            self._end()

    async def _state(self) -> str:
        return str((await self._gateway.ask("GET", "kernels", self.id))["execution_state"])

    async def _read(self, line: ClientWebSocketResponse) -> None:
        try:
            async for frame in line:
                if isinstance(frame.data, str):
                    self._take(json.loads(frame.data))
        finally:
            self._end()

    def _take(self, message: Mapping[str, Any]) -> None:
        parent, kind = message["parent_header"].get("msg_id", ""), message["header"]["msg_type"]
        content, request = message["content"], self._request
        if request and parent == request.id and not request.over.is_set():
            request.take(kind, content)
        elif kind == "stream" and parent.startswith(RUN):  # else it is what a kernel says as it starts
            self._late(content["text"])
        elif kind == "status" and not parent and content["execution_state"] in DEAD:
            self.fate = "ended by itself"
            self._end()
        elif kind == "status" and parent == self._question:
            self._hearing.set()

    def _end(self) -> None:
        if self._request:
            self._request.end(self.fate)
