"""The popup's buttons, and which of them there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oi_voice.desktop.ui.press import Press

YES = ("run", "conversation", "always")
LONGEST = 100_000  # characters of code that can be edited
#: Name, words, accessible name and kind of each, from left to right; None parts the rows' two ends.
_BUTTONS: tuple[tuple[str, str, str, str] | None, ...] = (
    ("scan", "Scan it", "Scan the code", ""),
    ("edit", "Edit", "Edit the code", ""),
    ("allow", "Always allow…", "Always allow this", ""),
    ("back", "Back", "Back", ""),
    None,
    ("deny", "Deny", "Deny", "no"),
    ("conversation", "In this conversation", "Allow in this conversation", "yes"),
    ("always", "Always", "Allow always", "yes"),
    ("use", "Use this code", "Use this code", ""),
    ("run", "Run", "Run", "yes"),
)
#: Those that are there by what the person does, each where the question has it; and what is said of that.
_MODES = {
    "": ("scan", "edit", "allow", "deny", "run"),
    "edit": ("back", "deny", "use"),
    "allow": ("back", "deny", "conversation", "always"),
}
_WHAT = {
    "": "This is oi_voice's own account of the code. It runs only if you say yes.",
    "edit": "“Use this code” runs nothing yet: you are asked about the changed code.",
    "allow": "A yes runs this code and makes a rule, which you can take back at any time.",
}


class Choices:
    """``chosen`` hears a button's name. ``mode`` is ``edit`` or ``allow`` while that is what the person does."""

    def __init__(self, chosen: Callable[[str], None]) -> None:
        self.row = [spec and Press(*spec[1:], _bound(chosen, spec[0])) for spec in _BUTTONS]
        self.named = {spec[0]: press for spec, press in zip(_BUTTONS, self.row, strict=True) if spec and press}
        self.mode = ""
        self._there: set[str] = set()

    @property
    def what(self) -> str:
        """What is said of the mode."""
        return _WHAT[self.mode]

    def name(self, press: Press) -> str:
        """The name of a button."""
        return next(name for name, other in self.named.items() if other is press)

    @property
    def yes(self) -> list[Press]:
        """The buttons that say yes."""
        return [self.named[name] for name in YES]

    def fill(self, event: dict[str, Any]) -> None:
        """Have those of this question."""
        optional = {
            "scan": event["scannable"],
            "edit": len(event["code"]) <= LONGEST,
            "allow": bool(event["scopes"]),
            **dict.fromkeys(event["scopes"], True),
        }
        self._there = {"deny", "run", "back", "use", *(name for name, there in optional.items() if there)}
        self.show("")

    def show(self, mode: str) -> None:
        """Have those of this mode."""
        self.mode = mode
        for name, press in self.named.items():
            press.setVisible(name in self._there and name in _MODES[mode])


def _bound(chosen: Callable[[str], None], name: str) -> Callable[[], None]:
    return lambda: chosen(name)
