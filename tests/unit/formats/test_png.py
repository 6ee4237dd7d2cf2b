import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lsegdiff_gui.annotation.labels import IGNORE, Label
from lsegdiff_gui.annotation.resample import upsampled
from lsegdiff_gui.formats.png import DEEP_PER_LEVEL, deep, index_png, label_map, mask_png, write_mask
from lsegdiff_gui.formats.png_in import read_coded, read_label_map
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.header import png_chunks
from lsegdiff_gui.imaging.read import read, read_mask
from lsegdiff_gui.imaging.write import write_png


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


LABELS = (
    Label(1, "Lesion", "#56b4e9"),
    Label(7, "Vessel: small", "#e69f00"),
    Label(IGNORE, "Ignore", "#999999"),
)


@given(
    arrays(
        np.uint8,
        st.tuples(st.integers(1, 12), st.integers(1, 12)),
        elements=st.sampled_from([0, 1, 7, IGNORE]),
    )
)
def test_that_numbers_of_labels_come_back_from_a_file_with_their_palette(tmp_path_factory, mask):
    path = tmp_path_factory.mktemp("masks") / "a_index.png"
    path.write_bytes(index_png(mask, LABELS))
    assert np.array_equal(read_coded(path, {}).plane, mask if mask.any() else mask * 0)
    palette = np.zeros((256, 3), np.uint8)
    palette[[1, 7, IGNORE]] = [0x56, 0xB4, 0xE9], [0xE6, 0x9F, 0], [0x99] * 3
    assert np.array_equal(read(path).rgb8, palette[mask])


def test_that_the_table_of_labels_is_the_one_that_others_read(tmp_path):
    path = tmp_path / "labelmap.txt"
    path.write_bytes(label_map(LABELS))
    assert read_label_map(path) == {
        (0, 0, 0): "background",
        (0x56, 0xB4, 0xE9): "Lesion",
        (0xE6, 0x9F, 0): "Vessel  small",
        (0x99, 0x99, 0x99): "Ignore",
    }


def test_that_a_16_bit_map_keeps_the_models_values_and_is_linear_between_them(tmp_path):
    plane = np.random.default_rng(0).integers(0, 256, (8, 8), dtype=np.uint8)
    write_png(tmp_path / "p.png", deep(plane, 8, 8))
    native = read(tmp_path / "p.png").native
    assert native.dtype == np.uint16
    assert np.array_equal(native / DEEP_PER_LEVEL, plane)
    large = deep(plane, 1500, 700)
    expected = np.rint(upsampled(plane, Box.whole(1500, 700), 1500, 700) * DEEP_PER_LEVEL)
    assert np.array_equal(large, expected)


@given(arrays(np.uint8, (6, 6), elements=st.sampled_from([0, 255])))
def test_that_a_map_lies_without_any_shift_seen_from_all_sides(plane):
    large = deep(plane, 18, 12)
    assert np.array_equal(deep(np.ascontiguousarray(plane[:, ::-1]), 18, 12)[:, ::-1], large)
    assert np.array_equal(deep(np.ascontiguousarray(plane[::-1]), 18, 12)[::-1], large)
    # At three times the width every second of three pixels lies on a centre of the grid, up to its two rows.
    assert np.array_equal(deep(plane, 18, 18)[1::3, 1::3], plane.astype(np.uint16) * DEEP_PER_LEVEL)


def test_that_the_files_hold_pixels_and_nothing_else():
    for data in (mask_png(np.eye(3, dtype=np.uint8)), index_png(np.eye(3, dtype=np.uint8), LABELS)):
        kinds = {kind for kind, _, _ in png_chunks(data)}
        assert kinds <= {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
