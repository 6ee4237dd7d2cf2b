"""Tools that look at what is under the pointer: the wand, the flood fill, and components to keep or remove."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.labels import ERASED
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.steps import Changes
from lsegdiff_gui.annotation.tools import components, fill
from lsegdiff_gui.ui.canvas.gestures import Press, Stage
from lsegdiff_gui.ui.canvas.proposal import Proposal

U8 = npt.NDArray[np.uint8]

# Of the wand's tolerance, 0 to 100, for a widget pixel to the side: 100 are within the reach of a hand.
_PER_PIXEL = 0.2
MOST_TOLERANT = 100.0
# It moves in such steps: each costs a look at the picture.
_STEP = 0.5


class WandGesture:
    """Takes pixels of a like colour around the press; a drag to the right takes more, to the left fewer."""

    def __init__(self, stage: Stage, press: Press) -> None:
        self._stage = stage
        self._press = press
        self._start: float | None = None
        self._seed = (0, 0)
        self._tolerance = math.nan
        self._region = Region.empty()
        # While it is dragged only what is in view is looked at: it follows the hand on a large picture too.
        self._seen = stage.view.seen

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """Show what would be taken."""
        if self._start is None:
            self._start = x
            self._seed = _pixel(self._stage, x, y)
        wanted = self._press.tolerance + _PER_PIXEL * (x - self._start)
        tolerance = min(max(round(wanted / _STEP) * _STEP, 0.0), MOST_TOLERANT)
        if tolerance != self._tolerance:
            self._tolerance = tolerance
            self._region = fill.wand(self._press.rgb8, *self._seed, tolerance, self._seen)
            self._show()

    def finish(self) -> None:
        """Take it, and go on from its tolerance the next time."""
        self.cancel()
        if not self._region.is_empty:
            rgb8, seed, tolerance, value = self._press.rgb8, self._seed, self._tolerance, self._press.value
            # What was shown, unless there may be more of it, or it was seen from afar.
            found = None if self._goes_on else self._region
            self._stage.tell_tolerance(tolerance)

            def find(_final: U8) -> Changes:
                region = fill.wand(rgb8, *seed, tolerance) if found is None else found
                return [(region, value)]

            self._stage.want_edit(find, "wand")

    def cancel(self) -> None:
        """Leave it; nothing has been done."""
        self._stage.show_proposal(None)

    @property
    def _goes_on(self) -> bool:
        """Whether it may hold more than what is in view."""
        document, box, seen = self._press.document, self._region.box, self._seen
        return (
            box.x0 == seen.x0 > 0
            or box.y0 == seen.y0 > 0
            or box.x1 == seen.x1 < document.width
            or box.y1 == seen.y1 < document.height
        )

    def _show(self) -> None:
        if self._region.is_empty:
            return
        pixels = f"{self._region.pixels:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
        words = f"Tolerance {self._tolerance:.1f} · {pixels} px{' in view' if self._goes_on else ''}"
        x, y = self._seed
        self._stage.show_proposal(
            Proposal(region=self._region, erases=self._press.inverse, words=words, at=(x + 0.5, y + 0.5))
        )


class PickGesture:
    """A click on a pixel: what it means is found when the button is let go, so that Esc still leaves it."""

    def __init__(
        self, stage: Stage, press: Press, find: Callable[[Press, U8, int, int], Changes], tool: str
    ) -> None:
        """find: of the final labels, (H, W) uint8, and the pixel (x, y) of a click; tool: its name in the log."""
        self._stage = stage
        self._press = press
        self._find = find
        self._tool = tool
        self._at: tuple[int, int] | None = None

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """The press says where; a hand that trembles changes nothing."""
        if self._at is None:
            self._at = _pixel(self._stage, x, y)

    def finish(self) -> None:
        """Want the changes, if there are any."""
        if self._at is not None:
            find, press, (x, y) = self._find, self._press, self._at
            self._stage.want_edit(lambda final: find(press, final, x, y), self._tool)

    def cancel(self) -> None:
        """Nothing has been done."""


def flooded(press: Press, final: U8, x: int, y: int) -> Changes:
    """The pixels around that have the same label get the active one, or are erased."""
    return [(fill.flood(final, x, y), press.value)]


def kept(press: Press, final: U8, x: int, y: int) -> Changes:
    """All other components of the label are erased; turned round, this one."""
    find = components.at if press.inverse else components.others
    return [(find(final, x, y), ERASED)]


def removed(press: Press, final: U8, x: int, y: int) -> Changes:
    """The component is erased; turned round, all others of its label."""
    find = components.others if press.inverse else components.at
    return [(find(final, x, y), ERASED)]


def _pixel(stage: Stage, x: float, y: float) -> tuple[int, int]:
    column, row = stage.view.to_picture(x, y)
    return math.floor(column), math.floor(row)
