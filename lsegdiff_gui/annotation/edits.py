"""An edit of the override plane while it is made: painted at once, remembered by tiles, one step in the log."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lsegdiff_gui.annotation.commands import PaintEdit
from lsegdiff_gui.annotation.labels import NONE
from lsegdiff_gui.annotation.locks import Bools
from lsegdiff_gui.annotation.patch import Piece, kept, tiles
from lsegdiff_gui.annotation.planes import Planes
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box


class OpenEdit:
    """Paints into the planes until it is finished or cancelled. Only tiles touched are remembered.

    Made by `Document.open_edit`; a document has one at a time.
    """

    def __init__(
        self, planes: Planes, locked: frozenset[int], tool: str, closed: Callable[[PaintEdit | None], None]
    ) -> None:
        """tool: its name in the log; closed: told the edit, or None if nothing has changed, when it ends."""
        self._planes = planes
        self._locked = locked
        self._tool = tool
        self._closed = closed
        self._old: dict[tuple[int, int], Piece] = {}
        self._is_open = planes.is_open = True

    @property
    def is_open(self) -> bool:
        """Whether it may still be painted with."""
        return self._is_open

    def paint(self, box: Box, inside: Bools, value: int) -> None:
        """Set a label, ERASED or NONE where `inside`, (box.height, box.width), is true; never over locked labels."""
        for tile in tiles(box, self._planes.width, self._planes.height):
            if (tile.x0, tile.y0) not in self._old:
                self._old[tile.x0, tile.y0] = Piece(tile, kept(self._planes.override[tile.slices]))
        self._planes.paint(box, inside, value, self._locked)

    def fill(self, region: Region, value: int) -> None:
        """`paint` a region, tile by tile: one of a few pixels far apart has a large box."""
        for tile in tiles(region.box, self._planes.width, self._planes.height):
            box = tile.intersect(region.box)
            rows, columns = slice(box.y0 - region.box.y0, None), slice(box.x0 - region.box.x0, None)
            inside = region.inside[rows, columns][: box.height, : box.width]
            if inside.any():
                self.paint(box, inside, value)

    def give_back(self, within: Box) -> None:
        """Empty the override in a box."""
        for tile in tiles(within, self._planes.width, self._planes.height):
            box = tile.intersect(within)
            inside = self._planes.override[box.slices] != NONE
            if inside.any():
                self.paint(box, inside, NONE)

    def cover(self, value: int) -> None:
        """Set the whole override, tile by tile."""
        whole = Box.whole(self._planes.width, self._planes.height)
        for tile in tiles(whole, self._planes.width, self._planes.height):
            self.paint(tile, np.ones((tile.height, tile.width), np.bool_), value)

    def finish(self) -> PaintEdit | None:
        """Close it: what has changed, already in the planes and the log; None for nothing."""
        override = self._planes.override
        edit = PaintEdit.of(
            ((piece.box, piece.values, override[piece.box.slices]) for piece in self._old.values()),
            self._tool,
        )
        self._close(edit)
        return edit

    def cancel(self) -> Box:
        """Close it as if it had never been; returns the box that was put back."""
        box = self._planes.restore(list(self._old.values()))
        self._close(None)
        return box

    def _close(self, edit: PaintEdit | None) -> None:
        if self._is_open:
            self._is_open = self._planes.is_open = False
            self._closed(edit)
        self._old.clear()


def emptying(planes: Planes, tool: str) -> PaintEdit | None:
    """The edit that would empty the override, locked labels or not; None if it is empty. Changes nothing."""
    whole = Box.whole(planes.width, planes.height)
    olds = ((tile, planes.override[tile.slices]) for tile in tiles(whole, planes.width, planes.height))
    return PaintEdit.of(((tile, old, np.broadcast_to(np.uint8(NONE), old.shape)) for tile, old in olds), tool)
