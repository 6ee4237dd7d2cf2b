"""Regions drawn as outlines."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]


def polygon(points: Sequence[tuple[float, float]], width: int, height: int) -> Region:
    """The pixels of a picture of this size whose middles lie inside the closed outline through these points.

    points: (x, y) in pixels, within the picture or not; pixel (i, j) has its middle at (i + .5, j + .5). Even–odd:
    what an outline that crosses itself goes round twice lies outside. A middle on the outline lies inside where
    the inside is to its right, or below it along a level edge; two polygons that share an edge so share no pixel
    and leave none out. An outline of one or two points has no inside.

    Raises ValueError for a coordinate that is no finite number.
    """
    outline = np.array(points, np.float64).reshape(-1, 2)
    if not np.isfinite(outline).all():
        raise ValueError("An outline has a point that is nowhere.")
    if len(outline) < 3:
        return Region.empty()
    (left, top), (right, bottom) = outline.min(axis=0), outline.max(axis=0)
    box = Box(
        _clipped(math.floor(left), width),
        _clipped(_first_middle(top), height),
        _clipped(math.ceil(right), width),
        _clipped(_first_middle(bottom), height),
    )
    if box.is_empty:
        return Region.empty()
    row, column = _crossings(outline, box)
    return Region.of_mask(_between(row, column, box), box)


def _crossings(outline: Floats, box: Box) -> tuple[Integers, Integers]:
    """Where the outline crosses the rows' middle lines: rows, and the first pixels not left of it, in the box."""
    # Each edge from its upper end to its lower one: the same numbers for it, whichever polygon it belongs to.
    ends = np.stack([outline, np.roll(outline, -1, axis=0)])
    upper = np.where(ends[0, :, 1] <= ends[1, :, 1], 0, 1)
    edges = np.arange(len(outline))
    start, end = ends[upper, edges], ends[1 - upper, edges]

    # Half open: a middle line through a corner crosses one of the two edges there, or both, or none.
    first = np.clip(np.ceil(start[:, 1] - 0.5), box.y0, box.y1).astype(np.intp)
    last = np.clip(np.ceil(end[:, 1] - 0.5), box.y0, box.y1).astype(np.intp)
    counts = last - first
    edge = np.repeat(edges, counts)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]

    run, rise = (end - start)[edge].T
    x0, y0 = start[edge].T
    share = (row + 0.5 - y0) / rise
    column = np.ceil(np.clip(x0 + share * run, box.x0 - 1, box.x1 + 1) - 0.5)
    # A quotient is rounded; the products here are not, for coordinates of up to 24 bits.
    depth = (row + 0.5 - y0) * run
    column -= (column - 0.5 - x0) * rise >= depth
    column += (column + 0.5 - x0) * rise < depth
    return row, np.clip(column, box.x0, box.x1).astype(np.intp)


def _between(row: Integers, column: Integers, box: Box) -> npt.NDArray[np.bool_]:
    """(box.height, box.width): the pixels from each odd crossing of a row up to the next."""
    # One column more than the box has, for crossings right of it. Each row has an even number of crossings, so that
    # every other stretch of the whole is one inside.
    stride = box.width + 1
    turns = np.sort((row - box.y0) * stride + column - box.x0)
    inside = np.zeros(box.height * stride, np.bool_)
    for start, end in zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True):
        inside[start:end] = True
    return inside.reshape(box.height, stride)[:, :-1]


def _first_middle(value: float) -> int:
    """The first row whose middle line is not above this."""
    return math.ceil(value - 0.5)


def _clipped(value: int, size: int) -> int:
    return min(max(value, 0), size)
