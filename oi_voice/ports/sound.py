"""Sound: what is recorded, recognised, rendered and played."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Pcm:
    """Sound: signed 16-bit little-endian mono samples at ``rate`` Hz."""

    data: bytes
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.data) / 2 / self.rate


@dataclass(frozen=True, slots=True)
class Word:
    """A word that was heard, from ``start`` to ``end`` in seconds of the take; ``confidence`` is 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard. ``text`` is empty when nobody spoke, or, with ``speech``, was not understood; ``confidence`` is
    0 to 1. ``words`` where the recogniser tells of them."""

    text: str
    language: str = "en"
    confidence: float = 1.0
    engine: str = ""
    timings_ms: dict[str, float] = field(default_factory=dict)
    speech: bool = True
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Hints:
    """What helps a recogniser: languages that may be spoken (codes such as ``en``; none: any), and the person's terms.
    ``names`` looks what is on the screen now. It may block for some milliseconds; what it gives stays on this machine.
    """

    languages: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    names: Callable[[], Sequence[str]] = tuple

    @property
    def prompt(self) -> str:
        """All that may be said, on one line; blocking."""
        return ", ".join(dict.fromkeys([*self.vocabulary, *self.names()]))


ANY = Hints()


class Recorder(Protocol):
    """The microphone."""

    async def start(self, fed: Callable[[Pcm], None] | None = None) -> None:
        """Record; returns when the first samples have really come in.

        ``fed`` is called on the loop with each new piece of the take, at 16 kHz, from its beginning to its tail.
        """

    async def tail(self) -> None:
        """Record the take's tail, unless it was; a device lost on the way ends it."""

    def go_on(self) -> None:
        """That was no tail: the take goes on without a gap."""

    async def stop(self) -> Pcm:
        """End the take after its tail; 16 kHz."""

    def abort(self) -> None:
        """Drop the take at once. Harmless when idle."""

    def close(self) -> None: ...


class Hearing(Protocol):
    """A take that is being recognised, perhaps while it is still spoken."""

    def feed(self, sound: Pcm) -> None:
        """The next piece, at 16 kHz. Takes no time: decoding goes on elsewhere."""

    def tail(self, begun: bool = True) -> None:
        """Say that the key was let go of, and only the tail is still to come, or that this was not so."""

    async def finish(self) -> Transcript:
        """The words of all that was fed. Cancelling drops the result. Raises TranscriberError."""

    def abort(self) -> None:
        """Decode no more; harmless when over."""


class Transcriber(Protocol):
    """A recogniser."""

    async def start(self) -> None:
        """Load and warm up; may take seconds. Called once, in the background."""

    def hear(self, hints: Hints = ANY) -> Hearing:
        """Begin to recognise a take."""

    def close(self) -> None: ...


class Segmenter(Protocol):
    """Cuts a stream of text into sentences fit to be spoken.

    ``language`` is that of what it gave last, such as ``en``; empty: unknown. Set it to what is expected.
    """

    language: str

    def feed(self, text: str) -> list[str]: ...

    def hurry(self) -> list[str]:
        """What can be said of a first sentence that is not whole; nothing once something was said."""

    def end(self) -> list[str]: ...


class Synthesizer(Protocol):
    """A speech engine that renders; it never plays."""

    async def start(self) -> None: ...

    async def render(self, text: str, language: str = "") -> Pcm:
        """``language`` is a code such as ``de``; empty: that of its own voice."""

    def close(self) -> None: ...


class Player(Protocol):
    """The loudspeaker."""

    async def play(self, sound: Pcm) -> None:
        """Play; returns when the last sample is out, or was hushed."""

    def hush(self) -> None:
        """Silence within milliseconds. Harmless when silent."""

    def close(self) -> None: ...
