"""What a model can do: read from LiteLLM's data file, without importing LiteLLM; the person's own word goes first."""

from __future__ import annotations

import importlib.util
import json
import logging
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from oi_voice.addresses import host_of, on_this_machine
from oi_voice.errors import SettingsError
from oi_voice.ports import Abilities

log = logging.getLogger(__name__)

DATA = "model_prices_and_context_window_backup.json"
MODES = {"chat", "completion", "responses"}  # what LiteLLM streams text from; the rest embed, draw, speak or search

HOSTED = Abilities(context_window=8192, max_tokens=0)
LOCAL = Abilities(
    context_window=3000, max_tokens=1000
)  # a server holds what it was started with, not what a model could
SHARE = 3  # of a window, the part that a reply gets where nothing else is known: one third, as in LOCAL

# Providers that are servers on this machine where no address is given.
LOCAL_PROVIDERS = {"ollama", "ollama_chat", "lm_studio", "llamafile"}
# What LiteLLM calls the provider at an address that speaks OpenAI's protocol.
HOSTS = {
    "api.openai.com": "openai",
    "openrouter.ai": "openrouter",
    "api.groq.com": "groq",
    "api.deepseek.com": "deepseek",
    "api.mistral.ai": "mistral",
    "api.together.xyz": "together_ai",
    "api.together.ai": "together_ai",
    "api.fireworks.ai": "fireworks_ai",
    "api.cerebras.ai": "cerebras",
    "api.x.ai": "xai",
    "api.perplexity.ai": "perplexity",
    "generativelanguage.googleapis.com": "gemini",
}

_reading = threading.Lock()


def resolve(
    model: str,
    api_base: str = "",
    *,
    context_window: int | None = None,
    max_tokens: int | None = None,
    supports_functions: bool | None = None,
    supports_vision: bool | None = None,
) -> Abilities:
    """The model's abilities, where what the person set wins; None is not set, windows are in tokens.

    When only ``context_window`` is set and the usual reply no longer fits into it, the reply gets a third of it. When
    only ``max_tokens`` is set and does not fit, an unknown model's window becomes three times that; a known model's
    is a fact. Raises SettingsError when a reply would fill the window.
    """
    found = abilities(model, api_base)
    window = found.context_window if context_window is None else context_window
    reply = found.max_tokens if max_tokens is None else max_tokens
    if window < 1 or reply < 0:
        raise SettingsError("context_window and max_tokens count tokens.", fix="Give numbers above 0.")
    if reply >= window and max_tokens is None:
        reply = window // SHARE
    if reply >= window and context_window is None and known(model, api_base) is None:
        window = reply * SHARE
    if reply >= window:
        holds = "" if context_window else f", which is what {model} is known to hold"
        raise SettingsError(
            f"max_tokens ({reply}) must be less than context_window ({window}{holds}): the question needs room too.",
            fix="Lower max_tokens, or set a larger context_window.",
        )
    return replace(
        found,
        context_window=window,
        max_tokens=reply,
        functions=found.functions if supports_functions is None else supports_functions,
        vision=found.vision if supports_vision is None else supports_vision,
    )


def abilities(model: str, api_base: str = "") -> Abilities:
    """What is known of a model at an address (empty: its provider's own), else careful defaults."""
    if found := known(model, api_base):
        return found
    return LOCAL if _is_local(model, api_base) else HOSTED


def known(model: str, api_base: str = "") -> Abilities | None:
    """What LiteLLM's file says of a model under any spelling of its name; None when it has no entry.

    Of models that Ollama runs the windows are ``LOCAL``'s. Safe on any thread; the first call reads the file.
    """
    table = _table()
    for name in _spellings(model.strip().lower(), HOSTS.get(host_of(api_base), "")):
        if found := table.get(name):
            return replace(found, price_sent=0.0, price_received=0.0) if model.endswith(":free") else found
    return None


def _is_local(model: str, api_base: str) -> bool:
    return on_this_machine(api_base) if api_base else model.partition("/")[0].lower() in LOCAL_PROVIDERS


def _spellings(name: str, provider: str) -> Iterator[str]:
    """The names that a model may have in the file, best first: ``openrouter/openai/gpt-4o`` is also ``gpt-4o``."""
    if name.startswith("ollama_chat/"):
        provider = "ollama"
    plain = name.partition(":")[0]  # without Ollama's size or OpenRouter's ":free"
    for spelling in dict.fromkeys((name, plain, plain.replace(".", "-"))):  # OpenRouter has a dot in claude-x-4.5
        tail = slash = spelling
        while slash:
            if provider:
                yield f"{provider}/{tail}"
            yield tail
            _, slash, tail = tail.partition("/")


def _table() -> Mapping[str, Abilities]:
    with _reading:  # or two threads would read it at once
        return _read()


@cache
def _read() -> Mapping[str, Abilities]:
    """The file's models that write text, by name in small letters; none where it is absent or unreadable."""
    try:
        spec = importlib.util.find_spec("litellm")  # of a top-level name this imports nothing
        folders = spec.submodule_search_locations if spec else None
        entries = json.loads(Path(folders[0], DATA).read_bytes()) if folders else {}
    except (OSError, ValueError) as error:
        log.warning("LiteLLM's list of models cannot be read: %s", error)
        return {}
    models = entries.items() if isinstance(entries, dict) else ()
    return {name.lower(): _entry(entry) for name, entry in models if _writes(entry)}


def _writes(entry: object) -> bool:
    return isinstance(entry, dict) and entry.get("mode") in MODES


def _entry(entry: Mapping[str, Any]) -> Abilities:
    """An entry as abilities. Where the reply may take the whole window, its limit is left to the server."""
    window = _tokens(entry, "max_input_tokens") or _tokens(entry, "max_tokens") or HOSTED.context_window
    reply = _tokens(entry, "max_output_tokens")
    if entry.get("litellm_provider") == "ollama":
        window, reply = LOCAL.context_window, LOCAL.max_tokens
    return Abilities(
        context_window=window,
        max_tokens=reply if reply < window else 0,
        functions=entry.get("supports_function_calling") is True,
        vision=entry.get("supports_vision") is True,
        price_sent=_price(entry, "input_cost_per_token"),
        price_received=_price(entry, "output_cost_per_token"),
    )


def _tokens(entry: Mapping[str, Any], name: str) -> int:
    value = entry.get(name)
    return int(value) if isinstance(value, int | float) else 0


def _price(entry: Mapping[str, Any], name: str) -> float:
    value = entry.get(name)
    return float(value) if isinstance(value, int | float) else 0.0
