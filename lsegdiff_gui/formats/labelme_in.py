"""labelme's JSON, one file a picture: polygons, rectangles, circles and masks; shapes of one group are one lesion."""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.found import Entry, Source
from lsegdiff_gui.formats.json_pieces import GoOn, read_pieces
from lsegdiff_gui.formats.shapes import Circle, Outline, Polygons, Shape, Shapes, Stamp

MOST_SHAPES = 200_000
# Points further out than this lie beyond any picture.
_FARTHEST = 2**20


def read_labelme(path: Path, go_on: GoOn = lambda _share: True) -> Entry:
    """What a labelme file says of its picture. Raises FormatError, or Cancelled: see `read_pieces`."""
    values: dict[str, Any] = {}
    shapes: list[Any] = []

    def take(key: str, value: Any) -> None:
        if key == "shapes" and value != []:  # a list without entries comes as one that is empty
            if len(shapes) >= MOST_SHAPES:
                raise FormatError(f"“{path.name}” has more than {MOST_SHAPES:,} shapes, which nobody drew.")
            shapes.append(value)
        elif key in ("imagePath", "imageWidth", "imageHeight"):
            values[key] = value

    sha256 = read_pieces(path, take, go_on)
    if "imagePath" not in values:
        raise FormatError(f"“{path.name}” is not a file of labelme: it does not name its picture.")
    made: list[Shape] = []
    left_out: list[str] = []
    for order, shape in enumerate(shapes):
        try:
            made.append(_shape(shape, order))
        except FormatError as problem:
            left_out.append(f"Shape {order + 1} is left out: {problem}")
    width, height = (values.get(key) for key in ("imageWidth", "imageHeight"))
    if not (type(width) is int and type(height) is int and width > 0 and height > 0):
        width = height = 0
    source = Source(path, "labelme", sha256)
    return Entry(source, str(values["imagePath"]), width, height, Shapes(tuple(made)), tuple(left_out))


def _shape(shape: object, order: int) -> Shape:
    if not isinstance(shape, Mapping):
        raise FormatError("it is no description of a shape.")
    kind = shape.get("shape_type") or "polygon"
    points = _points(shape.get("points"))
    group = shape.get("group_id")
    lesion = f"group {group}" if isinstance(group, int | str) else f"shape {order}"
    return Shape(str(shape.get("label", "")).strip(), _outline(kind, points, shape), lesion)


def _outline(kind: object, points: npt.NDArray[np.float64], shape: Mapping[str, Any]) -> Outline:
    if kind == "polygon":
        if len(points) < 3:
            raise FormatError("a polygon needs three points.")
        return Polygons((points.tobytes(),))
    if kind == "rectangle":
        if len(points) != 2:
            raise FormatError("a rectangle needs two corners.")
        (x0, y0), (x1, y1) = points
        return Polygons((np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]).tobytes(),))
    if kind == "circle":
        if len(points) != 2:
            raise FormatError("a circle needs its centre and a point on it.")
        (x, y), (on_x, on_y) = points.tolist()
        return Circle(x, y, math.hypot(on_x - x, on_y - y))
    if kind == "mask":
        if len(points) != 2:
            raise FormatError("a mask needs its two corners.")
        return _stamp_at(points, shape.get("mask"))
    raise FormatError(f"a shape of the kind “{str(kind)[:30]}” has no area.")


def _points(points: object) -> npt.NDArray[np.float64]:
    try:
        values = np.array(points, np.float64)
    except (TypeError, ValueError, OverflowError) as problem:
        raise FormatError("its points are no pairs of numbers.") from problem
    if values.ndim != 2 or values.shape[1] != 2:
        raise FormatError("its points are no pairs of numbers.")
    if not np.isfinite(values).all():
        raise FormatError("some of its points lie nowhere (NaN or infinite).")
    return values.clip(-_FARTHEST, _FARTHEST)


def _stamp_at(points: npt.NDArray[np.float64], data: object) -> Stamp:
    try:
        png = base64.b64decode(data, validate=True) if isinstance(data, str) else b""
    except (binascii.Error, ValueError) as problem:
        raise FormatError("its mask is not stored as base64.") from problem
    (x0, y0), (x1, y1) = (tuple(round(value) for value in point) for point in points.tolist())
    stamp = Stamp(x0, y0, png)
    # labelme names the last pixel, not the one behind it.
    if (y1 - y0 + 1, x1 - x0 + 1) != stamp.decoded().shape:
        raise FormatError("its mask has another size than its corners say.")
    return stamp
