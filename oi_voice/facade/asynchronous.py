"""``AsyncInterpreter``: the same for programs with an event loop of their own."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import Self

from oi_voice.events import ApprovalRequested
from oi_voice.facade.base import UNASKED, Base
from oi_voice.facade.exchange import Said
from oi_voice.lmc import Lmc
from oi_voice.ports import Verdict
from oi_voice.runtime import Worker, in_thread


class AsyncInterpreter(Base):
    """As ``OpenInterpreter``; ``chat``, ``stream`` and ``aclose`` never hold the caller's loop up.

    What else it has, ``computer.run``, ``reset`` and ``close`` among it, waits as there.
    """

    async def chat(self, message: Said, display: bool = False) -> list[Lmc]:
        """Say something; returns the new messages. Code is run with ``auto_run`` only. Raises OiVoiceError."""
        async for _ in self._followed(self._streamed(message, display, self._unasked)):
            pass
        return self._history.new()

    def stream(self, message: Said, display: bool = False) -> AsyncGenerator[Lmc, None]:
        """The chunks of the answer. Going on past a ``confirmation`` is consent; leaving stops everything."""
        return self._followed(self._streamed(message, display))

    async def aclose(self) -> None:
        """As ``close``."""
        await in_thread(self.close, name="close interpreter")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _unasked(self, question: ApprovalRequested) -> Verdict:
        allowed = self._runs_unasked(question)
        return Verdict(allowed, "auto_run" if allowed else "nobody", "" if allowed else UNASKED)

    async def _followed(self, chunks: Generator[Lmc, None, None]) -> AsyncGenerator[Lmc, None]:
        worker, waiting = Worker("async interpreter"), True
        try:
            while (chunk := await worker.run(next, chunks, None)) is not None:
                waiting = False
                yield chunk
                waiting = True
            waiting = False
        finally:
            if waiting:  # in the middle of a step, which only a stop ends
                self.stop()
            worker.send(chunks.close)
            worker.close()
