"""The verbs that speak with hosts."""

from __future__ import annotations

from oi_voice.consent.classify import web
from oi_voice.consent.classify.python.calls import callbacks
from oi_voice.consent.classify.python.values import (
    NONE,
    Data,
    Items,
    Known,
    Table,
    Unknown,
    Value,
    as_text,
    inert,
    origin,
)
from oi_voice.consent.classify.python.verbs import Call, Verb
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.texts import BLAND, Origin, Text

_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


#: What a request is given and keeps to itself.
_QUIET = frozenset(("timeout", "stream", "verify", "allow_redirects", "follow_redirects", "context", "url", "method"))


def _tells(call: Call) -> bool:
    """Whether a request carries more than its address."""
    of = call.of if call.of is not None else call.get(0)
    carries = isinstance(of, Data) and of.kind in ("session", "request") and call.machine.carried not in BLAND
    given = [value for key, value in call.kwargs.items() if key not in _QUIET]
    return carries or not all(map(_bland, (*given, *call.args[1:])))


def _bland(value: Value) -> bool:
    return value == NONE or (inert(value) and origin(value) in BLAND)


#: The arguments by which a request goes through another host, or to one that is not in its address.
_THROUGH = ("proxies", "proxy", "base_url", "mounts", "transport", "proxy_url", "uds")


def _through(call: Call) -> None:
    """The hosts that a request goes through are told."""
    for name in _THROUGH:
        value = call.kwargs.get(name, NONE)
        for each in value.all() if isinstance(value, Table) else [value]:
            if each != NONE:
                web.fetches(call.deeds, as_text(each) if inert(each) else None)


def _client(call: Call) -> Value:
    """What makes requests later."""
    _through(call)
    callbacks(call.machine, call.args, {key: each for key, each in call.kwargs.items() if key not in _THROUGH})
    return Data(call.origin, call.entry.kind)


def _fetch(call: Call) -> Value:
    """A page is fetched; ``urlopen`` with data sends it."""
    _through(call)
    value = call.get(0)
    body = call.get(1) if len(call.entry.params) > 1 else None
    posts = any(key in call.kwargs for key in ("data", "json", "files")) or (body is not None and body != NONE)
    if isinstance(value, Data) and value.kind == "request":
        web.fetches(call.deeds, value.text, tells=value.origin not in BLAND or _tells(call))
    else:
        web.fetches(call.deeds, as_text(value) if value is not None else None, tells=posts or _tells(call))
    return Data(Origin.NET, "response")


def _request(call: Call) -> Value:
    value = call.get(0)
    posts = any(key in call.kwargs for key in ("data", "json", "method")) or len(call.args) > 1 or _tells(call)
    told = max(call.origin, Origin.OPAQUE if posts else Origin.PLAIN)
    return Data(told, "request", as_text(value) if value is not None else None)


def _request_by(call: Call) -> Value:
    _through(call)
    method = call.get(0)
    reads = isinstance(method, Known) and str(method.value).upper() in _METHODS
    value = call.get(1)
    posts = any(key in call.kwargs for key in ("data", "json", "files", "body"))
    web.fetches(call.deeds, as_text(value) if value is not None else None, tells=not reads or posts or _tells(call))
    return Data(Origin.NET, "response")


def _send(call: Call) -> Value:
    _through(call)
    value = call.get(0)
    web.sends(call.deeds, as_text(value) if value is not None and inert(value) else None)
    return Data(Origin.NET, "response")


def _sendhost(call: Call) -> Value:
    """A connection of a sort that is there to send."""
    value = call.get(0)
    if isinstance(value, Items) and value.values:
        value = value.values[0]
    text = as_text(value) if value is not None else None
    if text is not None and text.plain is not None:
        call.deeds.add(Effect.SENDS, "host", text.plain)
    else:
        call.deeds.add(Effect.SENDS, "host", "", "connects to a host that is made as it runs", count=None)
    return Data(Origin.NET, call.entry.kind)


def _resolve(call: Call) -> Value:
    """The name of a host is told to those who know where it is."""
    value = call.get(0)
    if value is None and call.name.endswith("getfqdn"):
        return Data()
    text = as_text(value) if value is not None else None
    bland = text is not None and text.origin in BLAND
    call.deeds.add(Effect.NETWORK if bland else Effect.SENDS, "host", text.plain or "" if text is not None else "")
    return Data(Origin.NET)


def _tell(call: Call) -> Value:
    """A library that asks one service."""
    host = call.entry.params[0][0]
    bland = all(map(_bland, (*call.args, *call.kwargs.values())))
    call.deeds.add(Effect.NETWORK if bland else Effect.SENDS, "host", host)
    return Data(Origin.NET, "frame")


def _serve(call: Call) -> Value:
    call.deeds.unknown("lets others connect to this computer")
    return Unknown()


def _download(call: Call) -> Value:
    address, path = call.path(), call.path(1)
    web.fetches(call.deeds, address)
    if call.get(1) is not None:
        call.deeds.writes(path)
    elif address is not None and address.plain is not None and "wget" in call.name:
        call.deeds.writes(Text((address.plain.rstrip("/").rpartition("/")[2],)))
    else:
        call.deeds.add(Effect.SESSION)
    return Data(Origin.NET)


VERBS: dict[str, Verb] = {
    "fetch": _fetch,
    "request": _request,
    "client": _client,
    "request_by": _request_by,
    "send": _send,
    "sendhost": _sendhost,
    "tell": _tell,
    "resolve": _resolve,
    "serve": _serve,
    "download": _download,
}
