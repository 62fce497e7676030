"""What a kernel says in one run, for whoever listens to that run."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from oi_voice.languages.capped import Capped
from oi_voice.languages.family import now
from oi_voice.languages.output import Screen
from oi_voice.messages import Chunk


class Page:
    """The run's chunks, ``None`` after the last. It ``began`` when this was made."""

    def __init__(self, capped: Capped, first: list[Chunk]) -> None:
        self.began = now()
        self.chunks: asyncio.Queue[Chunk | None] = asyncio.Queue()
        self._screen: Screen | None = Screen(capped)
        self.put(first)

    def heard(self, kind: str, content: Mapping[str, Any]) -> None:
        if self._screen:
            self.put(self._screen.show(kind, content))

    def ended(self) -> None:
        try:
            if self._screen:
                self.put(self._screen.end())
        finally:
            self.chunks.put_nowait(None)

    def mute(self) -> None:
        self._screen = None

    def put(self, chunks: list[Chunk]) -> None:
        for chunk in chunks:
            self.chunks.put_nowait(chunk)
