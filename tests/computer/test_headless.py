"""Without a display every call says so, and nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from desk import RUN

from oi_voice.computer import api
from oi_voice.computer.broker import Broker
from oi_voice.computer.handlers import devices
from oi_voice.errors import ComputerError

ARGUMENTS: dict[str, list[Any]] = {
    "mouse.click": [1, 1],
    "mouse.double_click": ["Save"],
    "mouse.right_click": [1, 1],
    "mouse.move": [1, 1],
    "mouse.scroll": [1],
    "keyboard.write": ["hello"],
    "keyboard.press": ["enter"],
    "keyboard.hotkey": ["ctrl", "s"],
    "window.focus": ["editor"],
}
CALLS = [f"{name}.{method}" for name, part in api.PARTS.items() for method, _ in api.methods(part)]


@pytest.mark.parametrize("display", ["", ":987"])
async def test_every_call_says_that_there_is_no_display(
    display: str, monkeypatch: pytest.MonkeyPatch, connect: Callable[[Broker], Any]
) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    real = devices()
    broker = Broker(real.handlers, real.release)
    await broker.start()
    try:
        client = await connect(broker)
        broker.grant(RUN)
        for call in CALLS:
            if call.startswith("os.") or (display and call.startswith("clipboard.")):
                continue
            error = (await client.ask(call, *ARGUMENTS.get(call, [])))["error"]
            assert "There is no display" in error["words"], call
            assert "oi-voice demo" in error["words"], call
    finally:
        await broker.close()


def test_the_own_windows_question_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "")
    with pytest.raises(ComputerError, match="no display"):
        devices().own.boxes()
