"""Mouse and keyboard, each single event only while the run that asks for it may act, and into no window of ours."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from oi_voice.computer import paste
from oi_voice.computer.hands import BUTTONS, Hands, hands
from oi_voice.computer.keys import canonical, chord
from oi_voice.computer.own import Own
from oi_voice.computer.permit import checkpoint
from oi_voice.errors import ComputerError, OiVoiceError
from oi_voice.ports import Clipboard

SHORTCUT = "command" if sys.platform == "darwin" else "ctrl"  # with which programs copy and paste


class Pointer:
    """Implements ``ports.Pointer``. ``own`` tells our windows."""

    def __init__(self, own: Own) -> None:
        self._own = own
        self._held: list[str] = []

    def move(self, x: int, y: int) -> None:
        with hands(self._own) as hand:
            hand.move(x, y)

    def position(self) -> tuple[int, int]:
        with hands(self._own) as hand:
            return hand.position()

    def click(self, x: int, y: int, button: str = "left", clicks: int = 1) -> None:
        """Move there and click. Raises ComputerError for a button there is none of."""
        if button not in BUTTONS:
            raise ComputerError(f"There is no button “{button}”.", fix="It is left, middle or right.")
        with hands(self._own) as hand:
            hand.move(x, y)
            for _ in range(clicks):
                hand.button(button, True)
                self._held.append(button)
                self._release(hand)

    def scroll(self, clicks: int) -> None:
        with hands(self._own) as hand:
            for _ in range(abs(clicks)):
                hand.wheel(clicks > 0)

    def release(self) -> None:
        if self._held:
            with hands(self._own) as hand:
                self._release(hand)

    def _release(self, hand: Hands) -> None:
        while self._held:
            hand.button(self._held[-1], False)
            self._held.pop()


class Keyboard:
    """Implements ``ports.Keyboard``. What the layout has no keys for goes in through the clipboard."""

    def __init__(self, clipboard: Clipboard, own: Own) -> None:
        self._clipboard = clipboard
        self._own = own
        self._held: list[str] = []
        self._pressed: dict[str, float] = {}

    def write(self, text: str) -> None:
        """Type ``text``, each line as far as possible by keys. Raises ComputerError when pasting was not accepted."""
        with hands(self._own) as hand:
            for piece, by_key in pieces(text, hand.typable(set(text))):
                if by_key:
                    for letter in piece:
                        self._together(hand, [canonical(letter, ())])
                else:
                    checkpoint()
                    paste.through_clipboard(piece, self._clipboard, lambda: self._together(hand, [SHORTCUT, "v"]))

    def press(self, *keys: str) -> None:
        """Press keys together. Raises ComputerError when there is no such key."""
        with hands(self._own) as hand:
            self._together(hand, [canonical(key, hand.known()) for key in chord(keys)])

    def release(self) -> None:
        if self._held:
            with hands(self._own) as hand:
                self._release(hand)

    def pressed_lately(self, key: str, seconds: float = 0.25) -> bool:
        """Whether ``key`` was pressed here, not by the person: for a hotkey that sees all keys alike.

        Each press of ours accounts for one that was seen, so that the person's own is never taken for it for long.
        """
        return time.monotonic() - self._pressed.pop(key, float("-inf")) < seconds

    def _together(self, hand: Hands, keys: list[str]) -> None:
        try:
            for key in keys:
                self._press(hand, key)
        finally:
            self._release(hand)

    def _press(self, hand: Hands, key: str) -> None:
        self._pressed[key] = time.monotonic()
        try:
            hand.key(key, True)
        except OiVoiceError:  # refused: the next one that is seen is the person's
            self._pressed.pop(key, None)
            raise
        self._held.append(key)

    def _release(self, hand: Hands) -> None:
        while self._held:
            hand.key(self._held[-1], False)
            self._held.pop()


def pieces(text: str, typable: set[str]) -> Iterator[tuple[str, bool]]:
    """Cut a text into pieces to type (True) and to paste: in each line, from the first letter without a key to
    the last is pasted at once. Line ends and tabs are always typed."""
    for line in text.replace("\r\n", "\n").splitlines(keepends=True):
        missing = [at for at, letter in enumerate(line) if letter not in typable and letter not in "\r\n\t"]
        if not missing:
            yield line, True
            continue
        first, last = missing[0], missing[-1] + 1
        parts = ((line[:first], True), (line[first:last], False), (line[last:], True))
        yield from (part for part in parts if part[0])
