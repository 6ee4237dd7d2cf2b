"""How large masks and their instances are, in pixels: the table that an export writes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.labels import IGNORE, NONE
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.formats.coco import INTENDED_USE
from lsegdiff_gui.formats.parts import Part

Bools = npt.NDArray[np.bool_]

COLUMNS = (
    "picture",
    "scope",
    "instance",
    "label",
    "status",
    "width_px",
    "height_px",
    "area_px",
    "area_percent",
    "perimeter_px",
    "feret_max_px",
    "feret_min_px",
    "equivalent_diameter_px",
    "centroid_x_px",
    "centroid_y_px",
    "box_x_px",
    "box_y_px",
    "box_width_px",
    "box_height_px",
    "dice_to_draft",
    "intended_use",
)


@dataclass(frozen=True, slots=True)
class Measures:
    """Of some pixels, in pixels; (0, 0) is the picture's upper left corner, so that a pixel's centre lies at a half.

    perimeter: of holes too, by Crofton's formula in four directions. feret_max, feret_min: the largest and smallest
    distance of two parallel lines that hold the pixels between them. equivalent_diameter: of a disc of that area.
    """

    area: int
    perimeter: float
    feret_max: float
    feret_min: float
    equivalent_diameter: float
    centroid: tuple[float, float]
    box: tuple[int, int, int, int]

    @classmethod
    def of(cls, region: Region) -> Measures:
        """Measure a region that is not empty."""
        box, inside = region.box, region.inside
        y, x = np.nonzero(inside)
        longest, shortest = _diameters(inside)
        return cls(
            region.pixels,
            perimeter(inside),
            longest,
            shortest,
            math.sqrt(4 * region.pixels / math.pi),
            (box.x0 + float(x.mean()) + 0.5, box.y0 + float(y.mean()) + 0.5),
            (box.x0, box.y0, box.width, box.height),
        )


def perimeter(inside: Bools) -> float:
    """The length of the border of a mask, (H, W): what lines in four directions cross of it (Crofton's formula).

    Right within some percent for round things; a square along the rows comes out 5 % too short.
    """
    padded = np.pad(inside, 1)
    straight = np.count_nonzero(padded[1:] != padded[:-1]) + np.count_nonzero(padded[:, 1:] != padded[:, :-1])
    slanted = np.count_nonzero(padded[1:, 1:] != padded[:-1, :-1])
    slanted += np.count_nonzero(padded[1:, :-1] != padded[:-1, 1:])
    # Lines along diagonals lie closer together, by the square root of two.
    return math.pi / 8 * (straight + slanted / math.sqrt(2))


def rows_of(
    name: str,
    width: int,
    height: int,
    parts: list[Part],
    names: Mapping[int, str],
    status: str,
    dice: float | None,
) -> list[dict[str, Any]]:
    """The rows of one picture: the picture's own, of all lesions together, then one for each part.

    What is to be ignored counts in no row. dice: of the mask with the draft, None without one.
    """
    lesions = [part for part in parts if part.label != IGNORE]
    frame = {"picture": name, "status": status, "width_px": width, "height_px": height}
    use = {"intended_use": INTENDED_USE}
    whole = {**frame, "scope": "picture", **_cells(_together(lesions, width, height), width * height)}
    rows = [{**whole, "dice_to_draft": "" if dice is None else round(dice, 4), **use}]
    for part in lesions:
        own = {"scope": "instance" if part.number else "label", "instance": part.number or ""}
        cells = _cells(part.region, width * height)
        rows.append({**frame, **own, "label": names[part.label], **cells, **use})
    return rows


def dice(mask: npt.NDArray[np.uint8], drafted: npt.NDArray[np.uint8]) -> float:
    """How well the lesions of a label mask meet a draft's, (H, W) 0 or 1: 0 to 1; 1 where both are empty."""
    final = (mask != NONE) & (mask != IGNORE)
    both = int(np.count_nonzero(final)) + int(np.count_nonzero(drafted))
    return 2.0 * int(np.count_nonzero(final & (drafted != 0))) / both if both else 1.0


def _cells(region: Region, pixels: int) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "area_px": region.pixels,
        "area_percent": round(100 * region.pixels / pixels, 4),
    }
    if region.is_empty:
        return cells
    measures = Measures.of(region)
    x, y, wide, high = measures.box
    return cells | {
        "perimeter_px": round(measures.perimeter, 2),
        "feret_max_px": round(measures.feret_max, 2),
        "feret_min_px": round(measures.feret_min, 2),
        "equivalent_diameter_px": round(measures.equivalent_diameter, 2),
        "centroid_x_px": round(measures.centroid[0], 2),
        "centroid_y_px": round(measures.centroid[1], 2),
        "box_x_px": x,
        "box_y_px": y,
        "box_width_px": wide,
        "box_height_px": high,
    }


def _together(parts: list[Part], width: int, height: int) -> Region:
    whole = np.zeros((height, width), np.bool_)
    for part in parts:
        whole[part.region.box.slices] |= part.region.inside
    return Region.of_mask(whole)


def _diameters(inside: Bools) -> tuple[float, float]:
    """The largest and smallest Feret diameter, of the pixels' corners."""
    rows = np.flatnonzero(inside.any(axis=1))
    first = inside[rows].argmax(axis=1)
    last = inside.shape[1] - inside[rows, ::-1].argmax(axis=1)
    # The hull stands on the ends of rows, at their upper and lower corners.
    corners = [np.stack([x, y], axis=1) for x in (first, last) for y in (rows, rows + 1)]
    hull = cv2.convexHull(np.concatenate(corners).astype(np.int32)).reshape(-1, 2).astype(np.float64)
    between = hull[:, None] - hull[None]
    longest = math.sqrt(float((between**2).sum(axis=2).max()))
    sides = np.roll(hull, -1, axis=0) - hull
    normals = np.stack([-sides[:, 1], sides[:, 0]], axis=1) / np.hypot(*sides.T)[:, None]
    heights = normals @ hull.T
    return longest, float((heights.max(axis=1) - heights.min(axis=1)).min())
