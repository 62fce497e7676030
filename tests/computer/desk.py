"""Seeing a real desktop from outside, by other means than the ones under test."""

from __future__ import annotations

import asyncio
import json
import subprocess
import time
import uuid
from dataclasses import dataclass
from typing import Any

from xdotool import xdotool

from oi_voice.computer.handlers import Devices

RUN = "the-run-of-this-turn"


@dataclass
class Client:
    """A connection to the broker, without the stub."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, call: str, *args: Any, run: str = RUN, **kwargs: Any) -> None:
        line = json.dumps({"run": run, "call": call, "args": args, "kwargs": kwargs})
        self.writer.write(line.encode() + b"\n")

    async def answer(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(await self.reader.readline())
        if "frame" in answer:
            answer["rgb"] = await self.reader.readexactly(answer["bytes"])
        return answer

    async def ask(self, call: str, *args: Any, run: str = RUN, **kwargs: Any) -> dict[str, Any]:
        self.send(call, *args, run=run, **kwargs)
        return await self.answer()


class Eye:
    """Counts what X is told by mouse and keyboard, seen from a connection of its own (XInput2 raw events)."""

    def __init__(self) -> None:
        from Xlib import display
        from Xlib.ext import xinput

        self._screen = display.Display()
        self._screen.xinput_query_version()
        self._names = {
            xinput.RawKeyPress: "key",
            xinput.RawButtonPress: "button",
            xinput.RawMotion: "motion",
        }
        mask = xinput.RawKeyPressMask | xinput.RawButtonPressMask | xinput.RawMotionMask
        self._screen.screen().root.xinput_select_events([(xinput.AllMasterDevices, mask)])
        self._screen.sync()

    def seen(self) -> list[str]:
        """What has happened since the last call."""
        self._screen.sync()
        events = [self._screen.next_event() for _ in range(self._screen.pending_events())]
        return [self._names[event.evtype] for event in events if getattr(event, "evtype", 0) in self._names]

    def until(self, kind: str) -> None:
        """Returns once one of this kind has come; the test's time-out bounds it."""
        while True:
            event = self._screen.next_event()
            if self._names.get(getattr(event, "evtype", 0)) == kind:
                return

    def held(self) -> int:
        """How many keys and buttons are down."""
        keys = sum(bin(byte).count("1") for byte in self._screen.query_keymap())
        return keys + bin(self._screen.screen().root.query_pointer().mask & 0x1F00).count("1")

    def pixels(self) -> bytes:
        """The whole screen, read by another way than mss."""
        from Xlib import X

        root = self._screen.screen().root
        size = root.get_geometry()
        return bytes(root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF).data)

    def close(self) -> None:
        self._screen.close()


@dataclass
class Target:
    """A real window, looked at and asked from outside."""

    process: subprocess.Popen[bytes]
    window: str

    def text(self) -> str:
        return text_in_front()


def text_in_front() -> str:
    """All text of the window in front: selected and copied by other means than ours, over a clipboard marked before."""
    nonce = uuid.uuid4().hex
    subprocess.run(["xclip", "-selection", "clipboard"], input=nonce, text=True, check=True, stdout=subprocess.DEVNULL)
    xdotool("key", "--clearmodifiers", "ctrl+a", "ctrl+c")
    end = time.monotonic() + 5
    while (text := clipboard()) == nonce:
        assert time.monotonic() < end, "the window copied nothing"
    return text


def clipboard() -> str:
    return subprocess.run(["xclip", "-selection", "clipboard", "-o"], capture_output=True, text=True).stdout


def corner(window: str) -> tuple[int, int]:
    """Where a window's left upper corner is, without its frame."""
    from Xlib import display

    screen = display.Display()
    shown = screen.create_resource_object("window", int(window))
    place = screen.screen().root.translate_coords(shown, 0, 0)
    screen.close()
    return place.x, place.y


def painted(real: Devices) -> None:
    """Wait until three pictures of the screen in a row, 50 ms apart, are the same."""
    end, same, last = time.monotonic() + 5, 0, b""
    while same < 2 and time.monotonic() < end:
        time.sleep(0.05)  # how far apart the pictures are
        now = real.screen.grab().rgb
        same, last = (same + 1 if now == last else 0), now
