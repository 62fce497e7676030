"""A turn's events as the documented chunks."""

from __future__ import annotations

from oi_voice.errors import OiVoiceError, named
from oi_voice.events import (
    ApprovalRequested,
    Event,
    InputRequested,
    Notice,
    Outcome,
    State,
    StateChanged,
    Streamed,
    TurnEnded,
)
from oi_voice.lmc import Lmc, Streamer, confirmation
from oi_voice.messages import Role

NEWER = "a newer request"  # what ends a turn when the next one is asked for


class Chunks:
    """One turn; ``ended``, ``by`` whom if early, and ``error`` tell how it went."""

    def __init__(self, turn: str) -> None:
        self.turn = turn
        self.by = ""
        self.ended = False
        self.error: OiVoiceError | None = None
        self._streamer = Streamer()
        self._asks = False  # its code, for a line

    def feed(self, event: Event) -> list[Lmc]:
        """The chunks that this event is; none for those of other turns."""
        if event.turn != self.turn:
            return []
        match event:
            case Streamed(chunk=chunk):
                return [] if chunk.role is Role.USER else list(self._streamer.feed(chunk))
            case InputRequested():
                self._asks = True
            case StateChanged(state=State.ASKING | State.RUNNING as state) if self._asks:
                self._asks = state is State.ASKING  # the output goes on where it was
            case StateChanged():
                return list(self._streamer.end())
            case ApprovalRequested(language=language, code=code):
                return [*self._streamer.end(), confirmation(language, code)]
            case Notice(level="error", code=code, text=text):
                self.error = named(code, text)
            case TurnEnded(outcome=outcome, by=by):
                self.ended, self.by = True, by
                if outcome is not Outcome.FAILED:
                    self.error = None
                return list(self._streamer.end())
        return []
