"""Which earcon an event is told by."""

from __future__ import annotations

from oi_voice.events import Event, Notice, Outcome, State, StateChanged, TurnEnded
from oi_voice.voice.earcons import Earcons

_STATES = {State.TRANSCRIBING: "sent", State.ASKING: "question"}
_OUTCOMES = {Outcome.DONE: "done", Outcome.CANCELLED: "cancelled"}
BARGE_IN = "barge-in"  # who ended a turn when the next one began: that one has its own cue


class Cues:
    """Follows the engine's events. The cue for a take that has begun is played by ``ready``."""

    def __init__(self, earcons: Earcons) -> None:
        self._earcons = earcons
        self._state = State.IDLE

    def ready(self, warm: bool) -> None:
        """Sound comes in: from a microphone that was open all along, or one that had to be opened."""
        self._earcons.play("start" if warm else "ready")

    def follow(self, event: Event) -> None:
        """Play what belongs to an event, if anything does."""
        match event:
            case StateChanged(state=state) if state is not self._state:
                self._state = state
                if name := _STATES.get(state):
                    self._earcons.play(name)
            case TurnEnded(outcome=outcome, by=by, said=said) if by != BARGE_IN and not said:
                if name := _OUTCOMES.get(outcome):
                    self._earcons.play(name)
            case Notice(level="error"):
                self._earcons.play("error")
