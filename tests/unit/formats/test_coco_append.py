"""A COCO file that is added to keeps its numbers, and a broken one keeps everything."""

import copy
import json

import numpy as np
import pytest

from lsegdiff_gui.annotation.outgoing import ExportItem
from lsegdiff_gui.formats import FormatError
from lsegdiff_gui.formats.coco import LESION, Category, CocoPicture, build
from lsegdiff_gui.formats.coco_append import append, read_to_append
from lsegdiff_gui.formats.export import export
from lsegdiff_gui.formats.request import ExportRequest, Format

FULL = np.ones((2, 3), np.uint8)
THEIRS = {
    "info": {"year": 2017, "contributor": "somebody"},
    "licenses": [{"id": 4, "name": "CC0"}],
    "unknown": [1, 2],
    "categories": [{"id": 7, "name": "lesion", "extra": True}, {"id": 2, "name": "vessel"}],
    "images": [{"id": 30, "file_name": "old.png", "width": 3, "height": 2, "license": 4}],
    "annotations": [
        {"id": 12, "image_id": 30, "category_id": 7, "area": 1, "bbox": [0, 0, 1, 1], "segmentation": []}
    ],
}


def picture(name: str, mask: np.ndarray = FULL, **attributes: object) -> CocoPicture:
    return CocoPicture.of_mask(name, mask, attributes)


def test_that_what_is_there_is_neither_renumbered_nor_changed():
    before = copy.deepcopy(THEIRS)
    made = append(THEIRS, [picture("b.png"), picture("a.png")], [LESION], replaces=False)
    assert before == THEIRS
    assert {
        **made.data,
        "images": made.data["images"][:1],
        "annotations": made.data["annotations"][:1],
    } == THEIRS
    assert [(image["id"], image["file_name"]) for image in made.data["images"][1:]] == [
        (31, "a.png"),
        (32, "b.png"),
    ]
    assert [(each["id"], each["image_id"]) for each in made.data["annotations"][1:]] == [(13, 31), (14, 32)]


def test_that_categories_are_the_same_where_their_names_are():
    categories = [Category(2, "lesion"), Category(7, "scar"), Category(9, "vessel"), Category(11, "hair")]
    mask = np.array([[2, 7, 9, 11]], np.uint8)
    made = append(THEIRS, [CocoPicture.of_mask("a.png", mask, None, categories)], categories, replaces=False)
    names = {entry["id"]: entry["name"] for entry in made.data["categories"]}
    assert names == {7: "lesion", 2: "vessel", 8: "scar", 11: "hair"}
    added = made.data["annotations"][1:]
    assert [names[each["category_id"]] for each in added] == ["lesion", "scar", "vessel", "hair"]


def test_that_a_picture_that_is_there_is_left_as_it_is_and_named():
    made = append(THEIRS, [picture("old.png"), picture("new.png")], [LESION], replaces=False)
    assert made.present == ("old.png",)
    assert made.data["annotations"][0] == THEIRS["annotations"][0]
    assert len(made.data["images"]) == 2


def test_that_a_picture_that_is_there_keeps_its_number_when_it_is_renewed():
    made = append(THEIRS, [picture("old.png", status="done")], [LESION], replaces=True)
    (image,) = made.data["images"]
    assert (image["id"], image["license"], image["attributes"]) == (30, 4, {"status": "done"})
    (annotation,) = made.data["annotations"]
    assert (annotation["id"], annotation["image_id"], annotation["area"]) == (13, 30, 6)


def test_that_adding_twice_gives_the_same_file_as_adding_at_once_but_for_the_order():
    first = build([picture("a.png")])
    twice = append(first, [picture("b.png")], [LESION], replaces=False).data
    assert twice == build([picture("a.png"), picture("b.png")])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no data set"),
        ('{"images": []}', "no list of annotations"),
        ('{"images": [1], "annotations": [], "categories": []}', "no list of images"),
        ('{"images": [{"id": "1"}], "annotations": [], "categories": []}', "images has no number"),
        ('{"images": [{"id": 1}, {"id": 1}], "annotations": [], "categories": []}', "same number"),
        ('{"images": [], "annotations": [{"id": 1, "image_id": 5}], "categories": []}', "no picture in it"),
        ('{"images": [{"id": 1}], "annotations": [], "categories": []}', "has no name"),
    ],
)
def test_that_a_broken_file_is_refused_with_a_sentence_and_nothing_is_written(tmp_path, content, why):
    path = tmp_path / "annotations.json"
    path.write_text(content)
    request = ExportRequest(tmp_path, frozenset({Format.MASK, Format.COCO}), append=True)
    with pytest.raises(FormatError, match=why):
        export([ExportItem(tmp_path / "a.png", 3, 2, lambda: FULL)], request)
    assert path.read_text() == content
    assert list(tmp_path.iterdir()) == [path]


def test_that_there_need_not_be_a_file_to_add_to(tmp_path):
    assert read_to_append(tmp_path / "none.json") is None
    request = ExportRequest(tmp_path / "out", frozenset({Format.COCO}), append=True)
    for name in ("a.png", "b.png", "a.png"):
        report = export([ExportItem(tmp_path / name, 3, 2, lambda: FULL)], request)
    data = json.loads((tmp_path / "out" / "annotations.json").read_text("utf-8"))
    assert [(image["id"], image["file_name"]) for image in data["images"]] == [(1, "a.png"), (2, "b.png")]
    assert "is in “annotations.json” already" in report.left_out[0][1]
