"""Recordings that are kept for a while, so that none is lost to a recogniser that fails."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import uuid4

from oi_voice.ports import Pcm, Transcript

MOST = 20  # takes
SECONDS = 600.0  # of sound, 19 MB


@dataclass(frozen=True, slots=True)
class Take:
    """One recording; ``transcript`` is None where it could not be had, ``why`` says the reason."""

    id: str
    sound: Pcm
    transcript: Transcript | None
    why: str = ""


class Takes:
    """The latest ones, in memory alone: at most ``MOST``, of ``SECONDS`` together; the newest is always there."""

    def __init__(self) -> None:
        self._kept: deque[Take] = deque(maxlen=MOST)

    def keep(self, sound: Pcm) -> Take:
        """Remember a recording whose words are still to come; nothing is kept of one without sound."""
        take = Take(uuid4().hex, sound, None, "It was stopped.")
        if sound.data:
            self._kept.append(take)
        while len(self._kept) > 1 and sum(one.sound.seconds for one in self._kept) > SECONDS:
            self._kept.popleft()
        return take

    def settle(self, take: Take, transcript: Transcript | None, why: str = "") -> Take:
        """What came of a take, in its place; returns it with that."""
        settled = replace(take, transcript=transcript, why=why)
        self._kept = deque((settled if one.id == take.id else one for one in self._kept), MOST)
        return settled

    def find(self, id: str = "") -> Take | None:
        """The take of that id; the newest for none."""
        return next((take for take in reversed(self._kept) if id in ("", take.id)), None)

    def __iter__(self) -> Iterator[Take]:
        """The newest first."""
        return reversed(tuple(self._kept))

    def __len__(self) -> int:
        return len(self._kept)
