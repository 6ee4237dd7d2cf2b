"""A box drawn with the pointer: what was painted in it goes back to the base, or all of it is erased."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.labels import ERASED, NONE
from lsegdiff_gui.annotation.locks import free_of
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.steps import Changes
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.gestures import Press, Stage
from lsegdiff_gui.ui.canvas.proposal import Proposal

U8 = npt.NDArray[np.uint8]

# Widget pixels: a hand that trembles on a click draws no box.
_SMALLEST_DRAG = 3.0
# Up to so many pixels what would change is shown while the box is drawn: some four milliseconds a move.
_MOST_LIVE = 2**21


class BoxGesture:
    """Reverts within a box, from the press to where the button is let go; turned round it clears there."""

    def __init__(self, stage: Stage, press: Press) -> None:
        self._stage = stage
        self._press = press
        self._from: tuple[float, float] | None = None
        self._box = Box.empty()

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """Draw the box to here, and show which pixels would change."""
        if self._from is None:
            self._from = (x, y)
        box = self._between(self._from, (x, y))
        if box != self._box:
            self._box = box
            self._stage.show_proposal(None if box.is_empty else self._proposal(box))

    def finish(self) -> None:
        """Want it, if there is a box."""
        self.cancel()
        box, document = self._box, self._press.document
        if box.is_empty:
            return

        def whole(_final: U8) -> Changes:
            # All of it, not what shows now: what the recipe would bring later stays away too.
            return [(Region(box, np.ones((box.height, box.width), np.bool_)), ERASED)]

        def painted(_final: U8) -> Changes:
            return [(Region.of_mask(document.override[box.slices] != NONE, box), NONE)]

        if self._press.inverse:
            self._stage.want_edit(whole, "clear in a box")
        else:
            self._stage.want_edit(painted, "revert in a box")

    def cancel(self) -> None:
        """Leave it; nothing has been done."""
        self._stage.show_proposal(None)

    def _between(self, start: tuple[float, float], end: tuple[float, float]) -> Box:
        """The pixels of the picture that a box of widget pixels touches; empty for a click."""
        if max(abs(end[0] - start[0]), abs(end[1] - start[1])) < _SMALLEST_DRAG:
            return Box.empty()
        view = self._stage.view
        xs, ys = zip(view.to_picture(*start), view.to_picture(*end), strict=True)
        box = Box(math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys)))
        return box.clip(self._press.document.width, self._press.document.height)

    def _proposal(self, box: Box) -> Proposal:
        corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1), (box.x0, box.y0))
        does = "Clear" if self._press.inverse else "Revert"
        region = None
        words = f"{does} {box.width} × {box.height} px"
        if box.area <= _MOST_LIVE:
            region = self._changing(box)
            pixels = f"{region.pixels:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
            words += f" · {pixels} px change"
        return Proposal(corners, region=region, erases=self._press.inverse, words=words, at=(box.x0, box.y0))

    def _changing(self, box: Box) -> Region:
        document = self._press.document
        final = document.final[box.slices]
        plane = final if self._press.inverse else document.override[box.slices]
        return Region.of_mask(free_of(plane != NONE, final, document.locked), box)
