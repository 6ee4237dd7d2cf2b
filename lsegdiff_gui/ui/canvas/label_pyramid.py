"""The label plane at smaller sizes: colouring a whole picture costs no more than the screen has pixels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.display import highest_of_four
from lsegdiff_gui.imaging.geometry import Box

Labels = npt.NDArray[np.uint8]

_DEPTH = 4
"""A sixteenth of the side: of the largest pictures about what a window shows."""


@dataclass(frozen=True, eq=False)
class Halves:
    """A part of a label plane at smaller sizes, made on any thread for `LabelPyramid.put`.

    levels: of the first, half as large as the plane, and those after it: their box in the level, and what is there.
    """

    levels: tuple[tuple[Box, Labels], ...]

    @classmethod
    def of(cls, plane: Labels, box: Box) -> Halves:
        """The part around a box of the plane, (H, W) uint8, down to what a small window shows of a large picture."""
        height, width = plane.shape
        inside = box.clip(width, height)
        if inside.is_empty:
            return cls(())
        # From whole pixels of the smallest level: what else these hold is needed too.
        grid = (1 << _DEPTH) - 1
        x0, y0 = inside.x0 & ~grid, inside.y0 & ~grid
        part = plane[y0 : (inside.y1 + grid) & ~grid, x0 : (inside.x1 + grid) & ~grid]
        levels = []
        for depth in range(1, _DEPTH + 1):
            part = highest_of_four(part)
            left, top = x0 >> depth, y0 >> depth
            levels.append((Box(left, top, left + part.shape[1], top + part.shape[0]), part))
        return cls(tuple(levels))


class LabelPyramid:
    """Levels of a label plane, each half of the one before, keeping the highest label of every 2 × 2 pixels.

    The maximum and not the nearest: a line of one pixel is seen at every zoom. Levels are brought up to date
    when they are looked at, and only where the plane changed.
    """

    def __init__(self, plane: Labels, smaller: Sequence[Labels] = ()) -> None:
        """plane: (H, W) uint8, shared and never written here. smaller: its levels, where they are known already."""
        self._levels: list[Labels] = [plane, *smaller]
        self._stale: list[Box] = [Box.empty() for _ in self._levels]

    @property
    def plane(self) -> Labels:
        """The labels at the picture's size."""
        return self._levels[0]

    def changed(self, box: Box) -> None:
        """Note that the plane has other values within `box` now."""
        box = box.clip(self.plane.shape[1], self.plane.shape[0])
        self._stale = [stale.union(_halved(box, depth)) for depth, stale in enumerate(self._stale)]

    def put(self, halves: Halves) -> None:
        """Take over what was made of the plane as it is now, so that it need not be made when it is looked at."""
        for depth, (box, labels) in enumerate(halves.levels[: len(self._levels) - 1], start=1):
            self._levels[depth][box.slices] = labels
            stale = self._stale[depth]
            if stale.intersect(box) == stale:
                self._stale[depth] = Box.empty()

    def level_for(self, scale: float) -> Labels:
        """The smallest level with at least one pixel for each of the screen's, at `scale` screen pixels a pixel."""
        depth = max(0, math.floor(math.log2(1 / scale))) if scale < 1 else 0
        for index in range(1, depth + 1):
            self._bring_up_to_date(index)
        return self._levels[depth]

    def _bring_up_to_date(self, index: int) -> None:
        source = self._levels[index - 1]
        if index == len(self._levels):
            height, width = source.shape
            self._levels.append(np.empty(((height + 1) // 2, (width + 1) // 2), np.uint8))
            self._stale.append(Box.whole(self._levels[index].shape[1], self._levels[index].shape[0]))
        box = self._stale[index]
        if box.is_empty:
            return
        target = self._levels[index][box.slices]
        target[:] = highest_of_four(source[2 * box.y0 : 2 * box.y1, 2 * box.x0 : 2 * box.x1])
        self._stale[index] = Box.empty()


def _halved(box: Box, times: int) -> Box:
    """The pixels of a level that hold any pixel of `box`."""
    if box.is_empty:
        return Box.empty()
    grid = (1 << times) - 1
    return Box(box.x0 >> times, box.y0 >> times, (box.x1 + grid) >> times, (box.y1 + grid) >> times)
