"""COCO instance annotations. With run lengths, the default: lossless, plain JSON, read by most programs.

`iscrowd` stays 0: many loaders leave crowds out, and pycocotools tells run lengths from polygons by their type.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lsegdiff_gui import __version__
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import IGNORE, Status
from lsegdiff_gui.formats.parts import Part, parts_of
from lsegdiff_gui.formats.polygons import Loss, polygons_of
from lsegdiff_gui.formats.request import Shape
from lsegdiff_gui.formats.rle import CompressedRle, Rle, compress, encode_part
from lsegdiff_gui.imaging.write import write_atomically

Mask = npt.NDArray[np.uint8]

INTENDED_USE = "research annotation; not for diagnosis"


@dataclass(frozen=True, slots=True)
class Category:
    """A label as COCO knows it; `id` is its value in label masks, 1 to 254."""

    id: int
    name: str


LESION = Category(1, "lesion")


@dataclass(frozen=True, slots=True)
class Held:
    """How annotations hold masks; tolerance, bridge_holes: of polygons, see `polygons_of`."""

    shape: Shape = Shape.RLE
    tolerance: float = 0.0
    bridge_holes: bool = False


@dataclass(frozen=True, slots=True)
class Annotation:
    """Some pixels of one category in one picture. bbox: [x, y, width, height], tight on the pixels' edges.

    area: pixels that a reader of the segmentation finds. loss: what that does not say of the mask.
    attributes: its own, as plain JSON values, besides those of its picture.
    """

    category_id: int
    segmentation: Rle | CompressedRle | list[list[int]]
    area: int
    bbox: list[int]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    loss: Loss = field(default_factory=Loss)

    @classmethod
    def of_part(cls, part: Part, width: int, height: int, held: Held = Held()) -> Annotation:
        """Measure a part of a mask in a picture of this size."""
        box = part.region.box
        attributes = {"ignore": True} if part.label == IGNORE else {}
        bbox = [box.x0, box.y0, box.width, box.height]
        if held.shape is not Shape.POLYGONS:
            rle = encode_part(part.region.inside, box, width, height)
            segmentation = rle if held.shape is Shape.RLE else compress(rle)
            area = part.region.pixels
            return cls(part.label, segmentation, area, bbox, attributes, Loss(area))
        made = polygons_of(part.region.inside, tolerance=held.tolerance, bridge_holes=held.bridge_holes)
        shift = np.array([box.x0, box.y0])
        polygons = [polygon + shift for polygon in made.polygons]
        corners = np.concatenate(polygons)
        (x0, y0), (x1, y1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        return cls(
            part.label,
            [polygon.ravel().tolist() for polygon in polygons],
            part.region.pixels + made.loss.added - made.loss.missing,
            [x0, y0, x1 - x0, y1 - y0],
            attributes,
            made.loss,
        )


@dataclass(frozen=True, slots=True)
class CocoPicture:
    """One picture with its annotations, small enough to keep thousands. attributes: plain JSON values."""

    file_name: str
    width: int
    height: int
    annotations: tuple[Annotation, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of_mask(
        cls,
        file_name: str,
        mask: Mask,
        attributes: Mapping[str, Any] | None = None,
        categories: Sequence[Category] = (LESION,),
        partition: Partition | None = None,
        held: Held = Held(),
    ) -> CocoPicture:
        """Measure a label mask. mask: (H, W) uint8, 0 background, else the id of a category.

        Each category is one annotation. With a partition each of its instances is one, in their order; those
        pixels that are to be ignored stay one annotation, the last, whose attributes say `ignore: true`.

        Raises:
            FormatError: the mask holds a value that is no category.
        """
        parts = parts_of(file_name, mask, {category.id for category in categories}, partition)
        height, width = mask.shape
        return cls.of_parts(file_name, width, height, parts, attributes, held)

    @classmethod
    def of_parts(
        cls,
        file_name: str,
        width: int,
        height: int,
        parts: Iterable[Part],
        attributes: Mapping[str, Any] | None = None,
        held: Held = Held(),
    ) -> CocoPicture:
        """Measure the parts of a mask; each is an annotation. width, height: of the picture."""
        annotations = tuple(Annotation.of_part(part, width, height, held) for part in parts)
        return cls(file_name, width, height, annotations, dict(attributes or {}))

    @property
    def loss(self) -> Loss:
        """What all of its annotations do not say of the mask."""
        return sum((annotation.loss for annotation in self.annotations), Loss())

    def image_entry(self, image_id: int) -> dict[str, Any]:
        """Its entry in the list of pictures. Where somebody has confirmed that there is no lesion, it says so."""
        confirmed = self.attributes.get("status") == Status.NO_LESION.value
        return {
            "id": image_id,
            "file_name": self.file_name,
            "width": self.width,
            "height": self.height,
            "attributes": {**self.attributes, **({"confirmed_no_lesion": True} if confirmed else {})},
        }

    def annotation_entries(self, image_id: int, first_id: int) -> list[dict[str, Any]]:
        """Its entries in the list of annotations, numbered from `first_id`."""
        return [
            {
                "id": number,
                "image_id": image_id,
                "category_id": annotation.category_id,
                "segmentation": annotation.segmentation,
                "area": annotation.area,
                "bbox": annotation.bbox,
                "iscrowd": 0,
                "attributes": {**self.attributes, **annotation.attributes},
            }
            for number, annotation in enumerate(self.annotations, start=first_id)
        ]


def build(
    pictures: Iterable[CocoPicture], categories: Sequence[Category] = (LESION,), licence: str = ""
) -> dict[str, Any]:
    """Assemble a COCO data set. The same pictures in any order give the same ids: names are sorted first.

    A picture without lesion has no annotation, but its attributes stand with the picture. licence: of the pictures.

    Raises:
        ValueError: two pictures have the same file name.
    """
    ordered = sorted(pictures, key=lambda picture: picture.file_name)
    names = {picture.file_name for picture in ordered}
    if len(names) != len(ordered):
        raise ValueError("file names must differ")
    licensed = {"license": 1} if licence else {}
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for image_id, picture in enumerate(ordered, start=1):
        images.append({**picture.image_entry(image_id), **licensed})
        annotations += picture.annotation_entries(image_id, len(annotations) + 1)
    return {
        "info": {
            "description": "Masks made with LSegDiff",
            "version": __version__,
            "intended_use": INTENDED_USE,
        },
        "licenses": [{"id": 1, "name": licence, "url": ""}] if licence else [],
        "categories": [category_entry(category) for category in categories],
        "images": images,
        "annotations": annotations,
    }


def category_entry(category: Category) -> dict[str, Any]:
    """A category's entry in the list of categories."""
    return {"id": category.id, "name": category.name, "supercategory": ""}


def write_coco(path: Path, data: Mapping[str, Any]) -> None:
    """Write a data set of `build` as JSON, atomically. Raises ImageError where the file cannot be written."""
    write_atomically(path, as_json(data))


def as_json(data: Mapping[str, Any]) -> bytes:
    """Plain values as JSON in UTF-8, entry by entry: while one call encodes a whole file, no other thread runs."""
    members = []
    for key, value in data.items():
        text = f"[{', '.join(map(_json, value))}]" if isinstance(value, list) else _json(value)
        members.append(f"{_json(key)}: {text}")
    # A name that is not UTF-8 has bytes as lone surrogates, which only JSON's own escapes can carry.
    return f"{{{', '.join(members)}}}".encode(errors="backslashreplace")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
