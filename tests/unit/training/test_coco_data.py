"""COCO files as people have them, to learn from. What they mean is tested where they are read."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lsegdiff_gui.formats.rle import encode_rle
from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.training.coco_data import read_coco
from lsegdiff_gui.training.data import DataError, read_pair
from lsegdiff_gui.training.material import find, load

SQUARE = [10.0, 5.0, 30.0, 5.0, 30.0, 25.0, 10.0, 25.0]


def write(path: Path, images: list[Any], annotations: list[Any]) -> Path:
    path.write_text(json.dumps({"images": images, "annotations": annotations, "categories": []}), "utf-8")
    return path


def test_that_an_exported_coco_file_gives_the_same_masks_as_the_folder(discs: Path, discs_coco: Path) -> None:
    by_file, by_folder = (
        {pair.stem: read_pair(pair)[1] for part in found.pairs.values() for pair in part}
        for found in (find([discs_coco]), find([discs]))
    )
    assert by_file.keys() == by_folder.keys()
    for stem, mask in by_folder.items():
        assert np.array_equal(by_file[stem], mask), stem


def test_that_pictures_without_annotation_are_negatives_and_several_annotations_are_united(
    discs: Path,
) -> None:
    images = [{"id": 1, "file_name": "case 01.png"}, {"id": 2, "file_name": "images/case 02.png"}]
    runs = encode_rle(np.pad(np.ones((4, 6), np.uint8), ((50, 10), (70, 4))))
    annotations = [{"image_id": 2, "segmentation": [SQUARE]}, {"image_id": 2, "segmentation": runs}]
    pairs, left_out = read_coco(write(discs / "all.json", images, annotations))
    assert left_out == []
    empty, both = (read_pair(pair)[1] for pair in pairs)
    assert not empty.any()
    assert both.sum() == 20 * 20 + 4 * 6
    assert both[5:25, 10:30].all() and both[50:54, 70:76].all()


@pytest.mark.parametrize(
    ("segmentation", "said"),
    [
        (None, "a box alone"),
        ([[1, 2, 3, 4]], "three points"),
        ([[1, 2, 3, 4, 5, float("nan")]], "lie nowhere"),
        ({"size": [64, 80], "counts": [5]}, "do not add up"),
        ({"size": [10, 12], "counts": [120]}, "for 12×10"),
        ({"size": [64, 80], "counts": "P\u00e9"}, "RLE"),
    ],
)
def test_that_a_picture_with_a_broken_outline_is_left_out_and_never_taken_for_a_negative(
    discs: Path, segmentation: Any, said: str
) -> None:
    images = [{"id": i, "file_name": f"case {i:02}.png"} for i in range(24)]
    path = write(discs / "all.json", images, [{"image_id": 9, "segmentation": segmentation}])
    material = load(find([path]), 64)
    (item,) = material.left_out
    assert item.path.name == "case 09.png"
    assert said in item.reason
    assert "all.json" in item.reason


def test_that_pictures_that_are_not_there_elsewhere_or_of_another_size_are_left_out(discs: Path) -> None:
    images = [
        {"id": 1, "file_name": "gone.png"},
        {"id": 2, "file_name": "case 02.png", "width": 12, "height": 10},
        {"id": 50, "file_name": "../case 02.png"},
        *({"id": i, "file_name": f"case {i:02}.png", "width": 80, "height": 64} for i in range(3, 24)),
    ]
    path = write(discs / "all.json", images, [{"image_id": 99, "segmentation": [SQUARE]}])
    left_out = load(find([path]), 64).left_out
    reasons = "\n".join(item.reason for item in left_out)
    assert len(left_out) == 4
    assert "neither beside “all.json” nor in images/" in reasons
    assert "for 12×10, the picture is 80×64" in reasons
    assert "leads out of the chosen folder" in reasons
    assert "describes none" in reasons


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "{}", '{"images": [7], "annotations": []}', "\u00ff"],
)
def test_that_a_file_that_is_no_coco_file_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "some.json"
    path.write_text(text, "latin-1")
    with pytest.raises(DataError, match=r"JSON|COCO|UTF-8"):
        read_coco(path)


def test_that_the_lists_beside_a_coco_file_part_its_pictures(discs: Path, discs_coco: Path) -> None:
    (discs / "select.txt").write_text("case 03\ncase 04\n", "utf-8")
    (discs / "test.txt").write_text("case 05\n", "utf-8")
    found = find([discs_coco])
    assert [pair.stem for pair in found.pairs["select"]] == ["case 03", "case 04"]
    assert len(found.pairs["train"]) == 21
    assert read(found.pairs["select"][0].image).width == 80
