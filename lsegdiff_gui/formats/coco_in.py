"""COCO files as people have them: polygons and run lengths, plain or compressed, crowds, many categories a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.found import Entry, Source
from lsegdiff_gui.formats.json_pieces import GoOn, read_pieces
from lsegdiff_gui.formats.rle import MOST_PIXELS, counts_of, size_of
from lsegdiff_gui.formats.shapes import Polygons, Runs, Shape, Shapes

MOST_PICTURES = 2_000_000
_KEYS = frozenset({"images", "annotations", "categories"})


def outline_of(segmentation: object) -> Runs | Polygons:
    """An annotation's `segmentation`, by its type as pycocotools tells them apart.

    Raises FormatError, whose text follows “left out: ”, where it is none, or would be too large.
    """
    if isinstance(segmentation, Mapping):
        return _runs(segmentation)
    if isinstance(segmentation, list) and segmentation:
        polygons = tuple(filter(None, map(_polygon, segmentation)))
        if not polygons:
            raise FormatError("its polygons have fewer than three points.")
        return Polygons(polygons)
    raise FormatError("it has no outline: a box alone does not say which pixels are meant.")


def read_coco(path: Path, go_on: GoOn = lambda _share: True) -> list[Entry]:
    """What a COCO file says of its pictures, in the file's order.

    Raises FormatError where it is not understood, Cancelled where `go_on` said so: see `read_pieces`.
    """
    found = _Collected()
    sha256 = read_pieces(path, found.take, go_on)
    if not found.has_lists:
        raise FormatError(f"“{path.name}” is not a COCO file: it needs the lists “images” and “annotations”.")
    return found.entries(Source(path, "coco", sha256))


class _Collected:
    """The lists of a COCO file, as they come."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._images: list[Mapping[str, Any]] = []
        self._categories: dict[Any, str] = {}
        # By the number of their picture: shapes without the names of their categories, which may come later.
        self._shapes: dict[Any, list[tuple[Any, Shape]]] = defaultdict(list)
        self._left_out: dict[Any, list[str]] = defaultdict(list)
        self._numbers: set[int] = set()

    @property
    def has_lists(self) -> bool:
        """Whether it is a COCO file at all."""
        return {"images", "annotations"} <= self._seen

    def take(self, key: str, value: Any) -> None:
        """Take an entry of one of the lists; others are not looked at."""
        if key not in _KEYS:
            return
        self._seen.add(key)
        if not isinstance(value, Mapping):
            if not isinstance(value, list):  # an empty list is none of its entries, and seen by its key alone
                raise FormatError(f"This is not a COCO file: “{key}” holds something else than descriptions.")
            return
        if key == "images":
            if len(self._images) >= MOST_PICTURES:
                raise FormatError(
                    f"A COCO file of more than {MOST_PICTURES:,} pictures cannot be read. Part it."
                )
            self._images.append(_without_lists(value))
        elif key == "categories":
            self._categories[_hashable(value.get("id"))] = str(value.get("name", "")).strip()
        else:
            self._annotation(value)

    def entries(self, source: Source) -> list[Entry]:
        """One entry for each picture of the file, and one for each picture that is annotated but not described."""
        made = []
        numbers: set[Any] = set()
        for image in self._images:
            number = _hashable(image.get("id"))
            refusal = _refusal(image, number, numbers)
            numbers.add(number)
            width, height, shapes = self._fitting(number, *_size(image)) if not refusal else (0, 0, [])
            named = tuple(
                Shape(self._name_of(category), shape.outline, shape.lesion) for category, shape in shapes
            )
            attributes = image.get("attributes")
            made.append(
                Entry(
                    source,
                    str(image.get("file_name", "")),
                    width,
                    height,
                    None if refusal else Shapes(named),
                    tuple(self._left_out.get(number, ())),
                    refusal=refusal,
                    attributes=attributes if isinstance(attributes, Mapping) else {},
                )
            )
        for number in sorted((self._shapes.keys() | self._left_out.keys()) - numbers, key=str):
            sentence = f"the file annotates a picture number {number} but describes none."
            made.append(Entry(source, "", 0, 0, None, refusal=sentence))
        return made

    def _fitting(self, number: Any, width: int, height: int) -> tuple[int, int, list[tuple[Any, Shape]]]:
        """Width, height and shapes of a picture without those that are for another size than the others."""
        fitting = []
        for category, shape in self._shapes.get(number, []):
            runs = shape.outline
            if isinstance(runs, Runs):
                if not width:
                    width, height = runs.width, runs.height
                if (runs.width, runs.height) != (width, height):
                    self._left_out[number].append(
                        f"An annotation is left out: it is for {runs.width}×{runs.height} pixels, "
                        f"its picture has {width}×{height}."
                    )
                    continue
            fitting.append((category, shape))
        return width, height, fitting

    def _name_of(self, category: Any) -> str:
        return self._categories.get(category) or ("" if category is None else str(category))

    def _annotation(self, value: Mapping[str, Any]) -> None:
        image, number = _hashable(value.get("image_id")), value.get("id")
        try:
            outline = outline_of(value.get("segmentation"))
            if isinstance(number, int):
                if number < 0:
                    raise FormatError("its number is negative.")
                if number in self._numbers:
                    raise FormatError("its number is used twice.")
        except FormatError as problem:
            self._left_out[image].append(f"Annotation {_told(number)} is left out: {problem}")
            return
        # A crowd is many lesions at once: what hangs together is one.
        shape = Shape("", outline, "" if value.get("iscrowd") else str(len(self._numbers)))
        self._numbers.add(number if isinstance(number, int) else -1 - len(self._numbers))
        self._shapes[image].append((_hashable(value.get("category_id")), shape))


