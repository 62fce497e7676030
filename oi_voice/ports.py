"""The seams: everything that touches hardware, the OS, a model or a person stands behind one of these.

Each has a real adapter, and those that a turn works with
have a fake in ``oi_voice.testing``. Async methods are called on the core loop and
must never block it; ``close`` may be called more than once. Streams are async generators, so that who
stops listening can close them (``contextlib.aclosing``). Unless said otherwise a method raises the
``OiVoiceError`` of its kind, with words a person can act on.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from oi_voice.messages import Chunk, Message


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

    ``names`` looks what is on the screen now. It may block for some milliseconds, and what it gives stays on this
    machine.
    """

    languages: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    names: Callable[[], Sequence[str]] = tuple

    @property
    def prompt(self) -> str:
        """All that may be said, on one line; blocking."""
        return ", ".join(dict.fromkeys([*self.vocabulary, *self.names()]))


ANY = Hints()


@dataclass(frozen=True, slots=True)
class CallPiece:
    """A piece of a tool call. ``index`` tells parallel calls apart; ``id`` and ``name`` come with the first piece;
    ``arguments`` is JSON text, in pieces."""

    index: int = 0
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call cost in tokens, as the server counted them."""

    sent: int
    received: int


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of a model's reply. One of the last has ``finish`` set: ``stop`` or ``tool_calls`` when it is whole.

    ``thought`` is a piece of the model's reasoning, which is no part of its answer.
    """

    text: str = ""
    finish: str = ""
    thought: str = ""
    call: CallPiece | None = None
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a model takes and costs: windows in tokens, prices in US dollars a token (0 when free or unknown)."""

    context_window: int = 8192
    max_tokens: int = 0  # of one reply; 0: the server's own limit
    functions: bool = False
    vision: bool = False
    price_sent: float = 0.0
    price_received: float = 0.0


class Hotkeys(Protocol):
    """The push-to-talk key. Callbacks come on a foreign thread and must only post."""

    def start(self, pressed: Callable[[], None], released: Callable[[], None], cancelled: Callable[[], None]) -> None:
        """Watch the key: one ``pressed`` and one ``released`` a hold; ``cancelled`` on Esc."""

    def close(self) -> None: ...


class Recorder(Protocol):
    """The microphone."""

    async def start(self, fed: Callable[[Pcm], None] | None = None) -> None:
        """Record; returns when the first samples have really come in.

        ``fed`` is called on the loop with each new piece of the take, at 16 kHz, from its beginning to its tail.
        """

    async def stop(self) -> Pcm:
        """End the take after its tail; 16 kHz. A device lost on the way ends the take with what there is."""

    def abort(self) -> None:
        """Drop the take at once. Harmless when idle."""

    def close(self) -> None: ...


class Hearing(Protocol):
    """A take that is being recognised, perhaps while it is still spoken."""

    def feed(self, sound: Pcm) -> None:
        """The next piece, at 16 kHz. Takes no time: decoding goes on elsewhere."""

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


class Model(Protocol):
    """A language model."""

    @property
    def name(self) -> str: ...

    @property
    def abilities(self) -> Abilities: ...

    async def start(self) -> None:
        """Get ready; at once when that has been done. Raises ModelError or SettingsError."""

    def respond(self, messages: Sequence[Message]) -> AsyncGenerator[Delta, None]:
        """Stream the reply to this conversation, a system message first if there is to be one.

        Where ``abilities.functions``, code goes in as CODE messages and its results as the computer's, tied by
        ``call``, and comes back as calls of the function ``execute(language, code)``; else code is in markdown
        blocks tagged with a language, both ways. An iterator that ends without a ``finish`` was cut off, and nothing
        of it is run. Raises ModelError.
        """

    async def close(self) -> None:
        """Let go of connections; used again, they are made again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person typed when running code asked for a line; without a ``text``, ``why`` there is none."""

    text: str | None
    why: str = ""


#: Asks the person for a line on behalf of running code: its prompt, and whether what is typed must not be shown.
Ask = Callable[[str, bool], Awaitable[Answer]]


class Language(Protocol):
    """Something that runs code of one language and keeps its state between runs."""

    async def start(self) -> None:
        """Warm up. Called in the background; ``run`` does it too if need be."""

    def run(self, code: str, run: str) -> AsyncGenerator[Chunk, None]:
        """Run ``code``; stream console and image chunks. ``run`` is this run's secret id, known to the broker."""

    async def stop(self) -> bool:
        """Interrupt what runs, harder step by step, until it is over. False when the state was lost with it."""

    async def terminate(self) -> None:
        """End its process and forget its state; used again, it begins afresh."""

    async def close(self) -> None: ...


