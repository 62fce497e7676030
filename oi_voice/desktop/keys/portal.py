"""The talk key on Wayland, where no program sees keys: the desktop's portal binds it and tells when it is held.

The interface is org.freedesktop.portal.GlobalShortcuts of xdg-desktop-portal: the desktop may ask the person which
key it shall be, and has the last word. From its release 1.21 on, a portal serves only programs that it knows by an
application id, which it takes from an installed ``APP_ID.desktop`` file.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oi_voice.desktop.keys.names import Combination
from oi_voice.desktop.keys.source import Pollable, Seen, What
from oi_voice.errors import DesktopError

APP_ID = "oi_voice.Assistant"
OTHERWISE = "Bind a key to `oi-voice talk toggle` in the desktop's keyboard settings instead."
PORTAL = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
REGISTRY = "org.freedesktop.host.portal.Registry"
TALK, STOP = "talk", "stop"
#: Modifiers as the shortcuts specification calls them.
_MODIFIERS = {"ctrl": "CTRL", "alt": "ALT", "shift": "SHIFT", "cmd": "LOGO"}

Then = Callable[[Any], None]


class PortalKeys:
    """Implements ``Source``. Raises DesktopError where there is no session bus; that there is no portal, or that the
    person wants no such key, is known later: ``read`` raises it then.
    """

    def __init__(self, combination: Combination, environ: Mapping[str, str]) -> None:
        self.ready = False
        self.trigger = ""  # the key that the desktop has bound, in its words
        self._wanted = trigger(combination)
        self._session = ""
        self._awaited: dict[int, Then] = {}
        self._responses: dict[str, Then] = {}
        self._bus = _connect(environ)
        self._begin()

    def waits(self) -> Sequence[Pollable]:
        pollable: Pollable = self._bus.sock
        return [pollable]

    def read(self) -> Sequence[Seen]:
        seen = []
        try:
            while True:
                if (found := self._understood(self._bus.receive(timeout=0))) is not None:
                    seen.append(found)
        except TimeoutError:
            return seen
        except OSError as error:
            raise DesktopError(f"The session bus is gone ({error}).", fix="Start oi_voice again.") from error

    def down(self) -> bool | None:
        return None

    def close(self) -> None:
        """The session, and with it the shortcuts, ends with the connection."""
        self._bus.close()

    # --- getting the key: each step is the answer to the one before

    def _begin(self) -> None:
        from jeepney import MatchRule, message_bus

        signals = MatchRule(type="signal", sender=PORTAL)
        owner = MatchRule(type="signal", sender="org.freedesktop.DBus", member="NameOwnerChanged")
        owner.add_arg_condition(0, PORTAL)
        for rule in (signals, owner):
            self._bus.send(message_bus.AddMatch(rule))
        self._call(REGISTRY, "Register", "sa{sv}", (APP_ID, {}), self._ask)

    def _ask(self, _: Any) -> None:
        """Older portals have no registry, which does no harm; where there is no such portal at all shows now."""
        self._call("org.freedesktop.DBus.Properties", "Get", "ss", (SHORTCUTS, "version"), self._create)

    def _create(self, _: Any) -> None:
        token = _token()
        options = {"handle_token": ("s", self._request(self._bind)), "session_handle_token": ("s", token)}
        self._call(SHORTCUTS, "CreateSession", "a{sv}", (options,), _nothing)

    def _bind(self, results: Mapping[str, Any]) -> None:
        self._session = results["session_handle"][1]
        shortcuts = [
            (TALK, {"description": ("s", "Talk to the assistant"), "preferred_trigger": ("s", self._wanted)}),
            (STOP, {"description": ("s", "Stop the assistant")}),
        ]
        options = {"handle_token": ("s", self._request(self._bound))}
        self._call(SHORTCUTS, "BindShortcuts", "oa(sa{sv})sa{sv}", (self._session, shortcuts, "", options), _nothing)

    def _bound(self, results: Mapping[str, Any]) -> None:
        bound = dict(results.get("shortcuts", ("", []))[1])
        if TALK not in bound:
            raise DesktopError("The desktop has bound no key to talk with.", fix=OTHERWISE)
        self.trigger = bound[TALK].get("trigger_description", ("s", ""))[1]
        self.ready = True

    def _call(self, interface: str, method: str, signature: str, body: tuple[Any, ...], then: Then) -> None:
        from jeepney import DBusAddress, new_method_call

        serial = next(self._bus.outgoing_serial)
        self._awaited[serial] = then
        self._bus.send(new_method_call(DBusAddress(PATH, PORTAL, interface), method, signature, body), serial=serial)

    def _request(self, then: Then) -> str:
        """The token of a request whose response goes to ``then``."""
        token, sender = _token(), self._bus.unique_name[1:].replace(".", "_")
        self._responses[f"{PATH}/request/{sender}/{token}"] = then
        return token

    # --- what comes

    def _understood(self, message: Any) -> Seen | None:
        from jeepney import HeaderFields, MessageType

        fields = message.header.fields
        if message.header.message_type is MessageType.signal:
            return self._signal(fields.get(HeaderFields.path), fields.get(HeaderFields.member), message.body)
        then = self._awaited.pop(fields.get(HeaderFields.reply_serial, -1), None)
        if then is None:
            return None
        if message.header.message_type is MessageType.error and then != self._ask:
            why = message.body[0] if message.body else fields.get(HeaderFields.error_name)
            raise DesktopError(f"This desktop gives programs no key to talk with ({why}).", fix=OTHERWISE)
        then(message.body)
        return None

    def _signal(self, path: str, member: str, body: tuple[Any, ...]) -> Seen | None:
        if member == "Response" and path in self._responses:
            then, (code, results) = self._responses.pop(path), body
            if code != 0:
                raise DesktopError("The desktop was told to bind no key to talk with.", fix=OTHERWISE)
            then(results)
        elif member == "NameOwnerChanged" and body[1]:
            raise DesktopError("The desktop's portal, which tells of the talk key, is gone.", fix="Restart oi_voice.")
        elif path == self._session and member == "Closed":
            raise DesktopError("The desktop has taken the talk key away.", fix=OTHERWISE)
        elif member in ("Activated", "Deactivated") and body[0] == self._session:
            return _shortcut(body[1], member == "Activated")
        return None


def trigger(combination: Combination) -> str:
    """The key in the notation of the freedesktop shortcuts specification: ``CTRL+ALT+v``.

    What is not written there, a modifier alone, is named as the keys are.
    """
    held, main = list(combination.modifiers), combination.main
    if main is None:
        main = held.pop()
    names = [_MODIFIERS.get(part.name.partition("_")[0], part.symbols[0]) for part in held]
    return "+".join([*names, main.symbols[0]])


def _shortcut(name: str, active: bool) -> Seen | None:
    at = time.monotonic()  # the portal's own stamps have no known beginning
    if name == TALK:
        return Seen(What.DOWN if active else What.UP, at)
    return Seen(What.ESCAPE, at) if name == STOP and active else None


def _nothing(_: Any) -> None:
    """A call's result comes as a response later."""


def _token() -> str:
    return f"oi_voice_{uuid.uuid4().hex}"


def _connect(environ: Mapping[str, str]) -> Any:
    try:
        from jeepney.io.blocking import open_dbus_connection
    except ImportError as error:
        raise DesktopError(
            "jeepney is not installed, so no key can be had on Wayland.", fix="Install it with: pip install jeepney"
        ) from error
    try:
        return open_dbus_connection(environ.get("DBUS_SESSION_BUS_ADDRESS", ""))
    except (OSError, ValueError, RuntimeError) as error:
        raise DesktopError("This Wayland session has no session bus.", fix=OTHERWISE) from error
