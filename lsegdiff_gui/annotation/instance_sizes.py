"""The instances of a mask without their pixels: what a list of them tells."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.instances import Partition, instances
from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.annotation.region import label_box, labels_in
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class InstanceSize:
    """One instance. number: from 1, in the order of `instances`; box: tight around its pixels."""

    number: int
    label: int
    pixels: int
    box: Box


def instance_sizes(final: U8, partition: Partition) -> tuple[InstanceSize, ...]:
    """The instances of a label plane; what is to be ignored is none. final: (H, W) uint8.

    Takes up to a second on a large picture, and some microseconds for each instance.
    """
    if not partition.ties and not partition.cuts:
        return _of_components(final)
    found = [each for each in instances(final, partition) if each.label != IGNORE]
    return tuple(
        InstanceSize(number, each.label, each.region.pixels, each.region.box)
        for number, each in enumerate(found, start=1)
    )


def _of_components(final: U8) -> tuple[InstanceSize, ...]:
    """What hangs together, measured all at once: speckle has hundreds of thousands of components."""
    tables = [_components(final, label) for label in labels_in(final) if label != IGNORE]
    if not tables:
        return ()
    rows = np.concatenate(tables)
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))].tolist()
    return tuple(
        InstanceSize(number, label, pixels, Box(x, y, x + width, y + height))
        for number, (_, _, label, x, y, width, height, pixels) in enumerate(rows, start=1)
    )


def _components(final: U8, label: int) -> npt.NDArray[np.int64]:
    """The components of a label: row and column of the first pixel, label, x, y, width, height, pixels; (N, 8)."""
    box = label_box(final, label)
    plane = (final[box.slices] == label).view(np.uint8)
    _, numbers, stats, _ = cv2.connectedComponentsWithStats(plane, connectivity=8, ltype=cv2.CV_32S)
    table = np.empty((len(stats) - 1, 8), np.int64)
    # The first pixel of a component has none of its own before it; few others have none either.
    before = cv2.dilate(plane, _BEFORE, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    firsts = np.flatnonzero(plane.ravel() > np.asarray(before).ravel())
    owners = np.asarray(numbers).ravel()[firsts] - 1
    first = np.empty(len(table), np.int64)
    first[owners[::-1]] = firsts[::-1]  # of several the last one written stays, which is the first
    table[:, 0], table[:, 1] = np.divmod(first, box.width)
    table[:, :2] += box.y0, box.x0
    table[:, 2] = label
    table[:, 3:] = stats[
        1:, [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA]
    ]
    table[:, 3:5] += box.x0, box.y0
    return table


_COLUMNS = [cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA]

_BEFORE = np.array([[1, 1, 1], [1, 0, 0], [0, 0, 0]], np.uint8)
"""The neighbours of the middle that come before it in reading order."""
