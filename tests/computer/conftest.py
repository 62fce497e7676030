"""Real windows on the stage, an eye on what X is told, and a broker to ask."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import Client, Eye, Target, painted
from xdotool import in_front

from oi_voice.computer.broker import Broker
from oi_voice.computer.handlers import Devices, devices
from oi_voice.computer.volume import set_volume
from oi_voice.demo.stage import Stage


@pytest.fixture(scope="session")
def real(stage: Stage) -> Devices:
    return devices(("oi-voice-own",))


@pytest.fixture
async def connect() -> AsyncIterator[Callable[[Broker], Any]]:
    clients: list[Client] = []

    async def connected(broker: Broker) -> Client:
        clients.append(Client(*await asyncio.open_unix_connection(broker.address.removeprefix("unix:"))))
        return clients[-1]

    yield connected
    for client in clients:
        client.writer.close()
        await client.writer.wait_closed()


@pytest.fixture
async def broker(real: Devices) -> AsyncIterator[Broker]:
    broker = Broker(real.handlers, real.release)
    await broker.start()
    yield broker
    await broker.close()


@pytest.fixture
def eye(stage: Stage) -> Iterator[Eye]:
    eye = Eye()
    yield eye
    eye.close()


@pytest.fixture
def show(stage: Stage, real: Devices) -> Iterator[Callable[..., Target]]:
    """Start a program on the stage; returns when its window of this title is painted and has the keyboard."""
    started: list[subprocess.Popen[bytes]] = []

    def shown(title: str, *command: str, **env: str) -> Target:
        process = stage.children.start(*command, env={**stage.env, **env}, stdout=subprocess.PIPE)
        started.append(process)
        window = in_front(title)
        painted(real)
        return Target(process, window)

    yield shown
    for process in started:
        stage.children.end(process)
        if process.stdout:
            process.stdout.close()


@pytest.fixture
def speaker(stage: Stage) -> Iterator[None]:
    """The speaker, which afterwards is as loud as it was."""
    yield
    set_volume(100)
    set_volume("unmute")


@pytest.fixture
def mousepad(show: Callable[..., Target], tmp_path: Path) -> Target:
    homes = {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CONFIG", "DATA", "CACHE")}
    return show("Mousepad", "mousepad", "--disable-server", **homes)


@pytest.fixture
def zenity(show: Callable[..., Target]) -> Callable[..., Target]:
    def question(text: str, title: str = "Report", ok: str = "Save", cancel: str = "Discard", *more: str) -> Target:
        labels = ("--ok-label", ok, "--cancel-label", cancel)
        return show(title, "zenity", "--question", "--title", title, "--text", text, *labels, *more)

    return question
