"""Run lengths, plain and compressed, are those of pycocotools, and bad ones are a sentence."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made.masks import awkward, masks, ring_with_island
from pycocotools import mask as coco_mask

from lsegdiff_gui.formats import FormatError
from lsegdiff_gui.formats.rle import compress, compressed, decode_rle, decompressed, encode_rle

# pycocotools 2.0.11 has not caught up with NumPy 2; what it returns is right.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


@given(masks)
@example(np.zeros((1, 1), np.uint8))
@example(np.ones((1, 1), np.uint8))
@example(np.zeros((3, 5), np.uint8))
@example(np.ones((3, 5), np.uint8))
@example(ring_with_island())
def test_that_run_lengths_are_those_of_pycocotools(mask):
    rle = encode_rle(mask)
    theirs = coco_mask.frPyObjects(rle, *mask.shape)
    assert np.array_equal(coco_mask.decode(theirs), mask)
    assert theirs == coco_mask.encode(np.asfortranarray(mask))
    assert np.array_equal(decode_rle(rle), mask)
    assert all(count > 0 for count in rle["counts"][1:])


@given(masks)
@example(np.ones((1, 1), np.uint8))
@example(ring_with_island())
def test_that_compressed_run_lengths_are_those_of_pycocotools(mask):
    theirs = coco_mask.encode(np.asfortranarray(mask))
    ours = compress(encode_rle(mask))
    assert ours["counts"].encode() == theirs["counts"]
    assert ours["size"] == theirs["size"]
    assert np.array_equal(decode_rle(ours), mask)
    assert np.array_equal(decode_rle(theirs), mask)


@pytest.mark.parametrize("name", awkward())
def test_that_an_awkward_mask_survives_both_kinds(name):
    mask = awkward()[name]
    rle = encode_rle(mask)
    assert np.array_equal(decode_rle(rle), mask)
    assert np.array_equal(decode_rle(compress(rle)), mask)


@given(st.lists(st.integers(0, 2**30), min_size=1, max_size=40))
@example([2**30, 0, 0, 2**30, 0])
def test_that_any_counts_come_back_from_their_string(counts):
    assert decompressed(compressed(counts)).tolist() == counts


@given(st.one_of(st.text(max_size=30), st.binary(max_size=30)))
@example("")
@example("P")
@example("é")
@example("ooooooooooooooo0")
def test_that_any_text_is_counts_or_a_sentence(text):
    try:
        counts = decompressed(text)
    except FormatError as problem:
        assert "Export it again" in str(problem)
    else:
        assert counts.dtype == np.int64 and counts.size


@pytest.mark.parametrize(
    "rle",
    [
        {"size": [2, 2], "counts": [1, 2]},
        {"size": [2, 2], "counts": [5, -1]},
        {"size": [2, 2], "counts": [2**62, 2**62, 2**62, 2**62 + 4]},
        {"size": [0, 0], "counts": []},
        {"size": [2, 2], "counts": "PPX"},
        {"size": [2, 2], "counts": [[1], [3]]},
        {"size": [2], "counts": [2]},
        {"counts": [4]},
        {"size": [2, 2], "counts": [float("nan"), 4.0]},
        {"size": [2, 2], "counts": ["4"]},
        {"size": [2, 2], "counts": [10**30]},
        {"size": [2, 2], "counts": None},
        {"size": [2, 2], "counts": []},
        {"size": [-2, -2], "counts": [4]},
        {"size": [True, 4], "counts": [4]},
        {"size": [2.0, 2.0], "counts": [4]},
        {"size": [2, 2], "counts": "5"},
    ],
)
def test_that_run_lengths_that_make_no_mask_are_a_sentence(rle):
    with pytest.raises(FormatError, match="Export it again"):
        decode_rle(rle)


def test_that_a_mask_too_large_to_be_one_is_refused_before_memory_is_asked_for():
    with pytest.raises(FormatError, match="more than can be opened"):
        decode_rle({"size": [10**6, 10**6], "counts": [10**12]})


def test_that_a_mask_of_8192_squared_is_encoded_exactly():
    mask = np.zeros((8192, 8192), np.uint8)
    mask[100:8192, 7000:8192] = 1
    mask[3000:3100, 7500:7600] = 0
    rle = encode_rle(mask)
    assert sum(rle["counts"][1::2]) == mask.sum(dtype=np.int64)
    assert np.array_equal(decode_rle(compress(rle)), mask)
