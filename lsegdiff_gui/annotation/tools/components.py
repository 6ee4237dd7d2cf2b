"""The pieces of a label that hang together, in steps to the 8 neighbours, and the holes in them."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.labels import NONE
from lsegdiff_gui.annotation.region import Region, label_box
from lsegdiff_gui.annotation.tools.reach import reached
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]


def at(final: U8, x: int, y: int) -> Region:
    """The component under (x, y), of whatever label; empty on the background and outside the picture.

    final: (H, W) uint8.
    """
    height, width = final.shape
    if not (0 <= x < width and 0 <= y < height) or final[y, x] == NONE:
        return Region.empty()
    label = final[y, x]
    whole = Box.whole(width, height)
    return reached(lambda box: (final[box.slices] == label).view(np.uint8), x, y, whole, 8)


def others(final: U8, x: int, y: int) -> Region:
    """All components of the label under (x, y) but the one there; empty where that is the only one, or none.

    final: (H, W) uint8.
    """
    kept = at(final, x, y)
    if kept.is_empty:
        return Region.empty()
    label = int(final[y, x])
    box = label_box(final, label)
    return _but(final, label, box, kept)


def all_but_largest(final: U8, label: int) -> Region:
    """All components of a label but the largest; of equally large ones the upper, then the left one stays.

    final: (H, W) uint8.
    """
    box = label_box(final, label)
    if box.is_empty:
        return Region.empty()
    plane = (final[box.slices] == label).view(np.uint8)
    _, numbers, stats, _ = cv2.connectedComponentsWithStats(plane, connectivity=8, ltype=cv2.CV_32S)
    rows = stats[1:]
    order = np.lexsort((rows[:, cv2.CC_STAT_LEFT], rows[:, cv2.CC_STAT_TOP], -rows[:, cv2.CC_STAT_AREA]))
    # In place: at this size every further array of numbers costs as much as finding the components.
    inside = plane.view(np.bool_)
    inside &= numbers != 1 + order[0]
    return Region.of_own(inside, box)


def holes(final: U8, label: int) -> Region:
    """The background that this label encloses: no way leads from there to the outside but over the label.

    final: (H, W) uint8. Ways go in steps to the 4 neighbours, over other labels too; the outside begins at the
    picture's border, as for the recipe.
    """
    box = label_box(final, label)
    if box.is_empty:
        return Region.empty()
    plane = (final[box.slices] == label).view(np.uint8)
    ways = cv2.copyMakeBorder(plane, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(ways, None, (0, 0), 1, flags=4)
    inside = ways[1:-1, 1:-1] == 0
    inside &= final[box.slices] == NONE
    return Region.of_own(inside, box)


def _but(final: U8, label: int, box: Box, kept: Region) -> Region:
    """The pixels of a label, all within `box`, without those of a region that lies in there."""
    inside = final[box.slices] == label
    y, x = kept.box.y0 - box.y0, kept.box.x0 - box.x0
    part = inside[y : y + kept.box.height, x : x + kept.box.width]
    part &= ~kept.inside
    return Region.of_own(inside, box)
