from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pytest
from made.slow_regions import pixels, random_plane, where

from lsegdiff_gui.annotation.tools import clipping
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]


def pasted(taken: clipping.Clipping, width: int, height: int) -> U8:
    plane = np.zeros((height, width), np.uint8)
    for region, label in clipping.paste(taken, width, height):
        assert pixels(region)
        assert not plane[region.box.slices][region.inside].any()
        plane[region.box.slices][region.inside] = label
    return plane


def scaled(plane: U8, width: int, height: int) -> U8:
    """Each pixel as the one that its middle falls into."""
    result = np.zeros((height, width), np.uint8)
    for y in range(height):
        for x in range(width):
            row = int(Fraction(2 * y + 1, 2 * height) * plane.shape[0])
            column = int(Fraction(2 * x + 1, 2 * width) * plane.shape[1])
            result[y, x] = plane[row, column]
    return result


def test_that_a_picture_of_the_same_size_gets_the_same_labels_in_the_same_place() -> None:
    generator = np.random.default_rng(0)
    for _ in range(60):
        plane = random_plane(generator, longest=40)
        taken = clipping.copy(plane)
        assert (taken is None) == (not plane.any())
        if taken is not None:
            assert np.array_equal(pasted(taken, plane.shape[1], plane.shape[0]), plane)


def test_that_a_picture_of_another_size_gets_them_in_proportion() -> None:
    generator = np.random.default_rng(1)
    for _ in range(100):
        plane = random_plane(generator, longest=20)
        width, height = (int(side) for side in generator.integers(1, 50, 2))
        taken = clipping.copy(plane)
        if taken is not None:
            assert np.array_equal(pasted(taken, width, height), scaled(plane, width, height))


def test_that_labels_over_many_tiles_come_back() -> None:
    plane = np.zeros((700, 900), np.uint8)
    plane[100:600, 200] = 254
    plane[590, 30:880] = 3
    plane[699, 899] = 1
    taken = clipping.copy(plane)
    assert taken is not None
    assert taken.box == Box(30, 100, 900, 700)
    assert np.array_equal(pasted(taken, 900, 700), plane)
    assert [label for _, label in clipping.paste(taken, 900, 700)] == [1, 3, 254]


def test_that_what_falls_between_the_pixels_of_a_small_picture_is_left_out() -> None:
    plane = np.zeros((100, 100), np.uint8)
    plane[0, :] = 1
    plane[50:, 50:] = 2
    taken = clipping.copy(plane)
    assert taken is not None
    assert [(region.box, label) for region, label in clipping.paste(taken, 2, 2)] == [(Box(1, 1, 2, 2), 2)]
    plane[50:] = 0
    taken = clipping.copy(plane)
    assert taken is not None
    assert clipping.paste(taken, 2, 2) == []


def test_that_an_empty_mask_gives_nothing_to_paste() -> None:
    assert clipping.copy(np.zeros((30, 30), np.uint8)) is None


def test_that_a_clipping_keeps_what_was_copied_when_the_picture_changes() -> None:
    plane = np.ones((30, 40), np.uint8)
    taken = clipping.copy(plane)
    plane[:] = 0
    assert taken is not None
    assert where(pasted(taken, 40, 30)) == where(np.ones((30, 40)))


def test_that_damaged_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="damaged"):
        clipping.paste(clipping.Clipping(9, 9, Box(0, 0, 9, 9), b"?"), 9, 9)
