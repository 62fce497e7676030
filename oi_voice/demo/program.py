"""The real program as a child process, watched through the events it publishes."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from oi_voice.demo.stage import Stage
from oi_voice.desktop.instance import socket_path
from oi_voice.errors import DesktopError
from oi_voice.runtime import daemon
from oi_voice.settings import PREFIX

#: An event as it comes over the socket: the fields of ``oi_voice.events``, its type's name under ``event``.
Event = dict[str, Any]


class Program:
    """``python -m oi_voice`` on a stage. Settings of the person's own environment do not reach it."""

    def __init__(self, stage: Stage, *arguments: str) -> None:
        self._stage = stage
        self._arguments = arguments
        self._env = {name: value for name, value in stage.env.items() if not name.startswith(PREFIX)}
        self._changed = threading.Condition()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self.events: list[Event] = []

    def start(self, timeout: float = 60.0) -> None:
        """Start it; returns when it says that it is ready."""
        command = (sys.executable, "-m", "oi_voice", *self._arguments)
        self._process = self._stage.children.start(
            *command, env=self._env, cwd=Path(self._env["HOME"]), name="oi-voice"
        )
        end = time.monotonic() + timeout
        self._socket = self._connect(end)
        self._socket.sendall(b'{"do": "events"}\n')
        daemon(self._read, "program's events")
        self.wait(0, end - time.monotonic(), named("Notice", code="ready"))

    def close(self) -> None:
        """Ask it to quit, and end it if it does not."""
        if self._socket is not None:
            self._socket.close()
        if self._process is not None:
            self._stage.children.end(self._process, grace=5.0)

    def mark(self) -> int:
        """A place in the stream of events to wait from: the number (``n``) of the next one."""
        with self._changed:
            return len(self.events)

    def since(self, mark: int, wanted: Callable[[Event], bool]) -> list[Event]:
        """The events from ``mark`` on that ``wanted`` is true of."""
        with self._changed:
            return [event for event in self.events[mark:] if wanted(event)]

    def wait(self, mark: int, timeout: float, *wanted: Callable[[Event], bool]) -> Event:
        """The first event from ``mark`` on that any of ``wanted`` is true of. DesktopError after ``timeout``."""
        end = time.monotonic() + timeout
        with self._changed:
            while True:
                for event in self.events[mark:]:
                    if any(fits(event) for fits in wanted):
                        return event
                self._check()
                if time.monotonic() > end:
                    raise DesktopError(f"The program did not go on within {timeout:g} s.", fix="Its log tells more.")
                self._changed.wait(min(0.5, max(0.0, end - time.monotonic())))

    def _check(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            self._stage.children.check()

    def _connect(self, end: float) -> socket.socket:
        """Its socket announces nothing when it comes up: try every 20 ms."""
        path = str(socket_path(self._env))
        while True:
            self._check()
            link = socket.socket(socket.AF_UNIX)
            if link.connect_ex(path) == 0:
                return link
            link.close()
            if time.monotonic() > end:
                raise DesktopError("The program did not come up in time.", fix="Start oi-voice by hand to see why.")
            time.sleep(0.02)

    def _read(self) -> None:
        link = self._socket
        if link is None:
            return
        with link.makefile("rb") as lines, contextlib.suppress(OSError, ValueError):  # closed by us
            for line in lines:
                event = json.loads(line)
                if "event" in event:
                    with self._changed:
                        self.events.append(event | {"n": len(self.events)})
                        self._changed.notify_all()


def named(name: str, **fields: object) -> Callable[[Event], bool]:
    """True of events of this type whose fields have those values."""
    wanted = {"event": name, **fields}
    return lambda event: wanted.items() <= {key: event.get(key) for key in wanted}.items()


def is_request(event: Event) -> bool:
    """True of the person's words, as understood."""
    return bool(event["event"] == "Streamed" and event["chunk"]["role"] == "user")
