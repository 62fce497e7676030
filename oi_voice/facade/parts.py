"""What the Python API is built on, given by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from oi_voice.agent.budget import Purse
from oi_voice.engine import Engine
from oi_voice.events import ApprovalRequested, Event, InputRequested
from oi_voice.messages import Message
from oi_voice.settings import Settings


@dataclass(slots=True)
class Hooks:
    """What a program's interpreter gives to each engine that it opens.

    ``completions`` and ``vision_renderer`` are functions of its own in the place of ours, ``languages`` the ones it
    chose; ``purse`` is what was spent; ``kept`` hears of each message.
    """

    kept: Callable[[Message | None], None] = lambda message: None
    completions: Callable[..., Any] | None = None
    vision_renderer: Callable[..., Any] | None = None
    languages: list[Any] | None = None
    purse: Purse = field(default_factory=Purse)


class Machine(Protocol):
    """An engine and what it works on. All is called on the core loop."""

    @property
    def engine(self) -> Engine: ...

    def languages(self) -> list[Any]:
        """The languages there are, as objects with a ``name``."""

    async def set_languages(self, languages: Sequence[Any]) -> None:
        """Let these, classes or what ``languages`` gave, be all there are. Raises LanguageError."""

    async def terminate(self) -> None:
        """End all that languages run, and forget their state; they begin afresh when used again."""

    async def close(self) -> None: ...


class Terminal(Protocol):
    """The person's terminal, in the thread that calls."""

    def show(self, event: Event) -> None: ...

    def ask(self, question: ApprovalRequested) -> bool | None:
        """The person's answer; None when nobody is there to be asked."""

    @property
    def attended(self) -> bool:
        """Whether somebody is there who can be asked for a line."""

    async def line(self, engine: Engine, question: InputRequested) -> None:
        """Have the person answer the question; on the core loop. Returns once it is not open any more."""

    async def chat(self, engine: Engine) -> None:
        """A typed chat until the person leaves, on the core loop."""

    def interrupt(self) -> None:
        """Ctrl-C in a typed chat; on the core loop."""


class Composition(Protocol):
    """The composition root, as far as this API needs it."""

    def settings(self) -> Settings:
        """The settings of a new interpreter: the person's default profile and environment."""

    async def open(self, settings: Settings, hooks: Hooks) -> Machine: ...

    def terminal(self) -> Terminal: ...
