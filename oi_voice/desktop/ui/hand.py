"""Whether a press came from a device under a person's hand, or was made by a program.

Qt can't tell: what XTEST makes (xdotool, pyautogui, pynput) looks like a key or a button, only the raw events of
XInput2 name the device it came from. So a second connection to the X server listens to these while a question is open,
and a press counts if both its halves, by the server's own times, came from one device that is not an XTEST one, and
from no other at that moment. Whatever can't be proven is not by hand.

Not told apart: a program that sends XTEST events in the name of a real device (XTestFakeDeviceEvent), and a device
that the kernel was told of by a program with the right to do so (uinput). Elsewhere than on X11, nothing is proven.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSocketNotifier

UNTOLD = "this desktop does not tell a hand from a program"
LOST = "the connection to the desktop was lost"
KEPT = 256  # raw events: some seconds of the fastest typing
KEY_PRESS, KEY_RELEASE, BUTTON_PRESS, BUTTON_RELEASE = 13, 14, 15, 16  # XI_RawKeyPress … in X11/extensions/XI2.h
BUTTONS = 3  # the wheel's are above
VERSION = (2, 2)  # of XInput; up to 2.0, raw events are withheld while someone has grabbed the device
GENERIC = 35  # the X event that carries those of extensions


@dataclass(frozen=True, slots=True)
class Stroke:
    """A key or button going down and up: X server times in ms; ``key`` is a key's code, 0 for a button."""

    down: int
    up: int
    key: int = 0


@dataclass(frozen=True, slots=True)
class Raw:
    """A raw event: what happened, when (ms), to which key or button, by which device's doing."""

    kind: int
    time: int
    detail: int
    source: int

    @classmethod
    def read(cls, kind: int, data: bytes) -> Raw:
        """From an xXIRawEvent after its ten bytes of header: device u16, time u32, detail u32, source u16."""
        _, time, detail, source = struct.unpack_from("<HIIH", data)
        return cls(kind, time, detail, source)


def by_hand(stroke: Stroke, raws: Iterable[Raw], real: Callable[[int], bool]) -> bool:
    """Whether both halves are one real device's doing, and nothing else did the like at these moments.

    Of buttons the number is not compared: raw ones are the device's, before a left-handed person has swapped them.
    """
    kinds = (KEY_PRESS, KEY_RELEASE) if stroke.key else (BUTTON_PRESS, BUTTON_RELEASE)
    halves = {half: set[int]() for half in zip(kinds, (stroke.down, stroke.up), strict=True)}
    for raw in raws:
        if (raw.detail == stroke.key if stroke.key else raw.detail <= BUTTONS) and (raw.kind, raw.time) in halves:
            halves[raw.kind, raw.time].add(raw.source)
    down, up = halves.values()
    return len(down) == 1 and down == up and real(min(down))


class Hand:
    """Listens between ``watch`` and ``rest`` only. ``why``: words for why nothing can be proven, empty if it can."""

    def __init__(self, platform: str) -> None:
        """``platform`` is Qt's name of it."""
        self.why = UNTOLD
        self._screen: Any = None
        self._raws: deque[Raw] = deque(maxlen=KEPT)
        if platform == "xcb":
            self._guarded(self._connect)

    def watch(self) -> None:
        """Listen from now on."""
        self._select(sum(1 << kind for kind in (KEY_PRESS, KEY_RELEASE, BUTTON_PRESS, BUTTON_RELEASE)))

    def rest(self) -> None:
        """Listen no longer: what a person types is nobody's business here."""
        self._select(0)
        self._raws.clear()

    def proves(self, stroke: Stroke) -> bool:
        """Whether it was made by hand."""
        return self._guarded(lambda: self._proves(stroke))

    def _connect(self) -> bool:
        from Xlib import display
        from Xlib.ext import xinput

        self._screen = screen = display.Display()
        if not screen.has_extension(xinput.extname):
            return False
        code = screen.display.get_extension_major(xinput.extname)
        major, minor = VERSION
        found = xinput.XIQueryVersion(display=screen.display, opcode=code, major_version=major, minor_version=minor)
        if (found.major_version, found.minor_version) < VERSION:
            return False
        self._mark = screen.intern_atom("XTEST Device")  # a property that the server gives such devices
        self._notifier = QSocketNotifier(screen.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(lambda: self._guarded(self._drain))
        self.why = ""
        return True

    def _select(self, mask: int) -> None:
        from Xlib.ext import xinput

        def select() -> bool:
            self._screen.screen().root.xinput_select_events([(xinput.AllDevices, mask)])
            self._screen.sync()
            return self._drain()

        if not self.why:
            self._guarded(select)

    def _proves(self, stroke: Stroke) -> bool:
        if self.why:
            return False
        self._screen.sync()  # by the time of the answer, all that Qt has told of has come here, too
        self._drain()
        return by_hand(stroke, self._raws, self._real)

    def _drain(self) -> bool:
        """Take in what has come; the server must not have to keep it for us."""
        while self._screen.pending_events():
            event = self._screen.next_event()
            if event.type == GENERIC and not event.send_event:
                self._raws.append(Raw.read(event.evtype, event.data))
        return True

    def _real(self, source: int) -> bool:
        found = self._screen.xinput_get_device_property(source, self._mark, 0, 0, 1)
        return not found.type  # there is no such property

    def _guarded(self, work: Callable[[], bool]) -> bool:
        """What ``work`` says; no where the X server does not go along, and for good once it is gone."""
        from Xlib import error

        try:
            return work()
        except error.XError:  # such as that of a device that was just unplugged
            return False
        except (OSError, error.DisplayError, error.ConnectionClosedError):
            if not self.why:
                self.why = LOST
                self._notifier.setEnabled(False)
            return False
