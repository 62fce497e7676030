"""The broker on hold, as it is while a person is asked: everything but looking is refused, to whomever."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from desk import RUN, Client, Eye, Target
from patience import SOON

from oi_voice.computer import api
from oi_voice.computer.broker import Broker
from oi_voice.computer.permit import checkpoint
from oi_voice.computer.volume import set_volume

WHY = "A question is open."
ARGUMENTS: dict[str, list[Any]] = {
    "mouse.click": [600, 700],
    "mouse.double_click": [600, 700],
    "mouse.right_click": ["Save"],
    "mouse.move": [600, 700],
    "mouse.scroll": [1],
    "keyboard.write": ["hello"],
    "keyboard.press": ["enter"],
    "keyboard.hotkey": ["ctrl", "s"],
    "clipboard.copy": ["hello"],
    "os.open": ["text editor"],
    "os.volume": [30],
    "window.focus": ["editor"],
}
CALLS = [f"{name}.{method}" for name, part in api.PARTS.items() for method, _ in api.methods(part)]
ACTIONS = [call for call in CALLS if call not in api.LOOKS or call == "os.volume"]


class Work:
    """Handlers that count what they did; one waits half-way until it is told to go on."""

    def __init__(self) -> None:
        self.begun, self.go_on, self.done = threading.Event(), threading.Event(), 0

    def act(self) -> int:
        self.done += 1
        return self.done

    def wait(self) -> None:
        self.begun.set()
        self.go_on.wait(10)
        checkpoint()
        self.done += 1


class Assistant:
    """What the app does itself, on the loop."""

    def __init__(self) -> None:
        self.done = 0

    def forget(self) -> None:
        self.done += 1


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
async def plain(work: Work) -> AsyncIterator[Broker]:
    broker = Broker({"work": work}, lambda: None)
    await broker.start()
    broker.grant(RUN)
    yield broker
    work.go_on.set()
    await broker.close()


@pytest.fixture
async def client(plain: Broker, connect: Callable[[Broker], Any]) -> Client:
    opened: Client = await connect(plain)
    return opened


async def held(client: Client, call: str, *args: Any, run: str = RUN) -> None:
    answer = await client.ask(call, *args, run=run)
    assert answer.get("error") == {"code": "computer.held", "words": f"{WHY} Try again after that."}, (call, answer)


async def test_it_holds_until_it_goes_on(plain: Broker, work: Work, client: Client) -> None:
    plain.hold(WHY)
    await held(client, "work.act")
    assert work.done == 0
    plain.go_on()
    assert await client.ask("work.act") == {"result": 1}


async def test_a_run_that_begins_meanwhile_is_on_hold_too(plain: Broker, work: Work, client: Client) -> None:
    plain.hold(WHY)
    plain.grant("the person's own code")
    await held(client, "work.act", run="the person's own code")
    assert (await client.ask("work.act"))["error"]["code"] == "computer.refused", "and one of before may do nothing"
    assert work.done == 0


async def test_what_is_under_way_and_what_waits_stops(
    plain: Broker, work: Work, connect: Callable[[Broker], Any]
) -> None:
    running, waiting = await connect(plain), await connect(plain)
    running.send("work.wait")
    assert await asyncio.to_thread(work.begun.wait, 5)
    waiting.send("work.act")
    await asyncio.sleep(0.02)  # it is on the queue by now
    start = time.perf_counter()
    plain.hold(WHY)
    assert time.perf_counter() - start < SOON
    work.go_on.set()
    for client in (running, waiting):
        assert (await client.answer())["error"]["code"] == "computer.held"
    assert work.done == 0


async def test_what_the_app_does_itself_is_on_hold_too(plain: Broker, client: Client) -> None:
    assistant = Assistant()
    plain.register("assistant", assistant)
    plain.hold(WHY)
    await held(client, "assistant.forget")
    assert assistant.done == 0


@pytest.mark.desktop
async def test_nothing_is_done_but_looking(
    broker: Broker, connect: Callable[[Broker], Any], eye: Eye, speaker: None
) -> None:
    client = await connect(broker)
    broker.grant(RUN)
    set_volume(50)
    broker.hold(WHY)
    eye.seen()
    for call in ACTIONS:
        await held(client, call, *ARGUMENTS.get(call, []))
    assert set_volume(None) == 50
    assert eye.seen() == []
    assert eye.held() == 0
    for call in sorted(api.LOOKS):
        answer = await client.ask(call)
        assert "result" in answer or "frame" in answer, (call, answer)


@pytest.mark.desktop
@pytest.mark.parametrize(
    ("call", "args", "how", "kind"),
    [
        ("mouse.click", [600, 700], {"clicks": 100_000}, "button"),
        ("mouse.scroll", [100_000], {}, "button"),
        ("keyboard.write", ["a" * 20_000], {}, "key"),
        ("keyboard.press", ["a", "b"], {"presses": 20_000}, "key"),
    ],
)
async def test_a_long_action_ends_at_once(
    call: str,
    args: list[Any],
    how: dict[str, Any],
    kind: str,
    broker: Broker,
    connect: Callable[[Broker], Any],
    eye: Eye,
    mousepad: Target,
) -> None:
    client = await connect(broker)
    broker.grant(RUN)
    client.send(call, *args, **how)
    await asyncio.to_thread(eye.until, kind)
    broker.hold(WHY)
    assert (await client.answer())["error"]["code"] == "computer.held"
    eye.seen()
    await asyncio.sleep(0.1)  # in which more would come
    assert eye.seen() == []
    assert eye.held() == 0
    broker.go_on()
    assert "result" in await client.ask("keyboard.press", "a"), "the run itself was not ended"


@pytest.mark.desktop
async def test_no_press_but_the_one_under_way_follows(
    broker: Broker, connect: Callable[[Broker], Any], eye: Eye
) -> None:
    """That one was looked at while no window could come up before it was made."""
    client = await connect(broker)
    broker.grant(RUN)
    for _ in range(50):
        client.send("mouse.click", 600, 700, clicks=1000)
        await asyncio.to_thread(eye.until, "button")
        broker.hold(WHY)
        eye.seen()
        await client.answer()
        assert eye.seen().count("button") <= 1
        broker.go_on()
