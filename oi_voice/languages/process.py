"""One kernel process from birth to death: requests, interrupts, its end."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import queue
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import IO, Any

from oi_voice.errors import LanguageError
from oi_voice.languages import descendants
from oi_voice.languages.capped import SHOWN
from oi_voice.languages.inside.asking import NO_ANSWER
from oi_voice.languages.launch import connect_input, launch, load, socket_directory
from oi_voice.languages.local import START_TIMEOUT
from oi_voice.languages.request import Request
from oi_voice.runtime import in_thread, spawn, within

ASK_AGAIN = 0.1  # seconds between "are you there?" while the kernel starts
SAID_WITHIN = 1.0  # seconds that a question waits for what was printed before it, which comes on another channel
DRAIN = 0.05  # seconds without a message after which a dead kernel has said all


class KernelProcess:
    """A running kernel, made by ``launch``. ``close`` it even when it died by itself."""

    def __init__(self, process: subprocess.Popen[bytes], client: Any, log: IO[bytes], interpreters: set[int]) -> None:
        self.gone = asyncio.Event()
        self._interpreters = interpreters
        interpreters.add(process.pid)
        self.killed = False
        self._process, self._client, self._log = process, client, log
        self._requests: dict[str, Request] = {}
        self._input: Any = None
        self._shell, self._control, self._output = client.shell_channel, client.control_channel, client.iopub_channel
        self._readers = [spawn(self._read(one), "kernel") for one in (self._shell, self._control, self._output)]
        self._watch = spawn(self._outlive(), "kernel watch")

    @classmethod
    async def launch(cls, env: Mapping[str, str], interpreters: set[int]) -> KernelProcess:
        """Start a kernel of this very Python in ``env``, one of the ``interpreters``; returns when it answers.

        Raises ``LanguageError`` when it does not, ``OSError`` when there is no room for its process or sockets.
        """
        await in_thread(load, name="kernel import")
        with socket_directory() as directory:
            kernel = cls(*launch(directory, env), interpreters)
            try:
                await kernel._answer()
            except BaseException:
                await kernel.close(grace=0)
                raise
            return kernel

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def fate(self) -> str:
        """How the process ended: ``exit code 3``, ``signal SIGSEGV``."""
        how = descendants.fate(self._process.returncode)
        return f"{how} (perhaps out of memory)" if how == "signal SIGKILL" and not self.killed else how

    def execute(self, code: str, request: Request | None = None, identity: str = "", told: int = SHOWN) -> Request:
        """Run ``code``. ``identity`` becomes the message id that all it causes names as its parent; none: silently.

        ``request`` hears of it. The model is to be shown ``told`` characters of its text.
        """
        content = {
            "code": code,
            "silent": not identity,
            "store_history": False,
            "user_expressions": {},
            "allow_stdin": bool(identity),
            "stop_on_error": False,
        }
        request = request or Request()
        return self._send(self._shell, "execute_request", content, request, identity, {"oi_voice": {"told": told}})

    def interrupt(self) -> None:
        """Raise ``KeyboardInterrupt`` in the code."""
        if sys.platform == "win32":  # written, not tested
            importlib.import_module("jupyter_client.win_interrupt").send_interrupt(self._process.win32_interrupt_event)
        else:
            self._process.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """End the kernel and all of its process group, now."""
        self.killed = self.killed or not self.gone.is_set()
        if sys.platform == "win32":
            self._process.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # gone; of a zombie macOS says the latter
                os.killpg(self.pid, signal.SIGKILL)

    async def close(self, grace: float = 1.0) -> None:
        """Ask it to leave (its ``atexit`` functions run); after ``grace`` seconds kill it. Let go of everything.

        What it has started ends with it, where that was not disowned; what was, ends with the family.
        """
        if self._log.closed:
            return
        brood = await in_thread(descendants.descendants, self.pid, name="kernel end")
        if grace and not self.gone.is_set():
            self._send(self._control, "shutdown_request", {"restart": False}, Request())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(grace):
                    await self.gone.wait()
        self.kill()
        descendants.kill(brood)
        await asyncio.wait([self._watch])
        self._log.close()
        self._client.stop_channels()
        self._client.context.destroy(linger=0)

    def _send(
        self,
        channel: Any,
        kind: str,
        content: Mapping[str, Any],
        request: Request,
        identity: str = "",
        metadata: Mapping[str, Any] | None = None,
    ) -> Request:
        message = self._client.session.msg(kind, content, metadata=metadata)
        if identity:
            message["header"]["msg_id"] = message["msg_id"] = identity
        self._requests[message["msg_id"]] = request
        if self.gone.is_set():
            request.end()
        else:
            self._post(channel, message)
        return request

    def _post(self, channel: Any, message: Mapping[str, Any]) -> None:
        """As ``channel.send``, but known to the socket's reader.

        A socket tells only once of what has arrived; that word may come to who is sending, and is then passed on.
        """
        channel.socket.send_multipart(self._client.session.serialize(message))

    async def _answer(self) -> None:
        try:
            async with asyncio.timeout(START_TIMEOUT):
                if await self._reach(self._shell) and await self._reach(self._control):
                    self._input = await connect_input(self._client)
                    self._readers.append(spawn(self._read(self._input), "kernel"))
                    return
            what = f"ended at its start ({self.fate})"
        except TimeoutError:
            what = "did not answer"
        raise LanguageError(
            f"Python's kernel {what}. {self._last_words()}".strip(),
            fix=f"Check that ipykernel works: {sys.executable} -m ipykernel --version",
            code="language.start",
        )

    async def _reach(self, channel: Any) -> bool:
        """Ask until there is a whole answer, for each socket connects in its own time. False: the kernel is gone."""
        request = Request()
        while not self.gone.is_set():
            self._send(channel, "kernel_info_request", {}, request)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ASK_AGAIN):
                    await request.over.wait()
                    return not self.gone.is_set()
        return False

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    async def _read(self, channel: Any) -> None:
        while True:
            self._take(await channel.get_msg())

    def _take(self, message: Mapping[str, Any]) -> None:
        parent = message["parent_header"].get("msg_id", "")
        request = self._requests.get(parent)
        if request is None:
            return
        if message["msg_type"] == "input_request":
            request.asking = spawn(self._ask(request, message["content"]), "kernel input")
            return
        request.take(message["msg_type"], message["content"])
        if request.over.is_set():
            del self._requests[parent]

    async def _ask(self, request: Request, question: Mapping[str, Any]) -> None:
        await within(SAID_WITHIN, request.said)
        request.said.clear()
        answer = await request.ask(question["prompt"], question["password"])
        line = NO_ANSWER + answer.why if answer.text is None else answer.text
        whole = line.encode("utf-8", "backslashreplace").decode()  # half a character cannot travel
        self._post(self._input, self._client.session.msg("input_reply", {"value": whole}))

    async def _outlive(self) -> None:
        """Wait for the process to end, hear it out, then end what it left unanswered."""
        await in_thread(self._process.wait, name="kernel watch")
        self._interpreters.discard(self.pid)
        for reader in self._readers:
            reader.cancel()
        await asyncio.wait(self._readers)
        with contextlib.suppress(queue.Empty):
            while True:
                self._take(await self._output.get_msg(timeout=DRAIN))
        self.gone.set()
        for request in list(self._requests.values()):
            request.end()
        self._requests.clear()
