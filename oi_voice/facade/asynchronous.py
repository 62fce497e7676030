"""``AsyncInterpreter``: the same for programs with an event loop of their own, which it never holds up."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from oi_voice.facade.base import Base
from oi_voice.lmc import Lmc
from oi_voice.runtime import Worker


class AsyncInterpreter(Base):
    __doc__ = Base.__doc__

    async def chat(self, message: str | Lmc | list[Lmc], display: bool = False) -> list[Lmc]:
        """Say something; returns the new messages. Code is run with ``auto_run`` only. Raises OiVoiceError."""
        first = len(self.messages)
        async for chunk in self.stream(message, display):
            if chunk["type"] == "confirmation" and not self._runs_unasked():
                break
        return self.messages[first + 1 :]

    async def stream(self, message: str | Lmc | list[Lmc], display: bool = False) -> AsyncGenerator[Lmc, None]:
        """The chunks of the answer. Going on past a ``confirmation`` is consent; leaving stops everything."""
        chunks, worker = self._streamed(self._request(message), display), Worker("async interpreter")
        try:
            while (chunk := await worker.run(next, chunks, None)) is not None:
                yield chunk
        finally:
            self.stop()
            worker.send(chunks.close)
            worker.close()
