"""COCO files, read by pycocotools, give back the very same masks."""

import contextlib
import io
import json

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from made.masks import masks, ring_with_island, shapes
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from lsegdiff_gui.annotation.instances import Partition, Tie
from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.formats import FormatError
from lsegdiff_gui.formats.coco import (
    INTENDED_USE,
    Category,
    CocoPicture,
    as_json,
    build,
    write_coco,
)

# pycocotools 2.0.11 has not caught up with NumPy 2; what it returns is right.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


def by_pycocotools(path) -> COCO:
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


@given(masks)
@example(ring_with_island())
def test_that_area_and_box_are_those_of_pycocotools_in_integers(mask):
    picture = CocoPicture.of_mask("a.png", mask)
    if not mask.any():
        assert picture.annotations == ()
        return
    (annotation,) = picture.annotations
    theirs = coco_mask.encode(np.asfortranarray(mask))
    assert annotation.area == coco_mask.area(theirs)
    assert annotation.bbox == coco_mask.toBbox(theirs).tolist()
    numbers = [annotation.area, *annotation.bbox, *annotation.segmentation["counts"]]
    assert all(type(value) is int for value in numbers)


@given(st.lists(masks, min_size=1, max_size=4))
def test_that_a_written_file_is_read_to_the_very_same_masks(tmp_path_factory, drawn):
    path = tmp_path_factory.mktemp("coco") / "annotations.json"
    by_name = {f"été {number}.png": mask for number, mask in enumerate(drawn)}
    write_coco(path, build(CocoPicture.of_mask(name, mask) for name, mask in by_name.items()))
    coco = by_pycocotools(path)
    for image in coco.dataset["images"]:
        mask = by_name[image["file_name"]]
        annotations = coco.imgToAnns[image["id"]]
        assert (image["height"], image["width"]) == mask.shape
        assert len(annotations) == int(mask.any())
        for annotation in annotations:
            assert np.array_equal(coco.annToMask(annotation), mask)
            assert annotation["iscrowd"] == 0


def test_that_each_label_has_its_own_annotation(tmp_path):
    mask = np.zeros((6, 6), np.uint8)
    mask[:2], mask[4:] = 1, 3
    categories = (Category(1, "lesion"), Category(2, "vessel"), Category(3, "ignore"))
    path = tmp_path / "a.json"
    write_coco(path, build([CocoPicture.of_mask("a", mask, categories=categories)], categories))
    coco = by_pycocotools(path)
    seen = {
        annotation["category_id"]: coco.annToMask(annotation) for annotation in coco.dataset["annotations"]
    }
    assert {category["name"] for category in coco.dataset["categories"]} == {"lesion", "vessel", "ignore"}
    assert seen.keys() == {1, 3}
    assert all(np.array_equal(plane, mask == category) for category, plane in seen.items())


def test_that_a_label_without_a_name_is_refused():
    mask = np.array([[0, 1, 9]], np.uint8)
    with pytest.raises(FormatError, match="“a.png” has pixels of label 9, which has no name"):  # noqa: RUF043
        CocoPicture.of_mask("a.png", mask)


def test_that_ids_do_not_depend_on_the_order_of_the_pictures():
    pictures = [
        CocoPicture.of_mask(name, np.ones((2, 2), np.uint8)) for name in ("b/1.png", "a/2.png", "a/10.png")
    ]
    data = build(pictures)
    assert data == build(reversed(pictures))
    assert [image["id"] for image in data["images"]] == [1, 2, 3]
    assert [annotation["id"] for annotation in data["annotations"]] == [1, 2, 3]


def test_that_an_empty_mask_is_a_picture_without_annotations_that_keeps_its_origin():
    data = build([CocoPicture.of_mask("a.png", np.zeros((2, 3), np.uint8), {"status": "done"})])
    assert data["annotations"] == []
    (image,) = data["images"]
    assert (image["width"], image["height"], image["attributes"]) == (3, 2, {"status": "done"})


def test_that_a_picture_without_lesion_that_somebody_has_confirmed_says_so():
    data = build([CocoPicture.of_mask("a.png", np.zeros((2, 3), np.uint8), {"status": "no_lesion"})])
    assert data["annotations"] == []
    assert data["images"][0]["attributes"]["confirmed_no_lesion"] is True


