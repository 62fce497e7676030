"""What happens in a turn, as values that every front end and test receives alike.

All are frozen and turn into JSON with ``to_json``. ``at`` is ``time.monotonic()`` in seconds, which on
one machine is the same clock in every process.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from oi_voice.messages import Chunk

OPEN, CLOSED = "microphone.open", "microphone.closed"  # codes of the notices that say so of the time between takes
RECOGNISER = "recogniser.changed"  # the code of the notice that another one is in use


class State(StrEnum):
    """Where the current turn is. Speaking is a flag beside it, for it goes on while other things happen."""

    IDLE = "idle"
    LISTENING = "listening"
    TRANSCRIBING = "transcribing"
    THINKING = "thinking"
    ASKING = "asking"
    RUNNING = "running"


class Outcome(StrEnum):
    DONE = "done"
    EMPTY = "empty"  # nothing was said
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StateChanged:
    turn: str
    state: State
    speaking: bool = False
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Streamed:
    """A piece of the conversation, in the order in which it came to be."""

    turn: str
    chunk: Chunk
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recogniser made of a take; ``take`` names the recording, for ``engine.retry``."""

    turn: str
    text: str
    language: str = ""
    confidence: float = 1.0
    engine: str = ""
    take: str = ""
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class ApprovalRequested:
    """Code waits for a yes to exactly these bytes: answer with ``engine.resolve(turn, digest, …)``.

    ``words`` say what it would do, ``level`` how much is at stake (``consent.classify.Level``); neither is the model's
    own account. ``spoken`` are digits that must be said for a spoken yes, where a plain one does not suffice: to be
    shown, never said aloud. ``scopes`` are those for which there may be a rule (conversation, always); ``rule`` says
    what it would allow. ``scan`` is what a scanner said; ``scannable``: it may be asked.
    """

    turn: str
    digest: str
    language: str
    code: str
    timeout: float
    level: str = "unknown"
    words: str = ""
    spoken: str = ""
    scopes: tuple[str, ...] = ()
    scan: str = ""
    scannable: bool = False
    rule: str = ""
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class ApprovalResolved:
    """``by`` says who answered: popup, terminal, voice, timeout, stop … After edit and scan it is asked once more."""

    turn: str
    digest: str
    approved: bool
    by: str
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class InputRequested:
    """Running code waits for a line of the person's: answer with ``engine.asking.answer(id, …)``.

    What is typed is not shown where it is ``secret``. ``timeout`` in seconds, 0 for none. ``turn`` is empty for a
    program's own code. With a ``text`` it is no code that asks: that was heard, and may be corrected before it is sent.
    """

    turn: str
    id: str
    prompt: str
    secret: bool = False
    timeout: float = 0.0
    text: str = ""
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class InputResolved:
    """The question is no longer open. ``by`` says who answered, or ended it: terminal, popup, voice, timeout, stop …"""

    turn: str
    id: str
    by: str
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class AudioLevel:
    """Peak level of the microphone, 0 to 1. May be coalesced."""

    turn: str
    level: float
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    turn: str
    changed: dict[str, Any]
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """``said`` is what was spoken aloud; ``by`` says who ended it early. ``legs`` has the milliseconds of each leg of
    the way (see ``ledger``)."""

    turn: str
    outcome: Outcome
    heard: str = ""
    said: str = ""
    by: str = ""
    legs: dict[str, float] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the person: ``level`` is info, warning or error, ``code`` an error's code."""

    turn: str
    level: str
    code: str
    text: str
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is that goes on beside all turns, such as a download.

    ``what`` says what is being done, without a full stop. ``done`` of ``whole`` bytes; a ``whole`` of 0 is not known.
    Once it is ``over``, ``trouble`` is the sentence of what went wrong, if anything did.
    """

    turn: str
    what: str
    done: int = 0
    whole: int = 0
    over: bool = False
    trouble: str = ""
    at: float = field(default_factory=time.monotonic)

    @property
    def amount(self) -> str:
        """``43 of 145 MB``; empty while nothing is known."""
        done, whole = f"{self.done / 1e6:.0f}", f"{self.whole / 1e6:.0f}"
        return f"{done} of {whole} MB" if self.whole else f"{done} MB" if self.done else ""


Event = (
    StateChanged
    | Streamed
    | Heard
    | ApprovalRequested
    | ApprovalResolved
    | InputRequested
    | InputResolved
    | AudioLevel
    | SettingsChanged
    | TurnEnded
    | Notice
    | Progress
)


def to_json(event: Event) -> dict[str, Any]:
    """The event as JSON-able data, its type's name under ``event``."""
    return {"event": type(event).__name__, **asdict(event)}
