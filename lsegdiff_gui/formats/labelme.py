"""labelme's JSON, one file a picture: masks as they are, or polygons to edit."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.formats.coco import INTENDED_USE, Held
from lsegdiff_gui.formats.parts import Part
from lsegdiff_gui.formats.polygons import Loss, polygons_of
from lsegdiff_gui.formats.request import Shape
from lsegdiff_gui.imaging.write import encode_png

VERSION = "5.5.0"
"""The version of labelme whose files these are: the first to hold masks were 5.2's."""


def labelme(
    file_name: str,
    width: int,
    height: int,
    parts: Iterable[Part],
    names: Mapping[int, str],
    attributes: Mapping[str, Any],
    held: Held,
) -> tuple[dict[str, Any], Loss]:
    """A file's content, and what its shapes do not say of the mask.

    names: of the labels; held: run lengths stand for masks, which lose nothing. Polygons of one instance are one
    group. The picture itself is not in the file: labelme finds it by `file_name`.
    """
    shapes: list[dict[str, Any]] = []
    loss = Loss()
    for group, part in enumerate(parts, start=1):
        if held.shape is Shape.POLYGONS:
            made = polygons_of(part.region.inside, tolerance=held.tolerance, bridge_holes=held.bridge_holes)
            corner = (part.region.box.x0, part.region.box.y0)
            shapes += [
                _shape(names[part.label], group, "polygon", (polygon + corner).tolist())
                for polygon in made.polygons
            ]
            loss += made.loss
        else:
            shapes.append(_mask_shape(names[part.label], group, part))
            loss += Loss(part.region.pixels)
    content = {
        "version": VERSION,
        "flags": {"no_lesion": attributes.get("status") == Status.NO_LESION.value},
        "shapes": shapes,
        "imagePath": file_name,
        "imageData": None,
        "imageHeight": height,
        "imageWidth": width,
        "lsegdiff": {"intended_use": INTENDED_USE, **attributes},
    }
    return content, loss


def _mask_shape(name: str, group: int, part: Part) -> dict[str, Any]:
    box = part.region.box
    # The second corner is the last pixel, not the edge behind it.
    corners = [[box.x0, box.y0], [box.x1 - 1, box.y1 - 1]]
    png = encode_png(part.region.inside.astype("uint8"))
    return _shape(name, group, "mask", corners) | {"mask": base64.b64encode(png).decode("ascii")}


def _shape(name: str, group: int, kind: str, points: list[list[int]]) -> dict[str, Any]:
    return {
        "label": name,
        "points": points,
        "group_id": group,
        "description": "",
        "shape_type": kind,
        "flags": {},
        "mask": None,
    }
