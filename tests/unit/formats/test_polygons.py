"""Polygons are filled as pycocotools fills them, and what they lose is told."""

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from made.masks import awkward, masks, ring_with_island
from pycocotools import mask as coco_mask

from lsegdiff_gui.formats.outlines import Outline, outlines
from lsegdiff_gui.formats.polygons import bridged, filled, outlines_filled, polygons_of, simplified

# pycocotools 2.0.11 has not caught up with NumPy 2; what it returns is right.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


def random_polygons(rng: np.random.Generator) -> tuple[list[np.ndarray], int, int]:
    """Some polygons of all sorts, inside, across and beyond a picture of the width and height behind them."""
    width, height = rng.integers(1, 40, 2).tolist()
    found = []
    for _ in range(rng.integers(1, 4)):
        polygon = rng.uniform(-10, 50, (rng.integers(3, 12), 2))
        sort = rng.integers(4)
        if sort == 0:
            polygon = np.round(polygon)
        elif sort == 1:
            polygon = np.round(polygon * 5) / 5
        elif sort == 2:
            polygon *= 2000
        found.append(polygon)
    return found, width, height


def by_pycocotools(found, width: int, height: int) -> np.ndarray:
    """A mask as `COCO.annToMask` makes it of the polygons of an annotation."""
    flat = [np.asarray(polygon, float).ravel().tolist() for polygon in found]
    if not flat:
        return np.zeros((height, width), np.uint8)
    return coco_mask.decode(coco_mask.merge(coco_mask.frPyObjects(flat, height, width)))


@pytest.mark.parametrize("seed", range(10))
def test_that_any_polygons_are_filled_pixel_for_pixel_as_pycocotools_does(seed):
    rng = np.random.default_rng(seed)
    for _ in range(60):
        found, width, height = random_polygons(rng)
        assert np.array_equal(filled(found, width, height), by_pycocotools(found, width, height))


@pytest.mark.parametrize(
    ("corners", "width", "height"),
    [
        ([[[0, 30], [3, 30], [3, 40]]], 4, 5),
        ([[[2, 2], [2, 2], [2, 2]]], 4, 5),
        ([[[1, 1], [4, 1], [4, 4], [1, 4]], [[2, 2], [6, 2], [6, 6], [2, 6]]], 7, 7),
        ([[[-1, -1], [-0.5, 9], [8, 3.3]]], 7, 7),
    ],
)
def test_that_polygons_below_the_picture_without_area_and_overlapping_are_filled_alike(
    corners, width, height
):
    found = [np.array(polygon, float) for polygon in corners]
    assert np.array_equal(filled(found, width, height), by_pycocotools(found, width, height))


def test_that_coordinates_far_beyond_any_picture_take_neither_time_nor_memory():
    far = np.array([[-1e300, -1e300], [1e300, -1e300], [1e300, 1e300], [-1e300, 1e300]])
    assert filled([far], 7, 5).all()


@given(masks)
@example(ring_with_island())
def test_that_bridged_polygons_give_pycocotools_the_very_same_mask(mask):
    height, width = mask.shape
    made = polygons_of(mask, bridge_holes=True)
    assert np.array_equal(by_pycocotools(made.polygons, width, height), mask)
    assert made.loss.is_none and made.loss.iou == 1


@given(masks)
@example(ring_with_island())
def test_that_polygons_without_bridges_fill_holes_and_tell_it(mask):
    height, width = mask.shape
    made = polygons_of(mask)
    back = by_pycocotools(made.polygons, width, height)
    assert made.loss.missing == 0
    assert made.loss.added == np.count_nonzero(back > mask)
    assert made.loss.holes == sum(len(part.holes) for part in outlines(mask))
    assert made.loss.iou == (mask.sum() / back.sum() if back.any() else 1)
    assert made.loss.is_none == np.array_equal(back, mask)


@given(masks, st.sampled_from([0.5, 1.0, 2.5]), st.booleans())
def test_that_the_loss_of_a_simplified_outline_is_the_one_that_a_reader_sees(mask, tolerance, bridge_holes):
    assume(mask.any())
    height, width = mask.shape
    made = polygons_of(mask, tolerance=tolerance, bridge_holes=bridge_holes)
    back = by_pycocotools(made.polygons, width, height)
    assert made.loss.added == np.count_nonzero(back > mask)
    assert made.loss.missing == np.count_nonzero(back < mask)
    assert made.loss.iou == np.count_nonzero(back & mask) / np.count_nonzero(back | mask)
    assert all(len(polygon) >= 3 for polygon in made.polygons)


def test_that_a_disc_is_simplified_to_few_corners_and_nearly_the_same_mask():
    y, x = np.ogrid[:200, :200]
    disc = ((x - 99.5) ** 2 + (y - 99.5) ** 2 < 90**2).astype(np.uint8)
    exact, coarse = polygons_of(disc), polygons_of(disc, tolerance=1.5)
    assert len(coarse.polygons[0]) < len(exact.polygons[0]) / 5
    assert 0.98 < coarse.loss.iou < 1


def test_that_a_tolerance_of_zero_changes_nothing():
    (part, _) = outlines(awkward()["island in a hole"])
    assert simplified(part, 0) is part


@pytest.mark.parametrize("most", [0, 500])
def test_that_holes_tied_one_to_the_next_are_as_exact_as_those_tied_to_the_nearest(most, monkeypatch):
    monkeypatch.setattr("lsegdiff_gui.formats.polygons._TIED_TO_THE_NEAREST", most)
    mask = np.ones((15, 22), np.uint8)
    mask[2:-2:3, 2:-2:4] = 0
    (part,) = outlines(mask)
    assert len(part.holes) > 10
    line = bridged(part)
    assert np.array_equal(by_pycocotools([line], 22, 15), mask)
    assert np.array_equal(line[0], part.outer[0])


@given(masks, st.integers(2, 4))
def test_that_a_mask_scaled_up_outlined_and_scaled_back_is_the_same(mask, factor):
    larger = outlines(np.kron(mask, np.ones((factor, factor), np.uint8)))
    for part, own in zip(larger, outlines(mask), strict=True):
        assert np.array_equal(part.outer, own.outer * factor)
    back = [Outline(part.outer / factor, tuple(hole / factor for hole in part.holes)) for part in larger]
    assert np.array_equal(outlines_filled(back, mask.shape[1], mask.shape[0]), mask)
