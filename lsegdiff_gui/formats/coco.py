"""COCO instance annotations with uncompressed RLE: lossless, plain JSON, read by most programs.

RLE counts runs column by column, background first, as pycocotools does. `iscrowd` stays 0: many loaders leave
crowds out, and pycocotools tells RLE from polygons by its type. Why not polygons: holes cannot be expressed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.instances import Partition, instances
from lsegdiff_gui.annotation.labels import IGNORE
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.rle import Rle, encode_part
from lsegdiff_gui.imaging.geometry import Box
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
class Annotation:
    """Some pixels of one category in one picture. bbox: [x, y, width, height], tight on the pixels' edges.

    attributes: its own, as plain JSON values, besides those of its picture.
    """

    category_id: int
    segmentation: Rle
    area: int
    bbox: list[int]
    attributes: Mapping[str, Any] = field(default_factory=dict)


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
    ) -> CocoPicture:
        """Measure a label mask. mask: (H, W) uint8, 0 background, else the id of a category.

        Each category is one annotation. With a partition each of its instances is one, in their order; those
        pixels that are to be ignored stay one annotation, the last, whose attributes say `ignore: true`.

        Raises:
            FormatError: the mask holds a value that is no category.
        """
        known = {category.id for category in categories}
        if partition is None:
            parts = [_whole(mask, number) for number in sorted(known)]
        else:
            lesions = [each for each in instances(mask, partition) if each.label in known - {IGNORE}]
            parts = [_annotation(each.region.inside, each.region.box, mask, each.label) for each in lesions]
            parts += [_whole(mask, IGNORE)] if IGNORE in known else []
        annotations = tuple(part for part in parts if part.area)
        if sum(annotation.area for annotation in annotations) != np.count_nonzero(mask):
            unknown = int(mask[~np.isin(mask, [0, *known])].min())
            raise FormatError(
                f"“{file_name}” has pixels of label {unknown}, which has no name. Name the label and try again."
            )
        height, width = mask.shape
        return cls(file_name, width, height, annotations, dict(attributes or {}))


def _whole(mask: Mask, category_id: int) -> Annotation:
    """All pixels of a category."""
    plane = mask == category_id
    box = Box.of(plane)
    return _annotation(plane[box.slices], box, mask, category_id)


def _annotation(inside: npt.NDArray[np.bool_], box: Box, mask: Mask, category_id: int) -> Annotation:
    """inside: (box.height, box.width), which of the box's pixels; the box is tight."""
    height, width = mask.shape
    return Annotation(
        category_id=category_id,
        segmentation=encode_part(inside, box, width, height),
        area=int(np.count_nonzero(inside)),
        bbox=[box.x0, box.y0, box.width, box.height],
        attributes={"ignore": True} if category_id == IGNORE else {},
    )


def build(pictures: Iterable[CocoPicture], categories: Sequence[Category] = (LESION,)) -> dict[str, Any]:
    """Assemble a COCO data set. The same pictures in any order give the same ids: names are sorted first.

    A picture without lesion has no annotation, but its attributes stand with the picture.

    Raises:
        ValueError: two pictures have the same file name.
    """
    ordered = sorted(pictures, key=lambda picture: picture.file_name)
    names = {picture.file_name for picture in ordered}
    if len(names) != len(ordered):
        raise ValueError("file names must differ")
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for image_id, picture in enumerate(ordered, start=1):
        images.append(
            {
                "id": image_id,
                "file_name": picture.file_name,
                "width": picture.width,
                "height": picture.height,
                "attributes": dict(picture.attributes),
            }
        )
        annotations.extend(
            {
                "id": number,
                "image_id": image_id,
                "category_id": annotation.category_id,
                "segmentation": annotation.segmentation,
                "area": annotation.area,
                "bbox": annotation.bbox,
                "iscrowd": 0,
                "attributes": {**picture.attributes, **annotation.attributes},
            }
            for number, annotation in enumerate(picture.annotations, start=len(annotations) + 1)
        )
    return {
        "info": {"description": "Masks made with LSegDiff", "intended_use": INTENDED_USE},
        "licenses": [],
        "categories": [
            {"id": category.id, "name": category.name, "supercategory": ""} for category in categories
        ],
        "images": images,
        "annotations": annotations,
    }


def write_coco(path: Path, data: Mapping[str, Any]) -> None:
    """Write a data set of `build` as JSON, atomically. Raises ImageError where the file cannot be written."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    # A name that is not UTF-8 has bytes as lone surrogates, which only JSON's own escapes can carry.
    write_atomically(path, text.encode(errors="backslashreplace"))
