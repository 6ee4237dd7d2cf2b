"""Annotated pictures of a COCO file: polygons and run lengths, plain or compressed, united to one mask a picture."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lsegdiff_gui.training.data import DataError, LeftOut, Mask, Pair


@dataclass(frozen=True)
class CocoOutlines:
    """What a COCO file says of one picture. size: (height, width) where it tells; none: no lesion."""

    file: str
    size: tuple[int, int] | None
    segmentations: tuple[Any, ...]

    def drawn(self, height: int, width: int) -> Mask:
        """All outlines united, (height, width) 0/1. Raises DataError where they are broken or of another size."""
        if self.size not in (None, (height, width)):
            raise DataError(
                f"“{self.file}” holds its mask for {_sides(self.size)}, the picture is {width}×{height}."
            )
        mask = np.zeros((height, width), np.uint8)
        for segmentation in self.segmentations:
            try:
                mask |= draw(segmentation, height, width)
            except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
                raise DataError(f"An outline of it in “{self.file}” is broken: {error}.") from error
        return mask


def read_coco(path: Path) -> tuple[list[Pair], list[LeftOut]]:
    """The pictures of a COCO file, which lie beside it or in images/ beside it; one without annotation is a negative.

    Pairs are of the group "". All categories count as lesion. Raises DataError where the file is not understood.
    """
    try:
        data = json.loads(path.read_bytes())
        images = {entry["id"]: entry for entry in data["images"]}
        outlines: dict[Any, list[Any]] = defaultdict(list)
        for annotation in data["annotations"]:
            outlines[annotation["image_id"]].append(annotation.get("segmentation"))
        names = {number: Path(str(entry["file_name"])) for number, entry in images.items()}
        sizes = {number: _size(entry) for number, entry in images.items()}
    except OSError as error:
        raise DataError(f"“{path}” cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"“{path}” is not a COCO file: it needs images and annotations, each with its numbers and names."
        ) from error
    pairs, left_out = [], []
    for number, name in names.items():
        file = _find(path.parent, name)
        if file is None:
            left_out.append(LeftOut(name, f"it is neither beside “{path.name}” nor in images/ beside it."))
        else:
            drawn = CocoOutlines(path.name, sizes[number], tuple(outlines[number]))
            pairs.append(Pair(name.stem, file, drawn, ""))
    strays = sorted(map(str, outlines.keys() - images.keys()))
    left_out += [
        LeftOut(Path(stray), f"“{path.name}” annotates it but lists no such picture.") for stray in strays
    ]
    return pairs, left_out


def draw(segmentation: Any, height: int, width: int) -> Mask:
    """One annotation's segmentation as (height, width) 0/1.

    Raises ValueError, TypeError, KeyError or IndexError where it is none.
    """
    if isinstance(segmentation, Mapping):
        if tuple(segmentation["size"]) != (height, width):
            raise ValueError(f"it is for {_sides(segmentation['size'])}, the picture is {width}×{height}")
        counts = segmentation["counts"]
        return draw_runs(decompress(counts) if isinstance(counts, str) else counts, height, width)
    if not segmentation:
        raise ValueError("a box alone does not say which pixels are lesion")
    mask = np.zeros((height, width), np.uint8)
    for polygon in segmentation:
        mask |= draw_polygon(polygon, height, width)
    return mask


def draw_runs(counts: Sequence[int], height: int, width: int) -> Mask:
    """Run lengths, column by column, background first, as (height, width) 0/1. Raises ValueError."""
    lengths = [int(count) for count in counts]
    # Summed as Python integers: hostile counts must not wrap around.
    if min(lengths, default=0) < 0 or sum(lengths) != height * width:
        raise ValueError(f"its run lengths do not add up to {width}×{height} pixels")
    runs = np.repeat(np.arange(len(lengths), dtype=np.uint8) & 1, lengths)
    return np.ascontiguousarray(runs.reshape(width, height).T)


def decompress(counts: str) -> list[int]:
    """Run lengths from COCO's compressed text: 5 bits a character and one for "goes on"; from the third the differences
    to the last but one. Raises ValueError.
    """
    lengths: list[int] = []
    value = shift = 0
    for character in counts:
        bits = ord(character) - 48
        if not 0 <= bits < 64:
            raise ValueError("its compressed run lengths hold other characters than COCO's")
        value |= (bits & 31) << shift
        shift += 5
        if not bits & 32:
            if bits & 16:
                value -= 1 << shift
            lengths.append(value + (lengths[-2] if len(lengths) > 2 else 0))
            value = shift = 0
    if shift:
        raise ValueError("its compressed run lengths end in the middle of one")
    return lengths


def draw_polygon(polygon: Sequence[float], height: int, width: int) -> Mask:
    """x, y, x, y, … in pixels from the picture's upper left corner as (height, width) 0/1.

    A pixel is inside where its centre is, by the even-odd rule. Raises ValueError for fewer than three points.
    """
    points = np.asarray(polygon, np.float64)
    if points.ndim != 1 or points.size < 6 or points.size % 2 or not np.isfinite(points).all():
        raise ValueError("a polygon needs three points or more, each of two numbers")
    starts = points.reshape(-1, 2)
    crossings = np.zeros((height, width + 1), np.uint8)
    for (x0, y0), (x1, y1) in zip(starts, np.roll(starts, -1, axis=0), strict=True):
        # Rows whose middle the edge crosses, its upper end counted and its lower not.
        first, last = (int(np.clip(np.ceil(y - 0.5), 0, height)) for y in sorted((y0, y1)))
        rows = np.arange(first, last)
        if len(rows):
            x = x0 + (rows + 0.5 - y0) * (x1 - x0) / (y1 - y0)
            crossings[rows, np.clip(np.ceil(x - 0.5), 0, width).astype(np.int64)] ^= 1
    return np.bitwise_xor.accumulate(crossings, axis=1)[:, :width]


def _find(folder: Path, name: Path) -> Path | None:
    places = (folder / name, folder / "images" / name, folder / name.name, folder / "images" / name.name)
    return next((place for place in places if place.is_file()), None)


def _size(entry: Mapping[str, Any]) -> tuple[int, int] | None:
    if "height" not in entry or "width" not in entry:
        return None
    return int(entry["height"]), int(entry["width"])


def _sides(size: Any) -> str:
    """(height, width) as people say it."""
    height, width = size
    return f"{width}×{height}"
