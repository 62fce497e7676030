"""A run, from its request to its reply."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from typing import Any

from oi_voice.languages.capped import SHOWN
from oi_voice.languages.inside.outlet import Outlet
from oi_voice.languages.inside.owners import RUN

WHY_MAX = 1_000  # characters of an error's text in the reply; the traceback has been shown


class Runs:
    """Stands in for a kernel's ``do_execute``."""

    def __init__(self, kernel: Any, outlet: Outlet) -> None:
        self._kernel, self._outlet = kernel, outlet
        self._execute = kernel.do_execute
        self._process = os.getpid()
        kernel.do_execute = self.execute

    async def execute(self, **request: Any) -> dict[str, Any]:
        """Execute a request; returns its reply, without what has been shown already."""
        parent = self._kernel.get_parent("shell")
        told = (request.get("cell_meta") or {}).get("oi_voice", {}).get("told", SHOWN)
        token = RUN.set(parent["header"]["msg_id"])
        self._outlet.begin(parent, told)
        try:
            reply = await self._execute(**request)
            for payload in reply.get("payload", ()):
                if payload.get("source") == "page":
                    self._outlet.put("display_data", payload)
            return _short(reply)
        finally:
            if os.getpid() != self._process:  # a fork that came to the end of the code: there is but one kernel
                os._exit(0)
            if threading.current_thread() is threading.main_thread():
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # too late: ipykernel, too, ignores it between runs
            self._outlet.mend()  # ipykernel flushes them, and without them answers no more
            self._outlet.end()
            RUN.reset(token)


def _short(reply: Mapping[str, Any]) -> dict[str, Any]:
    short = {**reply, "payload": []}
    if "traceback" in short:
        short |= {"traceback": [], "evalue": str(short["evalue"])[:WHY_MAX]}
    return short
