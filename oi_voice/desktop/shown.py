"""Which of the engine's events the windows' process is sent."""

from __future__ import annotations

from oi_voice.events import (
    ApprovalResolved,
    AudioLevel,
    Event,
    Heard,
    InputResolved,
    Notice,
    StateChanged,
    Streamed,
    TurnEnded,
)
from oi_voice.messages import Kind, Role

OF_USE = (ApprovalResolved, AudioLevel, Heard, InputResolved, Notice, StateChanged, TurnEnded)


def of_use(event: Event) -> bool:
    """The windows show words, code, output, notices and how loud it is; pictures, markup and the like would only
    cost."""
    if isinstance(event, Streamed):
        chunk = event.chunk
        kinds = (Kind.MESSAGE, Kind.CONSOLE, *([Kind.CODE] if chunk.role is Role.ASSISTANT else []))
        return chunk.kind in kinds and chunk.format != "active_line"
    return isinstance(event, OF_USE)
