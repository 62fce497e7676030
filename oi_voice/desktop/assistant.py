"""The desktop program: one instance, its key, its windows, its tray, over one engine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from oi_voice.desktop.hotkeys import PushToTalk, canonical, words
from oi_voice.desktop.instance import Instance, Serves
from oi_voice.desktop.tray import PystrayTray, has_menu
from oi_voice.desktop.window import About, DesktopUi
from oi_voice.engine import Engine
from oi_voice.errors import DesktopError
from oi_voice.ports import Tray
from oi_voice.runtime import Core, spawn

SHOWN_WITHIN = 15.0  # seconds in which the windows' process is expected to be warm


@dataclass(frozen=True, slots=True)
class Assembled:
    """An engine, and what there is to know of its parts: the model and the recogniser in words, what warms them up.

    ``typed_by_code`` tells whether a key press was just made by running code: its keys are not the person's. ``own`` is
    told of a process whose windows running code may not touch.
    """

    engine: Engine
    model: str
    recogniser: str
    warm_up: Callable[[], Awaitable[None]]
    typed_by_code: Callable[[str], bool]
    own: Callable[[Callable[[], int | None]], None]


class Assistant:
    """The main thread waits in the tray's loop, or for ``quit``; all else is on the core.

    ``key`` is the push-to-talk key; ``trusted``: presses of Run need not be made by hand.
    """

    def __init__(self, core: Core, instance: Instance, key: str, trusted: bool = False) -> None:
        self._core = core
        self._instance = instance
        self._key = key
        self._trusted = trusted
        self._over = threading.Event()
        self._tray: Tray | None = None
        self._ui: DesktopUi | None = None
        self._closing: list[Callable[[], Awaitable[None] | None]] = [instance.close]

    async def start(self, made: Assembled) -> None:
        """Bring everything up; what takes long is warmed up behind, and then a notice says that all is ready."""
        engine = made.engine
        self._closing.append(engine.close)
        if has_menu():
            self._tray = PystrayTray(self._chosen)
        about = About(words(self._key), made.model, made.recogniser, trusted=self._trusted)
        self._ui = ui = DesktopUi(engine, about, self.quit, self._tray)
        made.own(lambda: ui.pid)
        self._closing.append(ui.close)
        await ui.start()
        self._watch_key(engine, made.typed_by_code)
        await self._instance.serve(Serves(engine, self.show, self.quit))
        spawn(self._get_ready(engine, about, made.warm_up, ui.ready), "get ready")

    def show(self) -> None:
        """Bring up the window."""
        if self._ui:
            self._ui.show()

    def wait(self) -> None:
        """Block until it is over."""
        if self._tray:
            self._tray.run()
        else:
            self._over.wait()

    def quit(self) -> None:
        """End the program; from any thread."""
        self._over.set()
        if self._tray:
            self._tray.close()

    async def close(self) -> None:
        """Take everything down, last first."""
        for close in reversed(self._closing):
            waiting: Any = close()
            if waiting is not None:
                await waiting

    def _watch_key(self, engine: Engine, typed_by_code: Callable[[str], bool]) -> None:
        hotkeys = PushToTalk(self._key)
        self._closing.append(hotkeys.close)
        post, keys = self._core.post, canonical(self._key)

        def press() -> None:
            if not all([typed_by_code(key) for key in keys]):  # each is asked: a press is accounted for only once
                post(engine.press)

        def escape() -> None:
            if not typed_by_code("esc"):
                post(engine.cancel, "Esc")

        try:
            hotkeys.start(press, lambda: post(engine.release), escape)
        except DesktopError as error:  # the window still works
            engine.notify("error", error.code, str(error))

    def _chosen(self, action: str) -> None:
        if self._ui:
            self._core.post(self._ui.act, action)

    async def _get_ready(
        self, engine: Engine, about: About, warm_up: Callable[[], Awaitable[None]], shown: asyncio.Event
    ) -> None:
        await warm_up()
        with suppress(TimeoutError):
            async with asyncio.timeout(SHOWN_WITHIN):
                await shown.wait()
        text = f"Ready. Hold {about.key} and speak. {about.model} Recogniser: {about.recogniser}."
        engine.notify("info", "ready", text)
