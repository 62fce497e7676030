"""The one declaration of ``computer``: the kernel's stub, the broker's handlers and its description come from here.

Standard library only, for it is imported in the kernel. x and y are screen pixels from the top left. A target
is either x and y, or a text that stands on the screen exactly once.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, Protocol

Picture = Any  # a PIL image in the kernel, ports.Frame in the broker
Listing = list[dict[str, Any]]


class Display(Protocol):
    """The screen."""

    def view(self) -> Picture:
        """Show the screen as it is now, and return the picture."""

    def screenshot(self) -> Picture:
        """A picture of the screen (a PIL image), not shown."""

    def text(self) -> str:
        """All text that can be read on the screen."""

    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.size()[0]

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.size()[1]


class Mouse(Protocol):
    """The pointer."""

    def click(self, x: int | str, y: int | None = None, *, button: str = "left", clicks: int = 1) -> None:
        """Click at x and y, or on a text."""

    def double_click(self, x: int | str, y: int | None = None) -> None:
        """Click twice at x and y, or on a text."""

    def right_click(self, x: int | str, y: int | None = None) -> None:
        """Click with the right button at x and y, or on a text."""

    def move(self, x: int | str, y: int | None = None) -> None:
        """Move the pointer to x and y, or onto a text."""

    def scroll(self, clicks: int) -> None:
        """Turn the wheel: positive is up, negative down."""

    def position(self) -> tuple[int, int]:
        """Where the pointer is."""


class Keyboard(Protocol):
    """The keys; they go to the window in front."""

    def write(self, text: str) -> None:
        """Type a text."""

    def press(self, *keys: str, presses: int = 1) -> None:
        """Press keys one after the other, the whole row `presses` times: press("down", "enter")."""

    def hotkey(self, *keys: str) -> None:
        """Press keys together: hotkey("ctrl", "s")."""


class Clipboard(Protocol):
    """The clipboard's text."""

    def view(self) -> str:
        """The text on the clipboard."""

    def copy(self, text: str | None = None) -> None:
        """Put a text on the clipboard; without one, copy what is selected in the window in front."""

    def paste(self) -> None:
        """Paste the clipboard into the window in front."""


class Os(Protocol):
    """Programs and sound."""

    def open(self, app: str) -> str:
        """Open a program by its name or kind ("text editor"), a file, folder or web address.

        Returns the title of its window once that is there.
        """

    def volume(self, change: int | str | None = None) -> int:
        """Set the volume: 0 to 100, "+10", "-10", "up", "down", "mute" or "unmute". Returns it in percent."""


class Window(Protocol):
    """The windows. A name is (part of) a title, or a program's name; without one, the window in front is meant."""

    def list(self) -> Listing:
        """All windows: title, app, active, minimized, x, y, width, height."""

    def focus(self, name: str) -> str:
        """Bring a window to the front; returns its title."""

    def close(self, name: str | None = None) -> str:
        """Close a window; returns its title."""

    def minimize(self, name: str | None = None) -> str:
        """Minimize a window; returns its title."""

    def next(self) -> str:
        """Bring the next window to the front; returns its title."""


PARTS: dict[str, type] = {
    "display": Display,
    "mouse": Mouse,
    "keyboard": Keyboard,
    "clipboard": Clipboard,
    "os": Os,
    "window": Window,
}
#: What may be called while nothing may be done. With a wish ``os.volume`` does something, and is refused then.
LOOKS = {f"display.{name}" for name in ("view", "screenshot", "text", "size")}
LOOKS |= {"mouse.position", "clipboard.view", "window.list", "os.volume"}


def methods(part: type) -> Iterator[tuple[str, Any]]:
    """The public methods that ``part`` declares, by name."""
    for name, member in vars(part).items():
        if inspect.isfunction(member) and not name.startswith("_"):
            yield name, member


def describe() -> str:
    """What there is, a line a call, in the words a language model is told."""
    return "\n".join(
        f"computer.{name}.{method}{_signature(member)}: {_words(member)}"
        for name, part in PARTS.items()
        for method, member in methods(part)
    )


def _words(method: Any) -> str:
    return " ".join((inspect.getdoc(method) or "").split())


def _signature(method: Any) -> str:
    signature = inspect.signature(method)
    parameters = [parameter for name, parameter in signature.parameters.items() if name != "self"]
    shown = str(signature.replace(parameters=parameters)).replace("'", "")
    return shown.removesuffix(" -> None")
