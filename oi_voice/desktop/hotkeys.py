"""The talk key: one loop that feeds what a desktop tells of it to the state machine, and calls what comes of that."""

from __future__ import annotations

import os
import selectors
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from oi_voice.desktop.keys.machine import Act, Mode, TalkKey
from oi_voice.desktop.keys.names import Combination, canonical, parse, words
from oi_voice.desktop.keys.source import Inbox, Pollable, Seen, Source, What
from oi_voice.errors import DesktopError
from oi_voice.events import Event, Notice, State, StateChanged
from oi_voice.runtime import daemon

__all__ = ["Mode", "PushToTalk", "canonical", "parse", "words"]

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
ASKED = 20.0  # seconds that the desktop, and the person whom it may ask, have to grant a key


@dataclass(frozen=True, slots=True)
class _Binding:
    """A talk key, and where its events come from."""

    key: str
    source: Source


class PushToTalk:
    """Implements ``ports.Hotkeys``. ``key``, the one in force, is written like ``<ctrl_r>`` or ``<ctrl>+<alt>+v``.

    ``longest`` bounds a take, in seconds. ``typed_by_code`` tells whether running code has just pressed a key of a
    name: such a press is not the person's. ``failed`` hears, on a thread of our own, of a key that is refused or lost
    after ``start``. ``opened`` makes the source of a combination's events.
    """

    def __init__(
        self,
        key: str = "<ctrl_r>",
        mode: Mode = Mode.HOLD,
        longest: float = 60.0,
        *,
        typed_by_code: Callable[[str], bool] = lambda key: False,
        failed: Callable[[DesktopError], None] = lambda error: None,
        opened: Callable[[Combination, Callable[[str], bool]], Source] | None = None,
    ) -> None:
        self.key = key
        self._typed_by_code = typed_by_code
        self._failed = failed
        self._opened = opened or open_source
        self._machine = TalkKey(mode, longest)
        self._calls: dict[Act, Callable[[], None]] = {}
        self._inbox: Inbox[State | Notice | _Binding] | None = None  # none: not started, or closed
        self._bound: _Binding | None = None
        self._coming: _Binding | None = None  # asked for, but not yet granted

    @property
    def bound(self) -> bool:
        """Whether there is a key in force; False while the first one is being asked for."""
        return self._bound is not None

    def start(self, pressed: Callable[[], None], released: Callable[[], None], cancelled: Callable[[], None]) -> None:
        """Watch the key; returns when events arrive, or the desktop has been asked for them. The callbacks come on a
        thread of our own, in order.

        Raises SettingsError for a key there is none of, DesktopError where it can't be watched; ``rebind`` may then
        have another.
        """
        self._calls = {Act.START: pressed, Act.END: released, Act.CANCEL: cancelled}
        inbox = self._inbox = Inbox()
        daemon(lambda: self._serve(inbox), "hotkeys")
        inbox.put(self._open(self.key))

    def rebind(self, key: str) -> None:
        """Have another key, or one that was lost again; a take that is open ends. From any thread, once started.

        Raises SettingsError or DesktopError when it can't be had; what the desktop refuses only later goes to
        ``failed``. Either way the old one stays in force.
        """
        in_force = self._bound is not None and parse(key) == parse(self.key)
        if self._inbox is not None and not in_force:
            self._inbox.put(self._open(key))

    def follow(self, event: Event) -> None:
        """Hear of an engine's event; takes no time."""
        if self._inbox is None:
            return
        if isinstance(event, StateChanged):
            self._inbox.put(event.state)
        elif isinstance(event, Notice) and event.turn and event.level == "error":
            self._inbox.put(event)

    def close(self) -> None:
        """Watch no more; no callback begins after this. May be called more than once."""
        if self._inbox is not None:
            inbox, self._inbox = self._inbox, None
            inbox.wake()

    def _open(self, key: str) -> _Binding:
        return _Binding(key, self._opened(parse(key), self._typed_by_code))

    # --- on the thread of our own

    def _serve(self, inbox: Inbox[State | Notice | _Binding]) -> None:
        while self._inbox is inbox:
            self._read(inbox)
            due = self._machine.wakes
            seconds = None if due is None else due - time.monotonic()
            if seconds is not None and seconds <= 0:
                self._wake(inbox)
            else:
                _wait([inbox, *(file for binding in self._bindings() for file in binding.source.waits())], seconds)
        for left in (*self._bindings(), *inbox.read()):
            if isinstance(left, _Binding):
                left.source.close()
        inbox.close()

    def _bindings(self) -> list[_Binding]:
        return [binding for binding in (self._bound, self._coming) if binding]

    def _wake(self, inbox: Inbox[State | Notice | _Binding]) -> None:
        real = None
        try:
            if self._bound and self._machine.held:
                real = self._bound.source.down()
        except DesktopError as error:
            self._lose(self._bound, error)
        if not self._read(inbox):  # what was reported meanwhile comes first
            self._call(self._machine.wake(time.monotonic(), real))

    def _read(self, inbox: Inbox[State | Notice | _Binding]) -> bool:
        """Take in all that has come; whether there was anything."""
        told = inbox.read()
        for item in told:
            if isinstance(item, State):
                self._call(self._machine.engine(time.monotonic(), item))
            elif isinstance(item, Notice):
                self._machine.failed()
            else:
                self._forget(self._coming)
                self._coming = item
        seen = self._seen(self._bound)
        self._hear(seen)
        first = self._seen(self._coming)
        if self._coming and self._coming.source.ready:
            self._forget(self._bound)
            self._bound, self._coming = self._coming, None
            self.key = self._bound.key
            self._hear(first)
        return bool(told or seen)

    def _seen(self, binding: _Binding | None) -> Sequence[Seen]:
        try:
            return binding.source.read() if binding else ()
        except DesktopError as error:
            self._lose(binding, error)
            return ()

    def _hear(self, events: Sequence[Seen]) -> None:
        machine = self._machine
        for event in events:
            match event.what:
                case What.DOWN:
                    self._call(machine.down(event.at, injected=event.injected))
                case What.UP:
                    self._call(machine.up(event.at, injected=event.injected))
                case What.ESCAPE:
                    self._call(machine.escape(event.at))
                case What.OTHER:
                    self._call(machine.other(event.at))

    def _lose(self, binding: _Binding | None, error: DesktopError) -> None:
        self._forget(binding)
        self._failed(error)

    def _forget(self, binding: _Binding | None) -> None:
        if binding is None:
            return
        binding.source.close()
        if binding is self._bound:
            self._bound = None
            self._call(self._machine.drop(time.monotonic()))
        else:
            self._coming = None

    def _call(self, acts: list[Act]) -> None:
        for act in acts:
            if self._inbox is not None:
                self._calls[act]()