def _refusal(image: Mapping[str, Any], number: Any, earlier: set[Any]) -> str:
    if not isinstance(number, int | str) or isinstance(number, bool):
        return "it has no number in the file."
    if isinstance(number, int) and number < 0:
        return "its number in the file is negative."
    if number in earlier:
        return "its number is used twice in the file, so that nobody can tell which annotations are its own."
    return ""


def _size(image: Mapping[str, Any]) -> tuple[int, int]:
    sides = image.get("width"), image.get("height")
    if all(isinstance(side, int) and not isinstance(side, bool) and side > 0 for side in sides):
        return sides[0], sides[1]  # type: ignore[return-value]
    return 0, 0


def _runs(segmentation: Mapping[str, Any]) -> Runs:
    height, width = size_of(segmentation)
    if height * width > MOST_PIXELS:
        raise FormatError(f"it would have {width}×{height} pixels, more than can be opened.")
    counts = segmentation.get("counts")
    if isinstance(counts, str):
        return Runs(width, height, counts)
    numbers = counts_of(segmentation)
    if ((numbers < 0) | (numbers > height * width)).any() or int(numbers.sum()) != height * width:
        raise FormatError(f"its run lengths do not add up to {width}×{height} pixels.")
    return Runs(width, height, numbers.astype(np.uint32).tobytes())


def _polygon(points: object) -> bytes:
    """A polygon packed; empty where it has too few points to hold a pixel, as pycocotools takes it."""
    if not isinstance(points, list) or not all(type(value) in (int, float) for value in points):
        raise FormatError("a polygon of it is not a list of numbers.")
    try:
        values = np.array(points, np.float64)
    except (ValueError, OverflowError) as problem:
        raise FormatError("a polygon of it holds numbers that are none.") from problem
    if values.size % 2:
        raise FormatError("a polygon of it has half a point.")
    if not np.isfinite(values).all():
        raise FormatError("a polygon of it has points that lie nowhere (NaN or infinite).")
    return values.tobytes() if values.size >= 6 else b""


def _without_lists(image: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is kept of a picture's description: a hostile one could hold anything."""
    return {key: image[key] for key in ("id", "file_name", "width", "height", "attributes") if key in image}


def _hashable(value: Any) -> Any:
    return value if isinstance(value, int | str) else None


def _told(number: object) -> str:
    return f"{number}"[:20] if isinstance(number, int | str) else "without a number"
