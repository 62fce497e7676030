"""Decoding a take while it is still spoken, so that at its end only the tail is left.

A model of whole windows can't be fed word by word. But when the person pauses, what was said since the last cut is
decoded on the spot: should the take end there, that is already its text; should the pause last, it is kept and the
next window begins; should the person go on, it is forgotten, and nothing was lost but idle time. A decoder that can
begin with what it made of less is also asked amid speech, for the sake of the next time only.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from oi_voice.ports import Hints, Transcript
from oi_voice.voice.stt.endpoint import RATE, Loudness
from oi_voice.voice.stt.guards import Heard

if TYPE_CHECKING:
    from oi_voice.voice.stt.endpoint import Floats

PAUSE = 0.2  # seconds of quiet after which a take may be at its end
LAST_PAUSE = 0.1  # the same once the key was let go of: as long as the silence within a last consonant
GUESS = 1.0  # seconds of speech before a guess and between two, at least;
SHARE = 3  # and times as long as the guess took, so that guessing is never most of the work
OVERLAP = 0.2  # seconds of the pause that the next window begins with, where a soft consonant may hide
WINDOW = 28.0  # seconds, the longest window: Whisper sees 30, and a margin belongs to it
EARLIEST = 12.0  # seconds, the least that is cut off such a window
UNSPACED = ("zh", "ja", "th", "lo", "my", "yue", "km")  # languages written without spaces


class Stopped(Exception):
    """Nobody wants the result any more: raised inside a decoder to get out of it."""


class Listening(Protocol):
    """The session that a take belongs to, as seen from the recogniser's thread."""

    @property
    def hints(self) -> Hints: ...

    def aborted(self) -> bool:
        """Whether nobody wants the words any more."""

    def waiting(self) -> bytes:
        """What was spoken since the last piece, 16-bit samples."""

    def ending(self) -> bool:
        """Whether the tail is all that is still to come, if anything is."""


