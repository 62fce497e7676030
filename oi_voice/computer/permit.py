"""A run's leave to use the computer, asked again before each single action."""

from __future__ import annotations

from contextvars import ContextVar

from oi_voice.errors import RefusedError

current: ContextVar[Permit] = ContextVar("permit")


class Permit:
    """Given to one run, taken back once and for all. Read from any thread."""

    __slots__ = ("revoked", "run")

    def __init__(self, run: str) -> None:
        self.run = run
        self.revoked = False

    def check(self) -> None:
        """Raise RefusedError once the permit was taken back."""
        if self.revoked:
            raise refusal()


def checkpoint() -> None:
    """Called right before each primitive action: raises RefusedError when its run has been stopped."""
    if (permit := current.get(None)) is not None:
        permit.check()


def refusal() -> RefusedError:
    return RefusedError(
        "The computer takes no actions from this code: its turn is over or was stopped.",
        fix="Start a new turn to go on.",
    )
