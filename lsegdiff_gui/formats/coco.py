"""COCO instance annotations with uncompressed RLE: lossless, plain JSON, read by most programs.

RLE counts runs column by column, background first, as pycocotools does. `iscrowd` stays 0: many loaders leave
crowds out, and pycocotools tells RLE from polygons by its type. Why not polygons: holes cannot be expressed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypedDict

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.write import write_atomically

Mask = npt.NDArray[np.uint8]

INTENDED_USE = "research annotation; not for diagnosis"


class FormatError(LSegDiffError):
    """A file of annotations cannot be made or understood; the text is the sentence for the user."""


class Rle(TypedDict):
    """size: [height, width]; counts: lengths of the runs, column by column, background first."""

    size: list[int]
    counts: list[int]


@dataclass(frozen=True, slots=True)
class Category:
    """A label as COCO knows it; `id` is its value in label masks, 1 to 254."""

    id: int
    name: str


LESION = Category(1, "lesion")


@dataclass(frozen=True, slots=True)
class Region:
    """All pixels of one category in one picture. bbox: [x, y, width, height], tight on the pixels' edges."""

    category_id: int
    segmentation: Rle
    area: int
    bbox: list[int]


@dataclass(frozen=True, slots=True)
class CocoPicture:
    """One picture with its regions, small enough to keep thousands of them. attributes: plain JSON values."""

    file_name: str
    width: int
    height: int
    regions: tuple[Region, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of_mask(
        cls,
        file_name: str,
        mask: Mask,
        attributes: Mapping[str, Any] | None = None,
        categories: Sequence[Category] = (LESION,),
    ) -> CocoPicture:
        """Measure a label mask. mask: (H, W) uint8, 0 background, else the id of a category.

        Raises:
            FormatError: the mask holds a value that is no category.
        """
        regions = tuple(
            region for category in categories if (region := _region(mask == category.id, category.id)).area
        )
        if sum(region.area for region in regions) != np.count_nonzero(mask):
            known = [0, *(category.id for category in categories)]
            unknown = int(mask[~np.isin(mask, known)].min())
            raise FormatError(
                f"“{file_name}” has pixels of label {unknown}, which has no name. Name the label and try again."
            )
        height, width = mask.shape
        return cls(file_name, width, height, regions, dict(attributes or {}))


def _region(plane: npt.NDArray[np.bool_], category_id: int) -> Region:
    box = Box.of(plane)
    return Region(
        category_id=category_id,
        segmentation=encode_rle(plane.view(np.uint8)),
        area=int(np.count_nonzero(plane)),
        bbox=[box.x0, box.y0, box.width, box.height],
    )


def encode_rle(mask: Mask) -> Rle:
    """Encode (H, W) uint8, zero and not zero, as uncompressed COCO RLE."""
    height, width = mask.shape
    # Only the columns that hold something: most of a large picture is background.
    columns = np.flatnonzero(mask.any(axis=0))
    first, last = (int(columns[0]), int(columns[-1]) + 1) if columns.size else (0, 0)
    # OpenCV transposes eight times as fast as numpy, which matters at 8192 x 8192.
    runs = (cv2.transpose(mask[:, first:last]) != 0).ravel() if columns.size else np.zeros(0, np.bool_)
    changes = first * height + 1 + np.flatnonzero(runs[1:] != runs[:-1])
    start = [first * height] if runs[:1].any() else []
    stop = [last * height] if runs[-1:].any() else []
    edges = np.concatenate([[0], start, changes, stop, [height * width]]).astype(np.int64)
    counts: list[int] = np.diff(edges).tolist()
    if stop == [height * width]:
        counts.pop()  # the lesion reaches the last pixel: no background run of length 0 behind it
    return {"size": [height, width], "counts": counts}


def decode_rle(rle: Mapping[str, Any]) -> Mask:
    """Decode uncompressed COCO RLE to (H, W) uint8, 0 and 1.

    Raises:
        FormatError: the counts are no run lengths, or do not add up to the size.
    """
    try:
        height, width = (int(side) for side in rle["size"])
        counts = np.asarray(rle["counts"], dtype=np.int64)
    except (KeyError, TypeError, ValueError, OverflowError) as problem:
        raise FormatError(
            "A mask is not stored as uncompressed RLE. Export it again from its source."
        ) from problem
    is_sound = counts.ndim == 1 and min(height, width) >= 1 and bool((counts >= 0).all())
    # Summed as Python integers: hostile counts must not wrap around.
    if not is_sound or sum(counts.tolist()) != height * width:
        raise FormatError(
            f"A mask's run lengths do not add up to its size of {width} × {height} pixels. "
            "Export it again from its source."
        )
    runs = np.repeat(np.arange(counts.size, dtype=np.uint8) & 1, counts)
    return np.ascontiguousarray(runs.reshape(width, height).T)


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
                "category_id": region.category_id,
                "segmentation": region.segmentation,
                "area": region.area,
                "bbox": region.bbox,
                "iscrowd": 0,
                "attributes": dict(picture.attributes),
            }
            for number, region in enumerate(picture.regions, start=len(annotations) + 1)
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
