"""What hangs together with a pixel, found without looking at the rest of a large picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]

_FIRST = 128
"""How far around the pixel is looked at first: a few microseconds."""

_GROWTH = 4
"""Then each time this many times as far: all that was looked at in vain is a fifteenth of the last look."""

_REACHED = 2


def reached(belongs: Callable[[Box], U8], x: int, y: int, within: Box, neighbours: Literal[4, 8]) -> Region:
    """The pixels that belong and are reached from (x, y) over such pixels, in steps to the 4 or 8 neighbours.

    belongs: which pixels of a box do, a new array (box.height, box.width) uint8 of 0 and 1, or of
    0 and 255; pixels outside `within` do not. Empty where (x, y) does not belong.
    """
    if not (within.x0 <= x < within.x1 and within.y0 <= y < within.y1):
        return Region.empty()
    margin = _FIRST
    while True:
        window = Box(x, y, x + 1, y + 1).padded(margin).intersect(within)
        plane = belongs(window)
        if not plane[y - window.y0, x - window.x0]:
            return Region.empty()
        # Only without a mask does OpenCV fill by whole runs, which is several times as fast.
        _, _, _, (left, top, width, height) = cv2.floodFill(
            plane, None, (x - window.x0, y - window.y0), _REACHED, flags=neighbours
        )
        found = Box(window.x0 + left, window.y0 + top, window.x0 + left + width, window.y0 + top + height)
        if window == within or not _leaves(found, window, within):
            return Region(found, plane[top : top + height, left : left + width] == _REACHED)
        margin *= _GROWTH


def _leaves(found: Box, window: Box, within: Box) -> bool:
    """Whether what was found touches a side of the window beyond which there is more."""
    return (
        (found.x0 == window.x0 > within.x0)
        or (found.y0 == window.y0 > within.y0)
        or (found.x1 == window.x1 < within.x1)
        or (found.y1 == window.y1 < within.y1)
    )
