"""Hands-free takes: they begin with speech and end with silence, as long as this speaker may be expected to pause.

Pure: what it knows of time is in the frames it is fed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from oi_voice.voice.activity import STEP, Frame

SHORTEST, LONGEST_SILENCE = 0.5, 1.5  # seconds of silence that end a take
LONG = 3.0  # seconds of speech after which a silence most likely is the end, not a search for words
UNFINISHED = 0.6  # how much of that holds for a voice that did not fall
FALLEN = 3.0  # dB by which a voice is lower at the end of a sentence
LATEST = 10  # frames that tell
ONSET = 0.5  # seconds before the first frame of speech; "st" is no speech yet
GAP = 0.4  # seconds of silence within what is taken for one beginning
ECHO = 0.3  # seconds for which a room still sounds of the assistant's voice


@dataclass(frozen=True, slots=True)
class Started:
    """Somebody speaks: the take begins ``at`` seconds, which is past."""

    at: float


@dataclass(frozen=True, slots=True)
class Ended:
    """The take is over, by ``silence`` or for being too ``long``; speech ended at ``spoken``."""

    at: float
    spoken: float
    why: str


@dataclass(slots=True)
class _Take:
    began: float
    last: float  # when speech was last heard; moves on while deaf
    speech: float = 0.0  # seconds
    level: float = 0.0  # mean of the speech, in dB


class HandsFree:
    """Feed it every frame of an ``Activity``. Set ``deaf`` while the assistant itself can be heard."""

    def __init__(self, longest: float = 60.0) -> None:
        self.deaf = False
        self._longest = longest
        self._take: _Take | None = None
        self._begun: float | None = None  # when what may be speech began
        self._spoke = 0.0  # when speech was last heard
        self._from = 0.0  # when we could hear again, or the last take ended
        self._latest: deque[float] = deque(maxlen=LATEST)

    @property
    def listening(self) -> bool:
        """Whether a take is under way."""
        return self._take is not None

    def feed(self, frame: Frame) -> Started | Ended | None:
        if self.deaf:
            self._from = frame.at + ECHO
        hears = frame.at > self._from
        if self._take is not None:
            return self._follow(self._take, frame, hears)
        if hears:
            return self._wait(frame)
        self._begun = None
        return None

    def _wait(self, frame: Frame) -> Started | None:
        if frame.speech:
            if self._begun is None or frame.at - self._spoke > GAP:
                self._begun = frame.at - STEP
            self._spoke = frame.at
        if not frame.proven or self._begun is None:
            return None
        self._take = _Take(began=max(self._from, self._begun - ONSET), last=self._spoke)
        self._take.speech = self._spoke - self._begun
        self._take.level = frame.level
        self._latest.clear()
        self._begun = None
        return Started(self._take.began)

    def _follow(self, take: _Take, frame: Frame, hears: bool) -> Ended | None:
        if not hears:
            take.last += STEP
        elif frame.speech:
            take.last = frame.at
            take.speech += STEP
            take.level += (frame.level - take.level) * STEP / take.speech
            self._latest.append(frame.level)
        if frame.at - take.began >= self._longest:
            return self._end(take, frame, "long")
        if frame.at - take.last >= self._patience(take):
            return self._end(take, frame, "silence")
        return None

    def _end(self, take: _Take, frame: Frame, why: str) -> Ended:
        self._take = None
        self._from = frame.at
        return Ended(frame.at, take.last, why)

    def _patience(self, take: _Take) -> float:
        """Seconds of silence that end it now."""
        fallen = bool(self._latest) and sum(self._latest) / len(self._latest) <= take.level - FALLEN
        sure = min(1.0, take.speech / LONG) * (1.0 if fallen else UNFINISHED)
        return LONGEST_SILENCE - (LONGEST_SILENCE - SHORTEST) * sure
