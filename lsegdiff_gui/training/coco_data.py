"""Annotated pictures of a COCO file, as `formats.coco_in` reads it: all that is marked united to one mask a picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lsegdiff_gui.formats.coco_in import read_coco as read_entries
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.found import Content, Entry
from lsegdiff_gui.formats.inside import parts_of, resolved
from lsegdiff_gui.training.data import DataError, LeftOut, Mask, Pair


@dataclass(frozen=True)
class CocoOutlines:
    """What a COCO file says of one picture. size: (width, height) where it tells, else (0, 0)."""

    file: str
    size: tuple[int, int]
    content: Content

    def drawn(self, height: int, width: int) -> Mask:
        """All outlines united, (height, width) 0/1. Raises DataError where they are broken or of another size."""
        if self.size not in ((0, 0), (width, height)):
            raise DataError(
                f"“{self.file}” holds its mask for {self.size[0]}×{self.size[1]}, the picture is {width}×{height}."
            )
        try:
            drawn = self.content.drawn(
                dict.fromkeys(self.content.categories, 1), width, height, by_shape=False
            )
        except FormatError as error:
            raise DataError(f"An outline of it in “{self.file}” is broken: {error}") from error
        mask: Mask = (drawn.labels != 0).view(np.uint8)
        return mask


def read_coco(path: Path) -> tuple[list[Pair], list[LeftOut]]:
    """The pictures of a COCO file, which lie beside it or in images/ beside it; one without annotation is a negative.

    A picture with an annotation that cannot be read is left out: it would teach that there is nothing. Pairs are of
    the group "". All categories count as lesion. Raises DataError where the file is not understood.
    """
    try:
        entries = read_entries(path)
    except FormatError as error:
        raise DataError(str(error)) from error
    pairs, left_out = [], []
    for entry in entries:
        try:
            pairs.append(_pair(path, entry))
        except FormatError as error:
            left_out.append(LeftOut(Path(entry.name or path.name), str(error)))
    return pairs, left_out


def _pair(path: Path, entry: Entry) -> Pair:
    if entry.refusal or entry.content is None:
        raise FormatError(entry.refusal)
    parts = parts_of(entry.name)
    places = (parts, ("images", *parts), parts[-1:], ("images", parts[-1]))
    file = next((found for place in places if (found := resolved(path.parent, place))), None)
    if file is None:
        raise FormatError(f"it is neither beside “{path.name}” nor in images/ beside it.")
    if entry.left_out:
        raise FormatError(f"“{path.name}” is broken where it is annotated: {' '.join(entry.left_out)}")
    outlines = CocoOutlines(path.name, (entry.width, entry.height), entry.content)
    return Pair(Path(parts[-1]).stem, file, outlines, "")
