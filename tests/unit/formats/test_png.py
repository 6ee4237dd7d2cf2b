import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.formats.png import mask_png, write_mask
from lsegdiff_gui.imaging.read import read, read_mask


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20)), elements=st.sampled_from([0, 1, 7]))
)
def test_that_any_mask_is_read_back_equal(tmp_path_factory, mask):
    path = tmp_path_factory.mktemp("masks") / "a_mask.png"
    write_mask(path, mask)
    assert np.array_equal(read_mask(path), mask != 0)


@pytest.mark.parametrize("value", [0, 1])
def test_that_the_file_has_one_channel_of_0_and_255(tmp_path, value):
    path = tmp_path / "a_mask.png"
    path.write_bytes(mask_png(np.full((3, 5), value, np.uint8)))
    native = read(path).native
    assert native.shape == (3, 5)
    assert (native == 255 * value).all()


def test_that_every_label_is_inside_but_what_is_to_be_ignored(tmp_path):
    path = tmp_path / "a_mask.png"
    path.write_bytes(mask_png(np.array([[0, 1, 2, 253, IGNORE]], np.uint8)))
    assert read(path).native.tolist() == [[0, 255, 255, 255, 0]]
