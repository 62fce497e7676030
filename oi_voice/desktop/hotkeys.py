"""The push-to-talk key: exactly one ``pressed`` and one ``released`` a hold, whatever auto-repeat does.

X reports a held key as a burst of presses with one release, or (remote viewers, virtual machines) as pairs of
release and press with the same time stamp. So a repeated press means nothing, and a release counts once no
press has followed it for ``SETTLE``. Keys are only watched, never kept from the program in front.
"""

from __future__ import annotations

import queue
from collections.abc import Callable
from typing import Any

from oi_voice.errors import DesktopError, SettingsError
from oi_voice.runtime import daemon

#: Seconds. The halves of a repeat pair arrive within 1 ms, a finger takes 30 ms and more.
SETTLE = 0.015

_SIDES = {"l": "Left", "r": "Right", "gr": "Right"}
_NAMES = {"cmd": "Super", "esc": "Esc", "alt_gr": "AltGr"}


class PushToTalk:
    """Implements ``ports.Hotkeys``. ``key`` is in pynput's notation: ``<ctrl_r>``, ``<f9>``, ``<ctrl>+<alt>+v``."""

    def __init__(self, key: str = "<ctrl_r>") -> None:
        self._key = key
        self._edges: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listener: Any = None

    def start(self, pressed: Callable[[], None], released: Callable[[], None], cancelled: Callable[[], None]) -> None:
        """Watch the key; returns when events arrive. The callbacks come on a thread of our own, in order.

        Raises SettingsError for a key there is none of, DesktopError where keys can't be watched.
        """
        keyboard = _keyboard()
        chord = Chord(keyboard, self._key)
        calls = {"pressed": pressed, "released": released, "cancelled": cancelled}
        listener = keyboard.Listener(
            on_press=lambda key: self._see(chord.press(key)),
            on_release=lambda key: self._see(chord.release(key)),
        )
        listener.start()
        listener.wait()
        self._listener = listener
        daemon(lambda: self._deliver(calls), "hotkeys")

    def close(self) -> None:
        """Watch no more; no callback begins after this. May be called more than once."""
        if self._listener is not None:
            listener, self._listener = self._listener, None
            self._edges.put("closed")
            listener.stop()  # on X its thread ends with the next key; waiting for that would block

    def _see(self, edge: str) -> None:
        if edge:
            self._edges.put(edge)

    def _deliver(self, calls: dict[str, Callable[[], None]]) -> None:
        while (edge := self._edges.get()) != "closed":
            if edge == "released" and self._repeats():
                continue
            if self._listener is not None:
                calls[edge]()

    def _repeats(self) -> bool:
        """Whether a press follows this release at once: then the key was never let go of."""
        try:
            following = self._edges.get(timeout=SETTLE)
        except queue.Empty:
            return False
        if following == "pressed":
            return True
        self._edges.put(following)  # Esc or the end: after the release
        return False


class Chord:
    """Which of a combination's keys are down; ``press`` and ``release`` say what that made of it."""

    def __init__(self, keyboard: Any, key: str) -> None:
        try:
            self._parts = keyboard.HotKey.parse(key)
        except ValueError:
            raise SettingsError(
                f"There is no key {key!r}.", fix="Write it like <ctrl_r>, <f9>, <pause> or <ctrl>+<alt>+v."
            ) from None
        self._keyboard = keyboard
        self._down: list[set[Any]] = [set() for _ in self._parts]
        self._escape = False

    def press(self, key: Any) -> str:
        """``pressed`` when this completes the combination, ``cancelled`` on Esc, else nothing."""
        if key == self._keyboard.Key.esc:
            first, self._escape = not self._escape, True
            return "cancelled" if first else ""
        before = all(self._down)
        for part, down in zip(self._parts, self._down, strict=True):
            if self._is(key, part):
                down.add(key)
        return "pressed" if all(self._down) and not before else ""

    def release(self, key: Any) -> str:
        """``released`` when this breaks the combination, else nothing."""
        if key == self._keyboard.Key.esc:
            self._escape = False
        before = all(self._down)
        for part, down in zip(self._parts, self._down, strict=True):
            if self._is(key, part):
                down.discard(key)
        return "released" if before and not all(self._down) else ""

    def _is(self, key: Any, part: Any) -> bool:
        """A part is a plain modifier, which either side serves, a character or a key code."""
        if key is None:
            return False
        code = getattr(key, "value", key)
        if isinstance(part, self._keyboard.Key):
            sides = (f"{part.name}{side}" for side in ("", "_l", "_r"))
            return any(getattr(self._keyboard.Key, name, None) == key for name in sides)
        if part.char is not None:
            return bool(code.char) and code.char.lower() == part.char
        return bool(code.vk == part.vk)


def words(key: str) -> str:
    """The key as a person calls it: ``Right Ctrl``, ``F9``, ``Ctrl+Alt+V``."""
    return "+".join(_name(part.strip("<>")) for part in key.split("+") if part) or key


def canonical(key: str) -> list[str]:
    """The keys' names as the Computer API has them: ``ctrlright``, ``f9``, ``ctrl`` and ``alt``."""
    parts = [part.strip("<>") for part in key.split("+") if part]
    return [part.replace("_r", "right").replace("_l", "left").replace("cmd", "win") for part in parts]


def _name(part: str) -> str:
    base, _, side = part.partition("_")
    if part in _NAMES:
        return _NAMES[part]
    if side in _SIDES:
        return f"{_SIDES[side]} {_NAMES.get(base, base.title())}"
    return part.replace("_", " ").title()


def _keyboard() -> Any:
    """pynput's keyboard module; importing it already needs a display."""
    try:
        from pynput import keyboard
    except ImportError as error:
        if error.name and error.name.startswith("pynput"):
            raise DesktopError("pynput is not installed.", fix="Install it with: pip install pynput") from error
        raise DesktopError(
            "The push-to-talk key can't be watched: there is no display.",
            fix="Start oi_voice inside a desktop session, or see it work with: oi-voice demo",
        ) from error
    return keyboard
