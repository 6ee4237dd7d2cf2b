"""What the files of one picture hold, format by format: decided and encoded, not written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.outgoing import ExportItem
from lsegdiff_gui.annotation.postprocess import base_mask
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.formats.coco import CocoPicture, Held, as_json
from lsegdiff_gui.formats.errors import FormatError
from lsegdiff_gui.formats.labelme import labelme
from lsegdiff_gui.formats.measurements import dice, rows_of
from lsegdiff_gui.formats.names import is_lossy
from lsegdiff_gui.formats.overlay import JPEG_QUALITY, overlay
from lsegdiff_gui.formats.parts import Part, parts_of
from lsegdiff_gui.formats.png import deep, index_png, mask_png
from lsegdiff_gui.formats.polygons import Loss
from lsegdiff_gui.formats.request import ExportRequest, Format
from lsegdiff_gui.imaging.orientation import UPRIGHT, as_stored, stored_orientation
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.imaging.read import read
from lsegdiff_gui.imaging.write import encode_jpeg, encode_png

U8 = npt.NDArray[np.uint8]

COPY_QUALITY = 95
"""Of copies of JPEG pictures, which cannot be had without their metadata and without loss."""


@dataclass(frozen=True)
class NothingToWrite(Exception):
    """A picture has nothing of what a format holds; the sentence says what."""

    sentence: str


class PictureContent:
    """One picture's mask, made once and given out in every format that is asked for."""

    def __init__(self, item: ExportItem, name: str, request: ExportRequest) -> None:
        """name: what annotations call the picture. Raises what the item's `mask` raises; FormatError for its size."""
        self._item = item
        self._name = name
        self._request = request
        self._held = Held(request.shape, request.tolerance, request.bridge_holes)
        self._upright = _mask_of(item)
        self.meaning = item.meaning()
        self.losses: list[Loss] = []

    def encoded(self, kind: Format) -> bytes:
        """The content of the picture's own file of a format.

        Raises:
            NothingToWrite: the picture has no draft, and the format holds one.
            FormatError, ImageError: it cannot be made; the text is the sentence.
        """
        match kind:
            case Format.MASK:
                return mask_png(self._mask)
            case Format.INDEX:
                _ = self._parts  # refuses a label without a name
                return index_png(self._mask, self.meaning.labels)
            case Format.PROBABILITY:
                return self._deep(self._needed_draft.mask_probability)
            case Format.SPREAD:
                return self._deep(self._needed_draft.spread)
            case Format.OVERLAY:
                drawn = overlay(
                    as_stored(self._picture.rgb8, self._orientation),
                    self._mask,
                    self.meaning.labels,
                    legend=self._request.legend,
                )
                return encode_jpeg(drawn, JPEG_QUALITY)
            case Format.PICTURE:
                return self._copy()
            case Format.LABELME:
                return as_json(self._labelme())
            case Format.COCO | Format.CSV:
                raise ValueError(f"{kind} is one file for all pictures")

    def coco(self) -> CocoPicture:
        """The picture's entries in a COCO file. Raises FormatError for a label without a name."""
        height, width = self._mask.shape
        made = CocoPicture.of_parts(
            self._name, width, height, self._parts, dict(self._attributes), self._held
        )
        self.losses.append(made.loss)
        return made

    def rows(self) -> list[dict[str, Any]]:
        """The picture's rows in the table of measurements. Raises FormatError for a label without a name."""
        height, width = self._mask.shape
        draft = self._item.draft()
        with_draft = None if draft is None else dice(self._upright, self._drafted(draft))
        status = str(self._attributes.get("status", ""))
        return rows_of(self._name, width, height, self._parts, self._names, status, with_draft)

    @cached_property
    def _orientation(self) -> int:
        return stored_orientation(self._item.path) if self._request.as_stored else UPRIGHT

    @cached_property
    def _mask(self) -> U8:
        if self._orientation == UPRIGHT:
            return self._upright
        return as_stored(self._upright, self._orientation)

    @cached_property
    def _parts(self) -> list[Part]:
        partition = self.meaning.partition if self._request.by_instance else None
        known = {label.id for label in self.meaning.labels}
        # Found upright, where cuts and ties were drawn, and turned afterwards.
        parts = parts_of(self._name, self._upright, known, partition)
        height, width = self._upright.shape
        return [part.as_stored(width, height, self._orientation) for part in parts]

    @cached_property
    def _picture(self) -> Picture:
        picture = read(self._item.path)
        if picture.rgb8.shape[:2] != self._upright.shape:
            raise _other_size(self._item, self._upright, (picture.width, picture.height))
        return picture

    @property
    def _names(self) -> dict[int, str]:
        return {label.id: label.name for label in self.meaning.labels}

    @property
    def _attributes(self) -> Mapping[str, Any]:
        if self._orientation == UPRIGHT:
            return self._item.attributes
        # Whoever reads the file has to know that the mask lies on the picture as it is stored.
        return {**self._item.attributes, "orientation": "stored", "exif_orientation": self._orientation}

    @property
    def _needed_draft(self) -> Draft:
        draft = self._item.draft()
        if draft is None:
            raise NothingToWrite(f"“{self._item.path.name}” has no draft, so no probability and no spread.")
        return draft

    def _deep(self, plane: U8) -> bytes:
        height, width = self._upright.shape
        return encode_png(as_stored(deep(plane, width, height), self._orientation))

    def _drafted(self, draft: Draft) -> U8:
        height, width = self._upright.shape
        return base_mask(draft.plane(follow_edges=True), Recipe(), width, height)

    def _copy(self) -> bytes:
        pixels = as_stored(self._picture.native, self._orientation)
        if is_lossy(self._item.path) and pixels.dtype == np.uint8:
            return encode_jpeg(pixels, COPY_QUALITY)  # type: ignore[arg-type]
        return encode_png(pixels)

    def _labelme(self) -> dict[str, Any]:
        height, width = self._mask.shape
        content, loss = labelme(
            self._name, width, height, self._parts, self._names, self._attributes, self._held
        )
        self.losses.append(loss)
        return content


def _mask_of(item: ExportItem) -> U8:
    mask = item.mask()
    height, width = mask.shape
    if (item.width, item.height) not in ((width, height), (0, 0)):
        raise _other_size(item, mask, (item.width, item.height))
    return mask


def _other_size(item: ExportItem, mask: U8, found: tuple[int, int]) -> FormatError:
    height, width = mask.shape
    return FormatError(
        f"The mask of “{item.path.name}” has {width} × {height} pixels and the picture "
        f"{found[0]} × {found[1]}. Was the file replaced? Open it again."
    )
