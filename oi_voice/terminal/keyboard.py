"""What is typed at a terminal: not shown for a while, or dropped."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress

if sys.platform != "win32":
    import termios


class Echo:
    """Hides what is typed, all but the ends of lines, and shows it again. Not tested on Windows."""

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._restore: Callable[[], object] | None = None

    def hide(self) -> None:
        """Where it can't be hidden it is shown, as every program's password prompt does there."""
        if self._restore is None:
            self._restore = _without_echo(self._descriptor)

    def show(self) -> None:
        """As it was before ``hide``; harmless without it."""
        restore, self._restore = self._restore, None
        if restore:
            restore()


def drop_typed(descriptor: int = 0) -> None:
    """Forget what was typed and not read yet, where it is a terminal."""
    if sys.platform != "win32":
        with suppress(termios.error):
            termios.tcflush(descriptor, termios.TCIFLUSH)


def _without_echo(descriptor: int) -> Callable[[], object] | None:
    if sys.platform == "win32":
        import ctypes

        console, shown = ctypes.windll.kernel32, ctypes.c_ulong()
        handle = console.GetStdHandle(-10)
        if not console.GetConsoleMode(handle, ctypes.byref(shown)):
            return None
        console.SetConsoleMode(handle, shown.value & ~0x0004)  # ENABLE_ECHO_INPUT
        return lambda: console.SetConsoleMode(handle, shown.value)
    try:
        before, hidden = termios.tcgetattr(descriptor), termios.tcgetattr(descriptor)
        hidden[3] = hidden[3] & ~termios.ECHO | termios.ECHONL
        termios.tcsetattr(descriptor, termios.TCSANOW, hidden)
    except termios.error:  # no terminal
        return None

    def restore() -> None:
        with suppress(termios.error):  # it was closed
            termios.tcsetattr(descriptor, termios.TCSANOW, before)

    return restore
