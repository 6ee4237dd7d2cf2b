"""Holes of one, two or three pixels: what noise leaves in a region of like colour."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.region import Region

Bools = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.intp]

_RING = 3
"""Pixels outside the region's box that are looked at: a hole of three may begin in it and end out here."""

_STRIP = 32
"""Rows looked at together: what is in between stays in the cache."""


def without_specks(region: Region) -> Region:
    """The region with its holes of fewer than 4 pixels filled.

    A hole is what has no way out in steps to the 4 neighbours; what reaches past the region's box is none.
    """
    if region.is_empty:
        return region
    padded = cv2.copyMakeBorder(
        region.inside.view(np.uint8), _RING, _RING, _RING, _RING, cv2.BORDER_CONSTANT, value=0
    ).view(np.bool_)
    holes = _small_holes(padded.ravel(), _almost_closed_in(padded), padded.shape[1])
    if not holes.size:
        return region
    padded.ravel()[holes] = True
    return Region(region.box, padded[_RING:-_RING, _RING:-_RING])


def _almost_closed_in(inside: Bools) -> Integers:
    """The flat indices of pixels outside, with three or four of their 4 neighbours inside."""
    height, width = inside.shape
    found = []
    for y in range(1, height - 1, _STRIP):
        end = min(y + _STRIP, height - 1)
        above, below = inside[y - 1 : end - 1, 1:-1], inside[y + 1 : end + 1, 1:-1]
        left, right = inside[y:end, :-2], inside[y:end, 2:]
        three = (above & below & (left | right)) | (left & right & (above | below))
        three &= ~inside[y:end, 1:-1]
        index = np.flatnonzero(three)
        row, column = np.divmod(index, width - 2)
        found.append((row + y) * width + column + 1)
    return np.concatenate(found)


def _small_holes(inside: Bools, ends: Integers, stride: int) -> Integers:
    """The flat indices of all pixels in holes of one to three. ends: as of `_almost_closed_in`.

    A hole of one has no neighbour outside; in one of two or three the ends have one each, and the middle two.
    """
    steps = np.array([-stride, -1, 1, stride])

    def open_sides(pixels: Integers) -> Bools:
        return np.asarray(~inside[pixels[:, None] + steps])

    sides = open_sides(ends)
    counts = sides.sum(axis=1)
    ones = ends[counts == 0]
    ends, sides = ends[counts == 1], sides[counts == 1]
    seconds = ends + steps[sides.argmax(axis=1)]
    sides = open_sides(seconds)
    counts = sides.sum(axis=1)
    twos = seconds[counts == 1]
    ends, seconds, sides = ends[counts == 2], seconds[counts == 2], sides[counts == 2]
    sides &= (seconds[:, None] + steps) != ends[:, None]
    thirds = seconds + steps[sides.argmax(axis=1)]
    closed = open_sides(thirds).sum(axis=1) == 1
    return np.concatenate([ones, twos, seconds[closed], thirds[closed]])
