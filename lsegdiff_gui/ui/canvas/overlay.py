"""The mask over the picture: labels of the exposed part, at the screen's resolution, as indices into a colour table.

There is no overlay image. What a repaint exposes is sampled from the label plane, its contours are found among
the sampled pixels (so that they are as thick at every zoom) and Qt looks up the colours while it blends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.colouring import blend_table
from lsegdiff_gui.ui.canvas.contour import CONTOUR, Codes, contour_bits
from lsegdiff_gui.ui.canvas.label_pyramid import LabelPyramid
from lsegdiff_gui.ui.canvas.view import View

Colour = tuple[int, int, int]

# Seven bits are left for what a pixel shows.
_SLOTS = 127
_SAME = np.arange(256, dtype=np.uint8)

# A light line on the mask's side of a contour, a dark one beyond. Black and near-white differ from skin and mucosa in
# lightness, which every eye sees; the label's hue is added to the light side. Widget pixels, light and dark:
_OUTLINE = (2, 1)
_FILLED = (1, 1)
_LIGHTENING = 0.45
_DARK_ALPHA = 0.65


@dataclass(frozen=True)
class OverlayStyle:
    """How the mask is shown. opacity: of the filled areas, in [0, 1]; outline: contours alone, always opaque."""

    visible: bool = True
    opacity: float = 0.45
    outline: bool = False


def contour_widths(outline: bool, ratio: float) -> tuple[int, int]:
    """Device pixels of contour inside and outside of a mask; ratio: device pixels to a widget pixel."""
    inside, outside = _OUTLINE if outline else _FILLED
    return max(1, round(inside * ratio)), max(1, round(outside * ratio))


def contour_reach(ratio: float) -> int:
    """Device pixels around a changed label whose codes may change with it: contours, and the window of two."""
    return max(sum(contour_widths(outline, ratio)) for outline in (False, True)) + 2


class Palette:
    """The colours of labels in a style.

    slots: (256,) uint8, the slot of each label, 1 to 127; 0 for those that are not shown.
    table: the colours of the codes of `label_codes`.
    """

    def __init__(self, colours: Mapping[int, Colour], style: OverlayStyle) -> None:
        """Labels without a colour are not shown. Beyond 127 labels colours repeat."""
        self.slots = np.zeros(256, np.uint8)
        by_slot: dict[int, Colour] = {}
        for place, (label, colour) in enumerate(sorted(colours.items())):
            slot = place % _SLOTS + 1
            self.slots[label] = slot
            by_slot.setdefault(slot, colour)
        self.table = blend_table(colour_table(by_slot, style))

    def slots_of_base(self, label: int) -> Codes:
        """The slots of a base mask: its ones count as `label`; for 1 it may name other labels itself."""
        if label == 1:
            return self.slots
        slots = np.zeros(256, np.uint8)
        slots[1] = self.slots[label]
        return slots


def label_codes(labels: LabelPyramid, view: View, device: Box, style: OverlayStyle, slots: Codes) -> Codes:
    """Codes of a box of device pixels inside `view.shown`: slot, or slot | CONTOUR on the inner side of a contour.

    0 is nothing, CONTOUR alone the contour's outer, dark side. slots: (256,) uint8 by label, at most 127. Returns
    (device.height, device.width) uint8. The same pixel gets the same code whatever box it is asked in.
    """
    return with_contours(lambda box: sampled(labels, view, box, slots), view, device, style)


def with_contours(shown: Callable[[Box], Codes], view: View, device: Box, style: OverlayStyle) -> Codes:
    """Codes as those of `label_codes`, for whatever slots `shown` gives for a box of device pixels."""
    inside, outside = contour_widths(style.outline, view.ratio)
    margin = max(inside, outside)
    near = shown(device.padded(margin))
    if not near.any():
        return np.zeros((device.height, device.width), np.uint8)
    codes = contour_bits(near, inside=inside, outside=outside)
    codes |= near
    return np.ascontiguousarray(codes[margin : margin + device.height, margin : margin + device.width])


def colour_table(colours: Mapping[int, Colour], style: OverlayStyle) -> list[int]:
    """256 colours 0xAARRGGBB for codes whose slots have these colours."""
    table = [0] * 256
    # Filled areas fade as a whole, contours last.
    clear = 1.0 if style.outline else min(1.0, 1.5 * style.opacity + 0.1)
    if colours:
        table[CONTOUR] = _argb((0, 0, 0), _DARK_ALPHA * clear)
    for slot, colour in colours.items():
        table[slot] = 0 if style.outline else _argb(colour, style.opacity)
        table[CONTOUR | slot] = _argb(_lightened(colour), clear)
    return table


def parse_colour(text: str) -> Colour:
    """ "#rrggbb" → red, green, blue in 0 … 255. Raises ValueError for other texts."""
    if len(text) != 7 or text[0] != "#":
        raise ValueError(f"A colour is written #rrggbb, not {text!r}.")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def sampled(labels: LabelPyramid, view: View, device: Box, slots: Codes) -> Codes:
    """The slot under each device pixel; 0 beyond the picture, so that a mask's contour closes at its border."""
    inside = device.intersect(view.laid)
    plane = labels.level_for(view.scale)
    height, width = plane.shape
    columns = view.columns(inside.x0, inside.x1, width)
    rows = view.rows(inside.y0, inside.y1, height)
    # One pixel before the first: see the window of two below.
    x0, y0 = max(int(columns[0]) - 1, 0), max(int(rows[0]) - 1, 0)
    near = plane[y0 : rows[-1] + 1, x0 : columns[-1] + 1]
    columns -= x0
    rows -= y0
    # Columns are picked as rows of the transposed image: these are copied whole.
    if view.scale < 1:
        # Up to two pixels of the level share a pixel of the screen; the highest of two is never passed over.
        tall = cv2.max(near.take(rows, axis=0), near.take(np.maximum(rows - 1, 0), axis=0))
        turned = cv2.transpose(tall)
        wide = cv2.max(turned.take(columns, axis=0), turned.take(np.maximum(columns - 1, 0), axis=0))
        found = np.asarray(cv2.transpose(wide), np.uint8)
    else:
        picked = cv2.transpose(cv2.transpose(near).take(columns, axis=0))
        found = np.asarray(picked, np.uint8).take(rows, axis=0)
    known = slice(int(near.max()) + 1)
    if not np.array_equal(slots[known], _SAME[known]):
        found = np.asarray(cv2.LUT(found, slots), np.uint8)
    if inside == device:
        return found
    return np.asarray(
        cv2.copyMakeBorder(
            found,
            inside.y0 - device.y0,
            device.y1 - inside.y1,
            inside.x0 - device.x0,
            device.x1 - inside.x1,
            cv2.BORDER_CONSTANT,
            value=0,
        ),
        np.uint8,
    )


def _lightened(colour: Colour) -> Colour:
    red, green, blue = (round(part + (255 - part) * _LIGHTENING) for part in colour)
    return red, green, blue


def _argb(colour: Colour, alpha: float) -> int:
    red, green, blue = colour
    return round(255 * alpha) << 24 | red << 16 | green << 8 | blue
