"""The three planes of a document, and how the last follows from the others."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.labels import ERASED, NONE
from lsegdiff_gui.annotation.locks import Bools, free_of
from lsegdiff_gui.annotation.patch import Piece
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]


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
        inside = free_of(inside, final, locked)
        if value == NONE:
            below = self.base[place] * np.uint8(self.base_label)
            inside = free_of(inside, below, locked)
            np.copyto(final, below, where=inside)
        else:
            np.copyto(final, np.uint8(NONE if value == ERASED else value), where=inside)
        np.copyto(self.override[place], np.uint8(value), where=inside)

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
        place = box.slices
        final = self.final[place]
        np.multiply(self.base[place], np.uint8(self.base_label), out=final)
        if self.painted or self.is_open:
            override = self.override[place]
            np.copyto(final, override, where=override != NONE)
            final[override == ERASED] = NONE
