"""The label plane at smaller sizes: colouring a whole picture costs no more than the screen has pixels."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.geometry import Box

Labels = npt.NDArray[np.uint8]


class LabelPyramid:
    """Levels of a label plane, each half of the one before, keeping the highest label of every 2 × 2 pixels.

    The maximum and not the nearest: a line of one pixel is seen at every zoom. Levels are brought up to date
    when they are looked at, and only where the plane changed.
    """

    def __init__(self, plane: Labels) -> None:
        """plane: (H, W) uint8, shared and never written here."""
        self._levels: list[Labels] = [plane]
        self._stale: list[Box] = [Box.empty()]

    @property
    def plane(self) -> Labels:
        """The labels at the picture's size."""
        return self._levels[0]

    def changed(self, box: Box) -> None:
        """Note that the plane has other values within `box` now."""
        box = box.clip(self.plane.shape[1], self.plane.shape[0])
        self._stale = [stale.union(_halved(box, depth)) for depth, stale in enumerate(self._stale)]

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
        target[:] = _halve(source[2 * box.y0 : 2 * box.y1, 2 * box.x0 : 2 * box.x1])
        self._stale[index] = Box.empty()


def _halve(labels: Labels) -> Labels:
    """The highest of every 2 × 2 pixels; an odd last row or column counts alone."""
    height, width = labels.shape
    if height % 2 or width % 2:
        labels = np.pad(labels, ((0, height % 2), (0, width % 2)), mode="edge")
    # Rows first: whole rows are compared at memory speed, the strided columns then cost half.
    tall = np.maximum(labels[0::2], labels[1::2])
    return np.maximum(tall[:, 0::2], tall[:, 1::2])


def _halved(box: Box, times: int) -> Box:
    """The pixels of a level that hold any pixel of `box`."""
    if box.is_empty:
        return Box.empty()
    grid = (1 << times) - 1
    return Box(box.x0 >> times, box.y0 >> times, (box.x1 + grid) >> times, (box.y1 + grid) >> times)
