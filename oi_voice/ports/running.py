"""Code: who allows it, what runs it, what it may reach."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from oi_voice.messages import Chunk


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
