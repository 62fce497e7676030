"""Language models."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol

from oi_voice.messages import Message


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
