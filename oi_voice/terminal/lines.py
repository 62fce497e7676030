"""Standard input as lines that can be awaited."""

from __future__ import annotations

import asyncio
import codecs
import os
import select
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from oi_voice.runtime import daemon, post
from oi_voice.terminal.keyboard import drop_typed

IN_HAND = 0.02  # seconds in which a line that the reader has just read is sure to be in the queue


class Lines:
    """Standard input, line by line, without holding the loop. ``None`` at its end; a terminal's may be read on after
    that with ``again``.

    A daemon thread reads the descriptor itself: a thread stuck in ``sys.stdin`` would hold a lock that the
    interpreter wants when it ends.
    """

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._wake, self._ending = os.pipe()
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._lent = asyncio.Event()  # the reader has let go of the descriptor
        daemon(self._read, "read standard input")

    async def next(self) -> str | None:
        return await self._lines.get()

    def _read(self) -> None:
        decoder, rest = codecs.getincrementaldecoder("utf-8")("replace"), ""
        with suppress(OSError):  # a terminal that was closed ends like any other input
            while self._ready():
                if data := os.read(self._descriptor, 4096):
                    *lines, rest = (rest + decoder.decode(data)).split("\n")
                elif rest and os.isatty(self._descriptor):
                    lines, rest = [rest], ""  # ended by Ctrl-D, twice
                elif self._goes_on():
                    continue
                else:
                    break
                for line in lines:
                    self._put(line)
        os.close(self._wake)
        post(self._loop, self._lent.set)
        if rest:
            self._put(rest)
        self._put(None)

    def _ready(self) -> bool:
        """Wait for input; False once nobody wants it any more, so that it is left to whoever reads next."""
        if sys.platform == "win32":  # select takes sockets only there
            return True
        while self._wake in select.select([self._descriptor, self._wake], [], [])[0]:
            if not os.read(self._wake, 1):
                return False
            post(self._loop, self._lent.set)
            if not os.read(self._wake, 1):
                return False
        return True

    def _goes_on(self) -> bool:
        """Whether more is read after the input's end: the line that a person did not want to type."""
        if not os.isatty(self._descriptor):
            return False
        self._put(None)
        return bool(os.read(self._wake, 1))

    def again(self) -> None:
        """Read on after the ``None`` of a terminal."""
        with suppress(OSError):  # it was closed
            os.write(self._ending, b"x")

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[None]:
        """Leave what is typed meanwhile to another program. On Windows the two share it."""
        self._lent.clear()
        with suppress(OSError):  # the input has ended
            os.write(self._ending, b"x")
            await self._until_lent()
        try:
            yield
        finally:
            with suppress(OSError):
                os.write(self._ending, b"x")

    async def _until_lent(self) -> None:
        if sys.platform != "win32":
            await self._lent.wait()

    def end(self) -> None:
        """Read no more."""
        os.close(self._ending)

    async def forget(self) -> None:
        """Drop all that was typed so far: in the terminal, in the reader's hand, and in the queue."""
        drop_typed(self._descriptor)
        await asyncio.sleep(IN_HAND)
        while not self._lines.empty():
            if self._lines.get_nowait() is None:
                self._lines.put_nowait(None)
                return

    def close(self) -> None:
        """Behave as if the input had ended."""
        self._lines.put_nowait(None)

    def _put(self, line: str | None) -> None:
        post(self._loop, self._lines.put_nowait, line)
