"""From a draft's probability to the base mask: the recipe, carried out."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.morphology import grown, smoothed, with_majority
from lsegdiff_gui.annotation.recipe import Recipe, distance_in_pixels, kernel_in_pixels
from lsegdiff_gui.annotation.resample import reached_box, reaches
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]


def base_mask(probability: U8, recipe: Recipe, width: int, height: int) -> U8:
    """Carry out the recipe. probability: (G, G) uint8 over the picture -> (height, width) uint8, 0 or 1.

    In this order: linear upsampling, threshold, opening and closing, growing, smoothing, holes, components. All
    of it works inside the foreground's box, so that an empty probability costs next to nothing.
    """
    mask = np.zeros((height, width), np.uint8)
    level = _level(recipe.threshold)
    found = reached_box(probability, level, width, height)
    if found.is_empty:
        return mask
    kernel = 0 if recipe.operation == "none" else kernel_in_pixels(recipe.kernel, width, height)
    distance = distance_in_pixels(recipe.grow, width, height)
    window = kernel_in_pixels(recipe.smooth, width, height)
    # Closing looks at what it has grown by half a kernel from half a kernel away: one kernel of room makes
    # the box give what the whole picture would. A majority looks half a window away and is then itself looked
    # at from there. The one more keeps background around the mask for the holes.
    box = found.padded(kernel + max(distance, 0) + window + 1).clip(width, height)
    region = smoothed(reaches(probability, level, box, width, height), recipe.operation, kernel, recipe.shape)
    region = with_majority(grown(region, distance), window)
    if recipe.fill_holes:
        region = _without_holes(region)
    smallest = math.ceil(recipe.smallest_percent / 100.0 * width * height)
    if smallest > 1 or recipe.largest_only:
        region = _components(region, smallest, recipe.largest_only)
    mask[box.slices] = region
    return mask


def preview_mask(probability: U8, recipe: Recipe, width: int, height: int, longest: int) -> U8:
    """`base_mask` computed on a picture shrunk to `longest` pixels and brought back: (height, width), 0 or 1.

    For sliders that are being dragged: close to the exact mask, in a time that hardly depends on the size.
    """
    scale = longest / max(width, height)
    if scale >= 1.0:
        return base_mask(probability, recipe, width, height)
    small = base_mask(probability, recipe, max(1, round(width * scale)), max(1, round(height * scale)))
    mask = np.zeros((height, width), np.uint8)
    if small.any():
        cv2.resize(small, (width, height), dst=mask, interpolation=cv2.INTER_NEAREST_EXACT)
    return mask


def _level(threshold: float) -> float:
    """The threshold on the uint8 scale. At 0 all that is not nothing, never the whole picture."""
    return max(threshold * 255.0, 1e-3)


def _without_holes(mask: U8) -> U8:
    """Fill the background that has no way (in steps to the 4 neighbours) to the array's border."""
    outside = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(outside, None, (0, 0), 2, flags=4)
    inside: U8 = np.asarray(outside[1:-1, 1:-1] != 2).view(np.uint8)
    return inside


def _components(mask: U8, smallest: int, largest_only: bool) -> U8:
    """Keep the 8-connected components of at least `smallest` pixels, or of these only the largest.

    Of two equally large ones the upper, then the left one counts as larger.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    areas = stats[:, cv2.CC_STAT_AREA]
    keep = areas >= smallest
    keep[0] = False
    if largest_only and keep.any():
        order = np.lexsort((stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP], -areas))
        winner = next(index for index in order if keep[index])
        keep[:] = False
        keep[winner] = True
    if keep[1:].all():
        return mask
    kept = np.zeros_like(mask)
    if np.count_nonzero(keep) > MANY_COMPONENTS:
        return keep.view(np.uint8)[np.asarray(labels)]
    for index in np.flatnonzero(keep):
        left, top, width, height = (int(value) for value in stats[index, : cv2.CC_STAT_AREA])
        place = Box(left, top, left + width, top + height).slices
        kept[place] |= (labels[place] == index).view(np.uint8)
    return kept


MANY_COMPONENTS = 16
"""Above this one look-up over the whole region is faster than one pass over each component's own box."""
