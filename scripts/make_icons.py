#!/usr/bin/env python3
"""Draw the icons of assets/icons: one picture a state, at 22 px (panels) and 64 px (windows, dense screens).

Every state differs in shape as well as in colour; a pale rim keeps each legible on light and dark panels.
Run it again after a change: ``python scripts/make_icons.py``. The pictures it draws are kept in the repository.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

SIZES = (22, 64)
GRID = 64  # units of the drawings below
FINE = 16  # pixels a unit while drawing; scaled down afterwards
WHITE = (255, 255, 255, 255)
RIM = (255, 255, 255, 235)
FOLDER = Path(__file__).resolve().parent.parent / "assets" / "icons"

Point = tuple[float, float]


class Pen:
    """Draws in units of the grid, much enlarged."""

    def __init__(self) -> None:
        self.image = Image.new("RGBA", (GRID * FINE, GRID * FINE), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.image)

    def _at(self, *points: Point) -> list[Point]:
        return [(x * FINE, y * FINE) for x, y in points]

    def disc(self, x: float, y: float, radius: float, colour: tuple[int, ...]) -> None:
        self._draw.ellipse(self._at((x - radius, y - radius), (x + radius, y + radius)), fill=colour)

    def box(self, left: float, top: float, right: float, bottom: float, radius: float, colour: tuple[int, ...]) -> None:
        self._draw.rounded_rectangle(self._at((left, top), (right, bottom)), radius * FINE, fill=colour)

    def line(self, *points: Point, width: float, colour: tuple[int, ...] = WHITE) -> None:
        """A stroke with round ends and corners."""
        self._draw.line(self._at(*points), fill=colour, width=round(width * FINE), joint="curve")
        for x, y in points:
            self.disc(x, y, width / 2, colour)

    def shape(self, *points: Point, colour: tuple[int, ...], round_by: float = 0) -> None:
        self._draw.polygon(self._at(*points), fill=colour)
        if round_by:
            self.line(*points, points[0], width=2 * round_by, colour=colour)

    def arc(self, x: float, y: float, radius: float, start: float, end: float, width: float) -> None:
        """Degrees, clockwise from three o'clock."""
        outer = radius + width / 2
        corners = self._at((x - outer, y - outer), (x + outer, y + outer))
        self._draw.arc(corners, start, end, fill=WHITE, width=round(width * FINE))


def badge(pen: Pen, colour: tuple[int, ...]) -> None:
    pen.disc(32, 32, 31, RIM)
    pen.disc(32, 32, 28.5, colour)


def microphone(pen: Pen, x: float = 32) -> None:
    pen.box(x - 6.5, 12, x + 6.5, 36, 6.5, WHITE)
    pen.arc(x, 29.5, 12, 10, 170, 4)
    pen.line((x, 42), (x, 49), width=4)
    pen.line((x - 7, 50), (x + 7, 50), width=4)


def idle(pen: Pen) -> None:
    badge(pen, (71, 85, 105, 255))
    microphone(pen)


def listening(pen: Pen) -> None:
    badge(pen, (220, 38, 38, 255))
    for x, half in ((14, 5), (23, 13), (32, 20), (41, 13), (50, 5)):
        pen.line((x, 32 - half), (x, 32 + half), width=5.2)


def thinking(pen: Pen) -> None:
    badge(pen, (124, 58, 237, 255))
    for x in (17, 32, 47):
        pen.disc(x, 32, 5.4, WHITE)


def asking(pen: Pen) -> None:
    """A speech bubble, for here the person is waited for."""
    for grow, colour in ((0, RIM), (2.5, (217, 119, 6, 255))):
        pen.box(1 + grow, 2 + grow, 63 - grow, 50 - grow, 13 - grow, colour)
        pen.shape((16 + grow, 44), (38 - grow, 44), (17 + grow, 62 - 1.8 * grow), colour=colour)
    pen.arc(32, 19, 8.5, 175, 380, 5.4)
    pen.line((40, 22), (32.5, 29), (32, 33), width=5.4)
    pen.disc(32, 41.5, 3.4, WHITE)


def running(pen: Pen) -> None:
    """A square with a triangle, as on a player."""
    pen.box(1, 1, 63, 63, 14, RIM)
    pen.box(3.5, 3.5, 60.5, 60.5, 11.5, (22, 130, 70, 255))
    pen.shape((24, 17), (48, 32), (24, 47), colour=WHITE, round_by=2)


def speaking(pen: Pen) -> None:
    badge(pen, (2, 110, 190, 255))
    pen.shape((12, 26), (20, 26), (30, 17), (30, 47), (20, 38), (12, 38), colour=WHITE, round_by=1.5)
    pen.arc(32, 32, 9, -48, 48, 4.6)
    pen.arc(32, 32, 18, -48, 48, 4.6)


def error(pen: Pen) -> None:
    for grow, colour in ((0.0, RIM), (2.5, (185, 28, 28, 255))):
        pen.shape(
            (32, 7 + 1.2 * grow),
            (58 - grow, 55 - grow / 2),
            (6 + grow, 55 - grow / 2),
            colour=colour,
            round_by=6 - grow,
        )
    pen.line((32, 22), (32, 38), width=6)
    pen.disc(32, 48.5, 3.6, WHITE)


def muted(pen: Pen) -> None:
    badge(pen, (100, 116, 139, 255))
    microphone(pen)
    pen.line((13, 13), (51, 51), width=10, colour=(100, 116, 139, 255))
    pen.line((13, 13), (51, 51), width=5)


DRAWINGS: dict[str, Callable[[Pen], None]] = {
    drawing.__name__: drawing for drawing in (idle, listening, thinking, asking, running, speaking, error, muted)
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, draw in DRAWINGS.items():
        pen = Pen()
        draw(pen)
        for size in SIZES:
            picture = pen.image.resize((size, size), Image.Resampling.LANCZOS)
            picture.save(FOLDER / f"{name}-{size}.png", optimize=True)


if __name__ == "__main__":
    main()
