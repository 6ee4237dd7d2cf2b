"""Outlines run along the edges of pixels and hold exactly the pixels of their mask."""

import cv2
import numpy as np
import pytest
from hypothesis import example, given
from made.masks import awkward, masks, ring_with_island

from lsegdiff_gui.formats.outlines import outlines
from lsegdiff_gui.formats.polygons import outlines_filled
from lsegdiff_gui.imaging.geometry import Box


def signed_area(ring: np.ndarray) -> float:
    """Positive for clockwise on the screen."""
    x, y = ring.astype(float).T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def length(ring: np.ndarray) -> int:
    return int(np.abs(ring - np.roll(ring, -1, axis=0)).sum())


@given(masks)
@example(ring_with_island())
def test_that_the_pixels_inside_are_those_of_the_mask(mask):
    parts = outlines(mask)
    assert np.array_equal(outlines_filled(parts, mask.shape[1], mask.shape[0]), mask)
    areas = [signed_area(ring) for part in parts for ring in (part.outer, *part.holes)]
    assert sum(areas) == mask.sum()


@given(masks)
@example(ring_with_island())
def test_that_parts_are_what_shares_edges_and_turn_clockwise_around_holes_that_do_not(mask):
    parts = outlines(mask)
    assert len(parts) == cv2.connectedComponents(mask, connectivity=4)[0] - 1
    assert all(signed_area(part.outer) > 0 for part in parts)
    assert all(signed_area(hole) < 0 for part in parts for hole in part.holes)
    outside = cv2.copyMakeBorder(1 - mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    assert sum(len(part.holes) for part in parts) == cv2.connectedComponents(outside, connectivity=8)[0] - 2


@given(masks)
def test_that_every_edge_between_inside_and_outside_is_walked_once_and_corners_turn(mask):
    rings = [ring for part in outlines(mask) for ring in (part.outer, *part.holes)]
    padded = np.pad(mask, 1).astype(int)
    edges = np.abs(np.diff(padded, axis=0)).sum() + np.abs(np.diff(padded, axis=1)).sum()
    assert sum(map(length, rings)) == edges
    for ring in rings:
        steps = np.roll(ring, -1, axis=0) - ring
        assert ((steps == 0).sum(axis=1) == 1).all()
        assert ((steps[:, 0] == 0) != (np.roll(steps, 1, axis=0)[:, 0] == 0)).all()


def test_that_pixels_that_touch_by_a_corner_are_two_parts():
    first, second = outlines(np.eye(2, dtype=np.uint8))
    assert first.outer.tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]
    assert second.outer.tolist() == [[1, 1], [2, 1], [2, 2], [1, 2]]
    assert len(outlines(np.eye(2, dtype=np.uint8)[::-1])) == 2


def test_that_an_island_in_a_hole_is_a_part_of_its_own():
    ring, island = outlines(awkward()["island in a hole"])
    assert len(ring.holes) == 1 and not island.holes
    assert (signed_area(island.outer), signed_area(ring.holes[0])) == (12, -108)


def test_that_nothing_has_no_outline():
    assert outlines(np.zeros((3, 4), np.uint8)) == []


def test_that_a_part_of_a_picture_is_outlined_where_it_lies():
    (part,) = outlines(np.ones((2, 3), np.bool_), Box(10, 20, 13, 22))
    assert part.outer.tolist() == [[10, 20], [13, 20], [13, 22], [10, 22]]


@pytest.mark.parametrize("name", awkward())
def test_that_an_awkward_mask_comes_back(name):
    mask = awkward()[name]
    assert np.array_equal(outlines_filled(outlines(mask), mask.shape[1], mask.shape[0]), mask)
