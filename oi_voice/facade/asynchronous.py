"""``AsyncInterpreter``: the same for programs with an event loop of their own, which it never holds up."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator

from oi_voice.events import ApprovalRequested
from oi_voice.facade.base import UNASKED, Base
from oi_voice.lmc import Lmc
from oi_voice.ports import Verdict
from oi_voice.runtime import Worker


class AsyncInterpreter(Base):
    __doc__ = Base.__doc__

    async def chat(self, message: str | Lmc | list[Lmc], display: bool = False) -> list[Lmc]:
        """Say something; returns the new messages. Code is run with ``auto_run`` only. Raises OiVoiceError."""
        asked = self._request(message)
        first = len(self.messages) + len(asked)
        async for _ in self._followed(self._streamed(asked, display, self._unasked)):
            pass
        return self.messages[first:]

    def stream(self, message: str | Lmc | list[Lmc], display: bool = False) -> AsyncGenerator[Lmc, None]:
        """The chunks of the answer. Going on past a ``confirmation`` is consent; leaving stops everything."""
        return self._followed(self._streamed(self._request(message), display))

    def _unasked(self, question: ApprovalRequested) -> Verdict:
        allowed = self._runs_unasked()
        return Verdict(allowed, "auto_run" if allowed else "nobody", "" if allowed else UNASKED)

    async def _followed(self, chunks: Generator[Lmc, None, None]) -> AsyncGenerator[Lmc, None]:
        worker, waiting = Worker("async interpreter"), True
        try:
            while (chunk := await worker.run(next, chunks, None)) is not None:
                waiting = False
                yield chunk
                waiting = True
        finally:
            if waiting:
                self.stop()
            worker.send(chunks.close)
            worker.close()
