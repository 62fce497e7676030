from __future__ import annotations

import asyncio
import base64
import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from oi_voice.llm.describe import KEPT, Describer
from oi_voice.lmc import Lmc
from oi_voice.messages import Kind, Message, Role
from oi_voice.runtime import spawn


def picture(width: int = 8, form: str = "JPEG") -> Message:
    file = io.BytesIO()
    Image.new("RGB", (width, 8)).save(file, form)
    return Message(Role.COMPUTER, Kind.IMAGE, base64.b64encode(file.getvalue()).decode(), "base64.jpeg")


def unread(png: bytes) -> str:
    raise AssertionError("nobody asked for the text")


async def test_its_text_is_read_from_a_png_off_the_loop() -> None:
    seen: list[tuple[bytes, threading.Thread]] = []

    def read(png: bytes) -> str:
        seen.append((png[:4], threading.current_thread()))
        return "  Save as\n"

    assert await Describer(read)(picture()) == "(A picture with this text in it:)\nSave as"
    assert seen[0][0] == b"\x89PNG"
    assert seen[0][1] is not threading.current_thread()


async def test_a_picture_without_text() -> None:
    assert await Describer(lambda png: " \n")(picture()) == "(A picture without any text that can be read.)"


def by_name(*, lmc: Lmc) -> str:
    return f"a {lmc['format']}"


def by_name_or_place(lmc: Lmc, detail: int = 1) -> str:
    return f"a {lmc['format']}"


def by_place(entry: Lmc, /) -> str:
    return f"a {entry['format']}"


async def later(lmc: Lmc) -> str:
    return f"a {lmc['format']}"


class Objects:
    async def __call__(self, entry: Lmc) -> str:
        return f"a {entry['format']}"


@pytest.mark.parametrize(
    "renderer", [by_name, by_name_or_place, by_place, later, Objects(), lambda entry: by_place(entry)]
)
async def test_the_renderer_is_called_as_it_likes(renderer: Callable[..., Any]) -> None:
    assert await Describer(unread, renderer)(picture()) == "a base64.jpeg"


async def test_a_renderer_that_blocks_does_not_hold_up_the_loop() -> None:
    go_on = threading.Event()

    def slow(lmc: Lmc) -> str:
        assert go_on.wait(10)
        return "seen"

    task = spawn(Describer(unread, slow)(picture()), "describe")
    await asyncio.sleep(0)
    go_on.set()  # reached only as the loop goes on
    assert await task == "seen"


async def test_each_picture_is_described_once() -> None:
    asked: list[str] = []

    def renderer(lmc: Lmc) -> str:
        asked.append(lmc["content"])
        return str(len(asked))

    describe = Describer(unread, renderer)
    first = picture(8)
    assert [await describe(one) for one in (first, picture(9), picture(8), first)] == ["1", "2", "1", "1"]
    for width in range(10, 10 + KEPT - 1):
        await describe(picture(width))
    assert await describe(first) == "1", "it was used last"
    assert await describe(picture(9)) == str(KEPT + 2), "it was let go"


async def test_a_changed_file_is_described_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    message = Message(Role.USER, Kind.IMAGE, str(file), "path")
    describe = Describer(lambda png: str(Image.open(io.BytesIO(png)).width))
    for width in (80, 9):
        Image.new("RGB", (width, 300)).save(file)
        assert (await describe(message)).endswith(f"\n{width}")


@pytest.mark.parametrize("error", [RuntimeError("no eyes"), KeyError("eyes"), ZeroDivisionError()])
async def test_a_failing_renderer_is_a_sentence_and_is_tried_again(error: Exception) -> None:
    answers: list[Exception | str] = [error, "a cat"]

    def renderer(lmc: Lmc) -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    describe = Describer(unread, renderer)
    words = str(error) or "ZeroDivisionError"
    assert await describe(picture()) == f"(A picture was shown here; it could not be described: {words})"
    assert await describe(picture()) == "a cat"


async def test_a_damaged_picture_is_a_sentence() -> None:
    words = await Describer(unread)(Message(Role.USER, Kind.IMAGE, "!", "base64.png"))
    assert "could not be described: A picture's data is damaged." in words


async def test_it_can_be_cancelled_at_once() -> None:
    asked, never = asyncio.Event(), asyncio.Event()

    async def renderer(lmc: Lmc) -> str:
        asked.set()
        await never.wait()
        return ""

    task = spawn(Describer(unread, renderer)(picture()), "describe")
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
