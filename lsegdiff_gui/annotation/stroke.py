"""One stroke of the brush or the eraser, painted while the mouse moves."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.commands import PaintEdit
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.labels import ERASED, NONE
from lsegdiff_gui.annotation.locks import Bools
from lsegdiff_gui.imaging.geometry import Box

Bounds = npt.NDArray[np.float64]

SMALLEST_RADIUS = 0.5
"""Below this a brush could pass between the centres of the pixels it crosses."""


class Stroke:
    """Paints capsules between the points it is given, straight into the document.

    Coordinates are float pixels of the picture: the middle of column i and row j is (i + 0.5, j + 0.5). A
    pixel is painted when its middle lies within `radius` of the stroke's line, and so are the pixels that
    hold the points themselves. Locked labels keep their pixels, and a stroke of a locked label paints nothing.
    Only tiles touched are remembered: neither start nor Esc copies a plane.
    """

    def __init__(self, document: Document, *, label: int, radius: float, tool: str) -> None:
        """label: 1 to 254 or ERASED; radius: pixels; tool: its name in the log.

        Raises ValueError for other labels and RuntimeError if the document has a stroke open.
        """
        if not NONE < label <= ERASED:
            raise ValueError(f"A stroke paints a label from 1 to 254 or erases, not {label}.")
        self._edit = document.open_edit(tool)
        self._width, self._height = document.width, document.height
        self._final = document.final
        self._label = label
        self._last: tuple[float, float] | None = None
        self.radius = radius

    def move_to(self, x: float, y: float) -> Box:
        """Paint from the last point to this one; returns a box around what is seen to change of the final mask.

        Raises RuntimeError once closed.
        """
        if not self._edit.is_open:
            raise RuntimeError("The stroke is closed.")
        from_x, from_y = self._last or (x, y)
        self._last = (x, y)
        radius = max(self.radius, SMALLEST_RADIUS)
        # A long capsule is cut so that the boxes along a slanting line stay small.
        count = max(1, math.ceil(math.hypot(x - from_x, y - from_y) / max(4.0 * radius, 64.0)))
        touched = Box.empty()
        for index in range(count):
            start, stop = index / count, (index + 1) / count
            box = self._paint_capsule(
                from_x + (x - from_x) * start,
                from_y + (y - from_y) * start,
                from_x + (x - from_x) * stop,
                from_y + (y - from_y) * stop,
                radius,
            )
            touched = touched.union(box)
        return touched.union(self._paint_pixel(x, y))

    def finish(self) -> PaintEdit | None:
        """Close the stroke. Its edit, already in the document and its log; None if no pixel has changed."""
        return self._edit.finish()

    def cancel(self) -> Box:
        """Close the stroke as if it had never been; returns the box that was put back."""
        return self._edit.cancel()

    def _paint_capsule(self, ax: float, ay: float, bx: float, by: float, radius: float) -> Box:
        width, height = self._width, self._height
        y0 = max(0, math.floor(min(ay, by) - radius))
        y1 = min(height, math.ceil(max(ay, by) + radius) + 1)
        if y0 >= y1:
            return Box.empty()
        left, right = capsule_rows(ax, ay, bx, by, radius, y0, y1)
        np.clip(left, 0, width, out=left)
        np.clip(right, 0, width, out=right)
        rows = np.flatnonzero(left < right)
        if rows.size == 0:
            return Box.empty()
        first, last = int(rows[0]), int(rows[-1]) + 1
        # Compared as whole numbers of four bytes: three times as fast, and this is most of a stroke's own work.
        left, right = left[first:last].astype(np.int32), right[first:last].astype(np.int32)
        box = Box(int(left.min()), y0 + first, int(right.max()), y0 + last)
        columns = np.arange(box.x0, box.x1, dtype=np.int32)
        inside = (columns >= left[:, None]) & (columns < right[:, None])
        return self._paint(box, inside)

    def _paint_pixel(self, x: float, y: float) -> Box:
        """The pixel that holds the point: a thin brush may miss its middle, yet a click must show."""
        column, row = math.floor(x), math.floor(y)
        box = Box(column, row, column + 1, row + 1).clip(self._width, self._height)
        return box if box.is_empty else self._paint(box, np.ones((1, 1), np.bool_))

    def _paint(self, box: Box, inside: Bools) -> Box:
        """Most of a capsule covers the one before: what is seen to change is the new moon at its front."""
        changes = inside & (self._final[box.slices] != (NONE if self._label == ERASED else self._label))
        self._edit.paint(box, inside, self._label)
        seen = Box.of(changes)
        if seen.is_empty:
            return seen
        return Box(box.x0 + seen.x0, box.y0 + seen.y0, box.x0 + seen.x1, box.y0 + seen.y1)


def capsule_rows(
    ax: float, ay: float, bx: float, by: float, radius: float, y0: int, y1: int
) -> tuple[Bounds, Bounds]:
    """The half-open runs of columns that a capsule from (ax, ay) to (bx, by) covers in rows y0 … y1-1.

    A capsule is convex, so each row is one run: from the leftmost to the rightmost of both discs and the
    rectangle between them. Returns (left, right), whole numbers as float64; empty rows have left >= right.
    """
    y = np.arange(y0, y1) + 0.5
    left = np.full(y.shape, np.inf)
    right = np.full(y.shape, -np.inf)
    for centre_x, centre_y in ((ax, ay), (bx, by)):
        half = np.sqrt(np.maximum(radius * radius - (y - centre_y) ** 2, 0.0))
        in_reach = np.abs(y - centre_y) <= radius
        np.minimum(left, centre_x - half, out=left, where=in_reach)
        np.maximum(right, centre_x + half, out=right, where=in_reach)
    corners = _rectangle(ax, ay, bx, by, radius)
    for (px, py), (qx, qy) in zip(corners, corners[1:] + corners[:1], strict=True):
        if py != qy:
            crosses = (y >= min(py, qy)) & (y <= max(py, qy))
            x = px + (y - py) * ((qx - px) / (qy - py))
            np.minimum(left, x, out=left, where=crosses)
            np.maximum(right, x, out=right, where=crosses)
    left = np.ceil(left - 0.5)
    right = np.floor(right - 0.5) + 1.0
    return left, right


def _rectangle(ax: float, ay: float, bx: float, by: float, radius: float) -> list[tuple[float, float]]:
    length = math.hypot(bx - ax, by - ay)
    if length == 0.0:
        return [(ax, ay)]
    nx, ny = -(by - ay) / length * radius, (bx - ax) / length * radius
    return [(ax + nx, ay + ny), (bx + nx, by + ny), (bx - nx, by - ny), (ax - nx, ay - ny)]