def test_that_annotations_carry_their_origin_and_the_file_its_use(tmp_path):
    origin = {"model": "polyp", "seed": 0, "recipe": {"threshold": 0.5}}
    path = tmp_path / "a.json"
    write_coco(path, build([CocoPicture.of_mask("a.png", np.ones((2, 2), np.uint8), origin)]))
    data = json.loads(path.read_text("utf-8"))
    assert data["info"]["intended_use"] == INTENDED_USE == "research annotation; not for diagnosis"
    assert data["annotations"][0]["attributes"] == origin


def test_that_two_pictures_of_one_name_are_a_fault_of_the_program():
    picture = CocoPicture.of_mask("a.png", np.ones((2, 2), np.uint8))
    with pytest.raises(ValueError, match="must differ"):
        build([picture, picture])


def two_lesions_of_two_labels() -> np.ndarray:
    """Label 1 at two places, label 3 at one, and a corner to be ignored at two."""
    mask = np.zeros((12, 16), np.uint8)
    mask[1:4, 1:5] = mask[6:9, 2:4] = 1
    mask[2:11, 8:12] = 3
    mask[4:6, 9:11] = 0
    mask[:2, 14:] = mask[10:, 14:] = IGNORE
    return mask


SEVERAL = (Category(1, "lesion"), Category(3, "vessel"), Category(IGNORE, "ignore"))


def test_that_each_instance_is_an_annotation_and_all_of_them_are_the_mask(tmp_path):
    mask, path = two_lesions_of_two_labels(), tmp_path / "a.json"
    write_coco(path, build([CocoPicture.of_mask("a", mask, None, SEVERAL, Partition())], SEVERAL))
    coco = by_pycocotools(path)
    seen = [(each["category_id"], each["area"], each["bbox"]) for each in coco.dataset["annotations"]]
    assert seen == [
        (1, 12, [1, 1, 4, 3]),
        (3, 32, [8, 2, 4, 9]),
        (1, 6, [2, 6, 2, 3]),
        (IGNORE, 8, [14, 0, 2, 12]),
    ]
    united = np.zeros_like(mask)
    for annotation in coco.dataset["annotations"]:
        plane = coco.annToMask(annotation)
        assert not united[plane > 0].any()
        assert plane.sum() == annotation["area"]
        united[plane > 0] = annotation["category_id"]
    assert np.array_equal(united, mask)


@given(arrays(np.uint8, shapes, elements=st.sampled_from([0, 0, 1, 3, IGNORE])))
def test_that_instances_tile_any_mask_exactly(mask):
    picture = CocoPicture.of_mask("a", mask, None, SEVERAL, Partition())
    united = np.zeros_like(mask)
    for annotation in picture.annotations:
        plane = coco_mask.decode(coco_mask.frPyObjects(annotation.segmentation, *mask.shape))
        theirs = coco_mask.encode(np.asfortranarray(plane))
        assert annotation.area == coco_mask.area(theirs)
        assert annotation.bbox == coco_mask.toBbox(theirs).tolist()
        assert not united[plane > 0].any()
        united[plane > 0] = annotation.category_id
    assert np.array_equal(united, mask)


def test_that_instances_follow_the_annotators_partition():
    mask = two_lesions_of_two_labels()
    tied = Partition(ties=(Tie((2, 2), (3, 7)),))
    picture = CocoPicture.of_mask("a", mask, None, SEVERAL, tied)
    assert [(each.category_id, each.area) for each in picture.annotations] == [(1, 18), (3, 32), (IGNORE, 8)]


@pytest.mark.parametrize("partition", [None, Partition()])
def test_that_what_is_to_be_ignored_says_so_and_is_no_crowd(partition):
    picture = CocoPicture.of_mask("a", two_lesions_of_two_labels(), {"seed": 7}, SEVERAL, partition)
    *lesions, ignored = build([picture], SEVERAL)["annotations"]
    assert all(each["attributes"] == {"seed": 7} for each in lesions)
    assert ignored["category_id"] == IGNORE
    assert ignored["attributes"] == {"seed": 7, "ignore": True}
    assert ignored["iscrowd"] == 0


def test_that_an_instance_without_a_name_is_refused():
    mask = np.array([[0, 1, 0, 9]], np.uint8)
    with pytest.raises(FormatError, match="label 9"):
        CocoPicture.of_mask("a.png", mask, partition=Partition())


plain = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(-1e9, 1e9), st.text(max_size=5))
values = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)


@given(st.dictionaries(st.text(max_size=5), values, max_size=5))
def test_that_json_written_entry_by_entry_is_what_one_call_writes(data):
    assert as_json(data).decode() == json.dumps(data, ensure_ascii=False)
