"""Names of keys: pyautogui's, and what people call them."""

from __future__ import annotations

import sys
from collections.abc import Collection

from oi_voice.computer.names import did_you_mean
from oi_voice.errors import ComputerError

_SPOKEN = {
    "alt gr": "altright",
    "alt left": "alt",
    "altgr": "altright",
    "altleft": "alt",
    "apostrophe": "'",
    "arrow down": "down",
    "arrow left": "left",
    "arrow right": "right",
    "arrow up": "up",
    "at": "@",
    "back space": "backspace",
    "backslash": "\\",
    "caps": "capslock",
    "colon": ":",
    "comma": ",",
    "control": "ctrl",
    "ctrlleft": "ctrl",
    "dash": "-",
    "del": "delete",
    "dot": ".",
    "down arrow": "down",
    "equals": "=",
    "escape": "esc",
    "hyphen": "-",
    "ins": "insert",
    "left arrow": "left",
    "menu": "apps",
    "minus": "-",
    "page down": "pagedown",
    "page up": "pageup",
    "period": ".",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "plus": "+",
    "print": "printscreen",
    "print screen": "printscreen",
    "prtsc": "printscreen",
    "return": "enter",
    "right arrow": "right",
    "semicolon": ";",
    "shiftleft": "shift",
    "slash": "/",
    "space bar": "space",
    "spacebar": "space",
    "underscore": "_",
    "up arrow": "up",
    "winleft": "win",
}
_LETTERS = {"\n": "enter", "\r": "enter", "\t": "tab", "\b": "backspace", " ": "space"}
_SYSTEM_KEY = ("cmd", "command", "meta", "super", "win", "windows")


def canonical(name: str, known: Collection[str], mac: bool = sys.platform == "darwin") -> str:
    """A key's name among ``known`` (single letters are always known), or ComputerError with the nearest name."""
    if len(name) == 1:
        return _LETTERS.get(name, name)
    spoken = " ".join(name.casefold().replace("_", " ").replace("-", " ").split()).removesuffix(" key")
    if spoken in _SYSTEM_KEY:
        return "command" if mac else "win"
    if spoken in ("option", "alt"):
        return "option" if mac else "alt"
    found = _SPOKEN.get(spoken, spoken)
    found = found if found in known or len(found) == 1 else found.replace(" ", "")
    if found not in known and len(found) != 1:
        nearest = did_you_mean(
            name, [*known, *_SPOKEN], "Names are such as enter, esc, page down, f5, ctrl or a letter."
        )
        raise ComputerError(f"There is no key “{name}”.", fix=nearest, code="computer.key")
    return found


def chord(keys: tuple[str, ...]) -> list[str]:
    """The keys of a combination, also where it is written as one: ``ctrl+s``. Its letters are small ones."""
    parts = [part.strip() for key in keys for part in (key.split("+") if key.strip("+ ") and "+" in key else [key])]
    return [part.lower() if len(part) == 1 and len(parts) > 1 else part for part in parts]
