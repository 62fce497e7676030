"""Resampling and levels."""

from __future__ import annotations

import numpy as np
import pytest
from sounds import pcm, samples, tone

from oi_voice.voice.pcm import peak, resample


@pytest.mark.parametrize(("rate", "to"), [(48_000, 16_000), (44_100, 16_000), (22_050, 48_000), (16_000, 22_050)])
def test_a_tone_stays_the_same_tone(rate: int, to: int) -> None:
    before, wanted = tone(0.5, 440, rate), samples(tone(0.5, 440, to))
    after = np.frombuffer(resample(before.data, rate, to), "<i2") / 32768
    assert len(after) == len(wanted)
    edge = to // 50
    assert np.abs(after - wanted)[edge:-edge].max() < 0.03  # up to half a sample of shift


def test_what_the_lower_rate_cannot_hold_is_removed() -> None:
    after = np.frombuffer(resample(tone(0.5, 12_000, 48_000).data, 48_000, 16_000), "<i2")
    assert np.abs(after[320:-320]).max() < 50


def test_the_same_rate_and_nothing_are_left_alone() -> None:
    assert resample(b"\x01\x02", 16_000, 16_000) == b"\x01\x02"
    assert resample(b"", 48_000, 16_000) == b""


def test_peak() -> None:
    assert peak(b"") == 0
    assert peak(pcm(np.array([0.1, -0.5, 0.2])).data) == pytest.approx(0.5, abs=0.001)
    assert peak(b"\x00\x80") == 1
