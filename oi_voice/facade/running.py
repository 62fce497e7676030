"""A program's own code, run and followed from a thread that may wait."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import aclosing, suppress

from oi_voice.engine import Engine
from oi_voice.events import Event, InputRequested, Streamed
from oi_voice.facade.parts import Terminal
from oi_voice.messages import Chunk
from oi_voice.runtime import Core
from oi_voice.waiting import settled, taken

OWN = ""  # the turn of code that belongs to none


def run_code(
    core: Core,
    engine: Engine,
    terminal: Terminal,
    language: str,
    code: str,
    display: bool,
    stopped: Callable[[], bool],
) -> Iterator[Chunk]:
    """What the code says, as it comes; shown in the terminal with ``display``. There the lines that it wants are asked
    for, where somebody is at it. Leaving stops the code; if it is ``stopped`` by then it does not even begin. Raises
    LanguageError."""
    heard: queue.SimpleQueue[Chunk | InputRequested | None] = queue.SimpleQueue()
    run = core.submit(_run(engine, language, code, heard.put, terminal.attended, stopped))
    try:
        while (what := taken(heard)) is not None:
            if isinstance(what, InputRequested):
                core.call(terminal.line(engine, what))
                continue
            if display:
                terminal.show(Streamed(OWN, what))
            yield what
        with suppress(CancelledError):  # somebody stopped it
            settled(run)
    finally:
        run.cancel()


async def _run(
    engine: Engine,
    language: str,
    code: str,
    put: Callable[[Chunk | InputRequested | None], None],
    attended: bool,
    stopped: Callable[[], bool],
) -> None:
    def heard(event: Event) -> None:
        if isinstance(event, InputRequested) and event.turn == OWN:
            put(event)

    ends = [engine.asking.attend(OWN), engine.listen(heard)] if attended else []
    try:
        if stopped():
            return
        async with aclosing(engine.run_code(language, code)) as chunks:
            async for chunk in chunks:
                put(chunk)
    finally:
        for end in ends:
            end()
        put(None)
