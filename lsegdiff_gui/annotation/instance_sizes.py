"""The instances of a mask without their pixels: what a list of them tells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.instances import Partition, instances
from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.imaging.geometry import Box


@dataclass(frozen=True, slots=True)
class InstanceSize:
    """One instance. number: from 1, in the order of `instances`; box: tight around its pixels."""

    number: int
    label: int
    pixels: int
    box: Box


def instance_sizes(final: npt.NDArray[np.uint8], partition: Partition) -> tuple[InstanceSize, ...]:
    """The instances of a label plane; what is to be ignored is none. final: (H, W) uint8.

    Takes up to a second on a large picture.
    """
    found = [each for each in instances(final, partition) if each.label != IGNORE]
    return tuple(
        InstanceSize(number, each.label, each.region.pixels, each.region.box)
        for number, each in enumerate(found, start=1)
    )
