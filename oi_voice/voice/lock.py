"""Whether the screen is locked, from who knows it on Linux: a screen saver on the session bus, logind on the system's.

A screen saver that hides the screen counts as a lock: either way nobody is there to see that a microphone is open.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from typing import Any

log = logging.getLogger(__name__)

SCREEN_SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")
LOGIN = "org.freedesktop.login1"
SESSION = f"{LOGIN}.Session"
PROPERTIES = "org.freedesktop.DBus.Properties"
PATIENCE = 2.0  # seconds for an answer
NO_BUS = (OSError, EOFError, KeyError, RuntimeError, ValueError)  # not there, gone, without address, or not one for us


async def watch_lock(changed: Callable[[bool], None], session: str = "SESSION", system: str = "SYSTEM") -> None:
    """Tell of each change, beginning with a screen that is locked already; runs until it is cancelled.

    ``session`` and ``system`` are the buses' addresses, by default those of this login. Where there is neither, it
    returns.
    """
    lock = _Lock(changed)
    savers = [_watch(session, lock, name, _screen_saver) for name in SCREEN_SAVERS]
    await asyncio.gather(*savers, _watch(system, lock, LOGIN, _login))


class _Lock:
    """Locked is what anybody calls so."""

    def __init__(self, changed: Callable[[bool], None]) -> None:
        self._changed = changed
        self._says: dict[str, bool] = {}

    def say(self, who: str, locked: bool | None) -> None:
        if locked is None:
            return
        before = any(self._says.values())
        self._says[who] = locked
        if before != (now := any(self._says.values())):
            self._changed(now)


async def _watch(bus: str, lock: _Lock, name: str, ask: Callable[[Any, str], Any]) -> None:
    """``ask`` gives the call whose answer is the state, and the rules of the signals that change it."""
    from jeepney import MessageType
    from jeepney.bus_messages import message_bus
    from jeepney.io.asyncio import Proxy

    try:
        async with _connected(bus) as router:
            call, rules = await ask(router, name)
            told: asyncio.Queue[Any] = asyncio.Queue()
            with ExitStack() as filters:
                for rule in rules:
                    filters.enter_context(router.filter(rule, queue=told))
                    await Proxy(message_bus, router).AddMatch(rule)
                with suppress(TimeoutError):  # one that hangs may still tell of a change
                    async with asyncio.timeout(PATIENCE):
                        answer = await router.send_and_get_reply(call)
                    if answer.header.message_type is MessageType.method_return:
                        lock.say(name, _locked(answer))
                while True:
                    lock.say(name, _locked(await told.get()))
    except NO_BUS as missing:
        log.info("%s tells nothing of a locked screen: %r", name, missing)


@asynccontextmanager
async def _connected(bus: str) -> AsyncIterator[Any]:
    """A router on that bus. The library's own way to one leaves a socket open when it is cancelled half-way."""
    from jeepney.auth import BEGIN, Authenticator
    from jeepney.bus import get_bus
    from jeepney.bus_messages import message_bus
    from jeepney.io.asyncio import DBusConnection, DBusRouter, Proxy

    reader, writer = await asyncio.open_unix_connection(get_bus(bus))
    try:
        login = Authenticator()
        for line in login:
            writer.write(line)
            login.feed(await reader.readuntil(b"\n"))
        writer.write(BEGIN)
        async with DBusRouter(DBusConnection(reader, writer)) as router:
            await Proxy(message_bus, router).Hello()
            yield router
    finally:
        writer.close()


async def _screen_saver(router: Any, name: str) -> tuple[Any, Sequence[Any]]:
    from jeepney import DBusAddress, MatchRule

    path = f"/{name.replace('.', '/')}"
    rule = MatchRule(type="signal", interface=name, member="ActiveChanged", path=path)
    return _call(DBusAddress(path, name, name), "GetActive"), [rule]


async def _login(router: Any, name: str) -> tuple[Any, Sequence[Any]]:
    """Of the session that we belong to: other people's may be locked."""
    from jeepney import DBusAddress, MatchRule, MessageType

    manager = DBusAddress("/org/freedesktop/login1", name, f"{name}.Manager")
    session = os.environ.get("XDG_SESSION_ID")
    which = ("GetSession", "s", session) if session else ("GetSessionByPID", "u", os.getpid())
    answer = await router.send_and_get_reply(_call(manager, *which))
    if answer.header.message_type is not MessageType.method_return:
        raise ProcessLookupError(answer.body[0])
    path = answer.body[0]
    rules = [
        MatchRule(type="signal", interface=PROPERTIES, member="PropertiesChanged", path=path),
        *(MatchRule(type="signal", interface=SESSION, member=member, path=path) for member in ("Lock", "Unlock")),
    ]
    return _call(DBusAddress(path, name, PROPERTIES), "Get", "ss", SESSION, "LockedHint"), rules


def _call(where: Any, method: str, signature: str = "", *body: object) -> Any:
    """A call that starts no service: one that does not run has locked nothing."""
    from jeepney import MessageFlag, new_method_call

    call = new_method_call(where, method, signature, body)
    call.header.flags |= MessageFlag.no_auto_start
    return call


def _locked(message: Any) -> bool | None:
    """What a signal or an answer says; None for a change of something else."""
    from jeepney import HeaderFields

    member, body = message.header.fields.get(HeaderFields.member), message.body
    if member in ("Lock", "Unlock"):
        return bool(member == "Lock")
    value = body[1].get("LockedHint") if member == "PropertiesChanged" else body[0]
    if isinstance(value, tuple):  # a variant: its signature and what it holds
        value = value[1]
    return None if value is None else bool(value)
