"""The shapes that files hold of a picture, packed small, and how they are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.found import U8, Drawn
from lsegdiff_gui.formats.polygons import filled
from lsegdiff_gui.formats.rle import decode_rle
from lsegdiff_gui.imaging.broken import BrokenFile
from lsegdiff_gui.imaging.decode import decode
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.header import read_header

# A mask within a file is a PNG: what it unfolds to is known before it is unfolded.
_MOST_STAMP_PIXELS = 2**28


class Outline(Protocol):
    """What a shape's pixels follow from."""

    def region(self, width: int, height: int) -> Region:
        """Its pixels in a picture of this size. Raises FormatError where it is broken, or for another size."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape. lesion: shapes of one category with the same are one lesion; "": its parts are lesions each."""

    category: str
    outline: Outline
    lesion: str = ""


@dataclass(frozen=True, slots=True)
class Runs:
    """Run lengths of a picture, packed: uint32 each, or the file's own string."""

    width: int
    height: int
    counts: bytes | str

    def region(self, width: int, height: int) -> Region:
        """Decode them."""
        if (width, height) != (self.width, self.height):
            raise FormatError(
                f"It is for {self.width}×{self.height} pixels, the picture has {width}×{height}."
            )
        counts = (
            self.counts if isinstance(self.counts, str) else np.frombuffer(self.counts, np.uint32).tolist()
        )
        return Region.of_mask(decode_rle({"size": [height, width], "counts": counts}))


@dataclass(frozen=True, slots=True)
class Polygons:
    """Polygons that are united, packed: float64 x and y, point by point; filled as pycocotools does."""

    polygons: tuple[bytes, ...]

    def region(self, width: int, height: int) -> Region:
        """Fill them; what lies beyond the picture is cut off."""
        points = [np.frombuffer(each, np.float64).reshape(-1, 2) for each in self.polygons]
        every = np.concatenate(points)
        low, high = np.floor(every.min(axis=0)), np.ceil(every.max(axis=0))
        # Only the part of a large picture that they lie in; a pixel of room, for the rule rounds outwards.
        x0, y0 = (int(value) for value in np.clip(low - 1, 0, (width, height)))
        x1, y1 = (int(value) for value in np.clip(high + 1, 0, (width, height)))
        if x0 >= x1 or y0 >= y1:
            return Region.empty()
        moved = [each - (x0, y0) for each in points]
        return Region.of_mask(filled(moved, x1 - x0, y1 - y0), Box(x0, y0, x1, y1))


@dataclass(frozen=True, slots=True)
class Circle:
    """All pixels whose centres lie within a radius, in pixels."""

    x: float
    y: float
    radius: float

    def region(self, width: int, height: int) -> Region:
        """Fill it; what lies beyond the picture is cut off."""
        whole = Box(
            int(self.x - self.radius) - 1,
            int(self.y - self.radius) - 1,
            int(self.x + self.radius) + 2,
            int(self.y + self.radius) + 2,
        )
        box = whole.clip(width, height)
        if box.is_empty:
            return Region.empty()
        rows = np.arange(box.y0, box.y1) + 0.5 - self.y
        columns = np.arange(box.x0, box.x1) + 0.5 - self.x
        return Region.of_mask(np.add.outer(rows**2, columns**2) <= self.radius**2, box)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A small mask and where its upper left pixel lies. data: a PNG, whatever is not black in it is inside."""

    x: int
    y: int
    data: bytes

    def decoded(self) -> U8:
        """The mask: (h, w) uint8, 0 and 1. Raises FormatError."""
        try:
            header = read_header(self.data)
            if header.format != "png" or header.width * header.height > _MOST_STAMP_PIXELS:
                raise FormatError("its mask is no PNG, or larger than any picture.")
            pixels = decode(self.data, header).native
        except BrokenFile as problem:
            raise FormatError(f"its mask is broken: {problem.cause}.") from problem
        grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        return np.asarray(grey > 0, np.uint8)

    def region(self, width: int, height: int) -> Region:
        """Lay it into the picture; what lies beyond is cut off."""
        stamp = self.decoded()
        place = Box(self.x, self.y, self.x + stamp.shape[1], self.y + stamp.shape[0])
        return Region.of_mask(stamp, place).intersect(Box.whole(width, height))


@dataclass(frozen=True)
class Shapes:
    """The shapes of a picture, drawn one after the other."""

    shapes: tuple[Shape, ...]

    @property
    def categories(self) -> Sequence[str]:
        """The names of the shapes' categories, in the order they come first."""
        return tuple(dict.fromkeys(shape.category for shape in self.shapes))

    def drawn(self, numbers: Mapping[str, int], width: int, height: int, *, by_shape: bool = True) -> Drawn:
        """Draw all shapes whose category has a label; later ones lie above earlier ones."""
        labels = np.zeros((height, width), np.uint8)
        wanted = [shape for shape in self.shapes if numbers.get(shape.category)]
        # One label of parts that hang together is lesions by itself, without a plane of owners.
        by_shape &= any(shape.lesion for shape in wanted)
        owners = np.zeros((height, width), np.int32) if by_shape else None
        lesions: dict[tuple[str, str], int] = {}
        overlapping = 0
        for shape in wanted:
            region = shape.outline.region(width, height)
            inside, place, number = region.inside, region.box.slices, numbers[shape.category]
            taken = labels[place] != 0
            if owners is None:
                taken &= labels[place] != number
            else:
                owner = lesions.setdefault((shape.category, shape.lesion), len(lesions) + 1)
                taken &= owners[place] != owner
                np.copyto(owners[place], owner, where=inside)
            overlapping += int(np.count_nonzero(taken & inside))
            np.copyto(labels[place], np.uint8(number), where=inside)
        return Drawn(labels, owners, overlapping)
