"""The talk key by pynput, where the desktop is neither X11 nor Wayland: watched, not kept from the program in front."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from oi_voice.desktop.keys.names import EXAMPLES, Combination, canonical
from oi_voice.desktop.keys.source import Inbox, Pollable, Seen, What
from oi_voice.errors import DesktopError, SettingsError


class WatchedKeys:
    """Implements ``Source``. ``typed_by_code`` tells whether running code has just pressed a key of that name; keys
    that the system itself calls injected are no person's either.

    Raises SettingsError for a key there is none of, DesktopError where keys can't be watched.
    """

    ready = True

    def __init__(self, combination: Combination, typed_by_code: Callable[[str], bool]) -> None:
        keyboard = _keyboard()
        self._chord = Chord(keyboard, combination)
        self._names = canonical(combination.text)
        self._typed_by_code = typed_by_code
        self._inbox: Inbox[Seen] = Inbox()
        self._listener = keyboard.Listener(
            on_press=lambda key, injected: self._see(self._chord.press(key), injected),
            on_release=lambda key, injected: self._see(self._chord.release(key), injected),
        )
        self._listener.start()
        self._listener.wait()

    def waits(self) -> Sequence[Pollable]:
        return [self._inbox]

    def read(self) -> Sequence[Seen]:
        return self._inbox.read()

    def down(self) -> bool | None:
        return None

    def close(self) -> None:
        self._listener.stop()  # on X its thread ends with the next key; waiting for that would block
        self._inbox.close()

    def _see(self, what: What | None, injected: bool) -> None:
        """On pynput's thread."""
        if what is What.DOWN:
            injected = injected or all([self._typed_by_code(name) for name in self._names])
        elif what is What.ESCAPE and (injected or self._typed_by_code("esc")):
            return
        if what is not None:
            self._inbox.put(Seen(what, time.monotonic(), injected))


class Chord:
    """Which of a combination's keys are down; ``press`` and ``release`` say what a key has made of it."""

    def __init__(self, keyboard: Any, combination: Combination) -> None:
        try:
            self._parts = keyboard.HotKey.parse(combination.text)
        except ValueError:
            raise SettingsError(f"There is no key {combination.text!r} here.", fix=EXAMPLES) from None
        self._keyboard = keyboard
        self._modifiers_only = combination.main is None
        self._down: list[set[Any]] = [set() for _ in self._parts]
        self._escape = False

    def press(self, key: Any) -> What | None:
        """A repetition is one more press."""
        if key == self._keyboard.Key.esc:
            first, self._escape = not self._escape, True
            return What.ESCAPE if first else None
        own = [down for part, down in zip(self._parts, self._down, strict=True) if self._is(key, part)]
        for down in own:
            down.add(key)
        if not all(self._down):
            return None
        if own:
            return What.DOWN
        return What.OTHER if self._modifiers_only and not self._modifies(key) else None

    def release(self, key: Any) -> What | None:
        if key == self._keyboard.Key.esc:
            self._escape = False
        before = all(self._down)
        for part, down in zip(self._parts, self._down, strict=True):
            if self._is(key, part):
                down.discard(key)
        return What.UP if before and not all(self._down) else None

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

    def _modifies(self, key: Any) -> bool:
        return isinstance(key, self._keyboard.Key) and key.name.partition("_")[0] in ("ctrl", "alt", "shift", "cmd")


def _keyboard() -> Any:
    """pynput's keyboard module; importing it already needs a display."""
    try:
        from pynput import keyboard
    except ImportError as error:
        if error.name and error.name.startswith("pynput"):
            raise DesktopError("pynput is not installed.", fix="Install it with: pip install pynput") from error
        raise DesktopError(
            "The talk key can't be watched: there is no display.",
            fix="Start oi_voice inside a desktop session, or see it work with: oi-voice demo",
        ) from error
    return keyboard
