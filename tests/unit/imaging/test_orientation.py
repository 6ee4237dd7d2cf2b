"""Undoing an orientation gives what the file holds, pixel for pixel."""

import numpy as np

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.orientation import as_stored, box_as_stored, stored_orientation
from lsegdiff_gui.imaging.write import encode_jpeg

UPRIGHT = np.random.default_rng(3).integers(0, 256, (5, 7, 3), dtype=np.uint8)


def test_that_upright_pixels_become_the_stored_ones_again(orientation, stored_as):
    assert np.array_equal(as_stored(UPRIGHT, orientation), stored_as(UPRIGHT, orientation))
    assert np.array_equal(as_stored(UPRIGHT[..., 0], orientation), stored_as(UPRIGHT[..., 0], orientation))


def test_that_a_box_lies_where_its_pixels_do(orientation):
    box = Box(1, 2, 4, 3)
    mask = np.zeros((5, 7), np.uint8)
    mask[box.slices] = 1
    assert Box.of(as_stored(mask, orientation)) == box_as_stored(box, 7, 5, orientation)


def test_that_a_file_tells_its_orientation(tmp_path, orientation, files):
    path = tmp_path / "a.jpg"
    path.write_bytes(files.jpeg_with_exif(encode_jpeg(UPRIGHT), orientation))
    assert stored_orientation(path) == orientation
