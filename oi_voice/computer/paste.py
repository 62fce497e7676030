"""Text into the window in front through the clipboard, which holds what it held before afterwards.

Under X11 the clipboard is ours for that moment, and it is seen when the program in front has read it: so no
waiting on chance, and a window that does not take ctrl+v for paste (a terminal) is found out.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from oi_voice.computer.x11 import connection, events
from oi_voice.errors import ComputerError
from oi_voice.ports import Clipboard

PATIENCE = 1.5  # seconds that a program may take to read the clipboard
SETTLE = 0.03  # seconds; some programs read twice


def through_clipboard(text: str, clipboard: Clipboard, press_paste: Callable[[], None]) -> None:
    """Paste ``text``. Raises ComputerError when the window in front did not take it."""
    before = clipboard.read()
    if sys.platform in ("darwin", "win32"):  # not tested; nothing tells when it was read
        clipboard.write(text)
        press_paste()
        time.sleep(0.2)
        clipboard.write(before)
        return
    try:
        with connection() as screen:
            taken = _Offer(screen, text).serve(press_paste)
    finally:
        clipboard.write(before)
    if not taken:
        raise ComputerError(
            "The window in front did not take the text that was to be pasted.",
            fix="Click into a field for text first; a terminal takes only letters that have a key.",
            code="computer.paste",
        )


class _Offer:
    """The clipboard, owned with a text until the program in front has read it."""

    def __init__(self, screen: Any, text: str) -> None:
        from Xlib import X

        self._screen, self._data = screen, text.encode()
        focus = screen.get_input_focus().focus
        self._client = ~screen.display.info.resource_id_mask  # the part of a window's id that names its program
        self._front = getattr(focus, "id", 0) & self._client
        self._window = screen.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        self._targets = {
            screen.intern_atom(name): name for name in ("UTF8_STRING", "text/plain;charset=utf-8", "TARGETS")
        }

    def serve(self, press_paste: Callable[[], None]) -> bool:
        from Xlib import X

        clipboard = self._screen.intern_atom("CLIPBOARD")
        self._window.set_selection_owner(clipboard, X.CurrentTime)
        self._screen.sync()
        press_paste()
        requests = (event for event in events(self._screen, PATIENCE) if event.type == X.SelectionRequest)
        taken = any(self._answer(request) for request in requests)
        for event in events(self._screen, SETTLE if taken else 0):
            if event.type == X.SelectionRequest:
                self._answer(event)
        return taken

    def _answer(self, request: Any) -> bool:
        """Hand over what is asked for; True when that was the text, to the program in front."""
        from Xlib import X, Xatom
        from Xlib.protocol import event

        name = self._targets.get(request.target, "")
        place = request.property or request.target
        if name == "TARGETS":
            request.requestor.change_property(place, Xatom.ATOM, 32, list(self._targets))
        elif name:
            request.requestor.change_property(place, request.target, 8, self._data)
        note = event.SelectionNotify(
            time=request.time,
            requestor=request.requestor,
            selection=request.selection,
            target=request.target,
            property=place if name else X.NONE,
        )
        request.requestor.send_event(note)
        self._screen.flush()
        return name not in ("", "TARGETS") and request.requestor.id & self._client == self._front