def open_source(
    combination: Combination, typed_by_code: Callable[[str], bool], environ: Mapping[str, str] = os.environ
) -> Source:
    """The events of a talk key on this desktop. Raises SettingsError or DesktopError."""
    if sys.platform in ("win32", "darwin"):
        from oi_voice.desktop.keys.watched import WatchedKeys

        return WatchedKeys(combination, typed_by_code)
    if environ.get("WAYLAND_DISPLAY") or environ.get("XDG_SESSION_TYPE") == "wayland":
        from oi_voice.desktop.keys.portal import PortalKeys

        return PortalKeys(combination, environ)
    from oi_voice.desktop.keys.x11 import X11Keys

    return X11Keys(combination, typed_by_code)


def try_key(key: str, environ: Mapping[str, str] = os.environ) -> str:
    """Have the talk key, let go of it again, and say so. Blocking: on Wayland the person may be asked.

    Raises SettingsError or DesktopError where it can't be had; without a desktop that is not known.
    """
    combination = parse(key)
    if sys.platform not in ("win32", "darwin") and not any(map(environ.get, DISPLAYS)):
        return f"{words(key)} was not tried: there is no desktop here."
    source = open_source(combination, lambda name: False, environ)
    end = time.monotonic() + ASKED
    try:
        while not source.ready and (left := end - time.monotonic()) > 0:
            _wait(source.waits(), left)
            source.read()
        if not source.ready:
            raise DesktopError(
                "The desktop has not said which key it gives.", fix="Answer its question, and try again."
            )
    finally:
        source.close()
    return f"{words(key)} can be had."


def _wait(files: Sequence[Pollable], seconds: float | None) -> None:
    with selectors.DefaultSelector() as selector:
        for file in files:
            selector.register(file, selectors.EVENT_READ)
        selector.select(seconds)
