import numpy as np
import numpy.typing as npt
import pytest
from made.slow_regions import EIGHT, FOUR, pieces, pixels, random_plane, walk, where

from lsegdiff_gui.annotation.tools import components

U8 = npt.NDArray[np.uint8]


@pytest.fixture(params=range(50))
def plane(request: pytest.FixtureRequest) -> U8:
    return random_plane(np.random.default_rng(request.param), longest=20)


def test_that_the_component_under_a_pixel_is_found(plane: U8) -> None:
    y, x = (int(value) for value in np.random.default_rng(plane.size).integers(0, plane.shape))
    expected = walk(where(plane == plane[y, x]), (x, y), EIGHT) if plane[y, x] else set()
    assert pixels(components.at(plane, x, y)) == expected


def test_that_the_others_are_all_of_the_label_but_the_one_there(plane: U8) -> None:
    y, x = (int(value) for value in np.random.default_rng(plane.size).integers(0, plane.shape))
    same = where(plane == plane[y, x])
    expected = same - walk(same, (x, y), EIGHT) if plane[y, x] else set()
    assert pixels(components.others(plane, x, y)) == expected


def test_that_all_but_the_largest_component_of_a_label_are_found(plane: U8) -> None:
    for label in (1, 2, 3, 4):
        parts = pieces(where(plane == label), EIGHT)
        if parts:
            parts.remove(
                min(parts, key=lambda part: (-len(part), min(y for _, y in part), min(x for x, _ in part)))
            )
        assert pixels(components.all_but_largest(plane, label)) == set().union(*parts)


def test_that_holes_are_the_background_with_no_way_out_but_over_the_label(plane: U8) -> None:
    height, width = plane.shape
    ring = {(x, y) for x in range(-1, width + 1) for y in range(-1, height + 1)}
    for label in (1, 2, 3, 4):
        outside = walk(ring - where(plane == label), (-1, -1), FOUR)
        assert pixels(components.holes(plane, label)) == where(plane == 0) - outside


def test_that_looking_changes_nothing(plane: U8) -> None:
    before = plane.copy()
    components.at(plane, 0, 0)
    components.others(plane, 0, 0)
    components.all_but_largest(plane, 1)
    components.holes(plane, 1)
    assert np.array_equal(plane, before)


@pytest.mark.parametrize("place", [(-1, 0), (0, -1), (5, 0), (0, 4), (2, 2)])
def test_that_there_is_no_component_on_the_background_or_outside(place: tuple[int, int]) -> None:
    plane = np.ones((4, 5), np.uint8)
    plane[2, 2] = 0
    assert components.at(plane, *place).is_empty
    assert components.others(plane, *place).is_empty


def test_that_of_equally_large_components_the_upper_then_the_left_one_stays() -> None:
    plane = np.zeros((9, 9), np.uint8)
    plane[0, 4:6] = plane[0, 0:2] = plane[5, 2:4] = 1
    assert pixels(components.all_but_largest(plane, 1)) == {(4, 0), (5, 0), (2, 5), (3, 5)}


def test_that_another_label_in_a_hole_keeps_its_pixels() -> None:
    plane = np.ones((9, 9), np.uint8)
    plane[2:7, 2:7] = 0
    plane[4, 4] = 2
    assert components.holes(plane, 1).pixels == 24
    assert components.holes(plane, 2).is_empty


def test_that_what_two_labels_enclose_together_is_a_hole_of_neither() -> None:
    plane = np.zeros((9, 9), np.uint8)
    plane[2:7, 2:7] = 1
    plane[2:7, 5:7] = 2
    plane[4, 4:6] = 0
    assert components.holes(plane, 1).is_empty
    assert components.holes(plane, 2).is_empty
