"""Arithmetic on 16-bit mono sound."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

FULL = 32768  # what 1.0 is in 16 bits
RAIL = 32700  # a sample this large is as large as the device can tell


def resample(data: bytes, rate: int, to: int) -> bytes:
    """The same sound at another rate, band-limited by the lower of the two (soxr's HQ: 20 bits, linear phase)."""
    if rate == to or not data:
        return data
    import soxr

    return _packed(soxr.resample(_floats(data), rate, to))


class Resampler:
    """``resample`` for sound that comes in pieces: what it gives for them and at the ``end`` is one sound."""

    def __init__(self, rate: int, to: int) -> None:
        self._stream: Any = None
        if rate != to:
            import soxr

            self._stream = soxr.ResampleStream(rate, to, 1)

    def feed(self, data: bytes) -> bytes:
        """As much of the sound as is known by now: about 20 ms are held back."""
        return _packed(self._stream.resample_chunk(_floats(data))) if self._stream else data

    def end(self) -> bytes:
        """What was held back. Feed no more."""
        return _packed(self._stream.resample_chunk(_floats(b""), last=True)) if self._stream else b""


def peak(data: bytes) -> float:
    """The loudest sample, 0 to 1. Without numpy: it is called 30 times a second for a few hundred samples."""
    samples = array("h", data)
    return max(max(samples), -min(samples)) / FULL if samples else 0.0


def rms(data: bytes) -> float:
    """Root of the mean square, 0 to 1: how loud it is as a whole."""
    samples = array("h", data)
    return float((sum(sample * sample for sample in samples) / len(samples)) ** 0.5 / FULL) if samples else 0.0


def railed(data: bytes) -> float:
    """How much of the sound stands at the rails, 0 to 1."""
    samples = array("h", data)
    return sum(abs(sample) >= RAIL for sample in samples) / len(samples) if samples else 0.0


def _floats(data: bytes) -> NDArray[float32]:
    import numpy as np

    return np.frombuffer(data, "<i2").astype(np.float32)


def _packed(samples: Any) -> bytes:
    """16 bits of it, undithered, so that silence stays silent."""
    import numpy as np

    packed: bytes = np.clip(np.rint(samples), -FULL, FULL - 1).astype("<i2").tobytes()
    return packed
