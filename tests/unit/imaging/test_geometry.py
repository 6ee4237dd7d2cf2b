"""Boxes are sets of pixels: every operation is checked against the pixels themselves."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lsegdiff_gui.imaging.geometry import Box

SIDE = 12
corner = st.integers(-5, SIDE + 5)
boxes = st.builds(Box, corner, corner, corner, corner)
masks = arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 1))


def pixels(box: Box) -> set[tuple[int, int]]:
    return {(x, y) for x in range(box.x0, box.x1) for y in range(box.y0, box.y1)}


@given(boxes)
def test_that_sizes_count_pixels(box):
    assert box.area == len(pixels(box)) == box.width * box.height
    assert box.is_empty == (not pixels(box))


@given(boxes, boxes)
def test_that_the_intersection_holds_the_shared_pixels(one, other):
    assert pixels(one.intersect(other)) == pixels(one) & pixels(other)


@given(boxes, boxes)
def test_that_the_union_is_the_smallest_box_around_both(one, other):
    both = pixels(one) | pixels(other)
    union = one.union(other)
    assert pixels(union) >= both
    if both:
        xs, ys = zip(*both, strict=True)
        assert union == Box(min(xs), min(ys), max(xs) + 1, max(ys) + 1)
    else:
        assert union == Box.empty()


@given(boxes)
def test_that_clipping_keeps_what_lies_in_the_picture(box):
    assert pixels(box.clip(SIDE, 7)) == pixels(box) & pixels(Box.whole(SIDE, 7))


@given(boxes, st.integers(0, 4))
def test_that_padding_is_undone_by_its_negative(box, margin):
    padded = box.padded(margin)
    assert padded.is_empty == box.is_empty
    if not box.is_empty:
        assert padded.area == (box.width + 2 * margin) * (box.height + 2 * margin)
        assert padded.padded(-margin) == box


@given(boxes)
def test_that_slices_select_the_pixels_of_a_clipped_box(box):
    clipped = box.clip(SIDE, SIDE)
    plane = np.zeros((SIDE, SIDE), bool)
    plane[clipped.slices] = True
    assert {(int(x), int(y)) for y, x in np.argwhere(plane)} == pixels(clipped)


def test_that_slices_of_an_empty_box_outside_select_nothing():
    assert np.ones((4, 4))[Box(9, 9, 2, 2).slices].size == 0
    assert np.ones((4, 4))[Box(-3, 0, -3, 2).slices].size == 0


@given(masks)
def test_that_the_box_of_a_mask_is_tight(mask):
    box = Box.of(mask)
    assert mask[box.slices].sum() == mask.sum()
    if box.is_empty:
        assert not mask.any()
    else:
        inside = mask[box.slices]
        assert inside[0].any() and inside[-1].any() and inside[:, 0].any() and inside[:, -1].any()
