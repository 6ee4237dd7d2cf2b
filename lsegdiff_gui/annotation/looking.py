"""A part of a picture drafted by itself, in its own pixels, and put back into the mask without a seam."""

from __future__ import annotations

import math

import cv2
import numpy as np

from lsegdiff_gui.annotation.base import U8
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.labels import ERASED, NONE
from lsegdiff_gui.annotation.morphology import smoothed
from lsegdiff_gui.annotation.recipe import Recipe, kernel_in_pixels
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.resample import upsampled
from lsegdiff_gui.annotation.steps import Changes
from lsegdiff_gui.imaging.geometry import Box

AROUND = 0.2  # of the box's longer side: so much more of the picture the model sees on each side
LEAST_AROUND = 24  # pixels
SEAM = 0.08  # of the box's shorter side: within it what was there goes over into what was found


def with_surroundings(box: Box, width: int, height: int) -> Box:
    """The part of a picture (width, height) that is drafted for the sake of a box."""
    return box.padded(max(LEAST_AROUND, math.ceil(AROUND * max(box.width, box.height)))).clip(width, height)


def found_in_box(draft: Draft, part: Box, box: Box, recipe: Recipe, final: U8, label: int) -> Changes:
    """What a draft of a part changes within the box: regions to be set to the label, and to be erased.

    draft: of the pixels of `part`, which holds the box. final: (H, W) uint8, the labels that are there; those of other
    labels stay. Threshold, opening and closing are the recipe's, with the kernel of the whole picture.
    """
    inner = Box(box.x0 - part.x0, box.y0 - part.y0, box.x1 - part.x0, box.y1 - part.y0)
    found = upsampled(draft.mask_probability, inner, part.width, part.height)
    there = final[box.slices]
    height, width = final.shape
    share = _share(box, width, height)
    probability = share * found + (1.0 - share) * np.where(there == label, np.float32(255.0), np.float32(0.0))
    mask = (probability >= max(recipe.threshold * 255.0, 1e-3)).astype(np.uint8)
    kernel = kernel_in_pixels(recipe.kernel, width, height)
    mask = np.where(share >= 1.0, smoothed(mask, recipe.operation, kernel, recipe.shape), mask)
    added = (mask != 0) & (there == NONE)
    gone = (mask == 0) & (there == label)
    return [(Region.of_mask(added, box), label), (Region.of_mask(gone, box), ERASED)]


def _share(box: Box, width: int, height: int) -> np.ndarray:
    """How much what was found counts at each pixel of a box: (h, w) float32, 0 at its rim, 1 within.

    Along the picture's own border there is nothing to go over into: there it counts in full.
    """
    inside = np.zeros((box.height + 2, box.width + 2), np.uint8)
    inside[1:-1, 1:-1] = 1
    for side, at_border in (
        ((slice(None), 0), box.x0 == 0),
        ((slice(None), -1), box.x1 == width),
        ((0, slice(None)), box.y0 == 0),
        ((-1, slice(None)), box.y1 == height),
    ):
        if at_border:
            inside[side] = 1
    if inside.all():
        return np.ones((box.height, box.width), np.float32)
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[1:-1, 1:-1]
    seam = max(2.0, SEAM * min(box.width, box.height))
    share: np.ndarray = np.minimum((distance - 1.0) / seam, 1.0).astype(np.float32)
    return share
