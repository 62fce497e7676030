"""``computer`` in a real kernel."""

from __future__ import annotations

import base64
import io
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from oi_voice.computer import api
from oi_voice.computer.broker import Broker
from oi_voice.computer.handlers import Devices
from oi_voice.computer.stub import ADDRESS, ComputerError, computer
from oi_voice.languages.kernel import JupyterPython
from oi_voice.messages import Chunk, Kind

# The kernel of an uninstalled checkout does not find us by itself.
PRELUDE = f"""\
__import__("sys").path.append({str(Path(api.__file__).parents[2])!r})
from oi_voice.computer.stub import computer"""


class Assistant:
    def greet(self, name: str) -> str:
        return f"Hello, {name}."


class Session:
    """A kernel whose runs the broker is told of."""

    def __init__(self, broker: Broker, kernel: JupyterPython) -> None:
        self.broker, self.kernel = broker, kernel

    async def chunks(self, code: str, granted: bool = True) -> list[Chunk]:
        run = uuid.uuid4().hex
        if granted:
            self.broker.grant(run)
        async with aclosing(self.kernel.run(code, run)) as stream:
            found = [chunk async for chunk in stream]
        self.broker.revoke()
        return found

    async def output(self, code: str, granted: bool = True) -> str:
        found = await self.chunks(code, granted)
        return "".join(chunk.content for chunk in found if chunk.format == "output")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session(real: Devices) -> AsyncIterator[Session]:
    broker = Broker(real.handlers, real.release)
    broker.register("assistant", Assistant())
    await broker.start()
    kernel = JupyterPython(PRELUDE, {ADDRESS: broker.address, "DISPLAY": ""})
    yield Session(broker, kernel)
    await kernel.close()
    await broker.close()


pytestmark = [pytest.mark.desktop, pytest.mark.asyncio(loop_scope="module")]


async def test_results_keep_their_types(session: Session) -> None:
    code = "print(computer.display.size(), computer.display.width, computer.display.height, computer.mouse.position())"
    size, rest = (await session.output(code)).split(") ", 1)
    assert size == "(1280, 800"
    assert rest.startswith("1280 800 (")
    assert await session.output("print(computer.window.list(), computer.assistant.greet('Ada'))") == "[] Hello, Ada.\n"


async def test_view_shows_the_picture_once(session: Session, real: Devices) -> None:
    images = [chunk for chunk in await session.chunks("computer.display.view()") if chunk.kind is Kind.IMAGE]
    assert [image.format for image in images] == ["base64.png"]
    shown = Image.open(io.BytesIO(base64.b64decode(images[0].content))).convert("RGB")
    frame = real.screen.grab()
    assert shown.size == (frame.width, frame.height)
    assert shown.tobytes() == frame.rgb
    assert await session.output("p = computer.display.screenshot(); print(p.size, p.mode)") == "(1280, 800) RGB\n"


async def test_a_refusal_is_short_and_says_where(session: Session) -> None:
    out = await session.output("x = 1\ncomputer.mouse.click('Nowhere to be seen')")
    assert "“Nowhere to be seen” is not on the screen." in out
    assert "line 2: computer.mouse.click" in out
    assert "stub.py" not in out
    assert len(out.splitlines()) <= 3
    assert "Did you mean click?" in await session.output("computer.mouse.klick(1, 2)")
    assert "missing a required argument" in await session.output("computer.mouse.click()")
    assert "Did you mean “assistant.greet”" in await session.output("computer.assistant.great('Ada')")


async def test_code_of_no_turn_is_refused(session: Session) -> None:
    assert "takes no actions" in await session.output("computer.mouse.position()", granted=False)


async def test_a_thread_left_behind_acts_in_no_later_run(session: Session) -> None:
    code = """
import threading, queue
seen, go = queue.Queue(), threading.Event()
def left_behind():
    go.wait(10)
    try:
        seen.put(computer.mouse.position())
    except Exception as error:
        seen.put(str(error))
threading.Thread(target=left_behind).start()
"""
    await session.output(code)
    assert "takes no actions" in await session.output("go.set(); print(seen.get(timeout=5))")
    code = "t = threading.Thread(target=left_behind); t.start(); print(seen.get(timeout=5))"
    assert (await session.output(code)).startswith("(")


async def test_an_interrupted_call_leaves_no_answer_behind(session: Session) -> None:
    code = """
import signal
def interrupt(*_): raise KeyboardInterrupt
signal.signal(signal.SIGALRM, interrupt)
for _ in range(2):
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    try:
        computer.mouse.move('Nowhere to be seen')
    except KeyboardInterrupt:
        pass
    print(computer.display.size())
"""
    assert await session.output(code) == "(1280, 800)\n" * 2


async def test_help_is_made_from_the_declaration(session: Session) -> None:
    out = await session.output("print(computer.mouse.click.__doc__, computer.mouse.__doc__); help(computer.os.open)")
    assert "Click at x and y, or on a text." in out
    assert "open(app: 'str') -> 'str'" in out


async def test_outside_of_a_kernel_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)
    with pytest.raises(ComputerError, match="does not run inside oi_voice"):
        computer.mouse.click(1, 2)
    assert all(f"computer.{part}." in api.describe() for part in api.PARTS)
