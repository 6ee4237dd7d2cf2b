from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest
from made.slow_regions import EIGHT, FOUR, pixels, random_plane, walk, where

from lsegdiff_gui.annotation.tools import reach
from lsegdiff_gui.annotation.tools.reach import reached
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]


class Plane:
    """A plane that remembers how much of it was looked at."""

    def __init__(self, plane: U8) -> None:
        self.plane = plane
        self.looked_at = 0

    def __call__(self, box: Box) -> U8:
        self.looked_at += box.area
        return self.plane[box.slices].copy()


def test_that_a_small_region_of_a_large_plane_costs_a_small_look() -> None:
    plane = Plane(np.zeros((2000, 2000), np.uint8))
    plane.plane[1000:1050, 900:1010] = 1
    region = reached(plane, 950, 1020, Box.whole(2000, 2000), 4)
    assert region.box == Box(900, 1000, 1010, 1050)
    assert region.inside.all()
    assert plane.looked_at == 257 * 257


@pytest.mark.parametrize("turned", range(4))
def test_that_what_leaves_the_first_look_on_any_side_is_followed(turned: int) -> None:
    plane = np.zeros((1500, 1500), np.uint8)
    plane[700, 700:1400] = 1
    plane[700:1450, 1399] = 1
    plane[702, 700:1390:2] = 1
    turned_plane = np.ascontiguousarray(np.rot90(plane, turned))
    mark = np.zeros_like(plane)
    mark[700, 720] = 1
    y, x = (int(value) for value in np.argwhere(np.rot90(mark, turned))[0])
    region = reached(Plane(turned_plane), x, y, Box.whole(1500, 1500), 4)
    assert region.pixels == 700 + 749


def test_that_a_way_that_returns_into_the_first_look_is_seen_as_one() -> None:
    plane = np.zeros((600, 900), np.uint8)
    plane[300, 100:800] = plane[310, 100:800] = 1
    plane[300:311, 799] = 1
    region = reached(Plane(plane), 110, 300, Box.whole(900, 600), 4)
    assert region.pixels == 700 + 700 + 9


def test_that_nothing_outside_the_given_box_is_reached() -> None:
    plane = np.ones((400, 400), np.uint8)
    region = reached(Plane(plane), 30, 30, Box(20, 10, 360, 50), 8)
    assert region.box == Box(20, 10, 360, 50)
    assert reached(Plane(plane), 19, 30, Box(20, 10, 360, 50), 8).is_empty


def test_that_a_pixel_that_does_not_belong_reaches_nothing() -> None:
    assert reached(Plane(np.zeros((9, 9), np.uint8)), 4, 4, Box.whole(9, 9), 4).is_empty


@pytest.mark.parametrize(("neighbours", "steps"), [(4, FOUR), (8, EIGHT)])
def test_that_looking_further_and_further_finds_what_one_look_at_all_would(
    monkeypatch: pytest.MonkeyPatch, neighbours: Literal[4, 8], steps: tuple[tuple[int, int], ...]
) -> None:
    monkeypatch.setattr(reach, "_FIRST", 1)
    monkeypatch.setattr(reach, "_GROWTH", 2)
    generator = np.random.default_rng(0)
    for _ in range(200):
        plane = random_plane(generator, longest=40, labels=1)
        height, width = plane.shape
        y, x = int(generator.integers(0, height)), int(generator.integers(0, width))
        region = reach.reached(Plane(plane), x, y, Box.whole(width, height), neighbours)
        assert pixels(region) == walk(where(plane), (x, y), steps)
