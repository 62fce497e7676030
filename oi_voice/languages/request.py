"""What a kernel was asked, and what it says to that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from oi_voice.languages.host import nobody
from oi_voice.languages.inside.outlet import SAID
from oi_voice.ports import Ask

Heard = Callable[[str, Mapping[str, Any]], None]


class Request:
    """A request under way; ``over`` when the kernel is idle again and its reply is in, or when the kernel is gone."""

    def __init__(self, heard: Heard | None = None, ended: Callable[[], None] | None = None, ask: Ask = nobody) -> None:
        self.started, self.said, self.over = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.reply: Mapping[str, Any] = {}
        self.ask = ask
        self.asking: asyncio.Task[None] | None = None
        self._heard, self._ended = heard, ended
        self._idle = False

    def take(self, kind: str, content: Mapping[str, Any]) -> None:
        if kind == "status":
            self.started.set()
            self._idle = content["execution_state"] == "idle"
        elif kind.endswith("_reply"):
            self.reply = content
        elif kind == SAID:
            self.said.set()
        elif self._heard:
            self._heard(kind, content)
        if self._idle and self.reply:
            self.end()

    def end(self) -> None:
        if self.over.is_set():
            return
        self.started.set()
        self.over.set()
        if self.asking:
            self.asking.cancel()
        if self._ended:
            self._ended()
