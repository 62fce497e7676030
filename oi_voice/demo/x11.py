"""The little of X11 that the stage and the person on it need, by python-xlib."""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from collections.abc import Mapping
from typing import Any

from oi_voice.demo.children import Children
from oi_voice.errors import DesktopError


def connect(env: Mapping[str, str]) -> Any:
    """A connection of our own to the display that ``env`` names."""
    from Xlib import display, error

    with environment({name: env[name] for name in ("XAUTHORITY",) if name in env}):
        try:
            return display.Display(env.get("DISPLAY", ""))
        except (error.DisplayError, OSError) as problem:
            raise DesktopError(f"No display: {problem}.", fix="Start it in a desktop session.") from problem


def authority(cookie: bytes, number: str = "") -> bytes:
    """An X authority file: entries of family, address, display, scheme and cookie, lengths before each.

    The wildcard family (65535) is for libX11, the local one (256) for python-xlib, which knows no wildcard.
    """

    def entry(family: int, *fields: bytes) -> bytes:
        return struct.pack(">H", family) + b"".join(struct.pack(">H", len(field)) + field for field in fields)

    scheme = b"MIT-MAGIC-COOKIE-1"
    local = entry(256, socket.gethostname().encode(), number.encode(), scheme, cookie) if number else b""
    return local + entry(65535, b"", b"", scheme, cookie)


def wait_for_desktop(env: Mapping[str, str], end: float, children: Children) -> None:
    """Wait, on X events, until a window manager and a tray host have announced themselves."""
    from Xlib import X

    screen = connect(env)
    try:
        root = screen.screen().root
        root.change_attributes(event_mask=X.PropertyChangeMask | X.StructureNotifyMask)
        manager = screen.intern_atom("_NET_SUPPORTING_WM_CHECK")
        tray = screen.intern_atom("_NET_SYSTEM_TRAY_S0")
        while not (root.get_full_property(manager, X.AnyPropertyType) and _owned(screen, tray)):
            children.check()
            if time.monotonic() > end:
                raise DesktopError("No window manager or tray came up.", fix="See that openbox and trayer work.")
            select.select([screen.fileno()], [], [], 0.25)
            while screen.pending_events():
                screen.next_event()
    finally:
        screen.close()


def paint(env: Mapping[str, str], colour: int) -> None:
    """Paint the bare desktop in one colour, 0xRRGGBB."""
    screen = connect(env)
    try:
        root = screen.screen().root
        root.change_attributes(background_pixel=colour)
        root.clear_area()
        screen.sync()
    finally:
        screen.close()


def single_desktop(env: Mapping[str, str]) -> None:
    """Ask the window manager for one desktop only: else the wheel over the bare one leads to another."""
    from Xlib import X
    from Xlib.protocol import event

    screen = connect(env)
    try:
        root, wish = screen.screen().root, screen.intern_atom("_NET_NUMBER_OF_DESKTOPS")
        message = event.ClientMessage(window=root, client_type=wish, data=(32, [1, 0, 0, 0, 0]))
        root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        screen.sync()
    finally:
        screen.close()


def _owned(screen: Any, selection: int) -> bool:
    return bool(screen.get_selection_owner(selection))


class environment:
    """Set variables of this process for the length of a ``with`` block."""

    def __init__(self, changes: Mapping[str, str]) -> None:
        self._changes = changes
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> None:
        self._before = {name: os.environ.get(name) for name in self._changes}
        os.environ.update(self._changes)

    def __exit__(self, *error: object) -> None:
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