class Languages(Protocol):
    """The languages there are; iterating gives each once."""

    @property
    def names(self) -> tuple[str, ...]: ...

    def get(self, name: str) -> Language:
        """The language of that name or alias. LanguageError names those there are."""

    def folder(self, name: str) -> Path | None:
        """Where code of that language would run now, if that is known."""

    def system_messages(self) -> Sequence[str]:
        """What the languages have to tell the model of themselves."""

    def __iter__(self) -> Iterator[Language]: ...

    async def close(self) -> None:
        """End them all, and whatever they have started."""


class Broker(Protocol):
    """The door through which running code reaches the computer."""

    def grant(self, run: str) -> None:
        """Let the code of this run, and of no other, use the computer from now on."""

    def revoke(self) -> None:
        """Refuse everything from now on and let go of held keys and buttons. Takes no time."""

    def hold(self, why: str) -> None:
        """Refuse everything but looking, whosever code it is, until ``go_on``; ``why`` is told. Takes no time."""

    def go_on(self) -> None:
        """Take actions again."""

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """Code that waits for consent, in the turn that streamed it. ``here`` is the folder that it will run in, where that
    is known."""

    turn: str
    language: str
    code: str
    here: Path | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """``by`` says who answered; ``words`` what the model is told beside a no. ``code`` is what the person made of the
    code before the yes, where that is something else. ``number`` is that of the record, 0 for none."""

    approved: bool
    by: str
    words: str = ""
    code: str | None = None
    number: int = 0


class Approver(Protocol):
    async def approve(self, proposal: Proposal) -> Verdict:
        """A yes to exactly this code, or a no. Never raises; anything unclear is a no."""

    def ended(self, verdict: Verdict, result: str) -> None:
        """What came of code that was allowed: done, failed or stopped."""


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


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the screen: ``rgb`` is height × width × 3 bytes, in real pixels. ``number`` names it."""

    width: int
    height: int
    rgb: bytes
    number: int = 0


class Screen(Protocol):
    """Blocking; the broker calls it off the loop."""

    def grab(self) -> Frame: ...

    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""


class Pointer(Protocol):
    """Blocking; x and y are screen pixels from the top left."""

    def move(self, x: int, y: int) -> None: ...

    def click(self, x: int, y: int, button: str, clicks: int) -> None: ...

    def scroll(self, clicks: int) -> None:
        """Turn the wheel; positive is up."""

    def release(self) -> None:
        """Let go of every button."""


class Keyboard(Protocol):
    """Blocking."""

    def write(self, text: str) -> None: ...

    def press(self, *keys: str) -> None:
        """Press keys together (a hotkey), then let go of them."""

    def release(self) -> None:
        """Let go of every key."""


class Clipboard(Protocol):
    """Blocking."""

    def read(self) -> str: ...

    def write(self, text: str) -> None: ...


class Tray(Protocol):
    """The icon beside the clock."""

    def show(self, icon: str, tooltip: str) -> None:
        """``icon`` is a state's name: idle, listening, thinking, asking, running, speaking, error."""

    def run(self) -> None:
        """The tray's own loop, on the main thread; returns after ``close``."""

    def close(self) -> None: ...
