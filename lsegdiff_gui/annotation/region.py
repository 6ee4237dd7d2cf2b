"""Sets of pixels: what the tools return, and what edits are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.labels import NONE
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Region:
    """The pixels of `box` at which `inside` is true. Made by `of_mask` or `empty`; not to be written to.

    box: tight around the pixels, or empty; inside: (box.height, box.width).
    """

    box: Box
    inside: Bools

    @classmethod
    def empty(cls) -> Region:
        """The region without pixels."""
        return cls(Box.empty(), np.zeros((0, 0), np.bool_))

    @classmethod
    def of_mask(cls, mask: npt.NDArray[np.generic], at: Box | None = None) -> Region:
        """The pixels where the mask is not zero. mask: (H, W) any dtype; at: where it lies, by default at (0, 0).

        Raises ValueError where the mask does not fill the box.
        """
        if at is None:
            at = Box.whole(mask.shape[1], mask.shape[0])
        if mask.shape != (at.height, at.width):
            raise ValueError(f"A mask of shape {mask.shape} does not fill {at}.")
        # A copy of its own: a region that is kept does not keep a plane, nor change with one.
        own = cls.of_own(mask, at)
        return cls(own.box, own.inside != 0)

    @classmethod
    def of_own(cls, mask: npt.NDArray[np.generic], at: Box) -> Region:
        """`of_mask` of an array that fills the box and that nobody else has, so that it need not be copied."""
        tight = Box.of(mask)
        if tight.is_empty:
            return cls.empty()
        box = Box(at.x0 + tight.x0, at.y0 + tight.y0, at.x0 + tight.x1, at.y0 + tight.y1)
        return cls(box, mask[tight.slices].astype(np.bool_, copy=False))

    @property
    def is_empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.box.is_empty

    @cached_property
    def pixels(self) -> int:
        """How many pixels it holds."""
        return int(np.count_nonzero(self.inside))

    def mask(self, width: int, height: int) -> U8:
        """The region in a picture of this size, which must hold its box: (height, width) uint8, 0 or 1."""
        mask = np.zeros((height, width), np.uint8)
        mask[self.box.slices] = self.inside
        return mask

    def intersect(self, box: Box) -> Region:
        """The pixels of it that lie in a box."""
        shared = self.box.intersect(box)
        if shared == self.box:
            return self
        rows, columns = shared.slices
        if shared.is_empty:
            return Region.empty()
        y0, x0 = self.box.y0, self.box.x0
        part = self.inside[rows.start - y0 : rows.stop - y0, columns.start - x0 : columns.stop - x0]
        return Region.of_mask(part, shared)


def label_box(final: U8, label: int) -> Box:
    """The tight box around the pixels of a label; empty where there are none. final: (H, W) uint8.

    Reads the plane in strips that stay in the cache: a comparison of all of it would be another plane.
    """
    found = Box.empty()
    for y in range(0, final.shape[0], _STRIP):
        strip = final[y : y + _STRIP] == label
        left, top, width, height = cv2.boundingRect(strip.view(np.uint8))
        if width:
            found = found.union(Box(left, y + top, left + width, y + top + height))
    return found


def labels_in(plane: U8) -> list[int]:
    """The labels that a plane holds, (H, W) uint8, in order; the background is none."""
    if not plane.size:
        return []
    counts = cv2.calcHist([plane], [0], None, [256], [0, 256])
    return [int(label) for label in np.flatnonzero(counts) if label != NONE]


_STRIP = 64
"""Rows of a strip: half a MiB of a plane 8192 wide."""
