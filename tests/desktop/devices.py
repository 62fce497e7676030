"""A hand on the virtual screen's own mouse and keyboard.

What xdotool does comes from the server's XTEST devices, and the popup tells it from a hand. XTestFakeDeviceEvent
(libXtst, XI 1) makes events in the name of another device: here of the virtual mouse and keyboard.
"""

from __future__ import annotations

from ctypes import CDLL, c_char_p, c_int, c_uint, c_ulong, c_void_p

from xdotool import xdotool
from Xlib import XK, display
from Xlib.ext import xinput


class Hand:
    """Needs ``DISPLAY`` to be one of Xvfb."""

    def __init__(self) -> None:
        self._x, self._xtst = CDLL("libX11.so.6"), CDLL("libXtst.so.6")
        xi = CDLL("libXi.so.6")
        self._x.XOpenDisplay.restype, self._x.XOpenDisplay.argtypes = c_void_p, [c_char_p]
        self._x.XSync.argtypes, self._x.XCloseDisplay.argtypes = [c_void_p, c_int], [c_void_p]
        xi.XOpenDevice.restype, xi.XOpenDevice.argtypes = c_void_p, [c_void_p, c_ulong]
        fake = [c_void_p, c_void_p, c_uint, c_int, c_void_p, c_int, c_ulong]
        self._xtst.XTestFakeDeviceButtonEvent.argtypes = self._xtst.XTestFakeDeviceKeyEvent.argtypes = fake
        self._screen = display.Display()
        ids = {device.name: device.deviceid for device in self._screen.xinput_query_device(xinput.AllDevices).devices}
        self._display = self._x.XOpenDisplay(None)
        self._mouse = xi.XOpenDevice(self._display, ids["Xvfb mouse"])
        self._keyboard = xi.XOpenDevice(self._display, ids["Xvfb keyboard"])

    def close(self) -> None:
        self._x.XCloseDisplay(self._display)
        self._screen.close()

    def click(self, x: int, y: int) -> None:
        xdotool("mousemove", x, y)
        self.button(True)
        self.button(False)

    def button(self, down: bool) -> None:
        self._xtst.XTestFakeDeviceButtonEvent(self._display, self._mouse, 1, down, None, 0, 0)
        self._x.XSync(self._display, 0)

    def keys(self, *names: str) -> None:
        """Press keys together."""
        codes = [self._screen.keysym_to_keycode(XK.string_to_keysym(name)) for name in names]
        for code, down in [*((code, True) for code in codes), *((code, False) for code in reversed(codes))]:
            self._xtst.XTestFakeDeviceKeyEvent(self._display, self._keyboard, code, down, None, 0, 0)
            self._x.XSync(self._display, 0)
