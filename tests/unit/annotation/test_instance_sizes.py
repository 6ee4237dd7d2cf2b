import numpy as np

from lsegdiff_gui.annotation.instance_sizes import InstanceSize, instance_sizes
from lsegdiff_gui.annotation.instances import Partition, Tie
from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.imaging.geometry import Box


def plane() -> np.ndarray:
    final = np.zeros((20, 30), np.uint8)
    final[0:3, 0:3] = IGNORE
    final[2:5, 10:14] = 1
    final[8:10, 2:9] = 2
    final[12:15, 10:12] = 1
    return final


def test_that_instances_are_measured_and_what_is_ignored_is_none() -> None:
    assert instance_sizes(plane(), Partition()) == (
        InstanceSize(1, 1, 12, Box(10, 2, 14, 5)),
        InstanceSize(2, 2, 14, Box(2, 8, 9, 10)),
        InstanceSize(3, 1, 6, Box(10, 12, 12, 15)),
    )


def test_that_tied_parts_are_one() -> None:
    sizes = instance_sizes(plane(), Partition(ties=(Tie((10, 2), (11, 14)),)))
    assert [(size.number, size.pixels) for size in sizes] == [(1, 18), (2, 14)]
    assert sizes[0].box == Box(10, 2, 14, 15)


def test_that_an_empty_mask_has_none() -> None:
    assert instance_sizes(np.zeros((4, 4), np.uint8), Partition()) == ()
