"""labelme's files: masks without loss, polygons in groups, and what they lose."""

import base64
import json

import cv2
import numpy as np
import pytest
from made.masks import awkward

from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.formats.coco import INTENDED_USE, Held
from lsegdiff_gui.formats.labelme import labelme
from lsegdiff_gui.formats.parts import parts_of
from lsegdiff_gui.formats.polygons import filled
from lsegdiff_gui.formats.request import Shape

NAMES = {1: "Lesion", IGNORE: "Ignore"}


def content_of(mask: np.ndarray, held: Held, **attributes: object):
    height, width = mask.shape
    parts = parts_of("a.png", mask, NAMES, Partition())
    return labelme("a.png", width, height, parts, NAMES, attributes, held)


def drawn_as_labelme_does(content: dict, width: int, height: int) -> np.ndarray:
    """Masks at their first corner, up to and with the last."""
    mask = np.zeros((height, width), np.uint8)
    for shape in content["shapes"]:
        (x0, y0), (x1, y1) = shape["points"]
        stamp = cv2.imdecode(np.frombuffer(base64.b64decode(shape["mask"]), np.uint8), cv2.IMREAD_UNCHANGED)
        mask[y0 : y1 + 1, x0 : x1 + 1] |= stamp.astype(bool)
    return mask


@pytest.mark.parametrize("name", awkward())
def test_that_masks_in_labelmes_files_are_the_very_same(name):
    mask = awkward()[name]
    content, loss = content_of(mask, Held())
    assert np.array_equal(drawn_as_labelme_does(json.loads(json.dumps(content)), *mask.shape[::-1]), mask)
    assert loss.is_none and loss.area == mask.sum()


def test_that_polygons_of_one_instance_are_a_group_and_their_loss_is_told():
    mask = np.zeros((12, 16), np.uint8)
    mask[2:6, 2:6] = mask[6:10, 6:10] = mask[1:4, 12:15] = 1
    mask[3, 3] = 0
    content, loss = content_of(mask, Held(Shape.POLYGONS))
    assert [(shape["group_id"], shape["shape_type"]) for shape in content["shapes"]] == [
        (1, "polygon"),
        (2, "polygon"),
        (2, "polygon"),
    ]
    polygons = [np.array(shape["points"]) for shape in content["shapes"]]
    back = filled(polygons, mask.shape[1], mask.shape[0])
    assert (loss.added, loss.missing, loss.holes) == (np.count_nonzero(back > mask), 0, 1)


def test_that_the_file_names_its_picture_its_size_and_where_the_mask_comes_from():
    content, _ = content_of(np.zeros((4, 6), np.uint8), Held(), status="no_lesion", model="skin")
    assert (content["imagePath"], content["imageData"]) == ("a.png", None)
    assert (content["imageWidth"], content["imageHeight"]) == (6, 4)
    assert content["flags"] == {"no_lesion": True}
    assert content["lsegdiff"] == {"intended_use": INTENDED_USE, "status": "no_lesion", "model": "skin"}
