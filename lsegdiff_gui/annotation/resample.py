"""From the model's grid to the picture's pixels: linear, with exact half-pixel centres, only where needed.

OpenCV's resize works on whole planes and its sub-pixel warps round to 1/32 pixel; here any box of the picture
is computed on its own, by plain float32 products, so that every machine gives the same bits.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]


def upsampled(plane: U8, box: Box, width: int, height: int) -> F32:
    """The values of a (G, G) uint8 plane at the pixels of `box`: (box.height, box.width) float32 in [0, 255].

    The plane covers the whole picture of `width` x `height`. `box` must lie inside the picture.
    """
    values = np.empty((box.height, box.width), np.float32)
    for rows, block in _blocks(plane, box, width, height):
        values[rows] = block
    return values


def reaches(plane: U8, level: float, box: Box, width: int, height: int) -> U8:
    """Where `upsampled` is at least `level` (0 to 255): (box.height, box.width) uint8, 0 or 1.

    Never holds more than a few rows of float values, however large the picture is.
    """
    mask = np.empty((box.height, box.width), np.uint8)
    cut = np.float32(level)
    for rows, block in _blocks(plane, box, width, height):
        np.greater_equal(block, cut, out=mask[rows].view(np.bool_))
    return mask


def reached_box(plane: U8, level: float, width: int, height: int) -> Box:
    """A box of the picture outside of which `upsampled` stays below `level`; empty if it does everywhere."""
    cells = Box.of(plane >= level)
    if cells.is_empty:
        return cells
    grid_height, grid_width = plane.shape
    # A cell bears on the pixels up to one cell around its own centre; floor and ceil err on the safe side.
    return Box(
        int(np.floor((cells.x0 - 0.5) * width / grid_width)) - 1,
        int(np.floor((cells.y0 - 0.5) * height / grid_height)) - 1,
        int(np.ceil((cells.x1 + 0.5) * width / grid_width)) + 1,
        int(np.ceil((cells.y1 + 0.5) * height / grid_height)) + 1,
    ).clip(width, height)


def _blocks(plane: U8, box: Box, width: int, height: int) -> Iterator[tuple[slice, F32]]:
    """Runs of rows of the box that lie between the same two grid rows, with their values."""
    grid_height, grid_width = plane.shape
    left, right, across = _taps(box.x0, box.x1, width, grid_width)
    top, bottom, down = _taps(box.y0, box.y1, height, grid_height)
    if box.is_empty:
        return
    first = int(top[0])
    needed = plane[first : int(bottom[-1]) + 1].astype(np.float32)
    spread = needed[:, left]
    spread += across * (needed[:, right] - spread)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(top)) + 1, [len(top)]))
    for start, stop in itertools.pairwise(starts):
        above = spread[top[start] - first]
        below = spread[bottom[start] - first]
        block = np.multiply.outer(down[start:stop], below - above)
        block += above
        yield slice(int(start), int(stop)), block


def _taps(start: int, stop: int, size: int, grid: int) -> tuple[Rows, Rows, F32]:
    """For pixels start … stop-1 of `size`: the grid cells on either side and how far towards the second."""
    centres = np.clip((np.arange(start, stop) + 0.5) * grid / size - 0.5, 0, grid - 1)
    low = np.floor(centres).astype(np.intp)
    return low, np.minimum(low + 1, grid - 1), (centres - low).astype(np.float32)
