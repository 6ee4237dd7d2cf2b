import numpy as np
import pytest

from lsegdiff_gui.annotation.area import AreaCount, area_of
from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.imaging.geometry import Box


@pytest.mark.parametrize("shape", [(1, 1), (256, 256), (700, 513), (3, 2000)])
def test_that_the_area_follows_changes_of_the_plane(shape: tuple[int, int]) -> None:
    generator = np.random.default_rng(1)
    plane = generator.integers(0, 3, shape).astype(np.uint8)
    area = AreaCount(plane)
    assert area.pixels() == np.count_nonzero(plane)
    for _ in range(20):
        x0, y0 = int(generator.integers(-9, shape[1])), int(generator.integers(-9, shape[0]))
        box = Box(x0, y0, x0 + int(generator.integers(0, 300)), y0 + int(generator.integers(0, 300)))
        plane[box.clip(shape[1], shape[0]).slices] = generator.integers(0, 2)
        area.changed(box)
        assert area.pixels() == np.count_nonzero(plane)


def test_that_only_tiles_that_changed_are_counted_again() -> None:
    plane = np.zeros((1024, 1024), np.uint8)
    area = AreaCount(plane)
    area.pixels()
    plane[:] = 1
    area.changed(Box(300, 300, 310, 310))
    assert area.pixels() == 256 * 256


def test_that_ignored_pixels_belong_to_no_mask() -> None:
    plane = np.zeros((30, 30), np.uint8)
    plane[:10], plane[10:15] = 253, IGNORE
    assert AreaCount(plane).pixels() == 300


def test_that_a_large_plane_is_counted_in_turns() -> None:
    plane = np.ones((1024, 1024), np.uint8)
    area = AreaCount(plane)
    assert [area.pixels(10), area.pixels(10)] == [None, 1024 * 1024]


@pytest.mark.parametrize("shape", [(1, 1), (256, 9), (700, 513)])
def test_that_the_area_of_one_label_is_counted_to_the_last_row(shape: tuple[int, int]) -> None:
    plane = np.random.default_rng(2).integers(0, 5, shape).astype(np.uint8)
    plane[-1, -1] = IGNORE
    for label in (1, 4, 200, IGNORE):
        assert area_of(plane, label) == np.count_nonzero(plane == label)
