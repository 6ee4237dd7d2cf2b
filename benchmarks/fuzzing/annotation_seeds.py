"""Files of annotations to break, and the whole way from them to masks that could be placed."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np

from lsegdiff_gui.annotation.labels import DEFAULT_LABELS
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.import_plan import Choices, Fit
from lsegdiff_gui.formats.importing import import_masks
from lsegdiff_gui.formats.matching import KnownPicture
from lsegdiff_gui.formats.planning import Project, plan
from lsegdiff_gui.formats.rle import compress, encode_rle
from lsegdiff_gui.imaging.write import encode_png

_WIDTH, _HEIGHT = 40, 30
# Known by their sizes, so that nothing but the file itself is read.
_PICTURES = tuple(
    KnownPicture(number, Path(f"/pictures/{name}.webp"), _WIDTH, _HEIGHT, is_identified=True)
    for number, name in enumerate(
        ("a", "b", "c", "ones", "white", "labels", "bits", "noise", "mask"), start=1
    )
)


def coco_seeds() -> dict[str, bytes]:
    """COCO files: outlines of every kind, and what contradicts itself."""
    blob = np.zeros((_HEIGHT, _WIDTH), np.uint8)
    blob[5:20, 8:30] = 1
    blob[9:12, 10:20] = 0
    runs = encode_rle(blob)
    square = [[2, 3, 12, 3, 12, 9.5, 2, 9]]
    kinds = {"polygons": square, "runs": runs, "compressed": compress(runs)}
    whole = {
        f"{name}.json": _coco([_annotation(1, 1, outline), _annotation(2, 2, square, 2)])
        for name, outline in kinds.items()
    }
    bad = {
        "sums.json": _coco([_annotation(1, 1, {"size": [_HEIGHT, _WIDTH], "counts": [7, 2**62, 5]})]),
        "bomb.json": _coco([_annotation(1, 1, {"size": [2**20, 2**20], "counts": [2**40]})]),
        "huge.json": _coco([_annotation(1, 1, square)], width=2**30, height=2**30),
        "numbers.json": _coco(
            [_annotation(-1, 1, square), _annotation(2, 1, square), _annotation(2, 1, square)]
        ),
        "nowhere.json": _coco([_annotation(1, 1, [[float("nan"), 1, 2, float("inf"), 1e308, -1e308]])]),
        "names.json": _coco([_annotation(1, 1, square)], names=("../../a.png", "/etc/passwd", "CON", "a\0")),
        "deep.json": b'{"images": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        "empty.json": b"",
    }
    crowded = [_annotation(number, 1, square, iscrowd=number % 2) for number in range(1, 60)]
    return {**whole, **bad, "crowd.json": _coco(crowded)}


def labelme_seeds() -> dict[str, bytes]:
    """labelme's files: shapes of every kind."""
    stamp = base64.b64encode(encode_png(np.ones((4, 6), np.uint8))).decode()
    shapes = [
        _shape("polygon", [[2, 3], [12, 3], [12, 9]]),
        _shape("rectangle", [[20, 3], [30, 9]], group_id=1),
        _shape("circle", [[10, 20], [12, 24]], group_id=1),
        _shape("mask", [[30, 20], [35, 23]], mask=stamp),
        _shape("line", [[1, 1], [2, 2]]),
    ]
    data: dict[str, Any] = {"version": "5.5.0", "flags": {}, "shapes": shapes, "imagePath": "a.webp"}
    sized = {**data, "imageHeight": _HEIGHT, "imageWidth": _WIDTH}
    far = [
        _shape("circle", [[1e300, -1e300], [0, 0]]),
        _shape("polygon", [[1e308, 0], [0, 1e308], [-1e308, 0]]),
    ]
    return {
        "sized.json": json.dumps(sized).encode(),
        "unsized.json": json.dumps(data).encode(),
        "far.json": json.dumps({**sized, "shapes": far}).encode(),
        "path.json": json.dumps({**sized, "imagePath": "..\\..\\a.png"}).encode(),
    }


def read_and_draw(path: Path) -> None:
    """Plan the import of a file and draw every mask of it. Raises FormatError where none of it is understood."""
    made = plan([path], Project(_PICTURES, DEFAULT_LABELS))
    if made.refused:
        raise FormatError(made.refused[0][1])
    report = import_masks(made, Choices(fits=frozenset(Fit)), lambda _placement: True)
    if report.failures:
        raise FormatError(report.failures[0][1])
    if report.left_out:
        raise FormatError(made.reason(report.left_out[0], Choices(fits=frozenset(Fit))))


def _coco(
    annotations: list[dict[str, Any]],
    *,
    width: int = _WIDTH,
    height: int = _HEIGHT,
    names: tuple[str, ...] = ("a.webp", "images/b.webp", "c.webp"),
) -> bytes:
    images = [
        {"id": number, "file_name": name, "width": width, "height": height}
        for number, name in enumerate(names, start=1)
    ]
    categories = [{"id": 1, "name": "lesion"}, {"id": 2, "name": "hair"}]
    return json.dumps({"images": images, "annotations": annotations, "categories": categories}).encode()


def _annotation(number: int, image: int, outline: Any, category: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": number, "image_id": image, "category_id": category, "segmentation": outline, **more}


def _shape(kind: str, points: list[list[float]], **more: Any) -> dict[str, Any]:
    return {"label": "lesion", "points": points, "group_id": None, "shape_type": kind, "flags": {}, **more}
