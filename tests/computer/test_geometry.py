from __future__ import annotations

from oi_voice.computer.geometry import Box, around, changed
from oi_voice.ports import Frame


def frame(width: int = 8, height: int = 4, *white: tuple[int, int]) -> Frame:
    rgb = bytearray(width * height * 3)
    for x, y in white:
        rgb[(y * width + x) * 3] = 255
    return Frame(width, height, bytes(rgb))


def test_box() -> None:
    box = Box(2, 1, 4, 2)
    assert box.center == (4, 2)
    assert box.contains(2, 1)
    assert box.contains(5, 2)
    assert not box.contains(6, 2)
    assert not box.contains(2, 3)
    assert box.grown(10, frame()) == Box(0, 0, 8, 4)
    assert around([Box(1, 1, 1, 1), Box(4, 0, 2, 3)]) == Box(1, 0, 5, 3)


def test_a_change_counts_inside_the_box_only() -> None:
    box = Box(2, 1, 4, 2)
    assert not changed(frame(), frame(), box)
    for inside in [(2, 1), (5, 1), (2, 2), (5, 2)]:
        assert changed(frame(), frame(8, 4, inside), box)
    for outside in [(1, 1), (6, 1), (3, 0), (3, 3)]:
        assert not changed(frame(), frame(8, 4, outside), box)
    assert changed(frame(), frame(9, 4), box)
