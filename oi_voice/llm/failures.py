"""What went wrong with a language model, in words and with the way out."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from oi_voice.errors import ModelError, chain
from oi_voice.llm.after import after

WORDS_MAX = 200  # characters of a server's own words worth reading
TRANSIENT = frozenset((408, 409, 425, 429))  # and all of 500 and above
QUOTA = re.compile(r"insufficient_quota|billing_hard_limit|insufficient[ _]balance|credit balance is too low", re.I)
TOO_LONG = re.compile(r"context_length|context window|maximum context|prompt is too long|too many tokens", re.I)
NO_TOOLS = re.compile(r"(not support|unsupported|no endpoints found that support).{0,20}(tool|function)", re.I)
# What an error in the middle of a stream means, where it has no status of its own.
STATUSES = {
    "overload": 529,
    "rate.?limit|too many requests": 429,
    "authentication|invalid.?api.?key|permission": 401,
    "not.?found": 404,
    "timed? ?out": 408,
    "invalid.?request": 400,
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a server said when it refused: HTTP status (0 when unknown), its words, their code, its headers."""

    status: int
    words: str
    code: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def explain(error: BaseException, model: str, where: str) -> ModelError:
    """The error as one for a person; ``where`` is the server's address, or the provider's name.

    ``error`` is what LiteLLM, the openai client or httpx raised. LiteLLM's status is often a stand-in, so what it was
    raised from comes first.
    """
    import httpx

    links = list(chain(error))
    if re.search(r"missing.{0,40}(key|credentials)", str(error), re.IGNORECASE):
        return key_missing(model)
    if any(isinstance(link, httpx.UnsupportedProtocol | httpx.InvalidURL) for link in links):
        return _error("address", f"{where} is not a web address.", "Write it with http:// or https:// in front.")
    if any(isinstance(link, httpx.TimeoutException) for link in links):
        return silence(where, transient=any(isinstance(link, httpx.ConnectTimeout) for link in links))
    if any(isinstance(link, httpx.ConnectError | ConnectionRefusedError | socket.gaierror) for link in links):
        return _error(
            "unreachable", f"{where} cannot be reached.", "Check that it runs, its address, and the network connection."
        )
    if any(isinstance(link, httpx.TransportError) for link in links):
        return cut(where)
    for link in links:  # an error within a stream, as the openai client has it
        if type(link).__module__.startswith("openai") and type(link).__name__ == "APIError" and (body := link.body):  # type: ignore[attr-defined]  # an APIError's
            return explain_event(body, model, where)
    return refused(_refusal(error, links), model, where)


def explain_event(body: object, model: str, where: str) -> ModelError:
    """The error that a server sent in the middle of a stream: an ``error`` object, or its words."""
    words, code = _body(body)
    number = re.fullmatch(r"[45]\d\d", code)
    kind = f"{code} {body.get('type', '')}" if isinstance(body, Mapping) else ""
    named = (status for pattern, status in STATUSES.items() if re.search(pattern, f"{kind} {words}", re.IGNORECASE))
    return refused(Refusal(int(number[0]) if number else next(named, 500), words, kind), model, where)


def refused(refusal: Refusal, model: str, where: str) -> ModelError:
    """A refusal as an error for a person; transient where asking again may help."""
    status, words = refusal.status, _sentence(refusal.words)
    everything = f"{refusal.code} {refusal.words}"
    if QUOTA.search(everything) or status == 402:
        code = "credit" if status == 402 else "quota"
        return _error(code, f"{where} says that the credit is used up.{words}", "Top it up there, or take another key.")
    if status == 413 or TOO_LONG.search(everything):
        return _error("too_long", f"This conversation is too long for {model}.", "Start a new conversation.")
    if "Provider NOT provided" in refusal.words:
        return _error("unknown", f"No provider is known for the model {model}.", "Write it as provider/model.")
    if status in (401, 403):
        return _error("key_refused", f"{where} refused the key.", "Check that the key is right and still valid.")
    if status == 404:
        return _error("unknown", f"{where} knows no model called {model}.{words}", "Check the model's name.")
    if NO_TOOLS.search(refusal.words):
        return _error("no_functions", f"{model} can't call functions.{words}", "Set llm.supports_functions to False.")
    wait = after(refusal.headers, refusal.words)
    if status == 408:
        return silence(where, transient=True, wait=wait)
    if status in (429, 503, 529):
        message = f"{where} takes no more requests for now.{words}" if status == 429 else f"{where} is too busy.{words}"
        return _error("busy", message, "Wait a little, and check your credit there.", transient=True, wait=wait)
    if 0 < status < 500:
        fix = "Choose another model, or other settings."
        return _error("refused", f"{where} refused the request.{words}", fix, transient=status in TRANSIENT, wait=wait)
    return _error(
        "failing", f"{where} has a problem of its own.{words}", "Try again in a while.", transient=status > 0, wait=wait
    )


def key_missing(model: str, variable: str = "") -> ModelError:
    fix = f"Set {variable}, or choose another model." if variable else "Set it, or choose another model."
    return _error("key_missing", f"{model} needs a key, and none is set.", fix)


def silence(where: str, *, transient: bool = False, wait: float | None = None) -> ModelError:
    """No answer in time; transient where the next may come sooner."""
    message = f"{where} does not answer."
    return _error("timeout", message, "Try again, or choose another model.", transient=transient, wait=wait)


def cut(where: str) -> ModelError:
    message = f"{where} broke off in the middle of its answer."
    return _error("cut", message, "Nothing of it was run. Try again.", transient=True)


def nonsense(where: str) -> ModelError:
    return _error("nonsense", f"{where} sent something that is no answer.", "Check its address; it often ends in /v1.")


def _error(code: str, message: str, fix: str, *, transient: bool = False, wait: float | None = None) -> ModelError:
    return ModelError(message, fix=fix, code=f"model.{code}", transient=transient, after=wait)


def _refusal(error: BaseException, links: list[BaseException]) -> Refusal:
    status = getattr(error, "status_code", None)
    if type(error).__name__ == "ContextWindowExceededError":
        status = 413
    answers = [getattr(link, "response", None) for link in links]
    headers = next((dict(found) for answer in answers if (found := getattr(answer, "headers", None))), {})
    bodies = [_body(getattr(link, "body", None)) for link in links]
    words, code = next((body for body in bodies if body[0]), (str(error), ""))
    codes = " ".join([code, *[str(link) for link in links if "context_length" in str(link)]])
    return Refusal(status if isinstance(status, int) else 0, words, codes, headers)


def _body(body: object) -> tuple[str, str]:
    """The words of an error and their code, in whichever of the usual shapes it came."""
    if isinstance(body, Mapping):
        inner = body.get("error", body)
        if isinstance(inner, Mapping):
            words = inner.get("message") or inner.get("detail") or ""
            return words if isinstance(words, str) else json.dumps(words), str(inner.get("code") or "")
        return str(inner), ""
    return (body, "") if isinstance(body, str) else ("", "")


def _sentence(text: str) -> str:
    """The server's own words, as a sentence to follow another; none for a web page."""
    line = re.sub(r"^(?:(?:litellm\.)?\w+(?:Error|Exception)\s*[:-]\s*)+", "", text.strip().split("\n")[0]).strip()
    if not line or line.startswith(("<", "{", "b'", "Error code:")):
        return ""
    return f" It says: {line[:WORDS_MAX].rstrip('.')}."
