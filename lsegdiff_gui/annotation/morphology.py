"""Opening, closing, growing and smoothing of binary masks with a disc, square or cross of any size.

Pixels outside the array do not exist: an erosion does not count them as background and a dilation not as
foreground. A mask that touches the picture's border is therefore not eaten there, and opening never adds a
pixel nor closing takes one, at the border as anywhere.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.recipe import Operation, Shape

U8 = npt.NDArray[np.uint8]

DISTANCES_FROM = 47
"""From this kernel side on a disc is applied by the exact distance transform, whose time does not depend on
the side; below it OpenCV's own loop over the disc is faster (measured: they meet near 50)."""


def smoothed(mask: U8, operation: Operation, kernel: int, shape: Shape) -> U8:
    """Opening, closing, or opening then closing. mask: (H, W) uint8 0 or 1; kernel: side, odd or 0 (off)."""
    if kernel <= 1 or operation == "none":
        return mask
    if operation in ("opening", "both"):
        mask = dilated(eroded(mask, kernel, shape), kernel, shape)
    if operation in ("closing", "both"):
        mask = eroded(dilated(mask, kernel, shape), kernel, shape)
    return mask


def grown(mask: U8, distance: int) -> U8:
    """Move the edge out by `distance` pixels, in where negative. mask: (H, W) uint8 0 or 1."""
    if distance == 0:
        return mask
    side = 2 * abs(distance) + 1
    return dilated(mask, side, "ellipse") if distance > 0 else eroded(mask, side, "ellipse")


def with_majority(mask: U8, side: int) -> U8:
    """Each pixel as most of the square of this side around it, itself where they are even: a median.

    mask: (H, W) uint8 0 or 1; side: odd or 0 (off). Only pixels that exist have a say.
    """
    if side <= 1:
        return mask
    # Whole numbers: sums of floats would depend on where the array begins.
    ballots = 2 * mask.astype(np.int16) - 1
    sums = cv2.boxFilter(ballots, cv2.CV_32S, (side, side), normalize=False, borderType=cv2.BORDER_CONSTANT)
    result = np.asarray(sums > 0).view(np.uint8)
    np.copyto(result, mask, where=sums == 0)
    return result


def eroded(mask: U8, kernel: int, shape: Shape) -> U8:
    """The pixels whose whole neighbourhood (as far as it exists) is foreground."""
    return 1 - dilated(1 - mask, kernel, shape)


def dilated(mask: U8, kernel: int, shape: Shape) -> U8:
    """The pixels with any foreground in their neighbourhood. mask: (H, W) uint8 0 or 1; kernel: side, odd."""
    if shape == "square":
        # Two thin kernels instead of one of k x k: OpenCV separates them only when told so.
        return _dilate(_dilate(mask, np.ones((1, kernel), np.uint8)), np.ones((kernel, 1), np.uint8))
    if shape == "cross":
        row = _dilate(mask, np.ones((1, kernel), np.uint8))
        return row | _dilate(mask, np.ones((kernel, 1), np.uint8))
    if kernel < DISTANCES_FROM:
        return _dilate(mask, disc(kernel))
    return _dilated_by_distance(mask, kernel)


def disc(kernel: int) -> U8:
    """The disc of diameter `kernel`: (k, k) uint8, 1 where a pixel lies within k / 2 of the middle one."""
    offsets = np.arange(kernel) - kernel // 2
    return (offsets[:, None] ** 2 + offsets[None, :] ** 2 <= kernel * kernel / 4).astype(np.uint8)


def _dilated_by_distance(mask: U8, kernel: int) -> U8:
    if not mask.any():
        return mask.copy()
    distance = cv2.distanceTransform(1 - mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # Squared distances are whole and k * k / 4 never is, so float32 roots cannot fall on the wrong side.
    return (distance <= kernel / 2).view(np.uint8)


def _dilate(mask: U8, kernel: U8) -> U8:
    return np.asarray(cv2.dilate(mask, kernel), np.uint8)
