"""The step that makes a mask from a file the base of a document."""

from __future__ import annotations

import numpy as np

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import MaskImport, PaintEdit
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.incoming import Incoming, Precedence
from lsegdiff_gui.annotation.labels import NONE
from lsegdiff_gui.annotation.patch import PackedPlane, tiles
from lsegdiff_gui.imaging.geometry import Box


def import_mask(document: Document, incoming: Incoming, precedence: Precedence) -> MaskImport | None:
    """Make a mask from a file the base: one step; None where work is kept, or nothing would change.

    Raises RuntimeError if a stroke is open or the base mask is not exact, and ValueError for another size.
    """
    if document.edit_is_open or document.needs_base:
        raise RuntimeError("A stroke is open, or the base mask is not there yet.")
    mask, parted, emptied = incoming.mask, incoming.partition, None
    size = document.width, document.height
    if (mask.width, mask.height) != size:
        raise ValueError(f"The mask is {(mask.width, mask.height)}, the picture {size}.")
    if document.holds_work:
        if precedence is Precedence.KEEP:
            return None
        if precedence is Precedence.BENEATH:
            mine = document.base_mask * np.uint8(document.base.label)
            mask = PackedPlane.of(np.where(mine == NONE, mask.plane(), mine))
            parted = document.partition.with_those_of(parted)
        else:
            emptied = _emptied(document)
    present = document.base.mask if document.base.label == 1 else None
    if (mask, parted, emptied) == (present, document.partition, None):
        return None
    after = Base.imported(mask, incoming.origin)
    command = MaskImport(document.base, after, emptied, document.partition, parted)
    document.apply(command)
    return command


def _emptied(document: Document) -> PaintEdit | None:
    """What empties the override plane, locked labels or not; None if it is empty."""
    whole = Box.whole(document.width, document.height)
    kept = ((tile, document.override[tile.slices]) for tile in tiles(whole, document.width, document.height))
    return PaintEdit.of(((tile, old, np.zeros_like(old)) for tile, old in kept), "import")
