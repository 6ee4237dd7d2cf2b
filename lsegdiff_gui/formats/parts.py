"""The parts of a label mask that files have entries for: instances, or all pixels of a label."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.instances import Partition, instances
from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.orientation import UPRIGHT, as_stored, box_as_stored

Mask = npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """Pixels of one label that are written as one. number: of the instance, from 1; 0 where it is none."""

    label: int
    number: int
    region: Region

    def as_stored(self, width: int, height: int, orientation: int) -> Part:
        """The part where it lies in the stored picture. width, height: of the upright one."""
        if orientation == UPRIGHT:
            return self
        box = box_as_stored(self.region.box, width, height, orientation)
        return Part(self.label, self.number, Region(box, as_stored(self.region.inside, orientation)))


def parts_of(name: str, mask: Mask, known: Collection[int], partition: Partition | None) -> list[Part]:
    """The parts of a label mask, (H, W) uint8, 0 background; name: the picture's, for the sentence.

    With a partition its instances, in their order, and last, as one, what is to be ignored; else each label's
    pixels, by number.

    Raises:
        FormatError: the mask holds a label that is not known.
    """
    if partition is None:
        parts = [_whole(mask, label) for label in sorted(known)]
    else:
        lesions = [
            each for each in instances(mask, partition) if each.label in known and each.label != IGNORE
        ]
        parts = [Part(each.label, number, each.region) for number, each in enumerate(lesions, start=1)]
        parts += [_whole(mask, IGNORE)] if IGNORE in known else []
    parts = [part for part in parts if not part.region.is_empty]
    if sum(part.region.pixels for part in parts) != np.count_nonzero(mask):
        unknown = int(mask[~np.isin(mask, [0, *known])].min())
        raise FormatError(
            f"“{name}” has pixels of label {unknown}, which has no name. Name the label and try again."
        )
    return parts


def _whole(mask: Mask, label: int) -> Part:
    plane = mask == label
    box = Box.of(plane)
    return Part(label, 0, Region(box, plane[box.slices]))
