"""Input events under X11, by the XTEST extension, on whatever keyboard layout there is.

pyautogui does the same on an American layout only, as it was when the program started, and loses its connection
over a key that the keyboard does not have.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterator
from typing import Any

from oi_voice.computer.hands import BUTTONS
from oi_voice.computer.own import Own
from oi_voice.computer.permit import checkpoint
from oi_voice.errors import ComputerError, RefusedError

_KEYS = {
    "alt": "Alt_L",
    "altright": "ISO_Level3_Shift",
    "apps": "Menu",
    "backspace": "BackSpace",
    "browserback": "XF86_Back",
    "browserforward": "XF86_Forward",
    "capslock": "Caps_Lock",
    "ctrl": "Control_L",
    "ctrlright": "Control_R",
    "delete": "Delete",
    "down": "Down",
    "end": "End",
    "enter": "Return",
    "esc": "Escape",
    "home": "Home",
    "insert": "Insert",
    "left": "Left",
    "nexttrack": "XF86_AudioNext",
    "numlock": "Num_Lock",
    "pagedown": "Page_Down",
    "pageup": "Page_Up",
    "pause": "Pause",
    "playpause": "XF86_AudioPlay",
    "prevtrack": "XF86_AudioPrev",
    "printscreen": "Print",
    "right": "Right",
    "scrolllock": "Scroll_Lock",
    "shift": "Shift_L",
    "shiftright": "Shift_R",
    "space": "space",
    "tab": "Tab",
    "up": "Up",
    "volumedown": "XF86_AudioLowerVolume",
    "volumemute": "XF86_AudioMute",
    "volumeup": "XF86_AudioRaiseVolume",
    "win": "Super_L",
    "winright": "Super_R",
    **{f"f{number}": f"F{number}" for number in range(1, 25)},
}
#: Columns of the core protocol's keyboard table and the modifiers that reach them, for the first two layouts.
_COLUMNS = {
    0: {0: (), 1: ("shift",), 4: ("altright",), 5: ("shift", "altright")},
    1: {2: (), 3: ("shift",)},
}
GROUP_SHIFT, LOCK = 13, 2  # where a pointer's state has the active layout (XKB), and its bit for caps lock
ANY_BUTTON = 0x1F00  # in a pointer's state
PATIENCE = 0.5  # seconds that a window manager may take


class XHands:
    """Implements ``Hands`` on a connection that was opened for one action: so the layout is always the present one.

    Between the look at where a press would go and the press the server serves nobody else, so that no window can come
    in between. The keyboard is looked at for each key.
    """

    def __init__(self, screen: Any, own: Own) -> None:
        from Xlib import XK

        for group in ("xf86", "xkb"):
            XK.load_keysym_group(group)
        self._screen = screen
        self._ours = own.on(screen)
        self._root = screen.screen().root
        self._aim: tuple[int, int] | None = None
        state = self._root.query_pointer().mask
        self._columns = _COLUMNS.get(state >> GROUP_SHIFT & 3, {})
        self._capitals = bool(state & LOCK)

    def known(self) -> Collection[str]:
        return _KEYS

    def typable(self, letters: set[str]) -> set[str]:
        return {letter for letter in letters if self._find(letter)}

    def key(self, name: str, down: bool) -> None:
        from Xlib import X

        found = self._find(name) or self._elsewhere(name)
        if found is None:
            raise ComputerError(f"This keyboard has no key “{name}”.", code="computer.key")
        code, modifiers = found
        held = [key[0] for modifier in modifiers if (key := self._find(modifier))] if down else []
        with self._alone():
            if down:
                self._ours.refuse_keys()
                checkpoint()
            for modifier in held:
                self._send(X.KeyPress, modifier)
            self._send(X.KeyPress if down else X.KeyRelease, code)
            for modifier in held:
                self._send(X.KeyRelease, modifier)

    def button(self, name: str, down: bool) -> None:
        from Xlib import X

        number = self._physical(BUTTONS[name])
        with self._alone():
            if down:
                self._touch()
            self._send(X.ButtonPress if down else X.ButtonRelease, number)
        if not down:
            self._come_up()

    def move(self, x: int, y: int) -> None:
        checkpoint()
        self._aim = x, y
        self._move(x, y)
        self._screen.sync()

    def wheel(self, up: bool) -> None:
        from Xlib import X

        number = self._physical(4 if up else 5)
        with self._alone():
            self._touch()
            for event in (X.ButtonPress, X.ButtonRelease):
                self._send(event, number)
        self._come_up()

    def position(self) -> tuple[int, int]:
        pointer = self._root.query_pointer()
        return pointer.root_x, pointer.root_y

    def _find(self, name: str) -> tuple[int, tuple[str, ...]] | None:
        """A key's code on this keyboard and the modifiers it takes; None when there is none."""
        places = self._places(name)
        if len(name) > 1:
            return (places[min(places)], ()) if places else None
        for column, modifiers in self._columns.items():
            if column in places and all(self._find(modifier) for modifier in modifiers):
                inverted = self._capitals and name.lower() != name.upper()
                return places[column], tuple({*modifiers} ^ {"shift"}) if inverted else modifiers
        return None

    def _elsewhere(self, letter: str) -> tuple[int, tuple[str, ...]] | None:
        """A shortcut's letter where only another of the person's layouts has it: programs look there too."""
        places = self._places(letter)
        return (places[0], ()) if 0 in places else None

    def _places(self, name: str) -> dict[int, int]:
        """In which columns of the keyboard table a key's symbol stands, and there at which code."""
        from Xlib import XK

        symbol = _symbol(name) if len(name) == 1 else XK.string_to_keysym(_KEYS[name])
        places: dict[int, int] = {}
        for code, column in self._screen.keysym_to_keycodes(symbol) if symbol else ():
            places.setdefault(column, code)
        return places

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Have what is sent happen, with the server serving nobody else meanwhile."""
        self._screen.grab_server()
        try:
            yield
        finally:
            self._screen.ungrab_server()
            self._screen.sync()

    def _touch(self) -> None:
        """Be where the pointer was sent, whatever has moved it since, and see that it is no place of ours.

        While a button is down every press goes to the window in which that was pressed, wherever the pointer is.
        """
        place = self._aim or self.position()
        self._ours.refuse_place(*place)
        if self._down():
            raise RefusedError("A mouse button is held down.", fix="Try again once it is let go of.")
        checkpoint()
        self._move(*place)

    def _down(self) -> bool:
        return bool(self._root.query_pointer().mask & ANY_BUTTON)

    def _come_up(self) -> None:
        """Wait until no button is down: what follows a press is held back until the window manager has seen to it."""
        end = time.monotonic() + PATIENCE
        while self._down() and time.monotonic() < end:
            pass

    def _move(self, x: int, y: int) -> None:
        from Xlib import X
        from Xlib.ext import xtest

        xtest.fake_input(self._screen, X.MotionNotify, x=x, y=y)

    def _send(self, event: int, code: int) -> None:
        from Xlib.ext import xtest

        xtest.fake_input(self._screen, event, code)

    def _physical(self, button: int) -> int:
        """The number of a button that programs see as ``button``; a left-handed mouse has them swapped."""
        return list(self._screen.get_pointer_mapping()).index(button) + 1


def _symbol(letter: str) -> int:
    """The keysym of a character: its own number in Latin-1, else its code point above 0x1000000."""
    code = ord(letter)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return 0
    return code if code < 0x100 else 0x1000000 + code
