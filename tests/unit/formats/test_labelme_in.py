"""labelme's files read: shapes of every kind that has an area."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made.annotation_files import imported, picture, planned

from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.labelme_in import read_labelme
from lsegdiff_gui.imaging.write import encode_png


def labelme(path: Path, *shapes: Any, **more: Any) -> Path:
    data = {"version": "5.5.0", "flags": {}, "shapes": shapes, "imagePath": "a.png", "imageData": None}
    path.write_text(json.dumps({**data, "imageHeight": 30, "imageWidth": 40, **more}), "utf-8")
    return path


def shape(kind: str, points: Any, label: str = "Lesion", **more: Any) -> dict[str, Any]:
    return {"label": label, "points": points, "group_id": None, "shape_type": kind, "flags": {}, **more}


def drawn(path: Path) -> np.ndarray:
    content = read_labelme(path).content
    assert content is not None
    return content.drawn(dict.fromkeys(content.categories, 1), 40, 30).labels


def test_that_polygons_rectangles_and_circles_hold_the_pixels_within(tmp_path: Path) -> None:
    box = [[2, 3], [12, 3], [12, 9], [2, 9]]
    expected = np.zeros((30, 40), np.uint8)
    expected[3:9, 2:12] = 1
    assert np.array_equal(drawn(labelme(tmp_path / "p.json", shape("polygon", box))), expected)
    assert np.array_equal(
        drawn(labelme(tmp_path / "r.json", shape("rectangle", [[12, 9], [2, 3]]))), expected
    )
    circle = drawn(labelme(tmp_path / "c.json", shape("circle", [[20, 15], [20, 25]])))
    rows, columns = np.mgrid[:30, :40] + 0.5
    assert np.array_equal(circle, (rows - 15) ** 2 + (columns - 20) ** 2 <= 100)


def test_that_a_mask_lies_where_its_corners_say_and_ends_at_the_picture(tmp_path: Path) -> None:
    stamp = np.zeros((6, 8), np.uint8)
    stamp[1:5, 1:7] = 255
    stamp[2, 3] = 0
    data = base64.b64encode(encode_png(stamp)).decode()
    mask = drawn(labelme(tmp_path / "m.json", shape("mask", [[35, 10], [42, 15]], mask=data)))
    assert np.array_equal(mask[10:16, 35:40], stamp[:, :5] // 255)
    assert mask.sum() == (stamp[:, :5] // 255).sum()


def test_that_shapes_of_one_group_are_one_lesion_and_others_are_their_own(tmp_path: Path) -> None:
    shapes = [
        shape("rectangle", [[1, 1], [5, 5]], group_id=4),
        shape("rectangle", [[10, 1], [15, 5]], group_id=4),
        shape("rectangle", [[20, 1], [25, 5]]),
        shape("rectangle", [[25, 1], [30, 5]]),
    ]
    made = planned([labelme(tmp_path / "a.json", *shapes)], [picture(tmp_path / "a.png")])
    placed, report = imported(made)
    assert not report.remarks
    partition = placed["a.png"].incoming.partition
    assert len(partition.ties) == 1 and partition.cuts


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (shape("line", [[1, 1], [5, 5]]), "has no area"),
        (shape("polygon", [[1, 1], [5, 5]]), "three points"),
        (shape("rectangle", [[1, 1]]), "two corners"),
        (shape("circle", [[1, 1], [2, 2], [3, 3]]), "a point on it"),
        (shape("polygon", [[1, 1], [5, 5], [float("nan"), 2]]), "lie nowhere"),
        (shape("polygon", "abc"), "no pairs of numbers"),
        (shape("polygon", [[1, 2, 3]] * 3), "no pairs of numbers"),
        (shape("polygon", None), "no pairs of numbers"),
        (shape("mask", [[0, 0], [3, 3]], mask="*"), "base64"),
        (shape("mask", [[0, 0], [3, 3]]), "broken"),
        (
            shape(
                "mask",
                [[0, 0], [3, 3]],
                mask=base64.b64encode(encode_png(np.ones((2, 2), np.uint8))).decode(),
            ),
            "another size",
        ),
        ({"points": 7}, "no pairs of numbers"),
        (7, "no description"),
    ],
    ids=range(13),
)
def test_that_a_shape_that_is_none_is_left_out_with_its_reason(tmp_path: Path, bad: Any, said: str) -> None:
    path = labelme(tmp_path / "b.json", bad, shape("rectangle", [[0, 0], [5, 5]]))
    (sentence,) = read_labelme(path).left_out
    assert sentence.startswith("Shape 1 is left out: ") and said in sentence
    assert drawn(path).sum() == 25


def test_that_points_far_away_and_backwards_do_no_harm(tmp_path: Path) -> None:
    points = [[-1e300, -1e300], [1e300, -1e300], [1e300, 1e300], [-1e300, 1e300]]
    assert drawn(labelme(tmp_path / "f.json", shape("polygon", points))).all()


def test_that_another_json_is_not_one_of_labelme(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"shapes": []}')
    with pytest.raises(FormatError, match="does not name its picture"):
        read_labelme(tmp_path / "x.json")
