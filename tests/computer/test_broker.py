"""The broker: who may call what, and how quickly nobody may any more."""

from __future__ import annotations

import asyncio
import logging
import stat
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from desk import RUN, Client, Eye, Target
from patience import SOON

from oi_voice.computer.broker import Broker
from oi_voice.computer.permit import checkpoint
from oi_voice.errors import RefusedError


class Slow:
    """Handlers that wait until they are told, and count what they did."""

    def __init__(self) -> None:
        self.begun, self.go_on, self.done = threading.Event(), threading.Event(), 0

    def add(self, a: int, b: int = 1) -> int:
        return a + b

    def wait(self) -> str:
        self.begun.set()
        self.go_on.wait(10)
        checkpoint()
        self.done += 1
        return "done"

    def count(self) -> int:
        self.done += 1
        return self.done

    def broken(self) -> None:
        raise ZeroDivisionError("by zero")

    def refuse(self) -> None:
        raise RefusedError("No.", fix="Ask otherwise.", code="computer.ambiguous")

    def _secret(self) -> str:
        return "secret"


class Assistant:
    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self.thread = ""

    def name(self) -> str:
        self.thread = threading.current_thread().name
        return "oi"

    async def later(self) -> str:
        await asyncio.sleep(0)
        return "later"

    async def stop(self) -> None:
        self._broker.revoke()
        await asyncio.sleep(0)
        self.thread = "ended whole"


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
async def plain(slow: Slow) -> AsyncIterator[Broker]:
    broker = Broker({"slow": slow}, lambda: None)
    await broker.start()
    broker.grant(RUN)
    yield broker
    slow.go_on.set()
    await broker.close()
    await broker.close()


@pytest.fixture
async def client(plain: Broker, connect: Callable[[Broker], Any]) -> Client:
    opened: Client = await connect(plain)
    return opened


async def test_a_call_is_answered(client: Client) -> None:
    assert await client.ask("slow.add", 1, b=2) == {"result": 3}


async def test_the_socket_is_private(plain: Broker) -> None:
    path = Path(plain.address.removeprefix("unix:"))
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    await plain.close()
    assert not path.parent.exists()


@pytest.mark.parametrize(
    ("call", "args", "code", "words"),
    [
        ("slow.ad", (1,), "computer.unknown", "“slow.add”"),
        ("slow._secret", (), "computer.unknown", "There is no"),
        ("slow.__init__", (), "computer.unknown", "There is no"),
        ("slow.begun", (), "computer.unknown", "There is no"),
        ("slow.add", (), "computer.arguments", "missing a required argument"),
        ("slow.refuse", (), "computer.ambiguous", "No. Ask otherwise."),
    ],
)
async def test_errors_have_words(client: Client, call: str, args: tuple[Any, ...], code: str, words: str) -> None:
    error = (await client.ask(call, *args))["error"]
    assert error["code"] == code
    assert words in error["words"]


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b"nonsense", b'{"run": 1, "call": "slow.add"}', b"[" * 9999])
async def test_nonsense_is_answered_and_the_connection_lives(client: Client, line: bytes) -> None:
    client.writer.write(line + b"\n")
    assert (await client.answer())["error"]["code"] == "computer.request"
    assert await client.ask("slow.add", 1) == {"result": 2}


