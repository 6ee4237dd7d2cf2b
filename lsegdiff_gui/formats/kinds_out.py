"""The kinds of files that are written: what each holds and what it loses. The documentation is made of this."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto

from lsegdiff_gui.formats.request import Format, Shape


class Kept(Flag):
    """What of a mask a file gives back."""

    NOTHING = 0
    PIXELS = auto()
    """Which pixels are lesion."""
    LABELS = auto()
    """Which label each pixel has, Ignore among them."""
    INSTANCES = auto()
    """Which pixels are one lesion."""
    ALL = PIXELS | LABELS | INSTANCES


@dataclass(frozen=True, slots=True)
class KindOut:
    """One format. files: their names; kept: what comes back where masks are not held as polygons."""

    format: Format
    files: str
    holds: str
    kept: Kept
    loses: str


@dataclass(frozen=True, slots=True)
class ShapeOut:
    """A way for COCO and labelme files to hold a mask. exact: whether they give the very same mask."""

    shape: Shape
    options: str
    bridge_holes: bool
    tolerance: float
    exact: bool
    holds: str
    loses: str


KINDS_OUT = (
    KindOut(
        Format.MASK,
        "`NAME_mask.png`, or as `--naming` says",
        "PNG, 8 bit, one channel: 255 inside, 0 outside",
        Kept.PIXELS,
        "which label and which instance a pixel belongs to; Ignore counts as outside",
    ),
    KindOut(
        Format.INDEX,
        "`NAME_index.png`, `labelmap.txt`",
        "PNG, 8 bit with palette: each pixel's value is its label's number, Ignore is 254; the table names them",
        Kept.PIXELS | Kept.LABELS,
        "instances that touch, cuts and ties",
    ),
    KindOut(
        Format.COCO,
        "`annotations.json`",
        "JSON, one file for all: an entry for each instance or label, and where each mask comes from",
        Kept.ALL,
        "nothing with run lengths; see below for polygons",
    ),
    KindOut(
        Format.LABELME,
        "`NAME.json`",
        "JSON for labelme 5.2 and later: mask shapes, or polygons in groups",
        Kept.ALL,
        "nothing with mask shapes; see below for polygons",
    ),
    KindOut(
        Format.PROBABILITY,
        "`NAME_probability.png`",
        "PNG, 16 bit: the draft's probability at the picture's size, 65535 is certain; linear between the "
        "cells of the model's grid, whose values are multiples of 257",
        Kept.NOTHING,
        "it is the draft, not the mask",
    ),
    KindOut(
        Format.SPREAD,
        "`NAME_spread.png`",
        "PNG, 16 bit: the standard deviation of the draft's samples, 65535 is one half",
        Kept.NOTHING,
        "it is the draft, not the mask",
    ),
    KindOut(
        Format.OVERLAY,
        "`NAME_overlay.jpg`",
        "JPEG: outline and tint of each label over the picture, for the eye; with `--legend` their names",
        Kept.NOTHING,
        "the mask and the picture's own values",
    ),
    KindOut(
        Format.CSV,
        "`measurements.csv`",
        "a table in UTF-8: a row for each picture, and one for each instance or label",
        Kept.NOTHING,
        "the mask",
    ),
    KindOut(
        Format.PICTURE,
        "`images/NAME.jpg` or `.png`",
        "the pictures without EXIF, XMP and text: JPEG at quality 95 of JPEG, else PNG with all 8 or 16 bit",
        Kept.NOTHING,
        "of JPEG a little by compressing anew; transparency, colour profiles",
    ),
)

SHAPES_OUT = (
    ShapeOut(
        Shape.RLE,
        "`--shape rle`, the default",
        False,
        0.0,
        True,
        "run lengths as numbers; in labelme files masks",
        "nothing",
    ),
    ShapeOut(
        Shape.COMPRESSED,
        "`--shape compressed`",
        False,
        0.0,
        True,
        "run lengths as a string, as pycocotools writes them; in labelme files masks",
        "nothing",
    ),
    ShapeOut(
        Shape.POLYGONS,
        "`--shape polygons --bridge-holes`",
        True,
        0.0,
        True,
        "outlines along the edges of pixels, holes tied in by a line there and back",
        "nothing for whoever fills by the even-odd or the winding rule; such lines are tiresome to edit",
    ),
    ShapeOut(
        Shape.POLYGONS,
        "`--shape polygons`",
        False,
        0.0,
        False,
        "outlines along the edges of pixels",
        "holes, which are filled, and with them what stands in a hole; said with pixels and IoU",
    ),
    ShapeOut(
        Shape.POLYGONS,
        "`--shape polygons --simplify 1.5`",
        False,
        1.5,
        False,
        "outlines with fewer corners (Douglas and Peucker), none further from the edge than so many pixels",
        "the exact edge, and holes unless they are bridged; said with pixels and IoU",
    ),
)

MEASURES = {
    "picture": "its name in annotations",
    "scope": "`picture`: all lesions together; `instance` or `label`: one of them",
    "instance": "its number, as in the list of instances",
    "label": "its label's name",
    "status": "the review status",
    "width_px": "of the picture",
    "height_px": "of the picture",
    "area_px": "how many pixels; Ignore never counts",
    "area_percent": "of the picture's pixels",
    "perimeter_px": "length of the border, holes included, by Crofton's formula in four directions: within 2 % for "
    "round things, 5 % too short for a square along the rows",
    "feret_max_px": "the largest distance of two points of the outline, measured at corners of pixels",
    "feret_min_px": "the smallest distance of two parallel lines that hold all of it between them",
    "equivalent_diameter_px": "diameter of a disc of the same area",
    "centroid_x_px": "mean of the pixels' centres, from the picture's left edge: the first pixel's centre lies at 0.5",
    "centroid_y_px": "the same from the upper edge",
    "box_x_px": "left edge of the tight box",
    "box_y_px": "upper edge of the tight box",
    "box_width_px": "its width",
    "box_height_px": "its height",
    "dice_to_draft": "of the picture's lesions with the draft as the model made it, at the usual recipe; 1 where both "
    "are empty; none where there is no draft",
    "intended_use": "what the masks are for, and what not",
}
"""The columns of the table and their definitions, in order."""
