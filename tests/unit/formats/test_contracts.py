"""What other programs demand of a COCO file, by their documented rules, and by the library where it is installed."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made.masks import awkward
from pycocotools import mask as coco_mask

from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, IGNORE
from lsegdiff_gui.annotation.outgoing import ExportItem, Meaning
from lsegdiff_gui.formats.export import export
from lsegdiff_gui.formats.request import ExportRequest, Format, Shape
from lsegdiff_gui.imaging.write import write_png

# pycocotools 2.0.11 has not caught up with NumPy 2; what it returns is right.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")

RING = awkward()["island in a hole"]


def several() -> dict[str, np.ndarray]:
    """Masks by the names of their pictures: with holes, with what is to be ignored, and without any lesion."""
    ignored = RING.copy()
    ignored[0, :5] = IGNORE
    return {"a.png": RING, "b.png": ignored, "empty.png": np.zeros((5, 6), np.uint8)}


def written(folder: Path, shape: Shape, *, bridge_holes: bool = True) -> dict[str, Any]:
    meaning = Meaning.of(DEFAULT_LABELS, Partition())
    items = []
    for name, mask in several().items():
        write_png(folder / name, mask * np.uint8(100))
        status = {"status": "done" if mask.any() else "no_lesion"}
        items.append(
            ExportItem(folder / name, *mask.shape[::-1], lambda mask=mask: mask, status, lambda: meaning)
        )
    request = ExportRequest(folder, frozenset({Format.COCO}), shape=shape, bridge_holes=bridge_holes)
    assert export(items, request).failures == []
    data: dict[str, Any] = json.loads((folder / "annotations.json").read_text("utf-8"))
    return data


def masks_of(data: dict[str, Any], decode: Any) -> dict[str, np.ndarray]:
    """The mask of each picture, by a loader's own rule for a segmentation."""
    made = {}
    for image in data["images"]:
        mask = np.zeros((image["height"], image["width"]), np.uint8)
        for each in data["annotations"]:
            if each["image_id"] == image["id"]:
                mask[decode(each["segmentation"], *mask.shape) > 0] = each["category_id"]
        made[image["file_name"]] = mask
    return made


def as_detectron2(segmentation: Any, height: int, width: int) -> np.ndarray:
    """`load_coco_json` and `annotations_to_instances` with bitmasks.

    A dictionary whose counts are a list is converted by frPyObjects, another one taken as compressed; of a list,
    polygons with an odd number of coordinates or fewer than six are dropped.
    """
    if isinstance(segmentation, dict):
        if isinstance(segmentation["counts"], list):
            segmentation = coco_mask.frPyObjects(segmentation, *segmentation["size"])
        return coco_mask.decode(segmentation)
    kept = [polygon for polygon in segmentation if len(polygon) % 2 == 0 and len(polygon) >= 6]
    assert kept
    return coco_mask.decode(coco_mask.merge(coco_mask.frPyObjects(kept, height, width)))


def as_torchvision(segmentation: Any, height: int, width: int) -> np.ndarray:
    """`wrap_dataset_for_transforms_v2`: a dictionary, and a list, go to frPyObjects; the result is merged.

    Before 0.19 it could not take compressed run lengths: plain ones are the default for that.
    """
    if isinstance(segmentation, dict):
        assert isinstance(segmentation["counts"], list)
        return coco_mask.decode(coco_mask.frPyObjects(segmentation, height, width))
    return coco_mask.decode(coco_mask.merge(coco_mask.frPyObjects(segmentation, height, width)))


def as_fiftyone(segmentation: Any, height: int, width: int) -> np.ndarray:
    """`_coco_segmentation_to_mask`: lists are polygons, counts that are a list plain, all else compressed."""
    if isinstance(segmentation, list):
        found = coco_mask.merge(coco_mask.frPyObjects(segmentation, height, width))
    elif isinstance(segmentation["counts"], list):
        found = coco_mask.frPyObjects(segmentation, height, width)
    else:
        found = segmentation
    return coco_mask.decode(found)


@pytest.mark.parametrize(
    ("decode", "shape"),
    [
        *((as_detectron2, shape) for shape in Shape),
        *((as_fiftyone, shape) for shape in Shape),
        (as_torchvision, Shape.RLE),
        (as_torchvision, Shape.POLYGONS),
    ],
)
def test_that_loaders_find_the_very_same_masks(tmp_path: Path, decode: Any, shape: Shape) -> None:
    found = masks_of(written(tmp_path, shape), decode)
    assert found.keys() == several().keys()
    for name, mask in several().items():
        assert np.array_equal(found[name], mask)


@pytest.mark.parametrize("shape", Shape)
def test_that_what_loaders_refuse_is_not_in_the_file(tmp_path: Path, shape: Shape) -> None:
    data = written(tmp_path, shape)
    pictures = {image["id"]: image for image in data["images"]}
    categories = {category["id"] for category in data["categories"]}
    assert len({each["id"] for each in data["annotations"]}) == len(data["annotations"])
    for each in data["annotations"]:
        image = pictures[each["image_id"]]
        x, y, width, height = each["bbox"]
        # detectron2 stops at empty boxes, torchvision and COCOeval leave crowds out, numbers count from 1.
        assert width > 0 and height > 0 and each["area"] > 0
        assert x >= 0 and y >= 0 and x + width <= image["width"] and y + height <= image["height"]
        assert each["iscrowd"] == 0 and each["id"] >= 1 and each["category_id"] in categories
    assert all(category["id"] >= 1 for category in data["categories"])
    assert {"info", "licenses"} <= set(data)


@pytest.mark.parametrize("bridge_holes", [False, True])
def test_that_programs_that_take_polygons_only_get_lists_of_closed_outlines(
    tmp_path: Path, bridge_holes: bool
) -> None:
    """Label Studio and X-AnyLabeling: `segmentation` is a list of flat lists of numbers, three corners or more."""
    data = written(tmp_path, Shape.POLYGONS, bridge_holes=bridge_holes)
    for each in data["annotations"]:
        assert isinstance(each["segmentation"], list) and each["segmentation"]
        for polygon in each["segmentation"]:
            assert len(polygon) >= 6 and len(polygon) % 2 == 0
            assert all(type(number) is int for number in polygon)
            corners = np.array(polygon).reshape(-1, 2)
            assert (corners[0] != corners[-1]).any()


@pytest.mark.parametrize("shape", [Shape.RLE, Shape.COMPRESSED])
@pytest.mark.supervision
@pytest.mark.sockets  # a package that it imports tries whether there is IPv6
def test_that_supervision_finds_the_very_same_masks(tmp_path: Path, shape: Shape) -> None:
    supervision = pytest.importorskip(
        "supervision", reason="supervision is not installed: with all it needs it takes 400 MB"
    )
    written(tmp_path, shape)
    found = supervision.DetectionDataset.from_coco(
        str(tmp_path), str(tmp_path / "annotations.json"), force_masks=True
    )
    for path, _, detections in found:
        mask = several()[Path(path).name]
        union = np.zeros(mask.shape, bool) if detections.mask is None else detections.mask.any(axis=0)
        assert np.array_equal(union, mask != 0)
