"""COCO files read: what they mean is what pycocotools says."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from made.annotation_files import annotation, coco, image, rectangle
from pycocotools import mask as official
from pycocotools.coco import COCO

from lsegdiff_gui.formats.coco_in import outline_of, read_coco
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.found import Entry
from lsegdiff_gui.formats.rle import compress, encode_rle

MASKS = arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.integers(0, 1))


def drawn(segmentation: Any, width: int, height: int) -> np.ndarray:
    return outline_of(json.loads(json.dumps(segmentation))).region(width, height).mask(width, height)


def numbers(entry: Entry) -> dict[str, int]:
    assert entry.content is not None
    return {name: place for place, name in enumerate(entry.content.categories, start=1)}


@given(MASKS)
def test_that_run_lengths_of_both_kinds_are_the_mask_they_were_made_of(mask: np.ndarray) -> None:
    height, width = mask.shape
    assert np.array_equal(drawn(encode_rle(mask), width, height), mask)
    assert np.array_equal(drawn(compress(encode_rle(mask)), width, height), mask)


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # pycocotools, with numpy 2
@given(
    st.lists(
        st.lists(
            st.tuples(st.floats(-30, 90, width=32), st.floats(-30, 90, width=32)), min_size=3, max_size=8
        ),
        min_size=1,
        max_size=3,
    )
)
def test_that_polygons_are_the_pixels_pycocotools_says_wherever_they_lie(
    polygons: list[list[tuple[float, float]]],
) -> None:
    flat = [[float(value) for point in polygon for value in point] for polygon in polygons]
    theirs = official.decode(official.merge(official.frPyObjects(flat, 50, 60)))
    assert np.array_equal(drawn(flat, 60, 50), theirs)


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # pycocotools, with numpy 2
def test_that_a_file_of_everything_means_what_pycocotools_reads_in_it(tmp_path: Path, capsys: Any) -> None:
    blob = np.zeros((30, 40), np.uint8)
    blob[3:9, 5:20] = 1
    blob[5:7, 8:12] = 0
    crowd = np.zeros((30, 40), np.uint8)
    crowd[20:22, ::3] = 1
    file = coco(
        tmp_path / "all.json",
        [image(7, "a.png"), image(9, "b.png")],
        [
            annotation(1, 7, [rectangle(1, 10, 6, 15), rectangle(30.5, 10, 36, 15.2)], 2, iscrowd=0),
            annotation(2, 7, encode_rle(blob), 1, iscrowd=0),
            annotation(3, 7, compress(encode_rle(crowd)), 1, iscrowd=1),
        ],
        "lesion",
        "hair",
    )
    first, second = read_coco(file)
    assert (first.name, first.width, first.height, second.name) == ("a.png", 40, 30, "b.png")
    assert second.content is not None and not second.content.categories
    theirs = COCO(str(file))
    capsys.readouterr()  # what it says of itself
    assert first.content is not None
    ours = first.content.drawn({"hair": 2, "lesion": 1}, 40, 30)
    expected = np.zeros((30, 40), np.uint8)
    for one in theirs.loadAnns([1, 2, 3]):
        expected[theirs.annToMask(one) != 0] = one["category_id"]
    assert np.array_equal(ours.labels, expected)
    assert ours.owners is not None and len(np.unique(ours.owners)) == 4


def test_that_shapes_that_overlap_are_counted_and_the_later_one_has_the_pixels(tmp_path: Path) -> None:
    shapes = [annotation(1, 1, [rectangle(0, 0, 10, 10)]), annotation(2, 1, [rectangle(5, 5, 15, 15)], 2)]
    (entry,) = read_coco(coco(tmp_path / "o.json", [image(1, "a.png")], shapes, "lesion", "hair"))
    assert entry.content is not None
    made = entry.content.drawn({"lesion": 1, "hair": 2}, 40, 30)
    assert made.overlapping == 25
    assert np.count_nonzero(made.labels == 1) == 75 and np.count_nonzero(made.labels == 2) == 100
    assert entry.content.drawn({"lesion": 1, "hair": 0}, 40, 30).overlapping == 0


@pytest.mark.parametrize(
    ("segmentation", "said"),
    [
        (None, "a box alone"),
        ([], "a box alone"),
        ([[]], "fewer than three points"),
        ([[1, 2, 3, 4]], "fewer than three points"),
        ([[1, 2, 3, 4, 5, 6, 7]], "half a point"),
        ([[1, 2, 3, 4, 5, float("nan")]], "lie nowhere"),
        ([[1, 2, 3, 4, 5, float("inf")]], "lie nowhere"),
        ([[1, 2, 3, 4, 5, "6"]], "not a list of numbers"),
        ([[1, 2, 3, 4, 5, 10**400]], "numbers that are none"),
        ([[[[1]]]], "not a list of numbers"),
        ([7], "not a list of numbers"),
        ("text", "a box alone"),
        (7, "a box alone"),
        ({"size": [30, 40], "counts": [5]}, "do not add up"),
        ({"size": [30, 40], "counts": [-1, 1201]}, "do not add up"),
        ({"size": [30, 40], "counts": [2**63, 1200]}, "RLE"),
        ({"size": [2**40, 2**40], "counts": [1]}, "more than can be opened"),
        ({"size": [-30, 40], "counts": [1200]}, "RLE"),
        ({"size": [30], "counts": [1200]}, "RLE"),
        ({"counts": [1200]}, "RLE"),
        ({"size": [30, 40], "counts": [1.5, 2]}, "RLE"),
        ({"size": [30, 40], "counts": [[1]]}, "RLE"),
    ],
)
def test_that_a_broken_annotation_is_left_out_with_its_reason_and_the_others_stay(
    tmp_path: Path, segmentation: Any, said: str
) -> None:
    shapes = [annotation(1, 1, [rectangle(0, 0, 10, 10)]), annotation(2, 1, segmentation)]
    (entry,) = read_coco(coco(tmp_path / "b.json", [image(1, "a.png")], shapes, "lesion"))
    (sentence,) = entry.left_out
    assert sentence.startswith("Annotation 2 is left out: ")
    assert said in sentence
    assert entry.content is not None
    assert np.count_nonzero(entry.content.drawn({"lesion": 1}, 40, 30).labels) == 100


def test_that_broken_compressed_runs_are_told_when_they_are_drawn(tmp_path: Path) -> None:
    shapes = [annotation(1, 1, {"size": [30, 40], "counts": "P\u00e9"})]
    (entry,) = read_coco(coco(tmp_path / "b.json", [image(1, "a.png")], shapes, "lesion"))
    assert entry.content is not None
    with pytest.raises(FormatError, match="RLE"):
        entry.content.drawn({"lesion": 1}, 40, 30)


@pytest.mark.parametrize(
    ("images", "annotations", "refusals", "left_out"),
    [
        ([image(-1, "a.png")], [], ["negative"], []),
        ([image(1, "a.png"), image(1, "b.png")], [], ["", "used twice"], []),
        ([{"file_name": "a.png"}], [], ["no number"], []),
        ([image(1, "a.png")], [annotation(-4, 1, [rectangle(0, 0, 9, 9)])], [""], ["number is negative"]),
        (
            [image(1, "a.png")],
            [annotation(4, 1, [rectangle(0, 0, 9, 9)]), annotation(4, 1, [rectangle(9, 9, 12, 12)])],
            [""],
            ["used twice"],
        ),
        ([], [annotation(1, 5, [rectangle(0, 0, 9, 9)])], ["number 5 but describes none"], []),
        (
            [image(1, "a.png")],
            [annotation(1, 1, encode_rle(np.ones((7, 9), np.uint8)))],
            [""],
            ["for 9×7 pixels, its picture has 40×30"],
        ),
    ],
)
def test_that_numbers_and_sizes_that_contradict_each_other_are_told(
    tmp_path: Path, images: list[Any], annotations: list[Any], refusals: list[str], left_out: list[str]
) -> None:
    entries = read_coco(coco(tmp_path / "n.json", images, annotations, "lesion"))
    assert len(entries) == len(refusals)
    for entry, refusal in zip(entries, refusals, strict=True):
        assert refusal in entry.refusal and bool(refusal) == bool(entry.refusal)
    sentences = [sentence for entry in entries for sentence in entry.left_out]
    assert len(sentences) == len(left_out)
    assert all(part in sentence for part, sentence in zip(left_out, sentences, strict=True))


def test_that_run_lengths_tell_the_size_where_the_picture_does_not(tmp_path: Path) -> None:
    mask = np.ones((7, 9), np.uint8)
    (entry,) = read_coco(
        coco(
            tmp_path / "s.json",
            [{"id": "x1", "file_name": "a.png"}],
            [annotation(1, "x1", encode_rle(mask))],
            "l",
        )  # type: ignore[arg-type]
    )
    assert (entry.width, entry.height) == (9, 7)


@pytest.mark.parametrize("text", ["{}", '{"images": []}', '{"images": [1, 2], "annotations": []}', "[]", "7"])
def test_that_other_json_is_no_coco_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(FormatError, match=r"JSON|COCO"):
        read_coco(tmp_path / "x.json")


def test_that_a_file_without_any_annotation_is_one_of_empty_masks(tmp_path: Path) -> None:
    (entry,) = read_coco(coco(tmp_path / "e.json", [image(1, "a.png")], []))
    assert entry.content is not None
    assert not entry.content.drawn({}, 40, 30).labels.any()


def test_that_unnamed_categories_go_by_their_number(tmp_path: Path) -> None:
    shapes = [annotation(1, 1, [rectangle(0, 0, 9, 9)], 12)]
    (entry,) = read_coco(coco(tmp_path / "u.json", [image(1, "a.png")], shapes))
    assert list(numbers(entry)) == ["12"]
