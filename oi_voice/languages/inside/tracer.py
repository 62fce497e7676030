"""Which line of the code runs.

IPython runs a block statement by statement, each compiled by itself: the first line of each is told before it runs.
Within a statement of several lines an allowance of events is watched (``sys.monitoring`` from Python 3.12 on, before
it ``sys.settrace``); once it is spent, the statement runs unwatched, and a thread looks now and then where it is.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from types import CodeType, FrameType
from typing import Any

from oi_voice.languages.inside.outlet import Outlet
from oi_voice.runtime import daemon

LOOK = 0.05  # seconds between two looks at a statement that is not watched
# The allowance of a block: an event costs 1 (a microsecond at most), telling a line 500 (up to 0.3 ms).
TELLING, REFILL, FULL = 500, 20_000, 12_000  # 24 lines at once, then 40 a second at most
RESERVE = 2_000  # which watching within statements leaves for the statements' first lines


class Allowance:
    """What watching may cost: ``FULL`` at once and ``REFILL`` a second."""

    def __init__(self) -> None:
        self._left: float = FULL
        self._then = time.monotonic()

    def spend(self, cost: int, reserve: int) -> bool:
        """Take ``cost`` of what there is above ``reserve``; False, and nothing taken, where that is less."""
        now = time.monotonic()
        self._left, self._then = min(FULL, self._left + (now - self._then) * REFILL), now
        if self._left - cost < reserve:
            return False
        self._left -= cost
        return True


class Lines:
    """Tells the lines of the blocks that a kernel runs; stands in for its shell's ``run_code``."""

    def __init__(self, kernel: Any, outlet: Outlet) -> None:
        self._kernel, self._outlet, self._run = kernel, outlet, kernel.shell.run_code
        self._process = os.getpid()
        self._allowance = Allowance()
        self._watch = Monitoring(self) if sys.version_info >= (3, 12) else Tracing(self)
        self._awake = threading.Event()
        self._parent: dict[str, Any] = {"header": {"msg_id": ""}}
        self._blank = 0  # lines at the block's beginning that IPython takes away
        self.code: CodeType | None = None  # of the statement that runs
        self.frame: FrameType | None = None  # its frame, once seen
        self._line = self._told = 0
        self._tellings = 0
        kernel.shell.run_code = self.run_code
        daemon(self.look, "active line")

    async def run_code(self, code: CodeType, result: Any = None, *, async_: bool = False) -> Any:
        """Run one statement of a block, and tell its lines. A block that a block runs is not told."""
        parent = self._kernel.get_parent("shell")
        fresh = parent["header"]["msg_id"] != self._parent["header"]["msg_id"]
        if self.code is not None and not fresh:
            return await self._run(code, result, async_=async_)
        if fresh:
            self._parent, self._told = parent, 0
            self._blank = _leading_blank_lines(parent["content"]["code"])
            self._allowance = Allowance()
        try:
            self._begin(code)
            with _woken_by_signals() if async_ else nullcontext():
                return await self._run(code, result, async_=async_)
        finally:
            self.code = self.frame = None
            self._tellings += 1
            self._watch.end()

    def _begin(self, code: CodeType) -> None:
        lines = _lines(code)
        self.code = code
        self.tell(min(lines, default=0), reserve=0)
        if len(lines) > 1:
            self._watch.begin(code)
        if not self._awake.is_set():
            self._awake.set()

    def affords(self, code: CodeType | None = None) -> bool:
        """Whether watching goes on: there is a statement (this one), and one more event may be had."""
        current = self.code
        return current is not None and (code is None or code is current) and self._allowance.spend(1, RESERVE)

    def tell(self, line: int, reserve: int = RESERVE) -> None:
        """Say that ``line`` runs, after all that was printed before it; called by the code that is to run it."""
        self._line = line
        if line == self._told or os.getpid() != self._process or not self._allowance.spend(TELLING, reserve):
            return
        self._told = line
        self._tellings += 1
        self._say(line)

    def look(self) -> None:
        """Tell the line, now and then, while a statement runs that is not watched. Never returns."""
        while True:
            self._awake.wait()
            time.sleep(LOOK)
            if self._idle():
                self._awake.clear()
                if self._idle():  # else one has begun meanwhile, and found us awake
                    continue
                self._awake.set()
            tellings, frame = self._tellings, self.frame
            line = frame.f_lineno if frame else self._line
            if line and line != self._told and tellings == self._tellings:  # else the code has told its line meanwhile
                self._told = line
                self._say(line)

    def _idle(self) -> bool:
        return self.code is None

    def _say(self, line: int) -> None:
        self._outlet.put("active_line", {"line": line + self._blank}, self._parent["header"]["msg_id"])


class Monitoring:
    """Watches the lines of one code object and of nothing else."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        if sys.version_info >= (3, 12):
            monitoring = sys.monitoring
            # 3 and 4 are nobody's; the others are for debuggers, coverage, profilers and optimizers
            self._tool = next((tool for tool in (4, 3) if monitoring.get_tool(tool) is None), 4)
            monitoring.use_tool_id(self._tool, "oi_voice active line")
            monitoring.register_callback(self._tool, monitoring.events.LINE, self._line)

    def begin(self, code: CodeType) -> None:
        if sys.version_info >= (3, 12):
            sys.monitoring.set_local_events(self._tool, code, sys.monitoring.events.LINE)

    def end(self) -> None:
        """Nothing: nobody runs the statement's code again."""

    def _line(self, code: CodeType, line: int) -> Any:
        if sys.version_info >= (3, 12) and not self._lines.affords(code):
            return sys.monitoring.DISABLE
        self._lines.frame = sys._getframe(1)
        self._lines.tell(line)
        return None


class Tracing:
    """Watches with ``sys.settrace``, unless the person's code does.

    A traced thread is slow in all that it does. So the lines of every function called count against the allowance
    too: a long computation is soon traced no more.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def begin(self, code: CodeType) -> None:
        if sys.gettrace() is None:
            sys.settrace(self._called)

    def end(self) -> None:
        if sys.gettrace() == self._called:
            sys.settrace(None)

    def _called(self, frame: FrameType, event: str, arg: object) -> Any:
        here = frame.f_code is self._lines.code
        if here:
            self._lines.frame = frame
        return self._going_on(frame, self._line if here else self._elsewhere)

    def _elsewhere(self, frame: FrameType, event: str, arg: object) -> Any:
        return self._going_on(frame, self._elsewhere)

    def _line(self, frame: FrameType, event: str, arg: object) -> Any:
        if event == "line" and frame.f_code is self._lines.code:
            self._lines.tell(frame.f_lineno)
        return self._going_on(frame, self._line)

    def _going_on(self, frame: FrameType, how: Callable[..., Any]) -> Any:
        if self._lines.affords():
            return how
        frame.f_trace = None
        self.end()
        return None


@contextmanager
def _woken_by_signals() -> Iterator[None]:
    """Have signals wake the loop, as asyncio does while it handles any, be it one that nobody sends.

    Else an interrupt is noted while code awaits something, but the loop sleeps on.
    """
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGURG, bool)
    except (AttributeError, NotImplementedError, RuntimeError, ValueError):  # no such thing here, or not in this thread
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGURG)


def _lines(code: CodeType) -> set[int]:
    """The lines of a statement; what makes it a coroutine stands before the line 0, where it begins."""
    lines = [line for *_, line in code.co_lines()]
    return {line for line in lines[lines.index(0) + 1 if 0 in lines else 0 :] if line}


def _leading_blank_lines(code: str) -> int:
    lines = code.splitlines()
    return next((number for number, line in enumerate(lines) if line.strip()), 0)
