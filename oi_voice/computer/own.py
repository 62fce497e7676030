"""Which windows are ours: code may neither click nor type into them, nor close, move or raise them.

The X server itself tells which process made a window (X-Resource 1.2), whatever the window says or does not say of
itself. What it says (_NET_WM_PID, WM_CLASS, title) counts besides, for servers that do not know. On macOS and Windows
nothing is known to be ours.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from oi_voice.computer import ewmh
from oi_voice.computer.geometry import Box
from oi_voice.computer.names import plain
from oi_voice.computer.x11 import connection, prop
from oi_voice.errors import RefusedError

_ALL_CLIENTS = 0
#: Windows that take the keyboard to themselves while they are there.
_MENUS = ("POPUP_MENU", "DROPDOWN_MENU", "MENU", "COMBO")


class Own:
    """``names`` are program names (WM_CLASS) and titles of our windows. Those of this very process are ours anyway."""

    def __init__(self, names: Collection[str] = ()) -> None:
        self._names = {plain(name) for name in names}
        self._processes: list[Callable[[], int | None]] = [os.getpid]

    def add(self, process: Callable[[], int | None]) -> None:
        """The windows of the process with this id are ours, too. Asked each time, on any thread; None is no process."""
        self._processes.append(process)

    def on(self, screen: Any) -> Ours:
        """Those on this connection's display."""
        return Ours(screen, self._names, self.pids)

    def pids(self) -> set[int]:
        """Of the processes that there are."""
        return {pid for process in self._processes if (pid := process()) is not None}

    def boxes(self) -> Sequence[Box]:
        """Where they can be seen."""
        if sys.platform in ("darwin", "win32"):
            return []
        with connection() as screen:
            ours, root = self.on(screen), screen.screen().root
            windows = [*root.query_tree().children, *(ewmh.window(screen, one) for one in ewmh.clients(screen))]
            return ewmh.visible(screen, filter(ours.has, windows))


class Ours:
    """For one action. What is refused is so at that moment: for the next event too while the server is grabbed.

    ``pids`` and the programs that they are are asked for anew each time; a window that once said nothing is not.
    """

    def __init__(self, screen: Any, names: Collection[str], pids: Callable[[], set[int]]) -> None:
        self._screen, self._names, self._pids = screen, names, pids
        self._root = screen.screen().root
        self._mask = screen.display.info.resource_id_mask  # the part of an id that does not tell its program
        self._others: set[int] = set()
        self._look()

    def has(self, window: Any) -> bool:
        """Whether this window is ours, whatever it lies in."""
        return self._program(window) in self._programs or self._says_so(window)

    def refuse_place(self, x: int, y: int) -> None:
        """Raise RefusedError where a click would go to one of them, be it to the frame around it."""
        self._look()
        under = list(ewmh.under(self._screen, x, y))
        if any(map(self.has, [*under, *self._framed(under)])):
            raise _refused("That place belongs")

    def refuse_keys(self) -> None:
        """Raise RefusedError where a key would go to one of them."""
        self._look()
        if any(map(self.has, self._focused())) or any(map(self._is_menu, self._tops())):
            raise _refused("The window in front belongs")

    def _look(self) -> None:
        """See which programs, by their part of a window's id, our processes are; none where the server can't tell."""
        from Xlib import error
        from Xlib.ext import res

        self._own_pids = self._pids()
        self._programs: set[int] = set()
        if self._screen.has_extension("X-Resource"):
            with contextlib.suppress(error.BadRequest):  # older than 1.2
                found = self._screen.res_query_client_ids([(_ALL_CLIENTS, res.LocalClientPIDMask)]).ids
                mine = (client for client in found if not self._own_pids.isdisjoint(client.value))
                self._programs = {client.spec.client & ~self._mask for client in mine}

    def _program(self, window: Any) -> int:
        return int(window.id & ~self._mask)

    def _says_so(self, window: Any) -> bool:
        if window.id in self._others:
            return False
        names = [*ewmh.texts(prop(self._screen, window, "WM_CLASS")), ewmh.title(self._screen, window)]
        said = not self._own_pids.isdisjoint(prop(self._screen, window, "_NET_WM_PID"))
        if not said and {plain(name) for name in names}.isdisjoint(self._names):
            self._others.add(window.id)
            return False
        return True

    def _framed(self, under: Sequence[Any]) -> Iterator[Any]:
        """The programs' windows in the frame, where that is all there is at a place: a title bar."""
        if len({self._program(window) for window in under}) == 1:
            yield from ewmh.framed(self._screen, under[0])

    def _focused(self) -> Iterator[Any]:
        """The window that has the keyboard and those it lies in; where none has it, those under the pointer."""
        focus = self._screen.get_input_focus().focus
        if isinstance(focus, int) or focus == self._root:
            pointer = self._root.query_pointer()
            yield from ewmh.under(self._screen, pointer.root_x, pointer.root_y)
        else:
            yield from ewmh.around(focus)

    def _tops(self) -> Iterator[Any]:
        """The outermost windows of our programs."""
        return (top for top in self._root.query_tree().children if self._program(top) in self._programs)

    def _is_menu(self, window: Any) -> bool:
        kinds = {self._screen.get_atom(f"_NET_WM_WINDOW_TYPE_{kind}") for kind in _MENUS}
        shown = not kinds.isdisjoint(prop(self._screen, window, "_NET_WM_WINDOW_TYPE"))
        return shown and bool(ewmh.visible(self._screen, [window]))


def _refused(what: str) -> RefusedError:
    return RefusedError(f"{what} to the assistant itself, which code may not use.", code="computer.own")
