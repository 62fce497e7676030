"""A picture of the screen made easy to read: dark text on white, whatever the colours, and no borders.

What differs from its surroundings is ink. A screen's background is a median over more pixels than a letter's
strokes have, so text of either polarity comes out alike; borders, which make a recogniser take buttons for
pictures, are the straight runs longer than any stroke. Of 32 labels in a dark window 32 are read then, 15 to 25
in plain grey; a dialog on a black desktop gives all its words instead of none to two in five.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oi_voice.ports import Frame

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AROUND = 11  # pixels; the square of which the median is background
STROKE = 28  # pixels; a longer straight run is a border
VISIBLE = 16  # of 255; a fainter difference does not make a border
GAIN = 2  # so that grey text is black


def ink(frame: Frame, scale: int) -> bytes:
    """The frame's text in grey at ``scale`` times its size, as a PGM file."""
    import numpy as np
    from PIL import Image, ImageChops, ImageFilter

    grey = Image.frombytes("RGB", (frame.width, frame.height), frame.rgb).convert("L")
    contrast = np.asarray(ImageChops.difference(grey, grey.filter(ImageFilter.MedianFilter(AROUND))))
    visible = contrast > VISIBLE
    borders = runs(visible, STROKE) | runs(visible.T, STROKE).T
    text = np.where(borders, 0, contrast.astype(np.int32) * GAIN).clip(0, 255)
    picture = Image.fromarray((255 - text).astype(np.uint8))
    large = picture.resize((frame.width * scale, frame.height * scale), Image.Resampling.BICUBIC)
    return b"P5 %d %d 255\n" % large.size + large.tobytes()


def runs(mask: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Where a row has ``length`` or more set in succession: all pixels of such runs."""
    import numpy as np

    height, width = mask.shape
    if width < length:
        return np.zeros_like(mask)
    before = np.zeros((height, width + 1), np.int32)
    before[:, 1:] = mask.cumsum(axis=1)
    starts = before[:, length:] - before[:, :-length] == length
    steps: NDArray[Any] = np.zeros((height, width + 1), np.int32)
    steps[:, : starts.shape[1]] += starts
    steps[:, length : length + starts.shape[1]] -= starts
    return steps.cumsum(axis=1)[:, :-1] > 0
