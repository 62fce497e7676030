"""How long the last turns took, leg by leg, for the window that shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

from oi_voice.ledger import LEGS, Past, default_path, past, slow, usual
from oi_voice.runtime import in_thread, spawn

QUICK = "Nothing is usually slow."


class Times:
    """Called on the loop; ``send`` tells the windows' process. The ledger's file is read off the loop."""

    def __init__(self, send: Callable[[dict[str, Any]], None], path: Callable[[], Path] = default_path) -> None:
        self._send = send
        self._path = path
        self._one_by_one = asyncio.Lock()  # what is sent last is what was read last

    def show(self) -> None:
        """Bring up the window."""
        spawn(self._tell(show=True), "show the times")

    def refresh(self) -> None:
        """Tell the times as they are now."""
        spawn(self._tell(show=False), "read the times")

    async def _tell(self, show: bool) -> None:
        async with self._one_by_one:
            path = self._path()
            turns, trouble = await in_thread(_read, path, name="times")
            words = slow(turn.legs for turn in turns)
            self._send(
                {
                    **{"do": "times", "show": show, "path": str(path), "trouble": trouble},
                    **{"words": words or (QUICK if turns else ""), "usual": usual(turns)},
                    **{"legs": _legs(), "turns": [_turn(turn) for turn in reversed(turns)]},
                }
            )


def _read(path: Path) -> tuple[list[Past], str]:
    """The turns, and why there are none where the file can't be read."""
    try:
        return past(path), ""
    except OSError as error:
        return [], f"{path} can't be read ({error.strerror})."


def _legs() -> list[dict[str, Any]]:
    """The columns: ``most`` is how many milliseconds would do, ``waited`` whether a person waits for it to end."""
    return [
        {"leg": leg, "title": name.removeprefix("The ").capitalize(), "most": most, "waited": leg != "listening"}
        for leg, (*_, name, most) in LEGS.items()
    ]


def _turn(turn: Past) -> dict[str, Any]:
    return {"at": turn.at, "what": "Typed" if turn.typed else "Spoken", "legs": dict(turn.legs), "wait": turn.wait}
