"""The three planes of a document, and how the last follows from the others."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.labels import ERASED, NONE
from lsegdiff_gui.annotation.locks import Bools, free_of
from lsegdiff_gui.annotation.patch import Piece
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]

_STRIP = 1 << 18
"""Pixels: three planes of so many lie in the cache of one core."""


class Planes:
    """Three planes of (height, width) uint8, kept in step box by box.

    base: the base mask, times `base_label` the base's labels. override: 0 none, 255 erased, n = label n.
    final: 0 background, n = label n: the override where that is set, else the base. The same array for life.
    """

    def __init__(self, width: int, height: int, override: U8 | None = None) -> None:
        """override: taken over. Raises ValueError if it has another size."""
        if override is not None and (override.shape != (height, width) or override.dtype != np.uint8):
            raise ValueError(f"The override plane is {override.shape}, the picture {(height, width)}.")
        self.width = width
        self.height = height
        self.base: U8 = np.zeros((height, width), np.uint8)
        self.base_label = 1
        self.override: U8 = np.zeros((height, width), np.uint8) if override is None else override
        self.final: U8 = np.zeros((height, width), np.uint8)
        self.painted = 0 if override is None else int(np.count_nonzero(override))
        """How many pixels of the override plane are set; while an edit is open, before it."""
        self.is_open = False
        """Whether an edit is open, so that the override plane may hold more than `painted` says."""
        self._base_box = Box.empty()
        if self.painted:
            self.compose(Box.of(self.override))

    def place_base(self, mask: U8, label: int) -> Box:
        """Another base mask, taken over; returns the box of `final` that may have changed.

        Raises ValueError if it has another size.
        """
        if mask.shape != (self.height, self.width) or mask.dtype != np.uint8:
            raise ValueError(f"The base mask is {mask.shape}, the picture {(self.height, self.width)}.")
        box = Box.of(mask)
        changed = self._base_box.union(box)
        self.base, self.base_label, self._base_box = mask, label, box
        self.compose(changed)
        return changed

    def paint(self, box: Box, inside: Bools, value: int, locked: frozenset[int]) -> None:
        """Set the override where `inside`, (box.height, box.width), to a label, ERASED or NONE; not over locks.

        A locked label's pixels stay exactly those it has: painting it changes nothing, nor is a pixel given back
        to a base that is of such a label there.
        """
        if value in locked:
            return
        place = box.slices
        final = self.final[place]
        if not final.size:
            return
        inside = free_of(inside, final, locked)
        if value == NONE:
            below = self.base[place] * np.uint8(self.base_label)
            inside = free_of(inside, below, locked)
            _lay(below, inside, final)
        else:
            _lay(np.full(final.shape, NONE if value == ERASED else value, np.uint8), inside, final)
        _lay(np.full(final.shape, value, np.uint8), inside, self.override[place])

    def restore(self, pieces: Iterable[Piece]) -> Box:
        """Put kept values of the override back; returns the box around them."""
        box = Box.empty()
        for piece in pieces:
            self.override[piece.box.slices] = piece.values
            self.compose(piece.box)
            box = box.union(piece.box)
        return box

    def compose(self, box: Box) -> None:
        """Bring `final` up to date in the box."""
        # In strips, which stay in the processor's cache.
        rows = max(1, _STRIP // max(box.width, 1))
        for y in range(box.y0, box.y1, rows):
            self._compose(Box(box.x0, y, box.x1, min(y + rows, box.y1)))

    def _compose(self, box: Box) -> None:
        place = box.slices
        final = self.final[place]
        np.multiply(self.base[place], np.uint8(self.base_label), out=final)
        if not final.size or not (self.painted or self.is_open):
            return
        override = self.override[place]
        _lay(override, override, final)
        erased = override == ERASED
        if erased.any():
            _lay(np.zeros(final.shape, np.uint8), erased, final)


def _lay(values: U8, where: npt.NDArray[np.bool_] | U8, target: U8) -> None:
    """Set values where a mask is not zero; all three of one shape, not empty. Many times as fast as numpy's."""
    cv2.copyTo(values, where.view(np.uint8), target)
