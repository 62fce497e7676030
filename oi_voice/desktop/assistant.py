"""The desktop program: one instance, its key, its windows, its tray, over one engine."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from oi_voice.desktop.fetch import Recogniser
from oi_voice.desktop.hotkeys import Mode, PushToTalk, words
from oi_voice.desktop.instance import Instance, Serves
from oi_voice.desktop.tray import PystrayTray, has_menu
from oi_voice.desktop.ui.face import how_to_talk
from oi_voice.desktop.window import About, DesktopUi
from oi_voice.engine import Engine
from oi_voice.errors import DesktopError, OiVoiceError
from oi_voice.events import RECOGNISER, Event, Notice, SettingsChanged
from oi_voice.ports import Tray
from oi_voice.runtime import Core, in_thread, spawn
from oi_voice.waiting import happened

SHOWN_WITHIN = 15.0  # seconds in which the windows' process is expected to be warm


@dataclass(frozen=True, slots=True)
class Assembled:
    """An engine, and what there is to know of its parts: the model in words, the recogniser, what warms them up.

    ``typed_by_code`` tells whether a key press was just made by running code: its keys are not the person's. ``own`` is
    told of a process whose windows running code may not touch.
    """

    engine: Engine
    model: str
    recogniser: Recogniser
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
        self._made: Assembled | None = None
        self._hotkeys: PushToTalk | None = None
        self._warming: asyncio.Task[None] | None = None
        self._closing: list[Callable[[], Awaitable[None] | None]] = [instance.close]

    def at_end(self, close: Callable[[], Awaitable[None] | None]) -> None:
        """Have this called by ``close``, before whatever was told earlier."""
        self._closing.append(close)

    async def start(self, made: Assembled) -> None:
        """Bring everything up; what takes long is warmed up behind, and then a notice says that all is ready."""
        engine = made.engine
        if has_menu():
            self._tray = PystrayTray(self._chosen, lambda: bool(made.recogniser.offer))
        self._made = made
        self._ui = ui = DesktopUi(engine, self._about(made), self.quit, self._tray, made.recogniser)
        made.own(lambda: ui.pid)
        self.at_end(ui.close)
        await ui.start()
        self._watch_key(engine, made.typed_by_code)
        await self._instance.serve(Serves(engine, self.show, self.quit))
        engine.listen(self._another)
        self._warming = spawn(self._get_ready(made, ui.ready), "get ready")

    def show(self) -> None:
        """Bring up the window."""
        if self._ui:
            self._ui.show()

    def wait(self) -> None:
        """Block until it is over."""
        if self._tray:
            self._tray.run()
        else:
            happened(self._over)

    def quit(self) -> None:
        """End the program; from any thread."""
        self._over.set()
        if self._tray:
            self._tray.close()

    async def close(self) -> None:
        """Take everything down, last first."""
        if self._warming:
            self._warming.cancel()  # else it would go on to open what is being closed
        for close in reversed(self._closing):
            waiting: Any = close()
            if waiting is not None:
                await waiting

    def _watch_key(self, engine: Engine, typed_by_code: Callable[[str], bool]) -> None:
        voice, post = engine.settings.voice, self._core.post
        self._hotkeys = hotkeys = PushToTalk(
            self._key,
            Mode(voice.key_mode),
            voice.max_take,
            typed_by_code=typed_by_code,
            failed=lambda error: post(self._refused, hotkeys, error),
        )
        self.at_end(hotkeys.close)
        engine.listen(hotkeys.follow)
        engine.listen(self._rebound)
        try:
            hotkeys.start(lambda: post(engine.press), lambda: post(engine.release), lambda: post(engine.cancel, "Esc"))
        except DesktopError as error:  # the window still works
            self._refused(hotkeys, error)

    def _refused(self, hotkeys: PushToTalk, error: OiVoiceError) -> None:
        """A key can't be had, or not any more: another may be in force, or none."""
        if self._made and self._ui:
            self._made.engine.notify("error", error.code, str(error))
            self._key = hotkeys.key if hotkeys.bound else ""
            self._ui.describe(self._about(self._made))

    def _rebound(self, event: Event) -> None:
        if isinstance(event, SettingsChanged) and "voice.hotkey" in event.changed:
            spawn(self._rebind(event.changed["voice.hotkey"]), "rebind the key")

    def _another(self, event: Event) -> None:
        if isinstance(event, Notice) and event.code == RECOGNISER and self._made and self._ui:
            self._ui.describe(self._about(self._made))

    async def _rebind(self, key: str) -> None:
        """Have another key; one that can't be had leaves the old one in force."""
        made, ui, hotkeys = self._made, self._ui, self._hotkeys
        if made is None or ui is None or hotkeys is None:
            return
        try:
            await in_thread(hotkeys.rebind, key, name="rebind the key")
        except OiVoiceError as error:
            self._refused(hotkeys, error)
        else:
            self._key = key
            ui.describe(self._about(made))

    def _about(self, made: Assembled) -> About:
        return About(words(self._key), made.model, made.recogniser.name, trusted=self._trusted)

    def _chosen(self, action: str) -> None:
        if self._ui:
            self._core.post(self._ui.act, action)

    async def _get_ready(self, made: Assembled, shown: asyncio.Event) -> None:
        await made.warm_up()
        with suppress(TimeoutError):
            async with asyncio.timeout(SHOWN_WITHIN):
                await shown.wait()
        about = self._about(made)
        text = f"Ready. {how_to_talk(about.key)} {about.model} Recogniser: {about.recogniser}."
        made.engine.notify("info", "ready", text)
