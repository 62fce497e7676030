"""The talk key on X11, by python-xlib alone: one connection that watches, keeps, and looks at keys.

A combination with a key that is no modifier is grabbed, for exactly its modifiers and whatever the locks are, so that
the program in front does not get it; the server then reports it to us as core events. All else (modifiers alone, Esc)
is watched by raw events of XInput 2.2, which come whoever has grabbed the keyboard. Keys of XTEST are told by the
device they come from. They count, for remote viewers press keys so, unless it was our own code that pressed them.
"""

from __future__ import annotations

import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import product
from typing import Any

from oi_voice.desktop.keys.names import Combination, canonical, words
from oi_voice.desktop.keys.source import Pollable, Seen, What
from oi_voice.desktop.keys.symbols import Keyboard
from oi_voice.errors import DesktopError

#: A raw event's device, time (ms), key code and source device, little-endian; python-xlib leaves it packed.
_RAW = struct.Struct("<HIIH")
#: Seconds by which an event may seem to be older than it is, before the server's clock is measured anew.
LAG = 1.0


class X11Keys:
    """Implements ``Source``. ``typed_by_code`` tells whether running code has just pressed a key of that name.

    Raises DesktopError where there is no display, or another program has the combination; SettingsError for a key
    that this keyboard lacks.
    """

    ready = True

    def __init__(self, combination: Combination, typed_by_code: Callable[[str], bool]) -> None:
        self._combination = combination
        self._typed_by_code = typed_by_code
        self._display = _connect()
        self._clock = ServerClock()
        self._pressed: set[int] = set()
        self._synthetic: set[int] = set()  # codes whose last press was XTEST's
        self._closed = False
        try:
            self._keyboard = Keyboard(self._display)
            self._parts = [self._keyboard.codes(part) for part in combination.parts]
            self._main = self._parts[-1] if combination.main else set()
            self._escape = self._keyboard.escape
            self._xtest = self._watch()
            self._grab()
        except BaseException:
            self._display.close()
            raise

    def waits(self) -> Sequence[Pollable]:
        pollable: Pollable = self._display
        return [pollable]

    def read(self) -> Sequence[Seen]:
        with _alive():
            events = [self._display.next_event() for _ in range(self._display.pending_events())]
        return [seen for event in events if (seen := self._understood(event)) is not None]

    def down(self) -> bool | None:
        with _alive():
            keys = self._display.query_keymap()
        self._pressed = {code for code in range(256) if keys[code // 8] & 1 << code % 8}
        return bool(self._main & self._pressed) if self._main else self._together()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            with suppress(DesktopError), _alive():  # it may be gone already
                self._display.close()  # and with it the grabs

    def _understood(self, event: Any) -> Seen | None:
        from Xlib import X
        from Xlib.ext import ge, xinput

        if event.type == ge.GenericEventCode and event.evtype in (xinput.RawKeyPress, xinput.RawKeyRelease):
            _, stamp, code, source = _RAW.unpack_from(event.data)
            pressed = event.evtype == xinput.RawKeyPress
            if pressed:
                (self._synthetic.add if source in self._xtest else self._synthetic.discard)(code)
            if code in self._main:
                return None  # it comes as a core event, too
        elif event.type in (X.KeyPress, X.KeyRelease):
            stamp, code, pressed = event.time, event.detail, event.type == X.KeyPress
        else:
            return None
        return self._key(code, pressed, self._clock.read(stamp / 1000, time.monotonic()))

    def _key(self, code: int, pressed: bool, at: float) -> Seen | None:
        if code in self._main:
            return Seen(What.DOWN, at, self._by_code(code)) if pressed else Seen(What.UP, at)
        if code in self._escape:
            by_code = code in self._synthetic and pressed and self._typed_by_code("esc")
            return Seen(What.ESCAPE, at) if pressed and not by_code else None
        return None if self._main else self._watched(code, pressed, at)

    def _watched(self, code: int, pressed: bool, at: float) -> Seen | None:
        before = self._together()
        (self._pressed.add if pressed else self._pressed.discard)(code)
        if not pressed:
            return Seen(What.UP, at) if before and not self._together() else None
        if not self._together():
            return None
        if any(code in codes for codes in self._parts):
            return Seen(What.DOWN, at, self._by_code(code))
        return None if code in self._keyboard.modifiers else Seen(What.OTHER, at)

    def _together(self) -> bool:
        return all(codes & self._pressed for codes in self._parts)

    def _by_code(self, code: int) -> bool:
        """Each key is asked for: what code pressed is accounted for only once."""
        return code in self._synthetic and all([self._typed_by_code(key) for key in canonical(self._combination.text)])

    def _watch(self) -> set[int]:
        """Have raw key events; returns the devices of XTEST."""
        from Xlib.ext import xinput

        if not self._display.has_extension(xinput.extname):
            raise DesktopError("This display does not tell of keys.", fix="It needs the X Input Extension 2.2.")
        opcode = self._display.display.get_extension_major(xinput.extname)
        # python-xlib's own call asks for 2.0, where another program's grab keeps raw events from us.
        xinput.XIQueryVersion(display=self._display.display, opcode=opcode, major_version=2, minor_version=2)
        wanted = xinput.RawKeyPressMask | xinput.RawKeyReleaseMask
        self._display.screen().root.xinput_select_events([(xinput.AllMasterDevices, wanted)])
        devices = self._display.xinput_query_device(xinput.AllDevices).devices
        return {device.deviceid for device in devices if "XTEST" in device.name}

    def _grab(self) -> None:
        from Xlib import X, error

        refused = error.CatchError(error.BadAccess)
        wanted = self._keyboard.mask(self._combination.modifiers)
        for code, locks in product(self._main, self._keyboard.locks()):
            self._display.screen().root.grab_key(
                code, wanted | locks, False, X.GrabModeAsync, X.GrabModeAsync, onerror=refused
            )
        self._display.sync()
        if refused.get_error():
            raise DesktopError(
                f"{words(self._combination.text)} is taken: another program or the desktop itself uses it.",
                fix="Choose another talk key, or free this one in the desktop's keyboard settings.",
                code="desktop.key_taken",
            )


class ServerClock:
    """Turns the display's time stamps into this process's time: the fastest event so far was reported at once."""

    def __init__(self) -> None:
        self._offset = float("inf")

    def read(self, stamp: float, now: float) -> float:
        """When it happened, in seconds; stamps are seconds of a clock that wraps and may drift."""
        if not 0 <= now - stamp - self._offset <= LAG:
            self._offset = now - stamp
        return stamp + self._offset


@contextmanager
def _alive() -> Iterator[None]:
    from Xlib.error import ConnectionClosedError

    try:
        yield
    except (ConnectionClosedError, OSError) as error:
        raise DesktopError("The talk key is gone with its display.", fix="Start oi_voice again.") from error


def _connect() -> Any:
    from Xlib import display
    from Xlib.error import DisplayError

    try:
        return display.Display()
    except (DisplayError, OSError) as error:
        raise DesktopError(
            "The talk key can't be watched: there is no display.",
            fix="Start oi_voice inside a desktop session, or see it work with: oi-voice demo",
        ) from error
