"""The ring: what was written can be read, from anywhere, until it is too old."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from oi_voice.voice.ring import Ring

blocks = st.lists(st.binary(min_size=1, max_size=8), max_size=40)


@given(blocks)
def test_who_reads_often_misses_nothing(written: list[bytes]) -> None:
    ring, position, read = Ring(16), 0, b""
    for block in written:
        ring.write(block)
        piece, position = ring.read(position)
        read += piece
    assert read == b"".join(written)


@given(blocks, st.integers(0, 400))
def test_who_reads_late_has_the_newest(written: list[bytes], position: int) -> None:
    ring = Ring(16)
    for block in written:
        ring.write(block)
    everything = b"".join(written)
    assert ring.read(position) == (everything[max(position, len(everything) - 16, 0) :], len(everything))


@given(blocks)
def test_what_is_older_than_is_to_be_kept_is_wiped(written: list[bytes]) -> None:
    ring = Ring(16, keep=5)
    for block in written:
        ring.write(bytes([1] * len(block)))
    held, end = ring.read(0)
    assert sum(held) == min(5, end)
    assert held.endswith(bytes([1] * min(5, end)))


def test_wiping_forgets_all_and_goes_on() -> None:
    ring = Ring(16)
    ring.write(b"secret")
    ring.wipe()
    ring.write(b"new")
    assert ring.read(0) == (b"\0\0\0\0\0\0new", 9)
