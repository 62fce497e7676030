"""What the broker does for each call of ``api``: checks first, then the devices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from oi_voice.computer import api
from oi_voice.computer.apps import Apps, also_called
from oi_voice.computer.clipboard import SystemClipboard
from oi_voice.computer.geometry import changed
from oi_voice.computer.input import SHORTCUT, Keyboard, Pointer
from oi_voice.computer.ocr import SPARSE, Tesseract, TextReader, lines, locate
from oi_voice.computer.own import Own
from oi_voice.computer.paste import through_clipboard
from oi_voice.computer.permit import checkpoint
from oi_voice.computer.screen import MssScreen
from oi_voice.computer.volume import set_volume
from oi_voice.computer.windows import Windows
from oi_voice.computer.x11 import takes_clipboard
from oi_voice.errors import ComputerError, RefusedError
from oi_voice.ports import Clipboard, Frame, Screen

MARGIN = 4  # pixels around a text that must still look the same when it is clicked
LOOKS = 3  # a button that lights up under the pointer has come to rest by then


@dataclass(frozen=True, slots=True)
class Devices:
    """All adapters, and what the broker needs of them."""

    screen: MssScreen
    pointer: Pointer
    keyboard: Keyboard
    clipboard: SystemClipboard
    windows: Windows
    own: Own
    handlers: Mapping[str, object]

    def release(self) -> None:
        """Let go of every key and button."""
        self.pointer.release()
        self.keyboard.release()


def devices(names: Collection[str] = ()) -> Devices:
    """The real devices. ``names``: program names (WM_CLASS) and titles of our windows, which code may not touch."""
    screen, clipboard, own, reader = MssScreen(), SystemClipboard(), Own(names), Tesseract()
    pointer, keyboard, windows = Pointer(own), Keyboard(clipboard, own), Windows(own, also_called)
    handlers = {
        "display": DisplayHandler(screen, reader),
        "mouse": MouseHandler(screen, pointer, own, reader),
        "keyboard": KeyboardHandler(keyboard),
        "clipboard": ClipboardHandler(clipboard, keyboard),
        "os": OsHandler(Apps(windows.open_with), set_volume),
        "window": WindowHandler(windows),
    }
    return Devices(screen, pointer, keyboard, clipboard, windows, own, handlers)


class DisplayHandler(api.Display):
    def __init__(self, screen: Screen, reader: TextReader) -> None:
        self._screen, self._reader = screen, reader

    def view(self) -> Frame:
        return self._screen.grab()

    def screenshot(self) -> Frame:
        return self._screen.grab()

    def text(self) -> str:
        return lines(self._reader.read(self._screen.grab(), SPARSE))

    def size(self) -> tuple[int, int]:
        return self._screen.size()


class MouseHandler(api.Mouse):
    def __init__(self, screen: Screen, pointer: Pointer, own: Own, reader: TextReader) -> None:
        self._screen, self._pointer, self._own, self._reader = screen, pointer, own, reader

    def click(self, x: int | str, y: int | None = None, *, button: str = "left", clicks: int = 1) -> None:
        self._pointer.click(*self._place(x, y), button, clicks)

    def double_click(self, x: int | str, y: int | None = None) -> None:
        self._pointer.click(*self._place(x, y), "left", 2)

    def right_click(self, x: int | str, y: int | None = None) -> None:
        self._pointer.click(*self._place(x, y), "right", 1)

    def move(self, x: int | str, y: int | None = None) -> None:
        self._pointer.move(*self._place(x, y))

    def scroll(self, clicks: int) -> None:
        self._pointer.scroll(clicks)

    def position(self) -> tuple[int, int]:
        return self._pointer.position()

    def _place(self, x: int | str, y: int | None) -> tuple[int, int]:
        """The point that is meant, on the screen."""
        place = self._of_text(x) if isinstance(x, str) and y is None else _point(x, y)
        width, height = self._screen.size()
        if not (0 <= place[0] < width and 0 <= place[1] < height):
            raise RefusedError(
                f"{place} is not on the screen, which is {width} × {height}.", code="computer.off_screen"
            )
        return place

    def _of_text(self, text: str) -> tuple[int, int]:
        """Its middle, if it still looks as it did when it was read, which takes its time. Else it is read anew."""
        for _ in range(LOOKS):
            frame = self._screen.grab()
            match = locate(self._reader, frame, text, self._own.boxes())
            if not changed(frame, self._screen.grab(), match.box.grown(MARGIN, frame)):
                return match.box.center
            checkpoint()
        raise RefusedError(
            f"The screen keeps changing where “{text}” is.", fix="Try again once it rests.", code="computer.stale"
        )


class KeyboardHandler(api.Keyboard):
    def __init__(self, keyboard: Keyboard) -> None:
        self._keyboard = keyboard

    def write(self, text: str) -> None:
        self._keyboard.write(text)

    def press(self, *keys: str, presses: int = 1) -> None:
        for _ in range(presses):
            for key in keys:
                self._keyboard.press(key)

    def hotkey(self, *keys: str) -> None:
        self._keyboard.press(*keys)


class ClipboardHandler(api.Clipboard):
    def __init__(self, clipboard: Clipboard, keyboard: Keyboard) -> None:
        self._clipboard, self._keyboard = clipboard, keyboard
        self._copied = ""

    def view(self) -> str:
        return self._clipboard.read()

    def copy(self, text: str | None = None) -> None:
        if text is not None:
            checkpoint()
            self._clipboard.write(text)
            self._copied = text
            return
        if not takes_clipboard(lambda: self._keyboard.press(SHORTCUT, "c")):
            raise ComputerError("Nothing was copied.", fix="Select something in the window in front first.")

    def paste(self) -> None:
        """A text of our own is pasted until it was taken: then the next one may be copied at once."""
        if self._copied and self._copied == self._clipboard.read():
            through_clipboard(self._copied, self._clipboard, self._press_paste)
        else:
            self._press_paste()

    def _press_paste(self) -> None:
        self._keyboard.press(SHORTCUT, "v")


class OsHandler(api.Os):
    def __init__(self, apps: Apps, volume: Callable[[int | str | None], int]) -> None:
        self._apps, self._volume = apps, volume

    def open(self, app: str) -> str:
        return self._apps.open(app)

    def volume(self, change: int | str | None = None) -> int:
        return self._volume(change)


class WindowHandler(api.Window):
    def __init__(self, windows: Windows) -> None:
        self._windows = windows

    def list(self) -> api.Listing:
        return [
            {
                "title": window.title,
                "app": window.app,
                "active": window.active,
                "minimized": window.minimized,
                "x": window.box.x,
                "y": window.box.y,
                "width": window.box.width,
                "height": window.box.height,
            }
            for window in self._windows.list()
        ]

    def focus(self, name: str) -> str:
        return self._windows.focus(name)

    def close(self, name: str | None = None) -> str:
        return self._windows.close(name)

    def minimize(self, name: str | None = None) -> str:
        return self._windows.minimize(name)

    def next(self) -> str:
        return self._windows.next()


def _point(x: object, y: object) -> tuple[int, int]:
    if not isinstance(x, int | float) or not isinstance(y, int | float):
        raise ComputerError("A place is x and y in pixels, or one text.", fix='Write click(10, 20) or click("Save").')
    return round(x), round(y)
