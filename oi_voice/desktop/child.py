"""A child process that is spoken to in JSON lines over its stdin and stdout."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import Any

from oi_voice.runtime import spawn

log = logging.getLogger(__name__)

#: Seconds between the end of its stdin and SIGKILL.
GRACE = 1.0
#: Bytes that may wait for a child that does not read; then it counts as hung.
BACKLOG = 8 * 2**20
#: Bytes of a line that it writes: the longest code that can be edited, as JSON.
LONGEST = 2 * 2**20
HERE = str(Path(__file__).resolve().parents[2])  # so that the child finds this very package


class JsonChild:
    """``python -m module``. ``heard`` gets each object it writes; ``ended`` a word on why it is gone, once,
    unless ``close`` asked for it. Both are called on the loop. Anything but JSON objects ends the child.
    """

    def __init__(self, module: str, heard: Callable[[dict[str, Any]], None], ended: Callable[[str], None]) -> None:
        self._module = module
        self._heard = heard
        self._ended: Callable[[str], None] | None = ended
        self._process: Process | None = None
        self._early: list[dict[str, Any]] = []  # said before it could listen
        self._life: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start it, on the running loop; ``ended`` tells if that is impossible."""
        self._life = spawn(self._live(), f"child {self._module}")

    def send(self, message: dict[str, Any]) -> None:
        """Have it told, without waiting. Lost when it is gone, of which ``ended`` tells."""
        if self._process is None:
            self._early.append(message)
            return
        pipe = self._process.stdin
        assert pipe is not None
        if pipe.is_closing():
            return
        pipe.write(json.dumps(message).encode() + b"\n")
        if pipe.transport.get_write_buffer_size() > BACKLOG:
            self.kill()

    def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def close(self) -> None:
        """Ask it to go by ending its stdin, then insist."""
        self._ended = None
        if self._life is None:
            return
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        await asyncio.wait([self._life], timeout=GRACE)
        self.kill()
        await asyncio.wait([self._life])

    async def _live(self) -> None:
        path = os.pathsep.join(filter(None, (HERE, os.environ.get("PYTHONPATH"))))
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", self._module),
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                limit=LONGEST,
                env={**os.environ, "PYTHONPATH": path},
            )
        except OSError as error:
            self._end(str(error))
            return
        self._process = process
        if self._ended is None:  # closed in the meantime
            self.kill()
        for message in self._early:
            self.send(message)
        complaints = spawn(_last_line(process.stderr), f"complaints of {self._module}")
        why = await self._read(process)
        code, complaint = await process.wait(), await complaints
        self._end(why or complaint or f"its process ended with status {code}")

    async def _read(self, process: Process) -> str:
        """Hand on what it writes until it ends; a reason when we ended it."""
        assert process.stdout is not None
        try:
            async for line in process.stdout:
                message = json.loads(line)
                if not isinstance(message, dict):
                    raise ValueError("not an object")
                self._heard(message)
        except ValueError as error:  # also an over-long line and broken UTF-8
            self.kill()
            return f"it wrote something that is not understood ({error})"
        return ""

    def _end(self, why: str) -> None:
        if self._ended is not None:
            ended, self._ended = self._ended, None
            ended(why)


async def _last_line(stream: asyncio.StreamReader | None) -> str:
    assert stream is not None
    last = ""
    while piece := await stream.read(65536):
        text = piece.decode(errors="replace").strip()
        log.debug("child: %s", text)
        last = (text.splitlines() or [last])[-1]
    return last
