"""The windows of an X11 desktop, by the EWMH hints that window managers follow. Our own are left alone."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from oi_voice.computer import ewmh
from oi_voice.computer.geometry import Box
from oi_voice.computer.names import did_you_mean, plain
from oi_voice.computer.own import Ours, Own
from oi_voice.computer.permit import checkpoint
from oi_voice.computer.x11 import connection, prop, tell, wait
from oi_voice.errors import ComputerError, RefusedError

PATIENCE = 2.0  # seconds that a window manager may take
REOPENED = 2.0  # seconds that a running program may take to show another window
FOCUS_BY_ITSELF = 0.3  # seconds in which a new window usually gets the keyboard
PAGER = 2  # EWMH's source indication: a person asked, so do it
ICONIC = 3  # ICCCM's WM_STATE
_NO_WINDOWS = ("_NET_WM_WINDOW_TYPE_DESKTOP", "_NET_WM_WINDOW_TYPE_DOCK", "_NET_WM_WINDOW_TYPE_NOTIFICATION")


@dataclass(frozen=True, slots=True)
class Window:
    """One window as it is now; ``names`` are those of its program (WM_CLASS)."""

    id: int
    title: str
    names: tuple[str, ...]
    active: bool
    minimized: bool
    box: Box

    @property
    def app(self) -> str:
        return self.names[-1] if self.names else ""


class Windows:
    """``own`` tells our windows, which are not seen here.

    ``also_called`` gives further program names for a spoken one ("text editor" → "mousepad").
    """

    def __init__(self, own: Own, also_called: Callable[[str], Sequence[str]] = lambda name: ()) -> None:
        self._own = own
        self._also_called = also_called

    def list(self) -> Sequence[Window]:
        """All windows but ours, in the order in which they were opened."""
        with connection() as screen:
            return self._all(screen)

    def focus(self, name: str) -> str:
        """Bring a window to the front; returns its title once it has the keyboard."""
        with connection() as screen:
            return self._activate(screen, self._choose(screen, name))

    def next(self) -> str:
        """Bring the window opened after the present one to the front, after the last the first."""
        with connection() as screen:
            windows = [window for window in self._all(screen) if not window.minimized] or self._all(screen)
            if not windows:
                raise _none()
            active = [at for at, window in enumerate(windows) if window.active]
            return self._activate(screen, windows[(active[0] + 1 if active else 0) % len(windows)])

    def close(self, name: str | None = None) -> str:
        """Ask a window to close; returns its title once it has. Raises ComputerError when it stays open."""
        with connection() as screen:
            window = self._choose(screen, name)
            ewmh.watch(screen)
            checkpoint()
            tell(screen, ewmh.window(screen, window.id), "_NET_CLOSE_WINDOW", 0, PAGER)
            if not wait(screen, lambda: window.id not in ewmh.clients(screen), PATIENCE):
                raise ComputerError(
                    f"“{window.title}” was asked to close, but is still open.",
                    fix="It may be asking whether to save; answer that first.",
                )
            return window.title

    def minimize(self, name: str | None = None) -> str:
        """Minimize a window; returns its title once it is."""
        with connection() as screen:
            window = self._choose(screen, name)
            client = ewmh.window(screen, window.id)
            ewmh.watch(screen, client)
            checkpoint()
            tell(screen, client, "WM_CHANGE_STATE", ICONIC)
            if not wait(screen, lambda: ewmh.minimized(screen, client), PATIENCE):
                raise ComputerError(f"“{window.title}” does not let itself be minimized.")
            return window.title

    def open_with(self, start: Callable[[], None], names: Collection[str], seconds: float) -> str:
        """Call ``start`` and wait for a new window; returns its title once it has the keyboard, "" if none came.

        A program that has a window already, which is known by ``names``, may only come back to that one.
        """
        with connection() as screen:
            before = {window.id: window.title for window in self._all(screen)}
            wanted = {plain(name) for name in names}
            mine = [window for window in self._all(screen) if not wanted.isdisjoint(map(plain, window.names))]
            ewmh.watch(screen, *(ewmh.window(screen, window.id) for window in mine))
            found: list[Window] = []

            def opened() -> bool:
                shown = self._all(screen)
                found[:] = [window for window in shown if window.id not in before] or [
                    window for window in shown if window.id in renamed and window.title != before[window.id]
                ]
                return bool(found)

            renamed = {window.id for window in mine}  # a new tab gives its window a new title
            start()
            if not wait(screen, opened, REOPENED if mine else seconds):
                found = mine[-1:]
            return self._activate(screen, found[-1], FOCUS_BY_ITSELF) if found else ""

    def _activate(self, screen: Any, window: Window, by_itself: float = 0) -> str:
        ewmh.watch(screen)
        if not wait(screen, lambda: ewmh.active(screen) == window.id, by_itself):
            checkpoint()
            tell(screen, ewmh.window(screen, window.id), "_NET_ACTIVE_WINDOW", PAGER)
            if not wait(screen, lambda: ewmh.active(screen) == window.id, PATIENCE):
                raise ComputerError(f"“{window.title}” does not come to the front.")
        return window.title

    def _all(self, screen: Any) -> Sequence[Window]:
        ours = self._own.on(screen)
        described = (self._describe(screen, ours, client) for client in ewmh.clients(screen))
        return [window for window in described if window]

    def _describe(self, screen: Any, ours: Ours, number: int) -> Window | None:
        """None where it is gone, ours, or no window that a person would call one."""
        from Xlib import error

        window = ewmh.window(screen, number)
        with contextlib.suppress(error.BadWindow, error.BadDrawable):  # gone since it was listed
            types = {screen.get_atom_name(atom) for atom in prop(screen, window, "_NET_WM_WINDOW_TYPE")}
            if types.intersection(_NO_WINDOWS) or ours.has(window):
                return None
            return Window(
                number,
                ewmh.title(screen, window),
                tuple(ewmh.texts(prop(screen, window, "WM_CLASS"))),
                number == ewmh.active(screen),
                ewmh.minimized(screen, window),
                ewmh.box(screen, window),
            )
        return None

    def _choose(self, screen: Any, name: str | None) -> Window:
        windows = self._all(screen)
        if not windows:
            raise _none()
        if name is None:
            return _front(screen, windows)
        wanted = {plain(name), *(plain(other) for other in self._also_called(name))}
        exact = [window for window in windows if wanted & {plain(text) for text in (window.title, *window.names)}]
        found = exact or [window for window in windows if set(plain(name).split()) <= set(plain(window.title).split())]
        if len(found) == 1:
            return found[0]
        if found:
            which = ", ".join(f"“{window.title}”" for window in found)
            raise RefusedError(f"“{name}” may be several windows: {which}.", fix="Say the whole title.")
        titles = [window.title for window in windows]
        otherwise = f"Open are: {', '.join(titles)}."
        raise RefusedError(f"There is no window “{name}”.", fix=did_you_mean(name, titles, otherwise))


def _none() -> ComputerError:
    return ComputerError("No window is open.", fix="Open a program first.")


def _front(screen: Any, windows: Sequence[Window]) -> Window:
    """The active one; where that is one of ours, the topmost of the others."""
    stacking = list(prop(screen, screen.screen().root, "_NET_CLIENT_LIST_STACKING"))
    return max(windows, key=lambda window: (window.active, not window.minimized, _index(stacking, window.id)))


def _index(numbers: list[int], number: int) -> int:
    return numbers.index(number) if number in numbers else -1
