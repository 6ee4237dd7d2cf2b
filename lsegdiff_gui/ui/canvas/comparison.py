"""The present mask beside the one it was drafted as: one or the other, side by side, or what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

import numpy as np

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.colouring import Table, blend_table
from lsegdiff_gui.ui.canvas.contour import Codes
from lsegdiff_gui.ui.canvas.doubt_overlay import DOUBT_LEGEND, DoubtMap, doubt_table
from lsegdiff_gui.ui.canvas.label_pyramid import LabelPyramid
from lsegdiff_gui.ui.canvas.overlay import (
    Colour,
    OverlayStyle,
    Palette,
    colour_table,
    label_codes,
    sampled,
    with_contours,
)
from lsegdiff_gui.ui.canvas.parting_signs import INSTANCE_COLOURS
from lsegdiff_gui.ui.canvas.signs import Legend
from lsegdiff_gui.ui.canvas.view import View

KEPT, ADDED, REMOVED = 1, 2, 3
DIFFERENCE_COLOURS: dict[int, Colour] = {
    KEPT: (170, 170, 170),
    ADDED: (0, 114, 178),
    REMOVED: (240, 228, 66),
}
"""Grey, and blue and yellow of the Okabe–Ito palette: no kind of colour blindness confuses these, and they differ in
lightness too."""

# What was added and removed is what one looks for: never fainter than this.
_CLEAR = 0.6


class Compare(StrEnum):
    """How the present mask and the draft's are shown."""

    OFF = "off"  # the present mask
    DRAFT = "draft"  # the draft's
    SWIPE = "swipe"  # the draft's left of a line, the present one right of it
    DIFFERENCE = "difference"
    DOUBT = "doubt"  # no mask, but where the draft's samples differ


LEGENDS: dict[Compare, Legend] = {
    Compare.OFF: Legend(()),
    Compare.DRAFT: Legend((("", "Draft"),)),
    Compare.SWIPE: Legend((("", "Draft  ◂ ▸  present mask"),)),
    Compare.DIFFERENCE: Legend(
        tuple(
            ("#{:02x}{:02x}{:02x}".format(*DIFFERENCE_COLOURS[slot]), words)
            for slot, words in ((ADDED, "added"), (REMOVED, "removed"), (KEPT, "kept"))
        )
    ),
    Compare.DOUBT: DOUBT_LEGEND,
}


@dataclass(frozen=True)
class Layer:
    """Codes over a box of device pixels and the colours they stand for."""

    device: Box
    codes: Codes
    table: Table


class Masks:
    """The present mask, the draft's, and how they are shown. The same pixel is the same whatever box is asked for.

    present: None where there is none. compare: what is shown of the two. share: where the swipe's line is, of the
    viewport's width. hidden: neither is shown. instances: those of the present mask, shown in its place: see
    `InstanceMap.plane`. doubt: of the draft; None without one.
    """

    def __init__(self) -> None:
        self.present: LabelPyramid | None = None
        self.compare = Compare.OFF
        self.share = 0.5
        self.hidden = False
        self.instances: LabelPyramid | None = None
        self.doubt: DoubtMap | None = None
        self._draft: LabelPyramid | None = None
        self._draft_label = 1
        self.dress({}, OverlayStyle())

    def dress(self, colours: Mapping[int, Colour], style: OverlayStyle) -> None:
        """Show labels in these colours; those without one are not shown."""
        self.colours, self.style = dict(colours), style
        self._palette = Palette(colours, style)
        self._instance_palette = Palette(INSTANCE_COLOURS, style)
        clear = replace(style, opacity=max(style.opacity, _CLEAR))
        difference = colour_table(DIFFERENCE_COLOURS, clear)
        difference[KEPT] = colour_table(DIFFERENCE_COLOURS, style)[KEPT]
        self._difference = blend_table(difference)
        self._doubt = doubt_table(style.opacity)

    def set_draft(self, plane: Codes | None, label: int = 1) -> bool:
        """Compare with this base mask, (H, W) uint8, times `label`; False if it is the same array as before."""
        before = None if self._draft is None else self._draft.plane
        if before is plane and label == self._draft_label:
            return False
        self._draft, self._draft_label = None if plane is None else LabelPyramid(plane), label
        return True

    @property
    def shown(self) -> Compare:
        """What is compared indeed: nothing without a draft's mask, or while the masks are hidden."""
        beside = self.doubt if self.compare is Compare.DOUBT else self._draft
        can = self.present is not None and beside is not None
        return self.compare if can and self.style.visible and not self.hidden else Compare.OFF

    def split(self, view: View) -> int:
        """The device column of the swipe's line."""
        return round(self.share * view.device_width)

    def layers(self, view: View, device: Box) -> Iterator[Layer]:
        """What lies over a box of device pixels inside `view.shown`."""
        present, draft = self.present, self._draft
        if present is None or self.hidden or not self.style.visible:
            return
        compare = self.shown
        if compare is Compare.DOUBT and self.doubt is not None:
            yield Layer(device, self.doubt.codes(view, device), self._doubt)
        elif draft is None or compare is Compare.OFF:
            if self.instances is None:
                yield self._layer(present, self._palette, view, device)
            else:
                yield self._layer(self.instances, self._instance_palette, view, device)
        elif compare is Compare.DIFFERENCE:
            codes = with_contours(partial(self._differences, present, draft, view), view, device, self.style)
            yield Layer(device, codes, self._difference)
        else:
            split = self.split(view) if compare is Compare.SWIPE else device.x1
            left = Box(device.x0, device.y0, min(split, device.x1), device.y1)
            right = Box(max(split, device.x0), device.y0, device.x1, device.y1)
            if not left.is_empty:
                yield self._layer(draft, self._palette, view, left, self._draft_slots)
            if not right.is_empty:
                yield self._layer(present, self._palette, view, right)

    @property
    def _draft_slots(self) -> Codes:
        return self._palette.slots_of_base(self._draft_label)

    def _layer(
        self, labels: LabelPyramid, palette: Palette, view: View, device: Box, slots: Codes | None = None
    ) -> Layer:
        codes = label_codes(labels, view, device, self.style, palette.slots if slots is None else slots)
        return Layer(device, codes, palette.table)

    def _differences(self, present: LabelPyramid, draft: LabelPyramid, view: View, device: Box) -> Codes:
        """KEPT where both show the same, REMOVED where only the draft shows something, else ADDED."""
        now = sampled(present, view, device, self._palette.slots)
        then = sampled(draft, view, device, self._draft_slots)
        codes: Codes = (now != 0).view(np.uint8) * np.uint8(ADDED)
        codes[(now == 0) & (then != 0)] = REMOVED
        codes[(now == then) & (now != 0)] = KEPT
        return codes
