"""What an adapter is told of the model that it speaks to."""

from __future__ import annotations

from dataclasses import dataclass, field

from oi_voice.ports import Abilities

LINGER = 1.0  # seconds that a server has for its last words after the reply's end


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: for a connection, for the first word (a local model may have to be loaded), for the next."""

    connect: float = 10.0
    first: float = 120.0
    stall: float = 30.0


@dataclass(frozen=True, slots=True)
class Options:
    """A model and how to ask it.

    ``model`` is named as LiteLLM does: ``openai/gpt-…``, ``ollama/…``. ``api_base`` and ``api_key`` are the
    provider's own, and from the environment, when empty. ``temperature`` None and ``max_tokens`` 0 leave the
    choice to the server. ``shrink_images``: send pictures no larger than a model looks at them.
    """

    model: str
    api_base: str = ""
    api_key: str = ""
    api_version: str = ""
    temperature: float | None = 0.0
    max_tokens: int = 0
    abilities: Abilities = field(default_factory=Abilities)
    shrink_images: bool = True
    patience: Patience = Patience()
