"""Which languages an engine has, and where its Python runs: a part of the composition root."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from oi_voice.addresses import on_this_machine
from oi_voice.errors import OiVoiceError, SettingsError
from oi_voice.languages.host import Host
from oi_voice.languages.installed import beside_python
from oi_voice.languages.registry import Registry
from oi_voice.ports import Language
from oi_voice.runtime import post, spawn
from oi_voice.settings import Settings

GATEWAY = "computer.kernel_gateway"  # how the settings begin that say where Python runs


class Roster:
    """Follows the settings until its registry is closed; ``tell`` hears of what can't be done.

    A kernel on this machine begins with ``prelude`` and finds the computer by ``broker``.
    """

    def __init__(
        self, settings: Settings, host: Host, prelude: str, broker: str, tell: Callable[[OiVoiceError], None]
    ) -> None:
        self._settings, self._host, self._prelude, self._broker, self._tell = settings, host, prelude, broker, tell
        self._loop = asyncio.get_running_loop()
        self._python = self._here_or_there()
        self._registry: Registry | None = None
        self._leave = settings.subscribe(self._changed)

    def registry(self, browse: Callable[[Path], bool] | None, chosen: list[Any] | None = None) -> Registry:
        """All the languages, or those ``chosen``; ``browse`` opens a page in the person's browser.

        Raises LanguageError where one chosen is none.
        """
        others = beside_python(self._host, browse, lambda: offline(self._settings))
        self._registry = Registry([self._python, *others], self._last, self._host.capped)
        if chosen is not None:
            self._registry.replace(chosen)
        return self._registry

    async def warm(self) -> None:
        """Have Python ready."""
        await self._python.start()

    async def _last(self) -> None:
        self._leave()
        await self._host.family.close()

    def _here_or_there(self) -> Language:
        from oi_voice.languages.kernel import JupyterPython
        from oi_voice.languages.remote_python import RemotePython

        check(self._settings)
        computer, host = self._settings.computer, self._host
        if not computer.kernel_gateway:
            return JupyterPython(self._prelude, {"OI_VOICE_BROKER": self._broker}, host)
        token, kernel = computer.kernel_gateway_token, computer.kernel_gateway_kernel
        return RemotePython(computer.kernel_gateway, token, kernel, computer.kernel_gateway_timeout, host)

    def _changed(self, changed: dict[str, Any]) -> None:
        """Settings may be changed on any thread."""
        if any(name.startswith(GATEWAY) for name in changed):
            post(self._loop, self._move)

    def _move(self) -> None:
        if self._registry is None:
            return
        try:
            new = self._here_or_there()
        except OiVoiceError as error:
            self._tell(error)
            return
        old, self._python = self._python, new
        self._registry.replace([new if one is old else one for one in self._registry.entries()])
        spawn(old.close(), "language end")


def offline(settings: Settings) -> bool:
    """Whether the computer is to use nothing beyond this machine."""
    return bool(settings.offline if settings.computer.offline is None else settings.computer.offline)


def check(settings: Settings) -> None:
    """Raises SettingsError where Python is to run elsewhere and nothing may leave this machine."""
    url = settings.computer.kernel_gateway
    if url and offline(settings) and not on_this_machine(url):
        raise SettingsError(
            f"{GATEWAY} names another machine, and offline is on.",
            fix="Turn offline off, or take the gateway away.",
        )
