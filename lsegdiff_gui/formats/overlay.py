"""Pictures for reports: the mask laid over its picture, outlined and filled, with the names of its labels if wanted."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.labels import Label
from lsegdiff_gui.annotation.region import label_box
from lsegdiff_gui.formats.coco import INTENDED_USE
from lsegdiff_gui.formats.png import rgb_of

U8 = npt.NDArray[np.uint8]

FILL = 0.3
"""How much of a label's colour lies over the picture inside its outline, 0 to 1."""

JPEG_QUALITY = 92
"""Of overlays: for the eye, at a fifth of the bytes of a PNG."""

# Of the picture's short side: an outline is seen in a whole page, and a legend read.
_PIXELS_PER_LINE, _PIXELS_PER_LETTER = 400, 24
_SMALLEST_LETTER = 12
_INK, _PAPER = (32, 32, 32), (255, 255, 255)


def overlay(rgb8: U8, mask: U8, labels: Sequence[Label], *, legend: bool = False) -> U8:
    """Lay a label mask over its picture. rgb8: (H, W, 3) RGB; mask: (H, W) uint8 -> (H or more, W, 3) uint8 RGB.

    The outline lies inside the mask. legend: a strip below names the labels that are seen.
    """
    drawn = rgb8.copy()
    line = max(1, round(min(mask.shape) / _PIXELS_PER_LINE))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * line + 1, 2 * line + 1))
    seen = []
    for label in labels:
        box = label_box(mask, label.id)
        if box.is_empty:
            continue
        seen.append(label)
        inside = (mask[box.slices] == label.id).view(np.uint8)
        part, colour = drawn[box.slices], np.array(rgb_of(label))
        # OpenCV's tables and masks are ten times as fast as numpy's on large pictures.
        tint = np.rint(np.arange(256)[:, None] * (1 - FILL) + colour * FILL).astype(np.uint8)
        cv2.copyTo(cv2.LUT(part, tint.reshape(256, 1, 3)), inside, part)
        core = cv2.erode(inside, disc, borderType=cv2.BORDER_CONSTANT, borderValue=0)
        part[(inside != 0) & (core == 0)] = colour
    return np.concatenate([drawn, _legend(seen, drawn.shape[1], min(mask.shape))]) if legend else drawn


def _legend(labels: Sequence[Label], width: int, short_side: int) -> U8:
    """A strip with a field of colour and a name for each label, one below the other, and what the picture is for."""
    letter = max(_SMALLEST_LETTER, short_side // _PIXELS_PER_LETTER)
    row = round(letter * 1.6)
    lines: list[tuple[str, tuple[int, int, int] | None]]
    lines = [(_drawable(label.name), rgb_of(label)) for label in labels] or [("No lesion", None)]
    strip = np.full(((len(lines) + 1) * row + row // 2, width, 3), _PAPER, np.uint8)
    for number, (text, colour) in enumerate([*lines, (INTENDED_USE, None)]):
        foot = number * row + row
        left = letter // 2
        if colour is not None:
            cv2.rectangle(strip, (left, foot - letter), (left + letter, foot), colour, -1)
            left += round(1.5 * letter)
        _write(strip, text, left, foot, letter, width)
    return strip


def _write(strip: U8, text: str, left: int, foot: int, letter: int, width: int) -> None:
    font = cv2.FONT_HERSHEY_SIMPLEX
    scale = cv2.getFontScaleFromHeight(font, round(letter * 0.7))
    (wide, _), _ = cv2.getTextSize(text, font, scale, 1)
    # What does not fit is written smaller, so that no name is cut.
    scale *= min(1.0, (width - left - letter // 2) / max(1, wide))
    cv2.putText(strip, text, (left, foot - letter // 6), font, max(scale, 0.05), _INK, 1, cv2.LINE_AA)


def _drawable(name: str) -> str:
    """What OpenCV can write: from version 5 on all of it, before that English letters."""
    if hasattr(cv2, "FontFace"):
        return name
    plain = unicodedata.normalize("NFKD", name)
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return bare.encode("ascii", errors="replace").decode("ascii")
