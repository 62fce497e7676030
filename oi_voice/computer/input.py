"""Mouse and keyboard, each single event only while the run that asks for it may act."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from oi_voice.computer import paste
from oi_voice.computer.hands import BUTTONS, Hands, hands
from oi_voice.computer.keys import canonical, chord
from oi_voice.computer.permit import checkpoint
from oi_voice.errors import ComputerError
from oi_voice.ports import Clipboard

SHORTCUT = "command" if sys.platform == "darwin" else "ctrl"  # with which programs copy and paste


class Pointer:
    """Implements ``ports.Pointer``."""

    def __init__(self) -> None:
        self._held: list[str] = []

    def move(self, x: int, y: int) -> None:
        with hands() as hand:
            checkpoint()
            hand.move(x, y)

    def position(self) -> tuple[int, int]:
        with hands() as hand:
            return hand.position()

    def click(self, x: int, y: int, button: str = "left", clicks: int = 1) -> None:
        """Move there and click. Raises ComputerError for a button there is none of."""
        if button not in BUTTONS:
            raise ComputerError(f"There is no button “{button}”.", fix="It is left, middle or right.")
        with hands() as hand:
            checkpoint()
            hand.move(x, y)
            for _ in range(clicks):
                checkpoint()
                self._held.append(button)
                try:
                    hand.button(button, True)
                finally:
                    self._release(hand)

    def scroll(self, clicks: int) -> None:
        with hands() as hand:
            for _ in range(abs(clicks)):
                checkpoint()
                hand.wheel(clicks > 0)

    def release(self) -> None:
        if self._held:
            with hands() as hand:
                self._release(hand)

    def _release(self, hand: Hands) -> None:
        while self._held:
            hand.button(self._held[-1], False)
            self._held.pop()


class Keyboard:
    """Implements ``ports.Keyboard``. What the layout has no keys for goes in through the clipboard."""

    def __init__(self, clipboard: Clipboard) -> None:
        self._clipboard = clipboard
        self._held: list[str] = []
        self._pressed: dict[str, float] = {}

    def write(self, text: str) -> None:
        """Type ``text``, each line as far as possible by keys. Raises ComputerError when pasting was not accepted."""
        with hands() as hand:
            for piece, by_key in pieces(text, hand.typable(set(text))):
                if by_key:
                    for letter in piece:
                        self._together(hand, [canonical(letter, ())])
                else:
                    checkpoint()
                    paste.through_clipboard(piece, self._clipboard, lambda: self._together(hand, [SHORTCUT, "v"]))

    def press(self, *keys: str) -> None:
        """Press keys together. Raises ComputerError when there is no such key."""
        with hands() as hand:
            self._together(hand, [canonical(key, hand.known()) for key in chord(keys)])

    def release(self) -> None:
        if self._held:
            with hands() as hand:
                self._release(hand)

    def pressed_lately(self, key: str, seconds: float = 0.25) -> bool:
        """Whether ``key`` was pressed here, not by the person: for a hotkey that sees all keys alike.

        Each press of ours accounts for one that was seen, so that the person's own is never taken for it for long.
        """
        return time.monotonic() - self._pressed.pop(key, float("-inf")) < seconds

    def _together(self, hand: Hands, keys: list[str]) -> None:
        try:
            for key in keys:
                checkpoint()
                self._pressed[key] = time.monotonic()
                hand.key(key, True)
                self._held.append(key)
        finally:
            self._release(hand)

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
