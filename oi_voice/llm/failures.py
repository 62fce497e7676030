"""What went wrong with a language model, in words and with the way out."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator

from oi_voice.errors import ModelError

WORDS_MAX = 200  # characters of a server's own words worth reading


def explain(error: BaseException, model: str, where: str) -> ModelError:
    """The error as one for a person; ``where`` is the server's address, or the provider's name.

    ``error`` is what LiteLLM raised. Its status is often a stand-in, so what it was raised from comes first.
    """
    import httpx

    links = list(_chain(error))
    if re.search(r"missing.{0,40}(key|credentials)", str(error), re.IGNORECASE):
        return _error("key_missing", f"{model} needs a key, and none is set.", "Set it, or choose another model.")
    if any(isinstance(link, httpx.UnsupportedProtocol | httpx.InvalidURL) for link in links):
        return _error("address", f"{where} is not a web address.", "Write it with http:// or https:// in front.")
    if any(isinstance(link, httpx.TimeoutException) for link in links):
        return silence(where)
    if any(isinstance(link, httpx.ConnectError | ConnectionRefusedError | socket.gaierror) for link in links):
        return _error(
            "unreachable", f"{where} cannot be reached.", "Check that it runs, its address, and the network connection."
        )
    if any(isinstance(link, httpx.TransportError) for link in links):
        return cut(where)
    if any("context_length" in str(link) for link in links):
        return _too_long(model)
    return _by_status(error, model, where)


def silence(where: str) -> ModelError:
    return _error("timeout", f"{where} does not answer.", "Try again, or choose another model.")


def cut(where: str) -> ModelError:
    return _error("cut", f"{where} broke off in the middle of its answer.", "Nothing of it was run. Try again.")


def nonsense(where: str) -> ModelError:
    return _error("nonsense", f"{where} sent something that is no answer.", "Check its address; it often ends in /v1.")


def _by_status(error: BaseException, model: str, where: str) -> ModelError:
    status, name = getattr(error, "status_code", None), type(error).__name__
    words = _words(str(error))
    if "Provider NOT provided" in str(error):
        return _error("unknown", f"No provider is known for the model {model}.", "Write it as provider/model.")
    if name == "ContextWindowExceededError" or status == 413:
        return _too_long(model)
    if status in (401, 403):
        return _error("key_refused", f"{where} refused the key.", "Check that the key is right and still valid.")
    if status == 402:
        return _error("credit", f"{where} asks for payment.{words}", "Top up your credit there.")
    if status == 404:
        return _error("unknown", f"{where} knows no model called {model}.{words}", "Check the model's name.")
    if status == 408:
        return silence(where)
    if status == 429:
        return _error(
            "busy", f"{where} takes no more requests for now.{words}", "Wait a little, and check your credit there."
        )
    if isinstance(status, int) and status < 500:
        return _error("refused", f"{where} refused the request.{words}", "Choose another model, or other settings.")
    return _error("failing", f"{where} has a problem of its own.{words}", "Try again in a while.")


def _too_long(model: str) -> ModelError:
    return _error("too_long", f"This conversation is too long for {model}.", "Start a new conversation.")


def _error(code: str, message: str, fix: str) -> ModelError:
    return ModelError(message, fix=fix, code=f"model.{code}")


def _words(text: str) -> str:
    """The server's own words, as a sentence to follow another; none for a web page."""
    line = re.sub(r"^(?:(?:litellm\.)?\w+(?:Error|Exception)\s*[:-]\s*)+", "", text.strip().split("\n")[0]).strip()
    if not line or line.startswith(("<", "{", "b'")):
        return ""
    return f" It says: {line[:WORDS_MAX].rstrip('.')}."


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