#: Decodes a window: samples, the language if it is known, and a question to ask often: whether to raise ``Stopped``.
Decode = Callable[["Floats", str, Callable[[], bool]], Heard]
#: Decodes one that ends amid speech, so that the next decode, of more of the same, is faster.
Guess = Callable[["Floats", str, Callable[[], bool]], None]


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What was decoded of the current window up to ``end`` (in samples)."""

    end: int
    heard: Heard


class Growing:
    """One take in windows; all of it runs on the recogniser's thread.

    ``early`` False waits for the end; ``whole_takes`` makes one window of it, however long; with a ``guess`` it is also
    decoded amid speech.
    """

    def __init__(
        self,
        decode: Decode,
        listening: Listening,
        engine: str,
        *,
        early: bool = True,
        whole_takes: bool = False,
        guess: Guess | None = None,
    ) -> None:
        self._decode = decode
        self._guess = guess
        self._listening = listening
        self._engine = engine
        self._early = early
        self._whole_takes = whole_takes
        self._sound = bytearray()
        self._loudness = Loudness()
        self._start = 0  # of the window, in samples
        self._kept: list[Heard] = []
        self._ahead: _Ahead | None = None
        self._spent = 0.0  # seconds of decoding before the end
        self._rested = round(GUESS * RATE)  # where the next guess may be made

    def more(self, sound: bytes) -> None:
        """The next piece. Decodes what can be; raises Stopped when the take was given up."""
        self._sound += sound
        self._loudness.feed(_floats(sound))
        if not self._early:
            return
        began = time.perf_counter()
        self._shorten()
        if not self._whole_takes:
            self._cut()
        self._look_ahead()
        self._guess_on()
        self._spent += time.perf_counter() - began

    def whole(self) -> Transcript:
        """All the words; nothing more will come."""
        began = time.perf_counter()
        self._shorten()
        last = self._loudness.last(self._start)
        if self._ahead and (last is None or last <= self._ahead.end):
            self._kept.append(self._ahead.heard)
        elif last is not None or not self._kept:
            self._kept.append(self._window(self._now, self._listening.aborted))
        timings = {"early": self._spent * 1000, "decode": (time.perf_counter() - began) * 1000}
        return joined(self._kept, self._engine, timings)

    @property
    def _now(self) -> int:
        return len(self._sound) // 2

    def _cut(self) -> None:
        """Keep what was said before a pause that was long enough, and go on from its end."""
        if found := self._loudness.pause(self._start):
            begin, end = found
            known = self._ahead and begin <= self._ahead.end <= end
            heard = self._ahead.heard if self._ahead and known else self._window(end, self._listening.aborted)
            self._keep(heard, max(begin, end - round(OVERLAP * RATE)))

    def _look_ahead(self) -> None:
        """Should this be the end, have its text; unless it turns out meanwhile that it is not."""
        last, now = self._loudness.last(self._start), self._now
        pause = LAST_PAUSE if self._listening.ending() else PAUSE
        if last is None or now - last < pause * RATE or (self._ahead and self._ahead.end >= last):
            return
        self._ahead = None
        with self._dropped():
            self._ahead = _Ahead(now, self._window(now, self._stale))

    def _guess_on(self) -> None:
        """Have the decoder see what is being said, now and then."""
        last, now = self._loudness.last(self._start), self._now
        if last is None or now - last >= PAUSE * RATE:
            self._rested = max(self._rested, now + round(GUESS * RATE))
        elif self._guess and now >= self._rested and not self._over():
            began = time.perf_counter()
            with self._dropped():
                self._guess(*self._sounding(now), self._over)
            self._rested = now + round(max(GUESS, SHARE * (time.perf_counter() - began)) * RATE)

    @contextmanager
    def _dropped(self) -> Iterator[None]:
        """What is decoded in here may be stopped without an end of the take."""
        try:
            yield
        except Stopped:
            if self._listening.aborted():
                raise

    def _over(self) -> bool:
        return self._listening.aborted() or self._listening.ending()

    def _stale(self) -> bool:
        return self._listening.aborted() or self._loudness.loud(_floats(self._listening.waiting()))

    def _shorten(self) -> None:
        """Cut off what no window holds."""
        while not self._whole_takes and self._now - self._start > WINDOW * RATE:
            latest = self._start + round(WINDOW * RATE)
            end = self._loudness.cut(self._start + round(EARLIEST * RATE), latest)
            self._keep(self._window(end, self._listening.aborted), end)

    def _window(self, end: int, stopped: Callable[[], bool]) -> Heard:
        if end == self._start:
            return Heard("")
        heard = self._decode(*self._sounding(end), stopped)
        offset = self._start / RATE
        moved = (replace(word, start=word.start + offset, end=word.end + offset) for word in heard.words)
        return replace(heard, words=tuple(moved))

    def _sounding(self, end: int) -> tuple[Floats, str]:
        """The window up to there, and its language if that is known."""
        language = next((heard.language for heard in self._kept if heard.text), "")
        return _floats(self._sound[2 * self._start : 2 * end]), language

    def _keep(self, heard: Heard, start: int) -> None:
        self._kept.append(heard)
        self._start, self._ahead = start, None


def joined(parts: Sequence[Heard], engine: str, timings: dict[str, float]) -> Transcript:
    """One transcript of the windows' words; nothing understood has no confidence."""
    said = [part for part in parts if part.text.strip()]
    language = said[0].language if said else parts[0].language if parts else "en"
    text = ("" if language in UNSPACED else " ").join(part.text.strip() for part in said)
    tokens = sum(max(part.tokens, 1) for part in said)
    mean = sum(part.log_probability * max(part.tokens, 1) for part in said) / tokens if said else -math.inf
    words = tuple(word for part in said for word in part.words)
    return Transcript(text, language, min(1.0, math.exp(mean)), engine, timings, words=words)


def _floats(sound: bytes | bytearray) -> Floats:
    import numpy as np

    return np.frombuffer(sound[: len(sound) & ~1], "<i2").astype(np.float32) / 32768
