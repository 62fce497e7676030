"""The verbs that run programs or code, and that speak with hosts."""

from __future__ import annotations

from oi_voice.consent.classify import web
from oi_voice.consent.classify.python.values import (
    NONE,
    Data,
    Items,
    Known,
    Named,
    Unknown,
    Value,
    as_path,
    as_text,
    elements,
    inert,
    origin,
)
from oi_voice.consent.classify.python.verbs import Call, Verb
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.texts import BLAND, Origin, Text

_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


def _shell(call: Call) -> Value:
    """A command line for the shell."""
    from oi_voice.consent.classify import shell

    value = call.get(0)
    shell.line(call.deeds, as_text(value) if value is not None else None)
    return Data(Origin.FILE)


def _argv(call: Call) -> Value:
    """``subprocess``: a list of words, or a line for the shell."""
    from oi_voice.consent.classify import shell

    value = call.get(0)
    through = call.kwargs.get("shell")
    if "env" in call.kwargs and not isinstance(call.kwargs["env"], Known | Data):
        call.deeds.unknown("changes where programs are looked for")
    if call.kwargs.keys() & {"executable", "preexec_fn"}:
        call.deeds.unknown("runs a program under another name")
    folder = call.kwargs.get("cwd")
    before = call.deeds.places.here
    if folder is not None:
        call.deeds.enters(as_path(folder), noted=False)
    if isinstance(value, Items) and not (isinstance(through, Known) and through.value):
        inside, exact = elements(value)
        shell.words(call.deeds, [as_text(each) if inert(each) else None for each in inside], exact)
    else:
        shell.line(call.deeds, as_text(value) if value is not None else None)
    call.deeds.places.here = before
    return Data(Origin.FILE, call.entry.kind)


def _spread(call: Call) -> Value:
    """A program and its words one by one; ``os.exec…`` ends the one that runs."""
    from oi_voice.consent.classify import shell

    shell.words(call.deeds, [as_text(each) if inert(each) else None for each in call.args], exact=True)
    if call.name.startswith("os."):
        call.deeds.unknown("puts another program in its own place")
    return Data(Origin.FILE, "process")


def _code(call: Call) -> Value:
    """``exec`` and ``eval``."""
    value = call.get(0)
    if isinstance(value, Data) and value.kind == "code":
        value = Known(value.text.plain) if value.text is not None and value.text.plain is not None else value
    if isinstance(value, Known) and isinstance(value.value, str | bytes):
        if value.hidden:
            call.deeds.add(Effect.HIDDEN, reason="runs code that is hidden in text")
        _again(call, as_text(value))
    elif value is not None and origin(value) is Origin.NET:
        call.deeds.add(Effect.FOREIGN, reason="runs code that comes from a host")
    else:
        call.deeds.unknown("runs code that is made as it runs")
    return Unknown()


def _again(call: Call, code: Text | None) -> None:
    from oi_voice.consent.classify.python import layer

    layer(call.machine, code.plain if code is not None and code.plain is not None else "")


def _compiled(call: Call) -> Value:
    value = call.get(0)
    text = as_text(value) if isinstance(value, Known) else None
    if isinstance(value, Known) and value.hidden:
        call.deeds.add(Effect.HIDDEN, reason="runs code that is hidden in text")
    return Data(Origin.PLAIN, "code", text) if text is not None else Unknown()


def _imports(call: Call) -> Value:
    value = call.get(0)
    text = as_text(value) if isinstance(value, Known) else None
    if text is None or text.plain is None:
        call.deeds.unknown("uses a module whose name is made as it runs")
        return Unknown()
    from oi_voice.consent.classify.python.imports import known

    if not known(text.plain):
        call.deeds.unknown(f"uses {text.plain}, which is not known here")
    return Named(text.plain)


def _install(call: Call) -> Value:
    call.deeds.add(Effect.INSTALLS, "package", "", count=None)
    return NONE


def _end(call: Call) -> Value:
    call.deeds.add(Effect.ENDS, "process", "")
    return NONE


def _processes(call: Call) -> Value:
    call.deeds.add(Effect.READS)
    return Items([Data(Origin.FILE, "processes")], exact=False)


def _magic(call: Call) -> Value:
    from oi_voice.consent.classify.python import magics

    name, line = (as_text(each) if each is not None else Text(("",)) for each in (call.get(0), call.get(1)))
    if name is None or line is None or name.plain is None or line.plain is None:
        call.deeds.unknown("uses a command of IPython that is made as it runs")
    else:
        magics.line(call.machine, name.plain, line.plain)
    return Data(Origin.FILE)


def _cell_magic(call: Call) -> Value:
    from oi_voice.consent.classify.python import magics

    given = [as_text(each) for each in call.args]
    plain = [text.plain for text in given if text is not None and text.plain is not None]
    if len(plain) == 3:
        magics.cell(call.machine, *plain)
    else:
        call.deeds.unknown("uses a command of IPython that is made as it runs")
    return Data(Origin.FILE)


# --- hosts


def _tells(call: Call) -> bool:
    """Whether a request carries more than its address."""
    carried = ("data", "json", "files", "body", "content", "auth", "cookies", "headers", "params")
    return any(key in carried and not _bland(value) for key, value in call.kwargs.items()) or "**" in call.kwargs


def _bland(value: Value) -> bool:
    return value == NONE or (inert(value) and origin(value) in BLAND)


def _fetch(call: Call) -> Value:
    """A page is fetched; ``urlopen`` with data sends it."""
    value = call.get(0)
    body = call.get(1) if len(call.entry.params) > 1 else None
    posts = any(key in call.kwargs for key in ("data", "json", "files")) or (body is not None and body != NONE)
    if isinstance(value, Data) and value.kind == "request":
        web.fetches(call.deeds, value.text, tells=value.origin not in BLAND)
    else:
        web.fetches(call.deeds, as_text(value) if value is not None else None, tells=posts or _tells(call))
    return Data(Origin.NET, "response")


def _request(call: Call) -> Value:
    value = call.get(0)
    posts = any(key in call.kwargs for key in ("data", "json", "method")) or len(call.args) > 1 or _tells(call)
    told = max(call.origin, Origin.OPAQUE if posts else Origin.PLAIN)
    return Data(told, "request", as_text(value) if value is not None else None)


def _request_by(call: Call) -> Value:
    method = call.get(0)
    reads = isinstance(method, Known) and str(method.value).upper() in _METHODS
    value = call.get(1)
    posts = any(key in call.kwargs for key in ("data", "json", "files", "body"))
    web.fetches(call.deeds, as_text(value) if value is not None else None, tells=not reads or posts or _tells(call))
    return Data(Origin.NET, "response")


def _send(call: Call) -> Value:
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
    "shell": _shell,
    "argv": _argv,
    "spread": _spread,
    "code": _code,
    "compiled": _compiled,
    "imports": _imports,
    "install": _install,
    "end": _end,
    "processes": _processes,
    "magic": _magic,
    "cell_magic": _cell_magic,
    "fetch": _fetch,
    "request": _request,
    "request_by": _request_by,
    "send": _send,
    "sendhost": _sendhost,
    "tell": _tell,
    "resolve": _resolve,
    "serve": _serve,
    "download": _download,
}
