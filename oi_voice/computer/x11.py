"""The little of X11 that windows and pasting need, by python-xlib. Every user has a connection of its own (4 ms)."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from oi_voice.errors import ComputerError

NEW_OWNER = 1  # XFixes' mask for a selection's


def no_display(why: str = "") -> ComputerError:
    """What every call says where there is nothing to be seen or clicked."""
    return ComputerError(
        f"There is no display to work on{f' ({why})' if why else ''}.",
        fix="Start oi_voice inside a desktop session, or see it work with: oi-voice demo",
        code="computer.display",
    )


@contextlib.contextmanager
def connection() -> Iterator[Any]:
    """A connection to the display; raises ComputerError when there is none or it is lost on the way."""
    if sys.platform in ("darwin", "win32"):
        raise ComputerError("Windows can't be handled on this system yet.", code="computer.platform")
    if not os.environ.get("DISPLAY"):
        raise no_display()
    from Xlib import error

    screen = _open()
    screen.set_error_handler(lambda *_: None)  # a window gone in the meantime; what matters is asked for and checked
    try:
        yield screen
    except error.ConnectionClosedError as problem:
        raise no_display("it has gone away") from problem
    finally:
        with contextlib.suppress(error.ConnectionClosedError):
            screen.close()


def _open() -> Any:
    from Xlib import display, error

    try:
        return display.Display()
    except (error.DisplayError, error.ConnectionClosedError, OSError) as failed:
        problem = failed
    why = str(problem).strip()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # python-xlib leaves sockets open that led nowhere
        del problem
    raise no_display(why)


def prop(screen: Any, window: Any, name: str) -> Any:
    """A window's property: numbers as a list, text as bytes; empty when it or the window is not there."""
    from Xlib import X, error

    try:
        found = window.get_full_property(screen.get_atom(name), X.AnyPropertyType)
    except (error.BadWindow, error.BadAtom):
        return []
    return [] if found is None else found.value


def tell(screen: Any, window: Any, message: str, *data: int) -> None:
    """Send the window manager a message about ``window``."""
    from Xlib import X
    from Xlib.protocol import event

    root = screen.screen().root
    fields = (32, [*data, *[0] * (5 - len(data))])
    note = event.ClientMessage(window=window, client_type=screen.intern_atom(message), data=fields)
    root.send_event(note, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
    screen.flush()


def wait(screen: Any, condition: Callable[[], bool], seconds: float) -> bool:
    """Until ``condition`` holds, asked again whenever an event comes that this connection watches for."""
    return condition() or any(condition() for _ in events(screen, seconds))


def events(screen: Any, seconds: float) -> Iterator[Any]:
    """The events that come within so many seconds."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if screen.pending_events() or select.select([screen.fileno()], [], [], left)[0]:
            while screen.pending_events():
                yield screen.next_event()


def takes_clipboard(action: Callable[[], object], seconds: float = 1.5) -> bool:
    """Do ``action`` and wait until somebody has taken the clipboard with new content; False if nobody has."""
    with connection() as screen:
        screen.xfixes_query_version()
        screen.xfixes_select_selection_input(screen.screen().root, screen.intern_atom("CLIPBOARD"), NEW_OWNER)
        screen.sync()
        action()
        new_owner = screen.extension_event.SetSelectionOwnerNotify[0]
        return any(event.type == new_owner for event in events(screen, seconds))
