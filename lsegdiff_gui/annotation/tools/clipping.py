"""A mask taken from one picture to another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.patch import Piece, pack, tiles, unpack
from lsegdiff_gui.annotation.region import Region, labels_in
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Clipping:
    """All labels of a picture. width, height: its size; box: around them; data: them, as `patch.pack` writes them."""

    width: int
    height: int
    box: Box
    data: bytes


def copy(final: U8) -> Clipping | None:
    """Take all labels of a picture; None where there is only background. final: (H, W) uint8."""
    height, width = final.shape
    kept = [Piece(tile, final[tile.slices]) for tile in tiles(Box.whole(width, height), width, height)]
    kept = [piece for piece in kept if piece.values.any()]
    box = Box.empty()
    for piece in kept:
        tight = Box.of(piece.values)
        x, y = piece.box.x0, piece.box.y0
        box = box.union(Box(x + tight.x0, y + tight.y0, x + tight.x1, y + tight.y1))
    return Clipping(width, height, box, pack(kept)) if kept else None


def paste(clipping: Clipping, width: int, height: int) -> list[tuple[Region, int]]:
    """The regions for a picture of this size and their labels, by label; no two share a pixel.

    In a picture of the same size they lie where they were. In another they keep their place as a share of width and
    height: each pixel takes the label at its middle, so that what is thinner than a pixel may be gone.
    Raises ValueError for damaged bytes.
    """
    box = clipping.box
    labels = plane(clipping)
    if (width, height) != (clipping.width, clipping.height):
        columns, x0 = _sources(width, clipping.width, box.x0, box.x1)
        rows, y0 = _sources(height, clipping.height, box.y0, box.y1)
        labels = labels.take(rows, axis=0).take(columns, axis=1)
        box = Box(x0, y0, x0 + columns.size, y0 + rows.size)
    return [(Region.of_own(labels == label, box), label) for label in labels_in(labels)]


def plane(clipping: Clipping) -> U8:
    """The labels in the clipping's box: (box.height, box.width) uint8. Raises ValueError for damaged bytes."""
    box = clipping.box
    labels = np.zeros((box.height, box.width), np.uint8)
    for piece in unpack(clipping.data):
        shared = piece.box.intersect(box)
        part = piece.values[shared.y0 - piece.box.y0 :, shared.x0 - piece.box.x0 :]
        place = Box(shared.x0 - box.x0, shared.y0 - box.y0, shared.x1 - box.x0, shared.y1 - box.y0)
        labels[place.slices] = part[: shared.height, : shared.width]
    return labels


def _sources(size: int, origin: int, first: int, last: int) -> tuple[npt.NDArray[np.intp], int]:
    """Of `size` pixels in place of `origin`, those that take one from `first` up to `last`, and where they begin.

    The ones taken are counted from `first`.
    """
    # The middle of pixel i lies at (i + .5) / size of the picture: in whole numbers, so that none is off by rounding.
    sources = (2 * np.arange(size) + 1) * origin // (2 * size)
    taking = np.flatnonzero((sources >= first) & (sources < last))
    start = int(taking[0]) if taking.size else 0
    return sources[taking] - first, start
