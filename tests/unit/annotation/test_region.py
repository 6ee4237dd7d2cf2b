import numpy as np
import pytest
from made.slow_regions import pixels, random_plane, where

from lsegdiff_gui.annotation.region import Region, label_box, labels_in
from lsegdiff_gui.imaging.geometry import Box


def test_that_a_region_holds_the_pixels_of_its_mask_and_no_more_box_than_they_need() -> None:
    generator = np.random.default_rng(0)
    for _ in range(100):
        plane = random_plane(generator)
        region = Region.of_mask(plane)
        assert pixels(region) == where(plane)
        assert np.array_equal(region.mask(plane.shape[1], plane.shape[0]), plane > 0)
        assert region.mask(plane.shape[1], plane.shape[0]).dtype == np.uint8


def test_that_a_mask_of_a_part_lies_where_it_is_said_to() -> None:
    region = Region.of_mask(np.array([[0, 0], [0, 7]]), at=Box(10, 20, 12, 22))
    assert region.box == Box(11, 21, 12, 22)
    assert pixels(region) == {(11, 21)}


@pytest.mark.parametrize("dtype", [np.bool_, np.uint8, np.int32, np.int64])
def test_that_masks_of_any_kind_are_taken(dtype: type[np.generic]) -> None:
    assert pixels(Region.of_mask(np.array([[0, 1, 1]]).astype(dtype))) == {(1, 0), (2, 0)}


def test_that_a_mask_that_does_not_fill_its_place_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fill"):
        Region.of_mask(np.ones((2, 3)), at=Box(0, 0, 2, 3))


@pytest.mark.parametrize("region", [Region.empty(), Region.of_mask(np.zeros((4, 5), np.uint8))])
def test_that_a_region_without_pixels_is_empty(region: Region) -> None:
    assert region.is_empty
    assert region.box == Box.empty()
    assert pixels(region) == set()
    assert not region.mask(5, 4).any()
    assert region.intersect(Box(0, 0, 9, 9)).is_empty


def test_that_a_region_stays_when_the_plane_it_came_from_changes() -> None:
    plane = np.ones((3, 3), np.bool_)
    region = Region.of_mask(plane)
    plane[:] = False
    assert region.pixels == 9


def test_that_the_part_within_a_box_is_tight_again() -> None:
    generator = np.random.default_rng(1)
    for _ in range(200):
        plane = random_plane(generator)
        x0, y0, x1, y1 = (int(value) for value in generator.integers(-5, 30, 4))
        within = {(x, y) for x, y in where(plane) if x0 <= x < x1 and y0 <= y < y1}
        assert pixels(Region.of_mask(plane).intersect(Box(x0, y0, x1, y1))) == within


def test_that_the_box_of_a_label_is_found_across_strips() -> None:
    generator = np.random.default_rng(2)
    for _ in range(30):
        plane = np.zeros((int(generator.integers(1, 400)), int(generator.integers(1, 50))), np.uint8)
        for _ in range(int(generator.integers(0, 4))):
            y, x = (int(generator.integers(0, side)) for side in plane.shape)
            plane[y, x] = generator.integers(1, 3)
        for label in (0, 1, 2, 255):
            assert label_box(plane, label) == Box.of(plane == label)


def test_that_the_labels_of_a_plane_are_told_in_order() -> None:
    plane = np.array([[0, 254, 3], [255, 3, 1]], np.uint8)
    assert labels_in(plane) == [1, 3, 254, 255]
    assert labels_in(np.zeros((2, 2), np.uint8)) == []
    assert labels_in(np.zeros((0, 0), np.uint8)) == []
