"""The desktop: key, screen, mouse, keyboard, clipboard, tray."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Hotkeys(Protocol):
    """The push-to-talk key. Callbacks come on a foreign thread and must only post."""

    def start(self, pressed: Callable[[], None], released: Callable[[], None], cancelled: Callable[[], None]) -> None:
        """Watch the key: one ``pressed`` and one ``released`` a hold; ``cancelled`` on Esc."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the screen: ``rgb`` is height × width × 3 bytes, in real pixels. ``number`` names it."""

    width: int
    height: int
    rgb: bytes
    number: int = 0


class Screen(Protocol):
    """Blocking; the broker calls it off the loop."""

    def grab(self) -> Frame: ...

    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""


class Pointer(Protocol):
    """Blocking; x and y are screen pixels from the top left."""

    def move(self, x: int, y: int) -> None: ...

    def click(self, x: int, y: int, button: str, clicks: int) -> None: ...

    def scroll(self, clicks: int) -> None:
        """Turn the wheel; positive is up."""

    def release(self) -> None:
        """Let go of every button."""


class Keyboard(Protocol):
    """Blocking."""

    def write(self, text: str) -> None: ...

    def press(self, *keys: str) -> None:
        """Press keys together (a hotkey), then let go of them."""

    def release(self) -> None:
        """Let go of every key."""


class Clipboard(Protocol):
    """Blocking."""

    def read(self) -> str: ...

    def write(self, text: str) -> None: ...


class Tray(Protocol):
    """The icon beside the clock."""

    def show(self, icon: str, tooltip: str) -> None:
        """``icon`` is a state's name: idle, listening, thinking, asking, running, speaking, error."""

    def run(self) -> None:
        """The tray's own loop, on the main thread; returns after ``close``."""

    def close(self) -> None: ...
