import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lsegdiff_gui.annotation.instance_sizes import InstanceSize, instance_sizes
from lsegdiff_gui.annotation.instances import Partition, Tie, instances
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


@settings(max_examples=60)
@given(st.integers(1, 40), st.integers(1, 40), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_that_components_measured_all_at_once_are_the_instances(
    width: int, height: int, share: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    labels = np.array([0, 1, 3, IGNORE], np.uint8)
    final = labels[rng.choice(4, (height, width), p=[1 - share, share * 0.7, share * 0.2, share * 0.1])]
    expected = [each for each in instances(final, Partition()) if each.label != IGNORE]
    assert instance_sizes(final, Partition()) == tuple(
        InstanceSize(number, each.label, each.region.pixels, each.region.box)
        for number, each in enumerate(expected, start=1)
    )
