"""Parts of a label plane at smaller sizes, made elsewhere and taken over."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.label_pyramid import Halves, LabelPyramid

SCALES = [1.0, 0.5, 0.25, 0.12, 0.06, 0.03]
places = st.integers(-20, 150)


@given(st.integers(1, 130), st.integers(1, 130), places, places, st.integers(0, 90), st.integers(0, 90))
def test_that_levels_taken_over_equal_those_made_of_the_whole_plane(
    width: int, height: int, x: int, y: int, across: int, down: int
) -> None:
    rng = np.random.default_rng(width * 1000 + height)
    plane = rng.integers(0, 4, (height, width), np.uint8)
    pyramid = LabelPyramid(plane)
    for scale in SCALES:
        pyramid.level_for(scale)
    box = Box(x, y, x + across, y + down)
    inside = box.clip(width, height).slices
    plane[inside] = rng.integers(0, 9, plane[inside].shape, np.uint8)
    pyramid.changed(box)
    pyramid.put(Halves.of(plane, box))
    fresh = LabelPyramid(plane)
    for scale in SCALES:
        np.testing.assert_array_equal(pyramid.level_for(scale), fresh.level_for(scale))


def test_that_what_was_taken_over_is_not_made_again() -> None:
    plane = np.zeros((64, 64), np.uint8)
    pyramid = LabelPyramid(plane)
    pyramid.level_for(0.25)
    plane[8:16, 8:16] = 3
    box = Box(8, 8, 16, 16)
    pyramid.changed(box)
    pyramid.put(Halves.of(plane, box))
    plane[:] = 0  # nobody has said so
    assert pyramid.level_for(0.25).max() == 3


def test_that_a_change_elsewhere_that_nobody_looked_at_is_still_made() -> None:
    plane = np.zeros((64, 64), np.uint8)
    pyramid = LabelPyramid(plane)
    pyramid.level_for(0.25)
    plane[60, 60] = 2
    pyramid.changed(Box(60, 60, 61, 61))
    plane[8:16, 8:16] = 3
    pyramid.changed(Box(8, 8, 16, 16))
    pyramid.put(Halves.of(plane, Box(8, 8, 16, 16)))
    assert pyramid.level_for(0.25)[15, 15] == 2
