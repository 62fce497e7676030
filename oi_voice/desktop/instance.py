"""One oi_voice a session: the first listens on a socket, a second one speaks to it and leaves.

A lock held by the living process decides who is first, so a socket file left by a crash does no harm. Requests
are JSON lines, each with what to ``do``: ``show`` (bring up the window), ``events`` (stream every event from now
on), ``talk start``, ``stop``, ``toggle`` or ``cancel`` (be the talk key, where the desktop gives programs none),
``talk retry`` (have the last take's words once more, from another recogniser or in another language where ``engine`` or
``language`` says so), ``quit``. Elsewhere than on Unix there is neither lock nor socket, and each start is the first.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import stat
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from oi_voice.engine import Engine
from oi_voice.errors import DesktopError, OiVoiceError
from oi_voice.events import to_json
from oi_voice.runtime import spawn

ALREADY = "oi_voice is already running; its window was brought up."
LONGEST = 65536  # bytes of a request


def socket_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the first instance of this session listens."""
    if environ.get("XDG_RUNTIME_DIR"):
        return Path(environ["XDG_RUNTIME_DIR"]) / "oi_voice" / "socket"
    import platformdirs

    with warnings.catch_warnings(action="ignore", category=UserWarning):  # of a session without that folder
        return Path(platformdirs.user_runtime_dir("oi_voice", appauthor=False)) / "socket"


@dataclass(frozen=True, slots=True)
class Serves:
    """What the socket's requests come to, called on the core loop."""

    engine: Engine
    show: Callable[[], None]
    quit: Callable[[], None]


class Instance:
    """The first instance, for as long as it is not closed."""

    def __init__(self, path: Path, lock: IO[bytes] | None) -> None:
        self._path = path
        self._lock = lock
        self._server: asyncio.Server | None = None
        self._links: set[asyncio.StreamWriter] = set()

    @classmethod
    def claim(cls, path: Path) -> Self | None:
        """Be the first; None when another process is. DesktopError when the folder can't be used.

        Call it before anything else is started: it blocks for no time, and needs no loop.
        """
        if sys.platform == "win32":
            return cls(path, None)
        import fcntl

        try:
            _private(path.parent)
            lock = path.with_suffix(".lock").open("ab")
        except OSError as error:
            raise DesktopError(
                f"{path.parent} can't be used ({error.strerror}).",
                fix="Set XDG_RUNTIME_DIR to a folder of your own, with mode 700.",
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        return cls(path, lock)

    async def serve(self, serves: Serves) -> None:
        """Answer requests on the running loop, until ``close``."""
        if self._lock is None:
            return
        self._path.unlink(missing_ok=True)  # left by a crash: we hold the lock
        listener = socket.socket(socket.AF_UNIX)
        try:
            listener.bind(str(self._path))
            self._path.chmod(0o600)  # before it listens: nobody could have come in
        except OSError as error:
            listener.close()
            raise DesktopError(
                f"{self._path} can't be listened on ({error}).", fix="Set XDG_RUNTIME_DIR to a shorter path."
            ) from error
        self._server = await asyncio.start_unix_server(
            lambda reader, writer: self._meet(serves, reader, writer), sock=listener, limit=LONGEST
        )

    def close(self) -> None:
        """Listen no more and let another be the first. May be called more than once."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self._path.unlink(missing_ok=True)
        for writer in list(self._links):
            writer.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def _meet(self, serves: Serves, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._links.add(writer)
        try:
            with contextlib.suppress(ConnectionError):
                await _converse(serves, reader, writer)
        finally:
            self._links.discard(writer)
            writer.close()


async def _converse(serves: Serves, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await _line(reader):
        try:
            request = json.loads(line)
            wanted = str(request["do"])
        except (ValueError, TypeError, KeyError):
            await _send(writer, {"ok": False, "error": 'A request is a JSON object like {"do": "show"}.'})
            return
        if wanted == "events":
            await _stream(serves.engine, reader, writer)
            return
        action = {"show": serves.show, "quit": serves.quit, **_talk(serves.engine, request)}.get(wanted)
        if action is None:
            known = "show, events, talk toggle or quit"
            await _send(writer, {"ok": False, "error": f"There is no request {wanted!r}; try {known}."})
            continue
        await _send(writer, {"ok": True})  # first: after quit there may be no time
        action()


def _talk(engine: Engine, request: dict[str, Any]) -> dict[str, Callable[[], None]]:
    """To start is harmless while a take goes on: a bound key may repeat itself, sooner than a microphone opens."""
    return {
        "talk start": (lambda: None) if engine.taking else engine.press,
        "talk stop": engine.release,
        "talk toggle": engine.release if engine.taking else engine.press,
        "talk cancel": lambda: engine.cancel("talk cancel"),
        "talk retry": lambda: retry(engine, str(request.get("engine", "")), str(request.get("language", ""))),
    }


def retry(engine: Engine, recogniser: str = "", language: str = "") -> None:
    """Have the last take's words once more, perhaps from another recogniser; the person is told where there is none."""
    try:
        engine.retry("", recogniser, language)
    except OiVoiceError as error:
        engine.notify("warning", error.code, str(error))


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except ValueError:  # longer than LONGEST
        return b"too long"


async def _stream(engine: Engine, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send every event until the other side hangs up."""
    subscription = engine.subscribe()
    gone = spawn(_hang_up(reader, subscription.close), "events' listener")
    try:
        await _send(writer, {"ok": True})
        async for event in subscription:
            await _send(writer, to_json(event))
    finally:
        if not gone.done():  # else it has closed the subscription
            gone.cancel()
            subscription.close()


async def _hang_up(reader: asyncio.StreamReader, then: Callable[[], None]) -> None:
    with contextlib.suppress(ConnectionError):
        while await reader.read(LONGEST):
            pass
    then()


async def _send(writer: asyncio.StreamWriter, message: dict[str, Any]) -> None:
    writer.write(json.dumps(message).encode() + b"\n")
    await writer.drain()


def _private(folder: Path) -> None:
    """Make the folder, or see that it is ours alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or not stat.S_ISDIR(found.st_mode):
        raise PermissionError(1, "it belongs to someone else")
    folder.chmod(0o700)


def ask(path: Path, request: dict[str, Any], timeout: float = 5.0) -> dict[str, Any]:
    """Send the first instance one request, from another process; its answer. DesktopError when it does not answer."""
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(timeout)
            link.connect(str(path))
            link.sendall(json.dumps(request).encode() + b"\n")
            with link.makefile("rb") as lines:
                answer = json.loads(lines.readline())
    except (OSError, ValueError) as error:
        raise DesktopError(
            f"oi_voice is already running but does not answer ({error or 'no reply'}).",
            fix="Wait until it has started, or end that process.",
        ) from error
    return dict(answer)
