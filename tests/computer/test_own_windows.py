"""Our own windows, told by their process: nothing that comes through the broker gets into them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from desk import RUN, Client, Eye, Target, corner
from xdotool import in_front, search, xdotool

from oi_voice.computer.broker import Broker
from oi_voice.computer.handlers import Devices, devices
from oi_voice.demo.stage import Stage
from oi_voice.desktop.window import About, DesktopUi
from oi_voice.testing import Harness, harness

pytestmark = pytest.mark.desktop
TINY = Path(__file__).with_name("tiny_window.py")
BOX = [500, 300, 200, 150]
INSIDE = (600, 375)
TRIES = 200


@dataclass
class Shown:
    """The windows of an engine on fakes; what was chosen in them is in ``chosen``."""

    h: Harness
    ui: DesktopUi
    chosen: list[str]


@pytest.fixture
def ours(stage: Stage) -> Devices:
    """Devices that know no names of ours: what is ours is told by the process alone."""
    return devices()


@pytest.fixture
async def windows(ours: Devices) -> AsyncIterator[Shown]:
    h, chosen = harness(["```python\nimport shutil\nshutil.rmtree('/')\n```\n"]), list[str]()
    ui = DesktopUi(h.engine, About("F9", "A model.", "a recogniser"), lambda: chosen.append("quit"))
    ours.own.add(lambda: ui.pid)
    await ui.start()
    await asyncio.wait_for(ui.ready.wait(), 30)
    yield Shown(h, ui, chosen)
    await ui.close()
    await h.engine.close()


@pytest.fixture
async def client(ours: Devices, connect: Callable[[Broker], Any]) -> AsyncIterator[Client]:
    broker = Broker(ours.handlers, ours.release)
    await broker.start()
    broker.grant(RUN)
    yield await connect(broker)
    await broker.close()


@dataclass
class Tiny:
    """A plain window of another process."""

    process: subprocess.Popen[bytes]

    def presses(self) -> dict[str, int]:
        """End it; how many presses it got."""
        counted, _ = self.process.communicate(timeout=10)
        return dict(json.loads(counted))


@pytest.fixture
def tiny(stage: Stage) -> Iterator[Callable[..., Tiny]]:
    started: list[subprocess.Popen[bytes]] = []

    def shown(**wanted: Any) -> Tiny:
        command = (sys.executable, str(TINY), json.dumps({"box": BOX, **wanted}))
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        return Tiny(process)

    yield shown
    for process in started:
        if process.returncode is None:
            process.communicate(timeout=10)


async def refused(client: Client, call: str, *args: Any, **kwargs: Any) -> None:
    answer = await client.ask(call, *args, **kwargs)
    assert answer.get("error", {}).get("code") == "computer.own", (call, answer)


async def asked(windows: Shown, button: str) -> tuple[int, int]:
    """Ask about code; returns where this button of the popup is once it is on the screen."""
    windows.h.engine.start_turn("do it")
    await asyncio.wait_for(windows.ui.shown.wait(), 30)
    x, y = windows.ui.popup_geometry[button]
    return x, y


async def test_the_own_mouse_never_presses_run(windows: Shown, client: Client, eye: Eye) -> None:
    x, y = await asked(windows, "run")
    eye.seen()
    ways = [("mouse.click", {}), ("mouse.double_click", {}), ("mouse.right_click", {}), ("mouse.click", {"clicks": 3})]
    for number in range(TRIES):
        call, how = ways[number % len(ways)]
        await refused(client, call, x + number % 5 - 2, y + number % 3 - 1, **how)
    await refused(client, "mouse.scroll", -1)
    assert "button" not in eye.seen()
    assert windows.h.engine.gate.open, "it was answered"


async def test_a_word_in_a_question_of_ours_is_not_found(windows: Shown, client: Client) -> None:
    await asked(windows, "deny")
    assert (await client.ask("mouse.click", "Deny"))["error"]["code"] == "computer.not_found"


async def main_window(windows: Shown) -> str:
    """The main window, in front and with the keyboard."""
    windows.ui.show()
    return await asyncio.to_thread(in_front, "^oi_voice$")


async def test_no_key_reaches_a_window_of_ours(windows: Shown, client: Client, eye: Eye) -> None:
    await main_window(windows)
    assert "result" in await client.ask("clipboard.copy", "yes, run it")
    eye.seen()
    await refused(client, "keyboard.write", "yes, run it\n")
    await refused(client, "keyboard.write", "да")
    await refused(client, "keyboard.press", "enter")
    await refused(client, "keyboard.hotkey", "ctrl", "a")
    await refused(client, "clipboard.paste")
    await refused(client, "clipboard.copy")
    assert eye.seen() == []
    assert eye.held() == 0
    assert await client.ask("clipboard.view") == {"result": "yes, run it"}, "what was on the clipboard is there again"


async def test_a_window_of_ours_is_neither_closed_nor_moved(
    windows: Shown, client: Client, zenity: Callable[..., Target]
) -> None:
    await asyncio.to_thread(zenity, "another", "Another")
    window = await main_window(windows)
    x, y = corner(window)
    for above in (5, 12, 18):
        await refused(client, "mouse.click", x + 80, y - above)  # its title bar, which the window manager made
    for call in ("window.close", "window.minimize", "window.focus"):
        assert (await client.ask(call, "oi_voice"))["error"]["code"] == "computer.refused"
    listed = (await client.ask("window.list"))["result"]
    assert [found["title"] for found in listed] == ["Another"]
    assert await client.ask("window.next") == {"result": "Another"}


async def test_the_menu_in_the_tray_is_out_of_reach(windows: Shown, client: Client, eye: Eye) -> None:
    icon = (await asyncio.to_thread(search, "^oi_voice", "class"))[0]
    x, y = (at + 8 for at in corner(icon))
    await refused(client, "mouse.right_click", x, y)
    menu = ""
    while not menu:  # the panel may still be moving the icon
        await asyncio.to_thread(xdotool, "mousemove", str(x), str(y), "click", "3")
        menu = next((one for one in await asyncio.to_thread(search, "^oi_voice", "class") if one != icon), "")
    eye.seen()
    await refused(client, "keyboard.press", "up", "enter")
    await refused(client, "mouse.click", *(at + 10 for at in corner(menu)))
    assert not {"key", "button"} & set(eye.seen())
    await asyncio.to_thread(xdotool, "key", "Escape")
    assert windows.chosen == []
    assert windows.h.model.asked == []


@pytest.mark.parametrize("says", [True, False])
async def test_a_window_is_ours_by_its_process(
    says: bool, ours: Devices, client: Client, tiny: Callable[..., Tiny]
) -> None:
    """Whether it says so itself, or only the server knows it."""
    mine = tiny(pid=os.getpid()) if says else tiny()
    if not says:
        ours.own.add(lambda: mine.process.pid)
    await refused(client, "mouse.click", *INSIDE)
    assert mine.presses()["buttons"] == 0


async def test_the_window_of_another_process_is_clicked(client: Client, tiny: Callable[..., Tiny]) -> None:
    other = tiny()
    assert "result" in await client.ask("mouse.click", *INSIDE)
    assert other.presses()["buttons"] == 1


async def test_a_window_that_lets_clicks_through_hides_nothing(
    ours: Devices, client: Client, tiny: Callable[..., Tiny]
) -> None:
    mine = tiny()
    ours.own.add(lambda: mine.process.pid)
    tiny(through=True)
    await refused(client, "mouse.click", *INSIDE)
    assert mine.presses()["buttons"] == 0


async def test_nothing_is_clicked_while_a_window_of_ours_is_dragged(
    ours: Devices, client: Client, tiny: Callable[..., Tiny]
) -> None:
    mine = tiny()
    ours.own.add(lambda: mine.process.pid)
    await asyncio.to_thread(xdotool, "mousemove", *map(str, INSIDE), "mousedown", "1")
    answer = await client.ask("mouse.click", 100, 700, button="right")
    await asyncio.to_thread(xdotool, "mouseup", "1")
    assert answer["error"]["words"].startswith("A mouse button is held down.")
    assert mine.presses()["buttons"] == 1, "the person's own"


async def test_no_window_of_ours_comes_between_the_look_and_the_click(
    ours: Devices, client: Client, tiny: Callable[..., Tiny]
) -> None:
    other = tiny()
    mine = tiny(blink="shown")
    ours.own.add(lambda: mine.process.pid)
    answers = [await client.ask("mouse.click", *INSIDE) for _ in range(TRIES)]
    through = sum("result" in answer for answer in answers)
    assert 0 < through < TRIES, "it is there now and then"
    assert mine.presses()["buttons"] == 0
    assert other.presses()["buttons"] == through


async def test_no_window_of_ours_gets_the_keyboard_between_the_look_and_the_key(
    ours: Devices, client: Client, tiny: Callable[..., Tiny]
) -> None:
    other = tiny(box=[100, 100, 50, 50])
    mine = tiny(blink="focused")
    ours.own.add(lambda: mine.process.pid)
    answers = [await client.ask("keyboard.press", "a") for _ in range(TRIES)]
    assert 0 < sum("result" in answer for answer in answers) < TRIES, "it has it now and then"
    assert mine.presses()["keys"] == 0
    other.presses()


async def test_typing_stops_where_a_window_of_ours_comes_to_the_front(
    windows: Shown, client: Client, eye: Eye, mousepad: Target
) -> None:
    client.send("keyboard.write", "a" * 20_000)
    await asyncio.to_thread(eye.until, "key")
    windows.ui.show()
    assert (await client.answer())["error"]["code"] == "computer.own"
    assert eye.held() == 0
