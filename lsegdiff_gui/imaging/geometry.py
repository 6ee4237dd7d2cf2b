"""Boxes of whole pixels: the parts of a picture that edits, repaints and exports touch."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Box:
    """A half-open rectangle of pixels: columns x0 … x1-1 and rows y0 … y1-1.

    Boxes with x1 <= x0 or y1 <= y0 hold no pixel; they are all empty, whatever their corners say.
    """

    x0: int
    y0: int
    x1: int
    y1: int

    @classmethod
    def whole(cls, width: int, height: int) -> Box:
        """The box of all pixels of a picture of this size."""
        return cls(0, 0, width, height)

    @classmethod
    def empty(cls) -> Box:
        """The box without pixels, the neutral element of `union`."""
        return cls(0, 0, 0, 0)

    @classmethod
    def of(cls, mask: npt.NDArray[np.generic]) -> Box:
        """The tight box around the non-zero pixels; empty where there are none. mask: (H, W) any dtype."""
        if mask.dtype in (np.bool_, np.uint8) and mask.size:
            left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
            return cls(left, top, left + width, top + height) if width else cls.empty()
        # Rows first: each is contiguous, and the columns then need only the rows between the two ends.
        rows = np.flatnonzero(mask.any(axis=1))
        if rows.size == 0:
            return cls.empty()
        y0, y1 = int(rows[0]), int(rows[-1]) + 1
        columns = np.flatnonzero(mask[y0:y1].any(axis=0))
        return cls(int(columns[0]), y0, int(columns[-1]) + 1, y1)

    @property
    def width(self) -> int:
        """Columns in the box, never negative."""
        return max(0, self.x1 - self.x0)

    @property
    def height(self) -> int:
        """Rows in the box, never negative."""
        return max(0, self.y1 - self.y0)

    @property
    def area(self) -> int:
        """Pixels in the box."""
        return self.width * self.height

    @property
    def is_empty(self) -> bool:
        """Whether the box holds no pixel."""
        return self.x1 <= self.x0 or self.y1 <= self.y0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an (H, W, …) array. The box must lie inside the array: see `clip`."""
        if self.is_empty:
            return slice(0, 0), slice(0, 0)
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    def intersect(self, other: Box) -> Box:
        """The pixels that both boxes hold."""
        shared = Box(
            max(self.x0, other.x0), max(self.y0, other.y0), min(self.x1, other.x1), min(self.y1, other.y1)
        )
        return Box.empty() if shared.is_empty else shared

    def union(self, other: Box) -> Box:
        """The smallest box around both; an empty box adds nothing."""
        if self.is_empty:
            return Box.empty() if other.is_empty else other
        if other.is_empty:
            return self
        return Box(
            min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1)
        )

    def clip(self, width: int, height: int) -> Box:
        """The part of the box inside a picture of this size."""
        return self.intersect(Box.whole(width, height))

    def padded(self, margin: int) -> Box:
        """The box grown by `margin` pixels on all sides (shrunk when negative); an empty box stays empty."""
        if self.is_empty:
            return Box.empty()
        grown = Box(self.x0 - margin, self.y0 - margin, self.x1 + margin, self.y1 + margin)
        return Box.empty() if grown.is_empty else grown
