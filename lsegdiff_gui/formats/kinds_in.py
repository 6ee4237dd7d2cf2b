"""The files masks are read from: what of them is read, what that loses, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class KindIn:
    """One kind of file. format: as `Source.format` says it. loses: what the mask here does not say; "" for nothing."""

    format: Literal["coco", "labelme", "png"]
    name: str
    read: str
    loses: str
    left_out: str


KINDS_IN = (
    KindIn(
        "coco",
        "COCO (`.json`)",
        "run lengths, plain and compressed; polygons, filled pixel for pixel as pycocotools does; crowds; several "
        "annotations and categories a picture; a picture without annotation is an empty mask",
        "where annotations overlap, the later one has the pixels; boxes, scores and key points",
        "annotations without outline, with run lengths that do not add up, with points that lie nowhere, with negative "
        "numbers or numbers used twice",
    ),
    KindIn(
        "labelme",
        "labelme (`.json`)",
        "polygons, rectangles, circles and masks; shapes of one group are one lesion",
        "where shapes overlap, the later one has the pixels; the picture within the file is not looked at",
        "points, lines and line strips, which have no area; masks of another size than their corners say",
    ),
    KindIn(
        "png",
        "mask pictures (every kind of picture)",
        "0 and 1, 0 and 255; numbers of classes, 254 and 255 meaning Ignore; palettes, by their numbers; colours, by "
        "`labelmap.txt` beside them or each for itself; JPEG and blurred edges, cut at half",
        "touching lesions of one class are one",
        "photographs, and 16-bit maps such as probabilities",
    ),
)
