"""What can be seen from outside: the windows, the picture on the screen, the text in an editor."""

from __future__ import annotations

import contextlib
import select
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oi_voice.demo import x11
from oi_voice.demo.person import Person
from oi_voice.demo.stage import Stage
from oi_voice.errors import DesktopError

if TYPE_CHECKING:
    from PIL.Image import Image


#: x, y, width and height in pixels.
Area = tuple[int, int, int, int]

#: Height in pixels of a window's lowest part, where its buttons are.
FOOT = 70
#: Seconds without change after which a picture counts as finished.
STEADY = 0.05
#: How much more blue than red, 0 to 255, the picture of a button has that can be pressed; its text is white.
FILLED = 100
#: Pixels to each side of a button's middle that are looked at.
REACH = 20
#: Seconds after which a part of the screen may look different though no window has changed.
CHANGING = 0.02
SIDES = (("left", "width"), ("top", "height"))


@dataclass(frozen=True, slots=True)
class Window:
    """A visible window; x, y, width and height are pixels of the screen."""

    id: int
    title: str
    x: int
    y: int
    width: int
    height: int


class Eyes:
    """Looks at the stage's screen over an X connection of its own."""

    def __init__(self, stage: Stage) -> None:
        from Xlib import X

        self._stage = stage
        self._screen = x11.connect(stage.env)
        self._root = self._screen.screen().root
        self._root.change_attributes(event_mask=X.PropertyChangeMask | X.SubstructureNotifyMask)

    def close(self) -> None:
        self._screen.close()

    def windows(self) -> list[Window]:
        """All visible windows that have a title."""
        return list(self._titled(self._root))

    def find(self, title: str) -> Window | None:
        """The visible window whose title contains ``title``."""
        return next((window for window in self.windows() if title in window.title), None)

    def wait_for(self, title: str, timeout: float) -> Window:
        """The window of that title, as soon as it shows."""
        end = time.monotonic() + timeout
        while (window := self.find(title)) is None:
            self._wait(end, f"No window {title!r} came up.")
        return window

    def wait_gone(self, title: str, timeout: float) -> None:
        """Returns once no window of that title is visible."""
        end = time.monotonic() + timeout
        while self.find(title) is not None:
            self._wait(end, f"The window {title!r} stayed.")

    def picture(self, area: Area | None = None) -> Image:
        """The screen, or a part of it, as it is now."""
        from PIL import Image
        from Xlib import X

        if area is None:
            size = self._root.get_geometry()
            area = (0, 0, size.width, size.height)
        raw = self._root.get_image(*area, X.ZPixmap, 0xFFFFFFFF)
        return Image.frombytes("RGB", area[2:], raw.data, "raw", "BGRX")

    def screenshot(self, path: Path) -> Path:
        """Save the screen as PNG."""
        self.picture().save(path)
        return path

    def find_word(self, window: Window, word: str, timeout: float = 5.0) -> tuple[int, int, float]:
        """The middle of a button's word in the window's lowest part, found by reading the picture.

        Also when it was first to be seen there (monotonic seconds): a window is on the screen before its
        content is.
        """
        end = time.monotonic() + timeout
        top = window.y + max(0, window.height - FOOT)
        area = (window.x, top, window.width, window.y + window.height - top)
        while True:
            strip, since = self._steady(area, end)
            if (place := _read_word(strip, word)) is not None:
                return window.x + place[0], top + place[1], since
            self._wait(end, f"There is no {word!r} to be read in {window.title!r}.")

    def turn_to(self, window: Window, word: str, person: Person, timeout: float = 5.0) -> tuple[int, int, float]:
        """The middle of a button's word, and when it was to be seen, once the button can be pressed.

        The person clicks on the window first: it takes nothing before, and then not for a while.
        """
        x, y, since = self.find_word(window, word, timeout)
        person.click(window.x + window.width // 2, window.y + window.height // 2)
        end = time.monotonic() + timeout
        while _blueness(self.picture((x - REACH, y - REACH // 2, 2 * REACH, REACH))) < FILLED:
            self._wait(end, f"The button {word!r} in {window.title!r} can't be pressed.", CHANGING)
        return x, y, since

    def _steady(self, area: Area, end: float) -> tuple[Image, float]:
        """A part of the screen once it has stopped changing, and since when it looks like that."""
        seen, since = self.picture(area), time.monotonic()
        while time.monotonic() < min(end, since + STEADY):
            select.select([self._screen.fileno()], [], [], STEADY / 10)
            now = self.picture(area)
            if now != seen:
                seen, since = now, time.monotonic()
        return seen, since

    def activate(self, window: Window, timeout: float = 3.0) -> None:
        """Have the window manager give the keyboard to this window."""
        from Xlib import X
        from Xlib.protocol import event

        active = self._screen.intern_atom("_NET_ACTIVE_WINDOW")
        target = self._screen.create_resource_object("window", window.id)
        pager = 2  # a request by the person, not by a program that wants attention
        message = event.ClientMessage(window=target, client_type=active, data=(32, [pager, X.CurrentTime, 0, 0, 0]))
        self._root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self._screen.flush()
        end = time.monotonic() + timeout
        while (held := self._root.get_full_property(active, X.AnyPropertyType)) is None or held.value[0] != window.id:
            self._wait(end, f"The window {window.title!r} could not be brought to the front.")

    def text_of(self, window: Window, person: Person, timeout: float = 3.0) -> str:
        """The text in an editor's window: select all, copy, and read the clipboard, as a person would.

        We own the clipboard until the editor takes it over, so an editor that copies nothing gives an empty
        text and never a stale one.
        """
        from Xlib import X

        self.activate(window)
        clipboard = self._screen.intern_atom("CLIPBOARD")
        mine = self._root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
        try:
            mine.set_selection_owner(clipboard, X.CurrentTime)
            self._screen.sync()
            person.chord("Control_L", "a")
            person.chord("Control_L", "c")
            if self._next(X.SelectionClear, timeout) is None:
                return ""
            kept = self._screen.intern_atom("OI_VOICE_CLIPBOARD")
            mine.convert_selection(clipboard, self._screen.intern_atom("UTF8_STRING"), kept, X.CurrentTime)
            answer = self._next(X.SelectionNotify, timeout)
            if answer is None or answer.property == X.NONE:
                return ""
            person.chord("Right")  # leaves nothing selected
            return bytes(mine.get_full_property(kept, X.AnyPropertyType).value).decode()
        finally:
            mine.destroy()

    def _titled(self, parent: Any, depth: int = 3) -> Iterator[Window]:
        from Xlib import X, error

        for child in parent.query_tree().children:
            with contextlib.suppress(error.BadWindow, error.BadDrawable):
                if child.get_attributes().map_state != X.IsViewable:
                    continue
                if title := self._title(child):
                    size, place = child.get_geometry(), child.translate_coords(self._root, 0, 0)
                    yield Window(child.id, title, -place.x, -place.y, size.width, size.height)
                elif depth > 1:
                    yield from self._titled(child, depth - 1)

    def _title(self, window: Any) -> str:
        for name in ("_NET_WM_NAME", "WM_NAME"):
            found = window.get_full_property(self._screen.intern_atom(name), 0)
            if found and found.value:
                return found.value.decode(errors="replace") if isinstance(found.value, bytes) else str(found.value)
        return ""

    def _wait(self, end: float, complaint: str, most: float = 0.25) -> None:
        """Sleep until windows change, for ``most`` seconds; DesktopError at ``end``."""
        left = end - time.monotonic()
        if left <= 0:
            raise DesktopError(complaint, fix="The screenshot shows what was there instead.")
        select.select([self._screen.fileno()], [], [], min(left, most))
        while self._screen.pending_events():
            self._screen.next_event()

    def _next(self, kind: int, timeout: float) -> Any:
        """The next event of this kind, or None after ``timeout`` seconds."""
        end = time.monotonic() + timeout
        while (left := end - time.monotonic()) > 0:
            while self._screen.pending_events():
                event = self._screen.next_event()
                if event.type == kind:
                    return event
            select.select([self._screen.fileno()], [], [], left)
        return None


def _blueness(picture: Image) -> float:
    red, _, blue = (sum(band.tobytes()) / (band.width * band.height) for band in picture.split())
    return blue - red


def _read_word(picture: Image, word: str) -> tuple[int, int] | None:
    """The middle of that word in the picture, by tesseract, at twice the size: it misses small print."""
    import pytesseract
    from PIL import ImageOps

    large = ImageOps.grayscale(picture).resize((2 * picture.width, 2 * picture.height))
    one_block = "--psm 6"  # finds white letters on a coloured button, which sparse text (11) does not
    found = pytesseract.image_to_data(large, config=one_block, output_type=pytesseract.Output.DICT)
    for number, text in enumerate(found["text"]):
        if text.strip() == word:
            x, y = (found[side][number] + found[size][number] // 2 for side, size in SIDES)
            return x // 2, y // 2
    return None
