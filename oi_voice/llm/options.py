"""What an adapter is told of the model that it speaks to."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

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


def on_this_machine(address: str) -> bool:
    """Whether a server's address is one of this machine's own."""
    host = host_of(address)
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return number.is_loopback or number.is_unspecified


def host_of(address: str) -> str:
    try:
        return urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:  # half an IPv6 address
        return ""


def place(address: str) -> str:
    """An address as it may be shown: without a name and password in it."""
    return re.sub(r"(?<=//)[^/@]*@", "", address)
