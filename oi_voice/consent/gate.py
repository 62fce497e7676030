"""The gate: one question at a time, answered from anywhere, bound to the bytes that were shown.

Popup, terminal, voice and socket all answer by ``resolve`` with the turn's id and the code's digest; the
first valid answer wins. No answer, a late one, one to other bytes, a closed turn: no.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable

from oi_voice.events import ApprovalRequested, ApprovalResolved, Event
from oi_voice.ports import Proposal, Verdict


def digest(turn: str, language: str, code: str) -> str:
    """What a yes is bound to: SHA-256 over turn, language and the code's exact bytes, hexadecimal."""
    bound = "\0".join((turn, language, code)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(bound).hexdigest()


class Gate:
    """Implements ``ports.Approver`` by asking whoever listens to the engine's events."""

    def __init__(self, publish: Callable[[Event], None], timeout: float = 60.0, auto_run: bool = False) -> None:
        self._publish = publish
        self.timeout = timeout  # seconds, for the next question; 0 waits for ever
        self.auto_run = auto_run
        self._open: tuple[str, str, asyncio.Future[Verdict]] | None = None

    async def approve(self, proposal: Proposal) -> Verdict:
        if self.auto_run:
            return Verdict(True, "auto_run")
        asked = digest(proposal.turn, proposal.language, proposal.code)
        answer: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._open = (proposal.turn, asked, answer)
        self._publish(ApprovalRequested(proposal.turn, asked, proposal.language, proposal.code, self.timeout))
        try:
            async with asyncio.timeout(self.timeout or None):
                verdict = await answer
        except TimeoutError:
            self.resolve(proposal.turn, asked, False, "timeout")
            verdict = Verdict(False, "timeout")
        finally:
            self.close("stop")
        return verdict

    def resolve(self, turn: str, digest: str, approved: bool, by: str, words: str = "") -> bool:
        """Answer the open question. False when there is none, or another one, or it was answered already.

        ``words`` are told to the model beside a no.
        """
        if self._open is None or self._open[:2] != (turn, digest):
            return False
        answer, self._open = self._open[2], None
        if not answer.done():  # a time-out has cancelled it, and only says so
            answer.set_result(Verdict(approved, by, words))
        self._publish(ApprovalResolved(turn, digest, approved, by))
        return True

    def close(self, by: str) -> None:
        """Answer whatever is open with no."""
        if self._open is not None:
            self.resolve(self._open[0], self._open[1], False, by)
