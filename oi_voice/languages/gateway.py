"""The REST interface of a Jupyter Server or Enterprise Gateway.

Not by jupyter_server's own gateway client: that has one address and token for the whole process, sends no token with
its websocket (a server that wants one answers 403), turns the loop without pause while it waits, and takes 1.4 s to
import. ``aiohttp`` is imported late; it is among what every installation has.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from oi_voice.errors import LanguageError
from oi_voice.runtime import in_thread

if TYPE_CHECKING:
    from aiohttp import ClientSession, ClientWebSocketResponse

LAUNCH_TIMEOUT = 120.0  # seconds: a cluster may have to fetch an image first
PULSE = 10.0  # seconds between pings; a server that leaves one unanswered for half of that is taken to be lost
GOODBYE = 1.0  # seconds that a line's end may take
MESSAGE_MAX = 100_000_000  # bytes
MISSING, FAILED = "language.missing", "language.failed"


class Gateway:
    """A server's REST interface. ``timeout`` bounds, in seconds, all that should be quick. ``close`` it."""

    def __init__(self, url: str, token: str = "", timeout: float = 10.0) -> None:
        parts = urlsplit(url.strip())
        self.host = parts.hostname or ""
        self._root, self._timeout = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", timeout
        self._valid = bool(parts.scheme in ("http", "https") and self.host) and "@" not in parts.netloc
        self._valid = self._valid and not parts.query  # neither a password nor a token: an address is shown
        self._token = token
        self._session: ClientSession | None = None

    async def ask(self, method: str, *path: str, body: Mapping[str, Any] | None = None, patience: float = 0) -> Any:
        """What the server answers, parsed. ``patience``: seconds, where it may take longer.

        Raises ``LanguageError`` when it is not reached or refuses; its code is ``MISSING`` where that is not there,
        ``FAILED`` where the server could not do it.
        """
        import aiohttp

        session, limit = await self._open(), aiohttp.ClientTimeout(patience or self._timeout)
        try:
            request = session.request(method, self._at(path), json=body, timeout=limit, allow_redirects=False)
            async with request as answer:
                text = await answer.text(errors="replace")
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise self._unreached(error, limit.total) from error
        if answer.status >= 300:
            raise self._refused(answer.status, text)
        try:
            return json.loads(text) if text else None
        except ValueError:
            raise self._refused(404, "") from None

    async def line(self, kernel: str, session: str) -> ClientWebSocketResponse:
        """A kernel's channels. ``session`` is whose they are. Raises as ``ask``."""
        import aiohttp

        path = f"{self._at(('kernels', kernel, 'channels'))}?session_id={session}"
        opened = await self._open()
        try:
            async with asyncio.timeout(LAUNCH_TIMEOUT):
                limit = aiohttp.ClientWSTimeout(ws_close=GOODBYE)
                return await opened.ws_connect(path, heartbeat=PULSE, max_msg_size=MESSAGE_MAX, timeout=limit)
        except aiohttp.WSServerHandshakeError as error:
            raise self._refused(error.status, "") from error
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise self._unreached(error, LAUNCH_TIMEOUT) from error

    async def close(self) -> None:
        """Let go of connections; used again, they are made again."""
        session, self._session = self._session, None
        if session:
            await session.close()

    async def _open(self) -> ClientSession:
        if not self._valid:
            raise LanguageError(
                "That is no address of a kernel gateway.",
                fix="Set computer.kernel_gateway to http://HOST:PORT, and the token as computer.kernel_gateway_token.",
                code="language.gateway",
            )
        await in_thread(importlib.import_module, "aiohttp", name="gateway import")
        if self._session is None:
            from aiohttp import ClientSession

            self._session = ClientSession(headers={"Authorization": f"token {self._token}"} if self._token else {})
        return self._session

    def _at(self, path: tuple[str, ...]) -> str:
        return "/".join((self._root, "api", *(quote(part, safe="") for part in path)))

    def _unreached(self, error: Exception, seconds: float | None) -> LanguageError:
        why = os.strerror(number).lower() if (number := getattr(error, "errno", 0)) else str(error) or "it hung up"
        if isinstance(error, TimeoutError):
            why = f"it gave no answer within {seconds:g} seconds"
        return LanguageError(
            f"The kernel gateway {self._root} cannot be reached: {why}.",
            fix="Check that it runs and that computer.kernel_gateway is its address.",
            code="language.gateway",
        )

    def _refused(self, status: int, text: str) -> LanguageError:
        if status in (401, 403):
            what = "did not accept the token" if self._token else "wants a token"
            fix, code = "Set computer.kernel_gateway_token to the server's token.", "language.gateway"
        elif status == 404 or status < 400:  # a redirection leads to another address, or to a page for people
            what, code = "has nothing at the address asked for", MISSING
            fix = "Check computer.kernel_gateway: it is what comes before /api."
        else:
            what, code = f"answered with an error ({status}: {_reason(text)})", FAILED
            fix = "Its own log says more."
        return LanguageError(f"The kernel gateway {self._root} {what}.", fix=fix, code=code)


def _reason(text: str) -> str:
    try:
        said = json.loads(text)
    except ValueError:
        return "no reason given"
    return str(said.get("message") or said.get("reason")) if isinstance(said, dict) else "no reason given"
