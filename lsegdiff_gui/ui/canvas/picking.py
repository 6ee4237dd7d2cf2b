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
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.gestures import Press, Stage
from lsegdiff_gui.ui.canvas.proposal import Proposal

U8 = npt.NDArray[np.uint8]

# Of the wand's tolerance, 0 to 100, for a widget pixel to the side: 100 are within the reach of a hand.
_PER_PIXEL = 0.2
MOST_TOLERANT = 100.0
# So many pixels are looked at while it is dragged, in some milliseconds.
_MOST_LIVE = 1 << 19
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
        # While it is dragged only what is in view is looked at, and of much of that only every so many pixels: it
        # follows the hand on a large picture too. Boxes and region are in such steps.
        seen = stage.view.seen
        self._step = max(1, math.ceil(math.sqrt(seen.area / _MOST_LIVE)))
        self._seen = _in_steps(seen, self._step)
        self._sample = press.rgb8[seen.slices]
        if self._step > 1:
            box, step = self._seen, self._step
            rows, columns = (
                slice(first * step, last * step, step) for first, last in ((box.y0, box.y1), (box.x0, box.x1))
            )
            self._sample = np.ascontiguousarray(press.rgb8[rows, columns])
        self._like: fill.Colour | None = None
        self._region = Region.empty()

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """Show what would be taken."""
        if self._start is None:
            self._start = x
            self._seed = _pixel(self._stage, x, y)
            self._like = _colour(self._press.rgb8, *self._seed)
        wanted = self._press.tolerance + _PER_PIXEL * (x - self._start)
        tolerance = min(max(round(wanted / _STEP) * _STEP, 0.0), MOST_TOLERANT)
        if tolerance != self._tolerance:
            self._tolerance = tolerance
            self._region = self._found(tolerance)
            self._show()

    def finish(self) -> None:
        """Take it, and go on from its tolerance the next time."""
        self.cancel()
        if not self._region.is_empty:
            rgb8, seed, tolerance, value = self._press.rgb8, self._seed, self._tolerance, self._press.value
            # What was shown, unless there may be more of it, or it was seen from afar.
            found = self._region if self._step == 1 and not self._goes_on else None
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
        box, seen = self._region.box, self._seen
        document = self._press.document
        whole = _in_steps(Box.whole(document.width, document.height), self._step)
        return (
            box.x0 == seen.x0 > 0
            or box.y0 == seen.y0 > 0
            or box.x1 == seen.x1 < whole.x1
            or box.y1 == seen.y1 < whole.y1
        )

    def _found(self, tolerance: float) -> Region:
        """What is seen to be alike."""
        if self._like is None:
            return Region.empty()
        x, y = (value // self._step for value in self._seed)
        left, top = self._seen.x0, self._seen.y0
        region = fill.wand(self._sample, x - left, y - top, tolerance, like=self._like)
        if region.is_empty:
            return region
        box = region.box
        return Region(Box(box.x0 + left, box.y0 + top, box.x1 + left, box.y1 + top), region.inside)

    def _show(self) -> None:
        if self._region.is_empty:
            return
        count = self._region.pixels * self._step**2
        if self._step > 1:
            # No more digits than are known.
            count = round(count, 2 - math.floor(math.log10(count)))
        digits = f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
        pixels = f"{digits} px" if self._step == 1 else f"about {digits} px"
        words = f"Tolerance {self._tolerance:.1f} · {pixels}{' in view' if self._goes_on else ''}"
        x, y = self._seed
        self._stage.show_proposal(
            Proposal(
                region=self._region,
                step=self._step,
                erases=self._press.inverse,
                words=words,
                at=(x + 0.5, y + 0.5),
            )
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


def _in_steps(box: Box, step: int) -> Box:
    """The steps that hold any pixel of a box."""
    return Box(box.x0 // step, box.y0 // step, -(-box.x1 // step), -(-box.y1 // step))


def _colour(rgb8: U8, x: int, y: int) -> fill.Colour | None:
    """The colour to look for; None beyond the picture."""
    height, width = rgb8.shape[:2]
    return fill.colour_around(rgb8, x, y) if 0 <= x < width and 0 <= y < height else None


def _pixel(stage: Stage, x: float, y: float) -> tuple[int, int]:
    column, row = stage.view.to_picture(x, y)
    return math.floor(column), math.floor(row)
