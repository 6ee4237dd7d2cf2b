"""Flood fill and magic wand: pixels that are like the one under the cursor, and hang together with it."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.tools.reach import reached
from lsegdiff_gui.annotation.tools.speckle import without_specks
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]
Colour = tuple[float, float, float]

LARGEST_DISTANCE = 255
"""Between two colours: the difference in the channel where they differ most, as one comparison a channel tells."""


def flood(final: U8, x: int, y: int) -> Region:
    """The pixels of the same label around (x, y), the background too, in steps to the 4 neighbours.

    final: (H, W) uint8. Empty for a pixel outside the picture.
    """
    height, width = final.shape
    whole = Box.whole(width, height)
    if not _holds(whole, x, y):
        return Region.empty()
    label = final[y, x]
    return reached(lambda box: (final[box.slices] == label).view(np.uint8), x, y, whole, 4)


def colour_around(rgb8: U8, x: int, y: int) -> Colour:
    """The mean of the 3 x 3 pixels around (x, y), as far as they exist. rgb8: (H, W, 3) uint8."""
    height, width = rgb8.shape[:2]
    around = Box(x, y, x + 1, y + 1).padded(1).clip(width, height)
    red, green, blue = rgb8[around.slices].reshape(-1, 3).mean(axis=0, dtype=np.float64).tolist()
    return red, green, blue


def wand(
    rgb8: U8, x: int, y: int, tolerance: float, within: Box | None = None, like: Colour | None = None
) -> Region:
    """The pixels of a like colour around (x, y), in steps to the 4 neighbours, without single-pixel speckle.

    rgb8: (H, W, 3) uint8. A colour is alike if it differs from `like` by no more than `tolerance` percent, 0 to 100, of
    `LARGEST_DISTANCE`. The pixel itself always belongs. Holes of fewer than 4 pixels are filled. within: where to
    look; by default the whole picture. like: by default the `colour_around`. Empty for a pixel outside of `within`.
    """
    height, width = rgb8.shape[:2]
    whole = Box.whole(width, height)
    place = whole if within is None else whole.intersect(within)
    if not _holds(place, x, y):
        return Region.empty()
    mean = colour_around(rgb8, x, y) if like is None else like
    distance = tolerance / 100.0 * LARGEST_DISTANCE
    # Nudged, so that a distance that is whole but for its last bit takes the colours just at it.
    lowest = tuple(math.ceil(value - distance - 1e-9) for value in mean)
    highest = tuple(math.floor(value + distance + 1e-9) for value in mean)

    def alike(box: Box) -> U8:
        plane = np.asarray(cv2.inRange(rgb8[box.slices], lowest, highest), np.uint8)
        plane[y - box.y0, x - box.x0] = 255
        return plane

    return without_specks(reached(alike, x, y, place, 4))


def _holds(box: Box, x: int, y: int) -> bool:
    return box.x0 <= x < box.x1 and box.y0 <= y < box.y1
