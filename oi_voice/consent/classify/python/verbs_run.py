"""The verbs that run programs or code."""

from __future__ import annotations

from oi_voice.consent.classify.python import calls
from oi_voice.consent.classify.python.values import (
    NONE,
    Data,
    Function,
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
from oi_voice.consent.classify.texts import Origin, Text


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
        typed = as_text(call.kwargs["input"]) if "input" in call.kwargs else None
        shell.argv(call.deeds, [as_text(each) if inert(each) else None for each in inside], exact, typed)
    else:
        shell.line(call.deeds, as_text(value) if value is not None else None)
    call.deeds.places.here = before
    return Data(Origin.FILE, call.entry.kind)


def _spread(call: Call) -> Value:
    """A program and its words one by one; ``os.exec…`` ends the one that runs."""
    from oi_voice.consent.classify import shell

    shell.argv(call.deeds, [as_text(each) if inert(each) else None for each in call.args], exact=True)
    if call.name.startswith("os."):
        call.deeds.unknown("puts another program in its own place")
    return Data(Origin.FILE, "process")


def _code(call: Call) -> Value:
    """``exec``, ``eval``, and what times or measures code."""
    for index in range(len(call.entry.params)):
        value = call.get(index)
        if value is not None or index == 0:
            _run(call, value)
    return Unknown()


def _run(call: Call, value: Value | None) -> None:
    if isinstance(value, Data) and value.kind == "code":
        value = Known(value.text.plain) if value.text is not None and value.text.plain is not None else value
    if isinstance(value, Known) and isinstance(value.value, str | bytes):
        if value.hidden:
            call.deeds.add(Effect.HIDDEN, reason="runs code that is hidden in text")
        _again(call, as_text(value))
    elif value is not None and origin(value) is Origin.NET:
        call.deeds.add(Effect.FOREIGN, reason="runs code that comes from a host")
    elif isinstance(value, Function):
        calls.call(call.machine, value, [], {})
    elif call.name.startswith("builtins.") or value is not None:
        call.deeds.unknown("runs code that is made as it runs")


def _types(call: Call) -> Value:
    """Keys are pressed, whatever is in front."""
    from oi_voice.consent.classify import shell

    value = call.get(0)
    call.deeds.add(Effect.SCREEN)
    text = as_text(value) if value is not None else Text((Origin.PLAIN,))
    shell.typed(call.deeds, text)
    call.machine.keys += (text.plain if text else "") or ""  # a line may be typed piece by piece
    return Data(Origin.PERSON)


def _secrets(call: Call) -> Value:
    call.deeds.add(Effect.SECRETS, "program", call.name.partition(".")[0], "reads keys or passwords")
    return Data(Origin.FILE)


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


VERBS: dict[str, Verb] = {
    "shell": _shell,
    "argv": _argv,
    "spread": _spread,
    "code": _code,
    "types": _types,
    "secrets": _secrets,
    "compiled": _compiled,
    "imports": _imports,
    "install": _install,
    "end": _end,
    "processes": _processes,
    "magic": _magic,
    "cell_magic": _cell_magic,
}
