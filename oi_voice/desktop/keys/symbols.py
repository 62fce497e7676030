"""What an X server's keyboard calls its keys: key codes, modifiers and locks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

from oi_voice.desktop.keys.names import Part
from oi_voice.errors import SettingsError


class Keyboard:
    """The keyboard of a python-xlib display, as it is laid out now."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._rows = [set(row) - {0} for row in display.get_modifier_mapping()]
        self.modifiers = set().union(*self._rows)
        self.escape = self._of("Escape")

    def codes(self, part: Part) -> set[int]:
        """The codes of all keys that serve as ``part``. SettingsError when there is none."""
        found = set().union(*(self._of(symbol) for symbol in part.symbols))
        if not found:
            raise SettingsError(f"This keyboard has no key {part.name!r}.", fix="Choose one that it has.")
        return found

    def mask(self, parts: Sequence[Part]) -> int:
        """The modifiers that ``parts`` set, as X has them."""
        return sum({self._bit(part.symbols) for part in parts})

    def locks(self) -> list[int]:
        """Every state that NumLock and CapsLock can be in."""
        bits = {self._bit(("Num_Lock",)), self._bit(("Caps_Lock",))} - {0}
        return [sum(chosen) for chosen in product(*((0, bit) for bit in bits))]

    def _bit(self, symbols: Sequence[str]) -> int:
        codes = [self._of(symbol) for symbol in symbols]
        return next((1 << number for own in codes for number, row in enumerate(self._rows) if own & row), 0)

    def _of(self, symbol: str) -> set[int]:
        """Where a key has the symbol on several levels, the lowest counts: a letter is not typed with AltGr."""
        found = list(self._display.keysym_to_keycodes(_keysym(symbol)))
        lowest = min((level for _, level in found), default=0)
        return {code for code, level in found if level == lowest}


def _keysym(symbol: str) -> int:
    from Xlib import XK

    if symbol.startswith("0x"):
        return int(symbol, 16)
    if len(symbol) > 2 and symbol[0] == "U" and symbol[1:].isalnum():
        letter = int(symbol[1:], 16)
        return letter if letter < 0x100 else 0x1000000 | letter
    for group in ("xkb", "xf86"):
        XK.load_keysym_group(group)
    return int(XK.string_to_keysym(symbol.replace("XF86", "XF86_")))
