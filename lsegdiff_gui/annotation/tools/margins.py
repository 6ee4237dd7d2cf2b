"""The edge of a label, moved and smoothed. Other labels keep their pixels.

Pixels outside the picture do not exist, see `annotation.morphology`: a label that touches the border is not
shrunk there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation import morphology
from lsegdiff_gui.annotation.labels import NONE
from lsegdiff_gui.annotation.region import Region, label_box
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]

_BLOCK = 512
"""Side of a block. Those without an edge of the label, most of a large lesion's too, are passed over."""


def grown(final: U8, label: int, pixels: int) -> Region:
    """The background within `pixels` of a label, by a disc, to be added to it.

    final: (H, W) uint8. Empty for a number below 1.
    """
    if pixels < 1:
        return Region.empty()
    added, _ = _differences(final, label, pixels, pixels, lambda mask: morphology.grown(mask, pixels))
    return added


def shrunk(final: U8, label: int, pixels: int) -> Region:
    """The pixels of a label within `pixels` of anything else in the picture, by a disc, to be taken from it.

    final: (H, W) uint8. Empty for a number below 1.
    """
    if pixels < 1:
        return Region.empty()
    _, taken = _differences(final, label, 0, pixels, lambda mask: morphology.grown(mask, -pixels))
    return taken


def smoothed(final: U8, label: int, kernel: int) -> tuple[Region, Region]:
    """An opening, then a closing of a label with a disc: the background to add, and the pixels to take away.

    final: (H, W) uint8; kernel: the disc's side in pixels, odd; nothing to do up to 1. Raises ValueError where even.
    """
    if kernel <= 1:
        return Region.empty(), Region.empty()
    if kernel % 2 == 0:
        raise ValueError(f"The kernel must be odd, not {kernel}.")
    # Four steps that look half a kernel away each. What a closing adds lies half a kernel away at most.
    half = kernel // 2
    return _differences(
        final, label, half, 4 * half, lambda mask: morphology.smoothed(mask, "both", kernel, "ellipse")
    )


def _differences(
    final: U8, label: int, reach: int, sight: int, change: Callable[[U8], U8]
) -> tuple[Region, Region]:
    """What a change of the label's mask adds on the background, and what it takes away.

    change: (H, W) uint8 0 or 1 to the same, with pixels outside that do not exist; reach: how far from the label it
    adds pixels; sight: from how far away pixels have a say in one.
    """
    height, width = final.shape
    box = label_box(final, label).padded(reach).clip(width, height)
    added, taken = (np.zeros((box.height, box.width), np.bool_) for _ in range(2))
    for block in _blocks(box, max(_BLOCK, sight)):
        seen = block.padded(sight).clip(width, height)
        mask = (final[seen.slices] == label).view(np.uint8)
        if cv2.countNonZero(mask) in (0, mask.size):
            continue
        core = Box(block.x0 - seen.x0, block.y0 - seen.y0, block.x1 - seen.x0, block.y1 - seen.y0).slices
        before, after = mask[core].view(np.bool_), change(mask)[core].view(np.bool_)
        place = Box(block.x0 - box.x0, block.y0 - box.y0, block.x1 - box.x0, block.y1 - box.y0).slices
        added[place] = after & (final[block.slices] == NONE)
        taken[place] = before & ~after
    return Region.of_own(added, box), Region.of_own(taken, box)


def _blocks(box: Box, side: int) -> Iterator[Box]:
    for y in range(box.y0, box.y1, side):
        for x in range(box.x0, box.x1, side):
            yield Box(x, y, x + side, y + side).intersect(box)
