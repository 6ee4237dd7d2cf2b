import itertools

import numpy as np
import pytest

from lsegdiff_gui.imaging.display import pyramid, thumbnail


@pytest.mark.parametrize("shape", [(1, 1), (512, 512), (513, 2), (4000, 3001), (1, 5000)])
def test_that_each_level_has_half_the_pixels_a_side(shape):
    picture = np.full((*shape, 3), 77, np.uint8)
    levels = pyramid(picture)
    assert levels[0] is picture
    for above, below in itertools.pairwise(levels):
        assert below.shape == ((above.shape[0] + 1) // 2, (above.shape[1] + 1) // 2, 3)
        assert (below == 77).all()
    assert max(levels[-1].shape) <= 512


def test_that_halving_takes_the_mean_of_four_pixels():
    picture = np.zeros((1024, 1024, 3), np.uint8)
    picture[::2, ::2] = 200
    assert (pyramid(picture)[1] == 50).all()


def test_that_a_small_picture_is_its_own_thumbnail():
    picture = np.zeros((20, 30, 3), np.uint8)
    assert thumbnail(picture, 30) is picture


def test_that_a_thumbnail_keeps_the_proportions():
    assert thumbnail(np.zeros((200, 400, 3), np.uint8), 100).shape == (50, 100, 3)
