"""Single input events: the layer under mouse and keyboard that differs from system to system."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from oi_voice.computer.permit import checkpoint

if TYPE_CHECKING:
    from oi_voice.computer.own import Own

BUTTONS = {"left": 1, "middle": 2, "right": 3}


class Hands(Protocol):
    """Each call is one event, and has happened when it returns. Raises ComputerError for a key that is not there.

    A press is refused with RefusedError where it would go to a window of ours, and whenever its run may not act.
    """

    def known(self) -> Collection[str]:
        """The names of keys besides single letters."""

    def typable(self, letters: set[str]) -> set[str]:
        """Those of the letters that the present keyboard layout has keys for."""

    def key(self, name: str, down: bool) -> None:
        """Press or let go of a key, with the modifiers that a letter takes."""

    def button(self, name: str, down: bool) -> None: ...

    def move(self, x: int, y: int) -> None: ...

    def wheel(self, up: bool) -> None: ...

    def position(self) -> tuple[int, int]: ...


@contextlib.contextmanager
def hands(own: Own) -> Iterator[Hands]:
    """Those of this system; raises ComputerError where there is no display."""
    if sys.platform in ("darwin", "win32"):
        yield PyautoguiHands()
    else:
        from oi_voice.computer.x11 import connection
        from oi_voice.computer.x11_hands import XHands

        with connection() as screen:
            yield XHands(screen, own)


class PyautoguiHands:
    """macOS and Windows; tested under X only, for want of these."""

    def __init__(self) -> None:
        import pyautogui

        pyautogui.PAUSE = 0  # its default rests 100 ms after each call
        pyautogui.FAILSAFE = False  # the stop key does this; a click in a corner must not jam everything after it
        self._gui: Any = pyautogui

    def known(self) -> Collection[str]:
        return [key for key in self._gui.KEY_NAMES if self._gui.isValidKey(key)]

    def typable(self, letters: set[str]) -> set[str]:
        return {letter for letter in letters if " " <= letter <= "~"}

    def key(self, name: str, down: bool) -> None:
        if down:
            checkpoint()
        (self._gui.keyDown if down else self._gui.keyUp)(name)

    def button(self, name: str, down: bool) -> None:
        if down:
            checkpoint()
        (self._gui.mouseDown if down else self._gui.mouseUp)(button=name)

    def move(self, x: int, y: int) -> None:
        checkpoint()
        self._gui.moveTo(x, y)

    def wheel(self, up: bool) -> None:
        checkpoint()
        self._gui.scroll(1 if up else -1)

    def position(self) -> tuple[int, int]:
        x, y = self._gui.position()
        return int(x), int(y)
