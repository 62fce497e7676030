"""The windows on the virtual desktop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from front import CODE, Desk, Open

from oi_voice.consent.judge import Judge
from oi_voice.demo.stage import Stage
from oi_voice.desktop.fetch import Recogniser
from oi_voice.desktop.window import About, DesktopUi
from oi_voice.testing import Harness, harness


@pytest.fixture
async def opened(stage: Stage) -> AsyncIterator[Open]:
    """Opens windows; closes them after the test."""
    desks: list[Desk] = []

    async def open_desk(
        *replies: str,
        wait: bool = True,
        trusted: bool = False,
        judge: Judge | None = None,
        recogniser: Callable[[Harness], Recogniser] | None = None,
        **settings: object,
    ) -> Desk:
        h = harness(replies or (f"```python\n{CODE}\n```\n", "Done."), judge, **settings)
        quits: asyncio.Queue[str] = asyncio.Queue()
        about = About("Right Ctrl", "Using the built-in commands.", "the commands' grammar", trusted=trusted)
        better = recogniser(h) if recogniser else None
        ui = DesktopUi(h.engine, about, lambda: quits.put_nowait("quit"), recogniser=better)
        desk = Desk(h, ui, quits)
        desks.append(desk)
        await desk.ui.start()
        if wait:
            await asyncio.wait_for(desk.ui.ready.wait(), 30)
        return desk

    yield open_desk
    for desk in desks:
        await desk.ui.close()
        await desk.h.engine.close()
        desk.closed()
