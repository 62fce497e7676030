"""A front end under test: the windows, with the real engine on faked ports behind them."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from devices import Hand
from xdotool import xdotool
from Xlib import X, display, error
from Xlib.protocol import event

from oi_voice.desktop.child import JsonChild
from oi_voice.desktop.window import About, DesktopUi
from oi_voice.events import ApprovalRequested, ApprovalResolved, InputRequested, InputResolved, Notice, Streamed
from oi_voice.messages import Kind
from oi_voice.testing import Harness

CODE = "computer.keyboard.write('hello')"


@dataclass
class Desk:
    """An engine that proposes code, and the windows that ask for it."""

    h: Harness
    ui: DesktopUi
    quits: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    hands: list[Hand] = field(default_factory=list)

    async def ask(self) -> ApprovalRequested:
        """Have the engine ask; returns when the popup is on the screen."""
        self.h.engine.start_turn("write hello")
        asked = await self.h.until(ApprovalRequested)
        await asyncio.wait_for(self.ui.shown.wait(), 20)
        return asked

    async def turn_to(self) -> None:
        """Click on the popup if need be; returns when it takes a yes."""
        if not self.ui.armed.is_set():
            self.click("code")
        await asyncio.wait_for(self.ui.armed.wait(), 10)

    async def run(self, button: str = "run") -> ApprovalResolved:
        """Press Run as a person does."""
        await self.turn_to()
        self.press(button)
        return await self.answer()

    async def want(self, *asks: tuple[str, bool]) -> InputRequested:
        """Have running code ask for lines; returns when the first question is on the screen."""
        self.h.settings.apply({"auto_run": True}, may_loosen=True)
        self.h.language.asks = asks
        self.h.engine.start_turn("write hello")
        return await self.wanted()

    async def wanted(self) -> InputRequested:
        asked = await self.h.until(InputRequested)
        await asyncio.wait_for(self.ui.line_shown.wait(), 20)
        return asked

    async def typed(self) -> InputResolved:
        return await asyncio.wait_for(self.h.until(InputResolved), 10)

    def printed(self) -> str:
        """What the code has said of the answers."""
        streamed = [event.chunk for event in self.h.events if isinstance(event, Streamed)]
        return "".join(chunk.content for chunk in streamed if chunk.kind is Kind.CONSOLE)

    async def answer(self) -> ApprovalResolved:
        return await asyncio.wait_for(self.h.until(ApprovalResolved), 10)

    async def notice(self) -> Notice:
        return await asyncio.wait_for(self.h.until(Notice), 10)

    def click(self, button: str) -> None:
        x, y = (self.ui.popup_geometry or self.ui.line_geometry)[button]
        xdotool("mousemove", x, y, "click", 1)

    def press(self, button: str) -> None:
        """Click by hand."""
        self.hand.click(*self.ui.popup_geometry[button])

    @property
    def hand(self) -> Hand:
        if not self.hands:
            self.hands.append(Hand())
        return self.hands[0]

    def closed(self) -> None:
        for hand in self.hands:
            hand.close()

    def ran(self) -> list[str]:
        return self.h.journal.of("run")


def close_window(window: int) -> None:
    """What a window manager does when its close button is clicked."""
    screen = display.Display()
    target = screen.create_resource_object("window", window)
    data = (32, [screen.intern_atom("WM_DELETE_WINDOW"), X.CurrentTime, 0, 0, 0])
    target.send_event(event.ClientMessage(window=target, client_type=screen.intern_atom("WM_PROTOCOLS"), data=data))
    screen.sync()
    screen.close()


def focus_when_shown(window: str) -> None:
    """Give a window the keyboard as soon as it is to be seen, as some window managers do."""
    screen = display.Display()
    target = screen.create_resource_object("window", int(window))
    target.change_attributes(event_mask=X.StructureNotifyMask)
    while target.get_attributes().map_state != X.IsViewable:
        screen.next_event()
    target.set_input_focus(X.RevertToParent, X.CurrentTime)
    screen.sync()
    screen.close()


def wait_gone(window: str) -> None:
    """Returns once the window is not to be seen; the test's time-out bounds it."""
    screen = display.Display()
    target = screen.create_resource_object("window", int(window))
    target.change_attributes(event_mask=X.StructureNotifyMask, onerror=lambda *_: None)
    with suppress(error.BadWindow):
        while target.get_attributes().map_state == X.IsViewable:
            screen.next_event()
    screen.close()


def choose_last_but(ups: int, program: str = "oi_voice") -> None:
    """Open a program's tray menu and choose the entry so many above the last."""
    icon = visible(program, 1)[0]
    while True:
        place = dict(line.split("=") for line in xdotool("getwindowgeometry", "--shell", icon).splitlines())
        xdotool("mousemove", int(place["X"]) + 10, int(place["Y"]) + 10, "click", 3)
        if visible(program, 2, within=2.0):
            break  # else the panel was still moving it
    xdotool("key", *["Up"] * (ups + 1), "Return")


def visible(program: str, count: int, within: float = 20.0) -> list[str]:
    """A program's windows that can be seen, once there are so many: icon and menu; or none, if there never are."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        search = ["xdotool", "search", "--onlyvisible", "--class", f"^{program}"]
        found = subprocess.run(search, stdout=subprocess.PIPE, text=True, check=False).stdout.split()
        found = [each for each in found if xdotool("getwindowname", each).strip() != "oi_voice listens"]
        if len(found) == count:
            return found
    return []


Open = Callable[..., Coroutine[None, None, Desk]]


class Alone:
    """The windows' process, with no program behind it."""

    def __init__(self) -> None:
        self._said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._child = JsonChild("oi_voice.desktop.ui", self._said.put_nowait, self._ended)

    async def start(self) -> None:
        self._child.start()
        self.tell({"do": "about", "own_tray": True, **asdict(About("F9", "A model.", "a recogniser"))})
        assert (await self.said())["did"] == "ready"

    async def said(self) -> dict[str, Any]:
        return await asyncio.wait_for(self._said.get(), 30)

    def tell(self, message: dict[str, Any]) -> None:
        self._child.send(message)

    async def close(self) -> None:
        await self._child.close()

    def _ended(self, why: str) -> None:
        self._said.put_nowait({"did": "ended", "why": why})
