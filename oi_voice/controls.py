"""What a person may ask of the assistant itself: the ``computer.assistant`` of running code."""

from __future__ import annotations

from collections.abc import Callable

from oi_voice.engine import Engine
from oi_voice.settings import Settings, lookup

STEP = 25  # words a minute


class Controls:
    """Called on the core loop, through the broker. ``show`` brings up the window, or raises where there is none."""

    def __init__(self, engine: Engine, settings: Settings, show: Callable[[str], None]) -> None:
        self._engine = engine
        self._settings = settings
        self._show = show

    def new_conversation(self) -> None:
        """Forget what was said so far."""
        self._engine.new_conversation()

    def mute(self) -> None:
        """Speak no answers, until ``unmute``."""
        self._settings.apply({"voice.speak": False})

    def unmute(self) -> None:
        """Speak answers again."""
        self._settings.apply({"voice.speak": True})

    def slower(self) -> int:
        """Speak more slowly; returns the new rate in words a minute."""
        return self._change_rate(-STEP)

    def faster(self) -> int:
        """Speak faster; returns the new rate in words a minute."""
        return self._change_rate(STEP)

    def show(self, what: str) -> None:
        """Bring up the window, which shows settings and history alike."""
        self._show(what)

    def _change_rate(self, by: int) -> int:
        rate = lookup("voice.rate")
        wanted = self._settings.voice.rate + by
        wanted = int(min(max(wanted, rate.low or wanted), rate.high or wanted))
        self._settings.apply({"voice.rate": wanted})
        return wanted
