import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made.slow_regions import Pixels, pixels

from lsegdiff_gui.annotation.tools.shapes import polygon
from lsegdiff_gui.imaging.geometry import Box

Points = Sequence[tuple[float, float]]

# Halves are pixels' middles; eighths are what a mouse at 800 % gives.
coordinates = st.one_of(
    st.integers(-60, 160).map(lambda eighths: eighths / 8),
    st.integers(-8, 20).map(lambda whole: whole + 0.5),
    st.floats(-8, 20, allow_nan=False, width=32),
)
outlines = st.lists(st.tuples(coordinates, coordinates), max_size=9)


def inside_by_rays(points: Points, width: int, height: int) -> Pixels:
    """A ray to the left from each pixel's middle, in exact fractions: odd crossings are inside."""
    exact = [(Fraction(x), Fraction(y)) for x, y in points]
    edges = list(zip(exact, exact[1:] + exact[:1], strict=True))
    found: Pixels = set()
    for row in range(height):
        y = row + Fraction(1, 2)
        crossings = [
            x0 + (y - y0) * (x1 - x0) / (y1 - y0) for (x0, y0), (x1, y1) in edges if (y0 <= y) != (y1 <= y)
        ]
        for column in range(width):
            if sum(x <= column + Fraction(1, 2) for x in crossings) % 2:
                found.add((column, row))
    return found


@settings(max_examples=200, deadline=None)
@given(outlines, st.integers(1, 14), st.integers(1, 14))
def test_that_exactly_the_pixels_with_their_middles_inside_are_found(
    points: list[tuple[float, float]], width: int, height: int
) -> None:
    assert pixels(polygon(points, width, height)) == inside_by_rays(points, width, height)


def test_that_long_outlines_that_cross_themselves_follow_the_same_rule() -> None:
    generator = np.random.default_rng(0)
    for _ in range(4):
        points = [(float(x), float(y)) for x, y in generator.normal(20, 25, (60, 2))]
        assert pixels(polygon(points, 40, 37)) == inside_by_rays(points, 40, 37)


def test_that_a_rectangle_on_pixel_edges_is_those_pixels() -> None:
    region = polygon([(2, 3), (7, 3), (7, 5), (2, 5)], 20, 20)
    assert region.box == Box(2, 3, 7, 5)
    assert region.inside.all()


def test_that_polygons_that_share_edges_share_no_pixel_and_leave_none_out() -> None:
    generator = np.random.default_rng(1)
    for _ in range(20):
        x, y = (float(value) for value in generator.integers(1, 40, 2) / 2)
        corners = [(0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0)]
        covered = np.zeros((20, 20), np.int64)
        for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
            covered += polygon([start, end, (x, y)], 20, 20).mask(20, 20)
        assert (covered == 1).all()


def test_that_what_is_gone_round_twice_lies_outside() -> None:
    star = [(10 + 9 * math.sin(0.8 * math.pi * k), 10 - 9 * math.cos(0.8 * math.pi * k)) for k in range(5)]
    found = pixels(polygon(star, 20, 20))
    assert (10, 3) in found
    assert (10, 10) not in found


@pytest.mark.parametrize("points", [[], [(3.5, 3.5)], [(0.0, 0.0), (9.0, 9.0)], [(1.5, 1.5)] * 5])
def test_that_outlines_without_an_inside_give_nothing(points: Points) -> None:
    assert polygon(points, 10, 10).is_empty


def test_that_an_outline_around_the_whole_picture_gives_all_of_it() -> None:
    far = 1e6
    region = polygon([(-far, -far), (far, -far), (far, far), (-far, far)], 30, 20)
    assert region.box == Box.whole(30, 20)
    assert region.inside.all()


@pytest.mark.parametrize("shift", [(-50, 0), (50, 0), (0, -50), (0, 50)])
def test_that_an_outline_beside_the_picture_gives_nothing(shift: tuple[int, int]) -> None:
    dx, dy = shift
    assert polygon([(dx, dy), (dx + 20, dy), (dx + 10, dy + 20)], 20, 20).is_empty


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_that_a_point_that_is_nowhere_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="nowhere"):
        polygon([(0, 0), (5, value), (5, 0)], 10, 10)


def test_that_a_small_outline_in_a_huge_picture_needs_no_more_than_its_box() -> None:
    region = polygon([(70_000, 70_000), (70_030, 70_000), (70_000, 70_040)], 100_000, 100_000)
    assert region.box.width <= 30
    assert region.pixels == pytest.approx(600, rel=0.05)
