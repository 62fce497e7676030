"""What the verbs of the tables do: each takes a call apart, notes the deed, and says what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oi_voice.consent.classify.deeds import Deeds
from oi_voice.consent.classify.knowledge.python_calls import Entry
from oi_voice.consent.classify.knowledge.variables import SECRET_VARIABLE
from oi_voice.consent.classify.python import paths
from oi_voice.consent.classify.python.calls import callbacks
from oi_voice.consent.classify.python.machine import Machine
from oi_voice.consent.classify.python.values import (
    NONE,
    Class,
    Data,
    Instance,
    Items,
    Known,
    Table,
    Unknown,
    Value,
    as_path,
    as_text,
    common,
    elements,
    inert,
    origin,
)
from oi_voice.consent.classify.risk import Effect
from oi_voice.consent.classify.texts import Origin, Text


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is understood. ``of`` is what a method is called on."""

    machine: Machine
    entry: Entry
    name: str
    of: Value | None
    args: list[Value]
    kwargs: dict[str, Value]

    @property
    def deeds(self) -> Deeds:
        return self.machine.deeds

    def get(self, index: int) -> Value | None:
        """The argument for the entry's parameter of this index; ``self`` is what the method is called on."""
        if index >= len(self.entry.params):
            return None
        name, position = self.entry.params[index]
        if name == "self":
            return self.of if self.of is not None else self.args[0] if self.args else None
        if name in self.kwargs:
            return self.kwargs[name]
        return self.args[position] if position < len(self.args) else self.kwargs.get("**")

    def path(self, index: int = 0) -> Text | None:
        value = self.get(index)
        return as_path(value) if value is not None else None

    @property
    def result(self) -> Value:
        return Data(self.origin, self.entry.kind)

    @property
    def origin(self) -> Origin:
        inside = [*self.args, *self.kwargs.values(), *([self.of] if self.of is not None else [])]
        return max((origin(each) for each in inside if inert(each)), default=Origin.PLAIN)


Verb = Callable[[Call], Value]


def act(
    machine: Machine, entry: Entry, name: str, of: Value | None, args: list[Value], kwargs: dict[str, Value]
) -> Value:
    """Do what the entry says."""
    return verbs()[entry.verb](Call(machine, entry, name, of, args, kwargs))


_VERBS: dict[str, Verb] = {}


def verbs() -> dict[str, Verb]:
    """All verbs, by name."""
    if not _VERBS:
        from oi_voice.consent.classify.python import verbs_data, verbs_files, verbs_hosts, verbs_run, verbs_screen

        for module in (verbs_data, verbs_files, verbs_hosts, verbs_run, verbs_screen):
            _VERBS.update(module.VERBS)
        _VERBS.update(OWN)
    return _VERBS


def _pure(call: Call) -> Value:
    callbacks(call.machine, call.args, call.kwargs)
    return call.result


def _handle(call: Call) -> Value:
    callbacks(call.machine, call.args, call.kwargs)
    return Data(max(call.origin, Origin.FILE))


def _same(call: Call) -> Value:
    return call.of if call.of is not None else Unknown()


def _opaque(call: Call) -> Value:
    call.deeds.unknown(f"uses {call.name.removeprefix('builtins.').lstrip('.')}, which may do anything")
    callbacks(call.machine, call.args, call.kwargs)
    return Unknown()


def _opaque_value(_: Call) -> Value:
    return Unknown()


def _environ(call: Call) -> Value:
    """Variables of the running program: some of them say which programs and libraries are run."""
    keys: dict[object, Value | None] = {each.value: call.get(1) for each in call.args[:1] if isinstance(each, Known)}
    tables = [each for each in call.args if isinstance(each, Table)]
    keys |= {key: value for table in tables for key, value in table.items.items()} | call.kwargs
    if not keys or any(table.rest is not None for table in tables):
        call.deeds.unknown("changes where programs are looked for")
    for key, value in keys.items():
        call.deeds.steers(str(key), as_text(value) if value is not None else None)
    call.deeds.add(Effect.SESSION)
    return Data(Origin.FILE)


def _getenv(call: Call) -> Value:
    value = call.get(0)
    key = as_text(value) if value is not None else None
    if key is not None and key.plain in ("HOME", "USERPROFILE"):
        return paths.home_place(call)
    call.deeds.add(Effect.READS)
    if key is not None and SECRET_VARIABLE.search(key.head):
        call.deeds.add(Effect.SECRETS, "text", key.head, "reads keys or passwords")
    if value is None:
        call.deeds.add(Effect.SECRETS, "text", "environment", "reads all environment variables, keys among them")
    return Data(Origin.FILE)


def _getattr(call: Call) -> Value:
    from oi_voice.consent.classify.python.attributes import attribute

    if len(call.args) > 1 and isinstance(call.args[1], Known) and isinstance(call.args[1].value, str):
        return attribute(call.machine, call.args[0], call.args[1].value)
    return Unknown()


def _setattr(call: Call) -> Value:
    from oi_voice.consent.classify.python.binding import set_attribute

    name = call.args[1] if len(call.args) > 2 else None
    if isinstance(name, Known) and isinstance(name.value, str):
        set_attribute(call.machine, call.args[0], name.value, call.args[2])
    else:
        call.deeds.unknown("changes how Python itself works")
        callbacks(call.machine, call.args, call.kwargs)
    return NONE


def _super(call: Call) -> Value:
    """``super()`` in a method: what its class inherits from."""
    running = call.machine.active[-1] if call.machine.active else None
    if running is None or not isinstance(running.of, Instance) or call.args:
        return Unknown()
    made = running.of.of
    while running.node not in made.node.body and made.bases:
        made = made.bases[0]
    return Instance(made.bases[0] if made.bases else Class(made.node, {}, plain=made.plain))


def _later(call: Call) -> Value:
    """A function that is called by another thread, or at the end."""
    from oi_voice.consent.classify.python.calls import call as invoke

    value = call.get(0)
    if value is None or isinstance(value, Unknown):
        call.deeds.unknown("runs something that is not known here")
        return Data()
    rest = call.args[call.entry.params[0][1] + 1 :]
    given = call.kwargs.get("args", rest[0] if rest and call.name.endswith("Timer") else None)
    rest = given.values if isinstance(given, Items) else rest
    if call.name.endswith(("map", "starmap", "imap")):
        rest = [common(elements(each)[0]) for each in rest]
    result = invoke(call.machine, value, rest, {})
    return Items([result], exact=False) if call.name.endswith("map") else Data()


OWN: dict[str, Verb] = {
    "pure": _pure,
    "handle": _handle,
    "same": _same,
    "opaque": _opaque,
    "opaque_value": _opaque_value,
    "environ": _environ,
    "getenv": _getenv,
    "getattr": _getattr,
    "setattr": _setattr,
    "super": _super,
    "later": _later,
}
