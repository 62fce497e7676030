"""Keys by name, in the notation of the settings (``<f9>``, ``<ctrl>+<alt>+v``), and which may be the talk key."""

from __future__ import annotations

import re
from dataclasses import dataclass

from oi_voice.errors import SettingsError

EXAMPLES = "Write it like <ctrl_r>, <f9>, <pause> or <ctrl>+<alt>+v."

#: Names of modifiers, and the keysyms of the keys that serve as each, as xkbcommon calls them.
MODIFIERS = {
    "ctrl": ("Control_L", "Control_R"),
    "ctrl_l": ("Control_L",),
    "ctrl_r": ("Control_R",),
    "alt": ("Alt_L", "Alt_R"),
    "alt_l": ("Alt_L",),
    "alt_r": ("Alt_R", "ISO_Level3_Shift"),  # the same key, on keyboards with a third level
    "alt_gr": ("ISO_Level3_Shift", "Mode_switch"),
    "shift": ("Shift_L", "Shift_R"),
    "shift_l": ("Shift_L",),
    "shift_r": ("Shift_R",),
    "cmd": ("Super_L", "Super_R"),
    "cmd_l": ("Super_L",),
    "cmd_r": ("Super_R",),
}
KEYS = {
    **{f"f{number}": f"F{number}" for number in range(1, 21)},
    **dict(pause="Pause", scroll_lock="Scroll_Lock", print_screen="Print", insert="Insert", menu="Menu"),
    **dict(home="Home", end="End", page_up="Page_Up", page_down="Page_Down", delete="Delete"),
    **dict(up="Up", down="Down", left="Left", right="Right", num_lock="Num_Lock", caps_lock="Caps_Lock"),
    **dict(space="space", tab="Tab", enter="Return", backspace="BackSpace", esc="Escape"),
    **dict(media_play_pause="XF86AudioPlay", media_volume_mute="XF86AudioMute"),
    **dict(media_volume_down="XF86AudioLowerVolume", media_volume_up="XF86AudioRaiseVolume"),
    **dict(media_previous="XF86AudioPrev", media_next="XF86AudioNext"),
}
#: Without one of these, nobody could write; with none but shift and AltGr, all of them write.
TYPING = frozenset(("space", "tab", "enter", "backspace", "delete", "up", "down", "left", "right"))
WRITING = frozenset(("shift", "shift_l", "shift_r", "alt_gr", "alt_r"))
#: Combinations that every program has its own use for.
EVERYDAY = frozenset(
    [("ctrl", letter) for letter in "acfnopqstvwxyz"] + [("alt", "tab"), ("alt", "f4"), ("alt", "space")]
)

_SIDES = {"l": "Left", "r": "Right", "gr": "Right"}
_NAMES = {"cmd": "Super", "esc": "Esc", "alt_gr": "AltGr"}


@dataclass(frozen=True, slots=True)
class Part:
    """One key; ``symbols`` are the keysyms of those that serve as it."""

    name: str
    symbols: tuple[str, ...]
    modifier: bool = False


@dataclass(frozen=True, slots=True)
class Combination:
    """Keys held together: modifiers, and ``main``, the one other key, unless there are modifiers only."""

    text: str
    modifiers: tuple[Part, ...]
    main: Part | None

    @property
    def parts(self) -> tuple[Part, ...]:
        return (*self.modifiers, self.main) if self.main else self.modifiers


def parse(key: str) -> Combination:
    """The talk key of that notation. SettingsError for none, and for one that is needed otherwise."""
    parts = [_part(text, key) for text in re.split(r"\+(?=.)", key)]
    others = [part for part in parts if not part.modifier]
    if len(others) > 1:
        raise SettingsError(f"{words(key)} is more than one key beside Ctrl, Alt, Shift and Super.", fix=EXAMPLES)
    found = Combination(key.lower(), tuple(part for part in parts if part.modifier), others[0] if others else None)
    _refuse(found)
    return found


def words(key: str) -> str:
    """The key as a person calls it: ``Right Ctrl``, ``F9``, ``Ctrl+Alt+V``."""
    return "+".join(_name(part.strip("<>")) for part in key.split("+") if part) or key


def canonical(key: str) -> list[str]:
    """The keys' names as the Computer API has them: ``ctrlright``, ``f9``, ``ctrl`` and ``alt``."""
    parts = [part.strip("<>") for part in key.split("+") if part]
    return [part.replace("_r", "right").replace("_l", "left").replace("cmd", "win") for part in parts]


def _part(text: str, key: str) -> Part:
    name = text[1:-1].lower() if text.startswith("<") and text.endswith(">") else ""
    if name in MODIFIERS:
        return Part(name, MODIFIERS[name], modifier=True)
    if name in KEYS:
        return Part(name, (KEYS[name],))
    if name.isdecimal():
        return Part(name, (f"0x{int(name):x}",))
    if len(text) == 1 and text.isprintable() and text != " ":
        letter = text.lower()
        return Part(letter, (letter if letter.isascii() and letter.isalnum() else f"U{ord(letter):04X}",))
    raise SettingsError(f"There is no key {key!r}.", fix=EXAMPLES)


def _refuse(found: Combination) -> None:
    symbols = [symbol for part in found.parts for symbol in part.symbols]
    if len(set(symbols)) < len(symbols):
        raise SettingsError(f"{words(found.text)} names one key twice.", fix=EXAMPLES)
    if found.main is None:
        return
    held = [part.name for part in found.modifiers]
    main, plain = found.main.name, not set(held) - WRITING
    if main == "esc":
        why = "Esc ends a take, so it can't begin one."
    elif plain and (len(main) == 1 or main in TYPING):
        why = f"{words(found.text)} is needed for writing."
    elif len(held) == 1 and (held[0].partition("_")[0], main) in EVERYDAY:
        why = f"{words(found.text)} means something in every program."
    else:
        return
    raise SettingsError(why, fix="Choose another key, such as <ctrl_r>, <f9> or <ctrl>+<alt>+v.")


def _name(part: str) -> str:
    base, _, side = part.partition("_")
    if part in _NAMES:
        return _NAMES[part]
    if side in _SIDES:
        return f"{_SIDES[side]} {_NAMES.get(base, base.title())}"
    return part.replace("_", " ").title()
