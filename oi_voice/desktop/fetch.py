"""What the window says of a better recogniser: that there is one to fetch, and how far that is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from oi_voice.events import RECOGNISER, Event, Notice, Progress, SettingsChanged

KEPT = "What has come is kept if you cancel."


class Recogniser(Protocol):
    """The one in use."""

    @property
    def name(self) -> str: ...

    @property
    def offer(self) -> str:
        """A sentence on what could be fetched in its place; empty where nothing is missing."""

    @property
    def may_fetch(self) -> bool: ...

    def fetch(self) -> None:
        """Fetch it, and then use it; Progress tells how far that is."""

    def stop(self) -> None:
        """Fetch no more; what has come is kept."""


class Fetch:
    """Called on the loop; ``send`` tells the windows' process. Without a recogniser there is nothing to tell."""

    def __init__(self, recogniser: Recogniser | None, send: Callable[[dict[str, Any]], None]) -> None:
        self._recogniser = recogniser
        self._send = send
        self._progress = Progress("", "", over=True)

    def follow(self, event: Event) -> None:
        """Tell what has changed by this event."""
        if isinstance(event, Progress):
            self._progress = event
            self.tell()
        elif isinstance(event, SettingsChanged) or (isinstance(event, Notice) and event.code == RECOGNISER):
            self.tell()

    def act(self, action: str) -> None:
        """Do what was chosen in the window: ``fetch`` or ``keep``."""
        if self._recogniser:
            (self._recogniser.fetch if action == "fetch" else self._recogniser.stop)()

    def tell(self) -> None:
        """Have the window show how things stand."""
        if self._recogniser:
            self._send({"do": "fetch", **self._row(self._recogniser)})

    def _row(self, recogniser: Recogniser) -> dict[str, Any]:
        """The sentence, the button and what it does (empty: no button), and the share that has come: None where nothing
        is under way, less than 0 where it is not known."""
        last = self._progress
        if not last.over:
            words = f"{last.what}: {last.amount}. {KEPT}" if last.amount else f"{last.what}…"
            share = last.done / last.whole if last.whole else -1
            return {"words": words, "button": "Cancel", "action": "keep", "share": share}
        words, button = recogniser.offer, "Download"
        if words and recogniser.may_fetch:
            if last.trouble:
                words, button = last.trouble, "Try again"
            elif last.amount:
                words = f"Stopped at {last.amount}. What has come is kept, and Download goes on from there."
        may = bool(words) and recogniser.may_fetch
        return {"words": words, "button": button if may else "", "action": "fetch" if may else "", "share": None}
