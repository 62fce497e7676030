"""Places on the screen, and whether they still look as they did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oi_voice.ports import Frame


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def center(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height // 2

    def contains(self, x: int, y: int) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom

    def grown(self, by: int, frame: Frame) -> Box:
        """Larger by so many pixels on each side, within the frame."""
        x, y = max(0, self.x - by), max(0, self.y - by)
        return Box(x, y, min(frame.width, self.right + by) - x, min(frame.height, self.bottom + by) - y)


def around(boxes: Iterable[Box]) -> Box:
    """The smallest box that holds them all."""
    all_of_them = list(boxes)
    x, y = min(box.x for box in all_of_them), min(box.y for box in all_of_them)
    right, bottom = max(box.right for box in all_of_them), max(box.bottom for box in all_of_them)
    return Box(x, y, right - x, bottom - y)


def changed(before: Frame, after: Frame, box: Box) -> bool:
    """Whether any pixel in ``box`` differs between two frames; also when the screen itself changed its size."""
    if (before.width, before.height) != (after.width, after.height):
        return True
    for row in range(box.y, box.bottom):
        start = (row * before.width + box.x) * 3
        if before.rgb[start : start + box.width * 3] != after.rgb[start : start + box.width * 3]:
            return True
    return False
