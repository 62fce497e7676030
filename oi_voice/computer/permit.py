"""A run's leave to use the computer, asked again before each single action."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from oi_voice.errors import RefusedError

current: ContextVar[Permit] = ContextVar("permit")


@dataclass(slots=True)
class Hold:
    """One for all the runs of a broker: while there is a ``why``, a sentence, nothing is done but looking."""

    why: str = ""


class Permit:
    """Given to one run, taken back once and for all. Read from any thread."""

    __slots__ = ("_hold", "revoked", "run")

    def __init__(self, run: str, hold: Hold) -> None:
        self.run = run
        self.revoked = False
        self._hold = hold

    def check(self, *, looks: bool = False) -> None:
        """Raise RefusedError once the permit was taken back and, but for what only ``looks``, while all is on hold."""
        if self.revoked:
            raise refusal()
        if self._hold.why and not looks:
            raise RefusedError(self._hold.why, fix="Try again after that.", code="computer.held")


def checkpoint() -> None:
    """Called right before each primitive action: raises RefusedError when its run may not act (any more)."""
    if (permit := current.get(None)) is not None:
        permit.check()


def refusal() -> RefusedError:
    return RefusedError(
        "The computer takes no actions from this code: its turn is over or was stopped.",
        fix="Start a new turn to go on.",
    )
