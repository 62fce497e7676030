"""Listens at the loudspeaker all the time, and tells when there was sound.

Times are ``time.monotonic()`` seconds, the clock of every event. Samples are mapped to it by the earliest
arrival seen (sample n cannot have been played later than when it came in), so that a late read of ours
does not shift the time of a sound. The sink renders a block at a time; a sample is given the time at which its
block was there as a whole, so that times are up to one block late and never early.
"""

from __future__ import annotations

import subprocess
import threading
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oi_voice.demo.stage import SPEAKER_MONITOR, Stage
from oi_voice.runtime import daemon

if TYPE_CHECKING:
    import numpy

RATE = 16000
#: Amplitude (of 32767) above which a sample counts as sound. A null sink is exactly silent between sounds.
LOUD = 100
WINDOW = 400  # samples of a spectrum: 25 ms
#: Seconds that the sink renders at a time; parec's wish for this latency makes it so.
BLOCK = 0.010
#: Seconds dropped at the start: what the sink had rendered ahead comes in a burst, before its time.
SETTLING = 0.3


class Monitor:
    """A recording of the loudspeaker from ``start`` to ``close``: 16 kHz, mono, 16 bit."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._data = bytearray()
        self._origin = float("inf")  # monotonic time of sample 0
        self._changed = threading.Condition()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, timeout: float = 5.0) -> None:
        """Begin; returns when the first samples have come in."""
        form = ("--raw", "--format=s16le", f"--rate={RATE}", "--channels=1", f"--latency-msec={1000 * BLOCK:.0f}")
        self._process = self._stage.children.start(
            "parec", f"--device={SPEAKER_MONITOR}", *form, env=self._stage.env, stdout=subprocess.PIPE
        )
        daemon(self._read, "speaker monitor")
        with self._changed:
            self._changed.wait_for(lambda: len(self._data) > 0, timeout)

    def close(self) -> None:
        """Stop listening. What was heard can still be asked about."""
        if self._process is not None:
            self._stage.children.end(self._process)
            self._process = None

    def first_sound(self, after: float, before: float = float("inf")) -> float | None:
        """When the first sound after that time began; None if there was none."""
        loud = self._loud(after, before)
        return self._time(int(loud[0])) if loud.size else None

    def last_sound(self, after: float, before: float = float("inf")) -> float | None:
        """When the last sound after that time ended; None if there was none."""
        loud = self._loud(after, before)
        return self._time(int(loud[-1]) + 1) if loud.size else None

    def rms(self, after: float, before: float) -> float:
        """Root mean square of the span, 0 to 1."""
        samples = self.samples(after, before).astype("float64") / 32768
        return float((samples**2).mean() ** 0.5) if samples.size else 0.0

    def seconds_of_sound(self, after: float, before: float) -> float:
        """How much of the span has sound in it, counted in pieces of 20 ms."""
        piece = RATE // 50
        samples = self.samples(after, before)
        pieces = samples[: samples.size // piece * piece].reshape(-1, piece)
        return float((abs(pieces.astype("int32")).max(axis=1) > LOUD).sum()) / 50 if pieces.size else 0.0

    def wait_for_sound(self, after: float, timeout: float) -> float | None:
        """When the first sound after that time began, as soon as it is heard; None after ``timeout``."""
        return self._wait(lambda: self.first_sound(after), timeout)

    def wait_for_silence(self, after: float, quiet: float, timeout: float) -> float | None:
        """When sound last ended, once it has been silent for ``quiet`` seconds (and since ``after``)."""

        def ended() -> float | None:
            now = self._time(len(self._data) // 2)
            last = self.last_sound(after) or after
            return last if now - last >= quiet else None

        return self._wait(ended, timeout)

    def samples(self, after: float, before: float) -> numpy.ndarray[Any, Any]:
        """The samples of that span, as int16."""
        import numpy

        with self._changed:
            first, last = self._index(after), self._index(before)
            return numpy.frombuffer(bytes(self._data[2 * first : 2 * last]), dtype="<i2")

    def likeness(self, wav: Path, after: float, before: float) -> float:
        """How like a recording the sound of that span is, 0 to 1: the best correlation of their spectrograms.

        Not of the waves: the pitch of a speech engine flutters with all that it has said before.
        """
        import numpy

        with wave.open(str(wav), "rb") as file:
            rate, data = file.getframerate(), file.readframes(file.getnframes())
        wanted = numpy.frombuffer(data, "<i2").astype(float)
        wanted = numpy.interp(numpy.arange(0, len(wanted), rate / RATE), numpy.arange(len(wanted)), wanted)
        there, sought = _spectrogram(self.samples(after, before).astype(float)), _spectrogram(wanted)
        pieces = [there[at : at + len(sought)] for at in range(len(there) - len(sought) + 1)]
        heard = [piece for piece in pieces if piece.any()]
        return max((float(numpy.corrcoef(piece.ravel(), sought.ravel())[0, 1]) for piece in heard), default=0.0)

    def save(self, path: Path, after: float = 0.0, before: float = float("inf")) -> Path:
        """Write the span (by default all) as a WAV file."""
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(self.samples(after, before).tobytes())
        return path

    def _wait(self, answer: Callable[[], float | None], timeout: float) -> float | None:
        end = time.monotonic() + timeout
        with self._changed:
            while (found := answer()) is None and time.monotonic() < end:
                self._changed.wait(end - time.monotonic())
        return found

    def _loud(self, after: float, before: float) -> Any:
        import numpy

        first = self._index(after)
        return numpy.flatnonzero(abs(self.samples(after, before).astype("int32")) > LOUD) + first

    def _index(self, at: float) -> int:
        """The sample that was played at that time, kept within what there is."""
        there = len(self._data) // 2
        return min(max(0, round((min(at, self._time(there)) - self._origin) * RATE)), there) if there else 0

    def _time(self, index: int) -> float:
        return self._origin + index / RATE

    def _read(self) -> None:
        process = self._process
        if process is None or process.stdout is None:
            return
        settled = time.monotonic() + SETTLING
        while piece := _read_some(process):
            now = time.monotonic()
            if now < settled:
                continue
            with self._changed:
                self._data += piece
                self._origin = min(self._origin, now + BLOCK - len(self._data) / 2 / RATE)
                self._changed.notify_all()


def _spectrogram(samples: numpy.ndarray[Any, Any]) -> numpy.ndarray[Any, Any]:
    """How loud each of 20 bands to 8 kHz is, every 10 ms, as a logarithm."""
    import numpy

    if len(samples) < WINDOW:
        return numpy.zeros((0, 20))
    frames = numpy.lib.stride_tricks.sliding_window_view(samples, WINDOW)[:: RATE // 100] * numpy.hanning(WINDOW)
    bands = abs(numpy.fft.rfft(frames))[:, : WINDOW // 2].reshape(len(frames), 20, -1).mean(2)
    result: numpy.ndarray[Any, Any] = numpy.log1p(bands)
    return result


def _read_some(process: subprocess.Popen[bytes]) -> bytes:
    try:
        return process.stdout.read1(65536) if process.stdout else b""  # type: ignore[attr-defined]  # it is buffered
    except ValueError:  # closed by us
        return b""
