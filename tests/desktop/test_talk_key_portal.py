"""The talk key on Wayland, against a stand-in of the desktop's portal on a bus of its own."""

from __future__ import annotations

import queue
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, MessageType, message_bus, new_error, new_method_return, new_signal
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from oi_voice.desktop.hotkeys import Mode, PushToTalk, open_source, try_key
from oi_voice.desktop.keys.names import parse
from oi_voice.desktop.keys.portal import PortalKeys, trigger
from oi_voice.desktop.keys.source import Source
from oi_voice.errors import DesktopError

WAIT = 10.0
NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
CONFIG = """\
<busconfig>
  <type>session</type>
  <listen>unix:path={path}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    """The address of a session bus on which nothing is started by itself."""
    config = tmp_path / "bus.conf"
    config.write_text(CONFIG.format(path=tmp_path / "bus"))
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--nosyslog", "--print-address=1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        daemon.terminate()


@dataclass
class Desktop:
    """The stand-in. ``refuses`` has it answer a method with an error, ``dismissed`` a request with a no."""

    link: DBusConnection
    refuses: Mapping[str, str] = field(default_factory=dict)
    dismissed: str = ""
    binds: bool = True
    calls: queue.Queue[tuple[str, Any]] = field(default_factory=queue.Queue)
    client: str = ""
    session: str = ""

    def serve(self) -> None:
        """Until the bus ends."""
        try:
            while True:
                message = self.link.receive()
                if message.header.message_type is MessageType.method_call:
                    self._answer(message, message.header.fields[HeaderFields.member])
        except (ConnectionError, ValueError, OSError):
            return

    def until(self, method: str) -> Any:
        """What was called with."""
        while (call := self.calls.get(timeout=WAIT))[0] != method:
            pass
        return call[1]

    def signal(self, name: str, path: str, interface: str, signature: str, *body: object) -> None:
        message = new_signal(DBusAddress(path, interface=interface), name, signature, body)
        message.header.fields[HeaderFields.destination] = self.client
        self.link.send(message)

    def hold(self, shortcut: str, down: bool, session: str = "") -> None:
        name = "Activated" if down else "Deactivated"
        self.signal(name, PATH, SHORTCUTS, "osta{sv}", session or self.session, shortcut, 1, {})

    def _answer(self, message: Any, method: str) -> None:
        if method in self.refuses:
            self.link.send(new_error(message, "org.freedesktop.portal.Error.NotAllowed", "s", (self.refuses[method],)))
        elif method == "CreateSession":
            self.client = message.header.fields[HeaderFields.sender]
            (options,) = message.body
            self.session = f"{PATH}/session/{self._sender}/{options['session_handle_token'][1]}"
            self._respond(message, method, options, {"session_handle": ("s", self.session)})
        elif method == "BindShortcuts":
            described = {"description": ("s", "…"), "trigger_description": ("s", "Meta+Space")}
            bound = [(name, described) for name, _ in message.body[1] if self.binds]
            self._respond(message, method, message.body[3], {"shortcuts": ("a(sa{sv})", bound)})
        elif method == "Get":
            self.link.send(new_method_return(message, "v", (("u", 1),)))
        else:
            self.link.send(new_method_return(message))
        self.calls.put((method, message.body))

    def _respond(self, message: Any, method: str, options: Any, results: dict[str, Any]) -> None:
        path = f"{PATH}/request/{self._sender}/{options['handle_token'][1]}"
        self.link.send(new_method_return(message, "o", (path,)))
        code = 1 if method == self.dismissed else 0
        self.signal("Response", path, "org.freedesktop.portal.Request", "ua{sv}", code, {} if code else results)

    @property
    def _sender(self) -> str:
        return self.client[1:].replace(".", "_")


@pytest.fixture
def desktop(bus: str) -> Iterator[Desktop]:
    with open_dbus_connection(bus) as link:
        link.send_and_get_reply(message_bus.RequestName(NAME))
        result = Desktop(link)
        thread = threading.Thread(target=result.serve)
        thread.start()
        yield result
        link.sock.shutdown(2)
        thread.join(WAIT)


class Heard:
    def __init__(self, bus: str, mode: Mode = Mode.HOLD) -> None:
        self.edges: queue.Queue[str | DesktopError] = queue.Queue()
        self.sources: list[PortalKeys] = []

        def opened(combination: Any, by_code: Callable[[str], bool]) -> Source:
            self.sources.append(PortalKeys(combination, {"DBUS_SESSION_BUS_ADDRESS": bus}))
            return self.sources[-1]

        put = self.edges.put
        self.hotkeys = PushToTalk("<ctrl>+<alt>+v", mode, failed=put, opened=opened)
        self.hotkeys.start(lambda: put("pressed"), lambda: put("released"), lambda: put("cancelled"))

    def next(self) -> str | DesktopError:
        return self.edges.get(timeout=WAIT)


@pytest.fixture
def heard(bus: str) -> Iterator[Callable[[], Heard]]:
    opened: list[Heard] = []

    def listen(mode: Mode = Mode.HOLD) -> Heard:
        opened.append(Heard(bus, mode))
        return opened[-1]

    yield listen
    for each in opened:
        each.hotkeys.close()


def bound(desktop: Desktop, key: Heard) -> Any:
    """What was asked for; returns once the key is heard."""
    _, shortcuts, _, _ = desktop.until("BindShortcuts")
    desktop.hold("stop", True)
    assert key.next() == "cancelled"
    return dict(shortcuts)


def test_the_desktop_binds_the_key_and_tells_of_it(desktop: Desktop, heard: Callable[[], Heard]) -> None:
    key = heard()
    assert desktop.until("Register")[0] == "oi_voice.Assistant"
    asked = bound(desktop, key)
    assert asked["talk"]["preferred_trigger"] == ("s", "CTRL+ALT+v")
    assert "preferred_trigger" not in asked["stop"]
    assert key.sources[0].trigger == "Meta+Space"
    for _ in range(3):
        desktop.hold("talk", True)
        assert key.next() == "pressed"
        desktop.hold("talk", False)
        assert key.next() == "released"


def test_what_another_session_does_is_not_heard(desktop: Desktop, heard: Callable[[], Heard]) -> None:
    key = heard()
    bound(desktop, key)
    desktop.hold("talk", True, session=f"{PATH}/session/1_1/other")
    desktop.hold("stop", True)
    assert key.next() == "cancelled"


def test_a_portal_without_a_registry_serves_too(desktop: Desktop, heard: Callable[[], Heard]) -> None:
    desktop.refuses = {"Register": "No such interface"}
    bound(desktop, heard())


def test_another_key_is_another_session(desktop: Desktop, heard: Callable[[], Heard]) -> None:
    key = heard()
    bound(desktop, key)
    desktop.hold("talk", True)
    assert key.next() == "pressed"
    key.hotkeys.rebind("<pause>")
    assert key.next() == "released"
    assert bound(desktop, key)["talk"]["preferred_trigger"] == ("s", "Pause")
    desktop.hold("talk", True)
    assert key.next() == "pressed"


def test_a_refused_change_leaves_the_old_key(desktop: Desktop, heard: Callable[[], Heard]) -> None:
    key = heard()
    bound(desktop, key)
    client, session, desktop.binds = desktop.client, desktop.session, False
    key.hotkeys.rebind("<pause>")
    assert "bound no key" in str(key.next())
    desktop.client, desktop.session = client, session
    desktop.hold("talk", True)
    assert key.next() == "pressed"
    assert key.hotkeys.key == "<ctrl>+<alt>+v"


@pytest.mark.parametrize(
    ("refuses", "dismissed", "why"),
    [
        ({"Get": "No such interface"}, "", "gives programs no key"),
        ({"CreateSession": "An app id is required"}, "", "An app id is required"),
        ({}, "CreateSession", "was told to bind no key"),
        ({}, "BindShortcuts", "was told to bind no key"),
    ],
)
def test_no_key_is_said_with_what_to_do(
    desktop: Desktop, heard: Callable[[], Heard], refuses: dict[str, str], dismissed: str, why: str
) -> None:
    desktop.refuses, desktop.dismissed = refuses, dismissed
    failed = str(heard().next())
    assert why in failed
    assert "oi-voice talk toggle" in failed


def test_no_portal_is_said_with_what_to_do(bus: str, heard: Callable[[], Heard]) -> None:
    failed = str(heard().next())
    assert "gives programs no key" in failed
    assert "oi-voice talk toggle" in failed


def test_a_closed_session_ends_the_take(desktop: Desktop, heard: Callable[[], Heard]) -> None:
    key = heard()
    bound(desktop, key)
    desktop.hold("talk", True)
    assert key.next() == "pressed"
    desktop.signal("Closed", desktop.session, "org.freedesktop.portal.Session", "")
    assert key.next() == "released"
    assert "taken the talk key away" in str(key.next())
    key.hotkeys.rebind(key.hotkeys.key)
    bound(desktop, key)


def test_a_portal_that_ends_ends_the_take(desktop: Desktop, heard: Callable[[], Heard]) -> None:
    key = heard()
    bound(desktop, key)
    desktop.hold("talk", True)
    assert key.next() == "pressed"
    desktop.link.send(message_bus.ReleaseName(NAME))
    assert key.next() == "released"
    assert "is gone" in str(key.next())


@pytest.mark.parametrize(
    "environ", [{"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, {"XDG_SESSION_TYPE": "wayland"}]
)
def test_wayland_without_a_bus_points_at_the_command(environ: dict[str, str]) -> None:
    with pytest.raises(DesktopError, match="oi-voice talk toggle"):
        open_source(parse("<ctrl_r>"), lambda key: False, environ)


def test_wayland_is_asked_through_the_portal(bus: str) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-0", "DBUS_SESSION_BUS_ADDRESS": bus}
    source = open_source(parse("<ctrl_r>"), lambda key: False, environ)
    assert isinstance(source, PortalKeys)
    source.close()
    source.close()


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("<ctrl>+<alt>+v", "CTRL+ALT+v"),
        ("<cmd>+<space>", "LOGO+space"),
        ("<ctrl_r>", "Control_R"),
        ("<shift>+<f9>", "SHIFT+F9"),
        ("<ctrl>+/", "CTRL+U002F"),
    ],
)
def test_triggers_are_written_as_the_specification_has_them(key: str, wanted: str) -> None:
    assert trigger(parse(key)) == wanted


def test_a_key_is_tried_and_let_go_of(desktop: Desktop, bus: str) -> None:
    here = {"WAYLAND_DISPLAY": "wayland-0", "DBUS_SESSION_BUS_ADDRESS": bus}
    assert try_key("<ctrl>+<alt>+v", here) == "Ctrl+Alt+V can be had."
    desktop.dismissed = "BindShortcuts"
    with pytest.raises(DesktopError, match="told to bind no key"):
        try_key("<ctrl>+<alt>+v", here)
