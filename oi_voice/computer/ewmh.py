"""What the desktop says about its windows in the EWMH and ICCCM hints, by python-xlib."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from oi_voice.computer.geometry import Box
from oi_voice.computer.x11 import prop


def window(screen: Any, number: int) -> Any:
    return screen.create_resource_object("window", number)


def clients(screen: Any) -> list[int]:
    return list(prop(screen, screen.screen().root, "_NET_CLIENT_LIST"))


def active(screen: Any) -> int:
    return next(iter(prop(screen, screen.screen().root, "_NET_ACTIVE_WINDOW")), 0)


def minimized(screen: Any, window: Any) -> bool:
    return screen.intern_atom("_NET_WM_STATE_HIDDEN") in prop(screen, window, "_NET_WM_STATE")


def title(screen: Any, window: Any) -> str:
    text = prop(screen, window, "_NET_WM_NAME") or prop(screen, window, "WM_NAME")
    return "".join(texts(text))


def texts(value: Any) -> Iterator[str]:
    text = value.decode(errors="replace") if isinstance(value, bytes) else ""
    return (part for part in text.split("\0") if part)


def box(screen: Any, window: Any) -> Box:
    size = window.get_geometry()
    place = screen.screen().root.translate_coords(window, 0, 0)
    return Box(place.x, place.y, size.width, size.height)


def visible(screen: Any, windows: Iterable[Any]) -> list[Box]:
    """Where those of the windows are that can be seen."""
    from Xlib import X, error

    boxes = []
    for shown in windows:
        with contextlib.suppress(error.BadWindow, error.BadDrawable):
            if shown.get_attributes().map_state == X.IsViewable:
                boxes.append(box(screen, shown))
    return boxes


def under(screen: Any, x: int, y: int) -> Iterator[Any]:
    """The windows under a point, outermost first."""
    from Xlib import error

    root = inner = screen.screen().root
    with contextlib.suppress(error.BadWindow):
        while child := inner.translate_coords(root, x, y).child:
            inner = child
            yield inner


def framed(screen: Any, frame: Any, depth: int = 2) -> Iterator[Any]:
    """The programs' windows in a window manager's frame: a title bar belongs to what is below it."""
    from Xlib import error

    with contextlib.suppress(error.BadWindow):
        for child in frame.query_tree().children:
            if prop(screen, child, "WM_STATE"):
                yield child
            elif depth > 1:
                yield from framed(screen, child, depth - 1)


def around(window: Any) -> Iterator[Any]:
    """A window and those it lies in, innermost first, the root left out."""
    from Xlib import error

    with contextlib.suppress(error.BadWindow):
        while parent := window.query_tree().parent:
            yield window
            window = parent


def watch(screen: Any, *windows: Any) -> None:
    """Have ``x11.wait`` wake up when the desktop's or these windows' hints change."""
    from Xlib import X

    for watched in (screen.screen().root, *windows):
        watched.change_attributes(event_mask=X.PropertyChangeMask)
    screen.sync()
