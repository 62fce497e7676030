"""Pauses in a growing take, by loudness: where it may be cut without cutting a word.

This decides only where to cut and what needs no second look; whether a take holds speech at all is the activity
gate's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import floating
    from numpy.typing import NDArray

    Floats = NDArray[floating[Any]]

RATE = 16_000  # Hz
FRAME = 320  # samples, 20 ms
# A frame is quiet when it is near the take's own quiet parts, and well below its loud ones (12 dB: in steady noise
# little is, and then nothing is cut). A soft word after loud ones stands out of the quiet and so counts as loud.
QUIET_PARTS, LOUD_PARTS = 10, 95  # percentiles of the frames' power
ABOVE_QUIET, BELOW_LOUD = 4.0, 15.0  # times the power
SILENCE = 1e-7  # power of full scale, -70 dB: below it nothing is heard
FAINT = 1e-4  # of the loud ones' power, 40 dB down: an echo, where the quiet ones are none at all
# Seconds of speech after the last cut, and how long a pause must be to cut there: the more there is, the sooner.
NEEDED = ((8.0, 0.2), (4.0, 0.3), (2.0, 0.5), (0.0, 0.8))


def needed(seconds: float) -> float:
    """How many seconds of pause end a stretch of so many seconds."""
    return next(pause for spoken, pause in NEEDED if seconds >= spoken)


class Loudness:
    """How loud a take is along the way. All places are in samples from its beginning."""

    def __init__(self) -> None:
        import numpy as np

        self._powers: Floats = np.empty(0, np.float32)
        self._rest: Floats = np.empty(0, np.float32)  # less than a frame
        self._threshold = SILENCE

    def feed(self, samples: Floats) -> None:
        """The next piece, -1 to 1."""
        import numpy as np

        samples = np.concatenate([self._rest, samples])
        whole = len(samples) // FRAME * FRAME
        self._rest = samples[whole:]
        self._powers = np.concatenate([self._powers, _powers(samples[:whole])])
        if len(self._powers):
            quiet, loud = np.percentile(self._powers, (QUIET_PARTS, LOUD_PARTS))
            self._threshold = max(SILENCE, loud * FAINT, min(quiet * ABOVE_QUIET, loud / BELOW_LOUD))

    def loud(self, samples: Floats) -> bool:
        """Whether something is said in a piece that comes next."""
        return bool((_powers(samples[: len(samples) // FRAME * FRAME]) > self._threshold).any())

    def last(self, start: int) -> int | None:
        """Where the last loud frame ends, if there is any from ``start`` on."""
        import numpy as np

        first = start // FRAME
        found = np.flatnonzero(self._powers[first:] > self._threshold)
        return int(first + found[-1] + 1) * FRAME if len(found) else None

    def pause(self, start: int) -> tuple[int, int] | None:
        """The last pause long enough to end what was said from ``start`` on: where it begins and, so far, ends."""
        return next(
            (
                (begin, end)
                for begin, end in reversed(self._pauses(start))
                if begin > start and (end - begin) / RATE >= needed((begin - start) / RATE)
            ),
            None,
        )

    def cut(self, earliest: int, latest: int) -> int:
        """The best place to cut in there: in the middle of the longest pause, else where it is least loud."""
        import numpy as np

        powers = self._powers[earliest // FRAME : latest // FRAME]
        if pauses := self._pauses(earliest, latest):
            begin, end = max(pauses, key=lambda pause: pause[1] - pause[0])
            return (begin + end) // 2
        return earliest + int(np.argmin(np.convolve(powers, np.ones(5), "same"))) * FRAME

    def _pauses(self, start: int, end: int | None = None) -> list[tuple[int, int]]:
        """Where each pause begins and ends."""
        import numpy as np

        first = start // FRAME
        quiet = self._powers[first : None if end is None else end // FRAME] <= self._threshold
        edges = np.flatnonzero(np.diff(np.concatenate(([0], quiet.astype(np.int8), [0])))) + first
        return [(int(begin) * FRAME, int(end) * FRAME) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


def _powers(samples: Floats) -> Floats:
    """Mean power of each frame, of whole frames."""
    result: Floats = (samples.reshape(-1, FRAME) ** 2).mean(axis=1)
    return result