async def test_an_unforeseen_error_is_logged_and_told(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        error = (await client.ask("slow.broken"))["error"]
    assert error == {"code": "computer.internal", "words": "slow.broken failed: by zero."}
    assert "computer.slow.broken failed" in caplog.text


async def test_a_wrong_and_an_old_run_are_refused(plain: Broker, client: Client) -> None:
    assert (await client.ask("slow.count", run="guessed"))["error"]["code"] == "computer.refused"
    assert await client.ask("slow.count") == {"result": 1}
    plain.grant("the next run")
    assert (await client.ask("slow.count"))["error"]["code"] == "computer.refused"
    assert await client.ask("slow.count", run="the next run") == {"result": 2}
    plain.revoke()
    assert (await client.ask("slow.count", run="the next run"))["error"]["code"] == "computer.refused"


async def test_revoke_answers_at_once_what_runs_and_what_waits(
    plain: Broker, slow: Slow, connect: Callable[[Broker], Any]
) -> None:
    running, waiting = await connect(plain), await connect(plain)
    running.send("slow.wait")
    assert await asyncio.to_thread(slow.begun.wait, 5)
    waiting.send("slow.count")
    await asyncio.sleep(0.02)  # it is on the queue by now
    start = time.perf_counter()
    plain.revoke()
    assert time.perf_counter() - start < SOON
    for client in (running, waiting):
        assert (await client.answer())["error"]["code"] == "computer.refused"
    plain.grant("the next run")  # and what still hangs does not hold up the next run
    assert await running.ask("slow.add", 1, run="the next run") == {"result": 2}
    slow.go_on.set()
    assert await running.ask("slow.count", run="the next run") == {"result": 1}, "the stopped calls have done nothing"


async def test_the_assistant_is_called_on_the_loop(plain: Broker, client: Client) -> None:
    assistant = Assistant(plain)
    plain.register("assistant", assistant)
    assert await client.ask("assistant.name") == {"result": "oi"}
    assert assistant.thread == threading.current_thread().name
    assert await client.ask("assistant.later") == {"result": "later"}
    assert (await client.ask("assistant.stop"))["error"]["code"] == "computer.refused"
    await asyncio.sleep(0)
    assert assistant.thread == "ended whole", "the stop itself is not cut off by the stop"


@pytest.mark.desktop
async def test_no_event_reaches_x_after_revoke(broker: Broker, connect: Callable[[Broker], Any], eye: Eye) -> None:
    clients = [await connect(broker) for _ in range(4)]
    broker.grant(RUN)
    assert "result" in await clients[0].ask("mouse.click", 600, 700)
    assert eye.seen().count("button") == 1
    broker.revoke()
    for client in clients:
        for at in range(50):
            client.send("mouse.click", at, at)
    for client in clients:
        for _ in range(50):
            assert (await client.answer())["error"]["code"] == "computer.refused"
    assert eye.seen() == []


@pytest.mark.desktop
async def test_a_long_write_is_cut_off(
    broker: Broker, connect: Callable[[Broker], Any], eye: Eye, mousepad: Target
) -> None:
    client = await connect(broker)
    broker.grant(RUN)
    assert "result" in await client.ask("keyboard.write", "x")  # loads what is loaded late
    eye.seen()
    client.send("keyboard.write", "a" * 20_000)
    typed = 0
    while typed < 100:
        await asyncio.sleep(0.005)
        typed += eye.seen().count("key")
    start = time.perf_counter()
    broker.revoke()
    taken = time.perf_counter() - start
    assert (await client.answer())["error"]["code"] == "computer.refused"
    await asyncio.sleep(0.05)  # the letter under way
    typed += eye.seen().count("key")
    await asyncio.sleep(0.2)
    assert eye.seen() == [], "keys went on after revoke"
    assert taken < 0.001
    assert eye.held() == 0
    assert typed < 20_000
    assert mousepad.text() == "x" + "a" * typed


@pytest.mark.desktop
async def test_many_clicks_are_cut_off(broker: Broker, connect: Callable[[Broker], Any], eye: Eye) -> None:
    client = await connect(broker)
    broker.grant(RUN)
    client.send("mouse.click", 600, 700, clicks=100_000)
    clicks = 0
    while clicks == 0:
        await asyncio.sleep(0.005)
        clicks = eye.seen().count("button")
    broker.revoke()
    assert (await client.answer())["error"]["code"] == "computer.refused"
    await asyncio.sleep(0.05)
    eye.seen()
    await asyncio.sleep(0.1)
    assert eye.seen() == []
    assert eye.held() == 0
