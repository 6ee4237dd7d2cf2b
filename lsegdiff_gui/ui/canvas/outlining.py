"""Outlines drawn by hand: the polygon, corner by corner, and the lasso in one drag."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.labels import ERASED
from lsegdiff_gui.annotation.steps import Find
from lsegdiff_gui.annotation.tools.shapes import polygon
from lsegdiff_gui.ui.canvas.gestures import Press, Stage
from lsegdiff_gui.ui.canvas.proposal import Point, Proposal

# Widget pixels: as near as this to the first corner a click means it.
_CLOSE = 8.0
# A lasso's points are this far apart at least; nearer ones draw nothing more.
_LASSO_STEP = 1.0
_FEWEST = 3


class Outline:
    """A polygon under way. Unlike other gestures it stays open between the clicks. Points are in widget pixels."""

    def __init__(self, stage: Stage, press: Press) -> None:
        self._stage = stage
        self._document = press.document
        self._inverse = press.inverse
        self._corners: list[Point] = []
        self._pointer: Point | None = None

    def press(self, x: float, y: float) -> bool:
        """Set a corner. True, and none is set, on the first one or twice on one place: this closes the outline."""
        if len(self._corners) >= _FEWEST and (self._is_near(x, y, 0) or self._is_near(x, y, -1, 1.0)):
            return True
        if not self._corners or not self._is_near(x, y, -1, 1.0):
            self._corners.append(self._stage.view.to_picture(x, y))
        self.hover(x, y)
        return False

    def hover(self, x: float, y: float) -> None:
        """The pointer is here: the rubber band goes there, or to the first corner if a click would close."""
        closes = len(self._corners) >= _FEWEST and self._is_near(x, y, 0)
        self._pointer = self._corners[0] if closes else self._stage.view.to_picture(x, y)
        self._show()

    def step_back(self) -> bool:
        """Take the last corner back; False, and the outline is gone, if it was the only one."""
        self._corners.pop()
        if not self._corners:
            self.cancel()
            return False
        self._show()
        return True

    def close(self, label: int) -> bool:
        """Want its inside to have the label, or erased if it was begun with Ctrl; False for less than a triangle."""
        if len(self._corners) < _FEWEST:
            return False
        self.cancel()
        find = within(self._corners, self._document, ERASED if self._inverse else label)
        self._stage.want_edit(find, "polygon")
        return True

    def cancel(self) -> None:
        """Leave it; nothing has been done."""
        self._stage.show_proposal(None)

    def _is_near(self, x: float, y: float, corner: int, reach: float = _CLOSE) -> bool:
        at_x, at_y = self._stage.view.to_widget(*self._corners[corner])
        return math.hypot(x - at_x, y - at_y) <= reach

    def _show(self) -> None:
        pointer = () if self._pointer is None else (self._pointer,)
        points = (*self._corners, *pointer)
        self._stage.show_proposal(
            Proposal(
                points,
                corners=len(self._corners),
                closes=len(points) >= _FEWEST,
                erases=self._inverse,
            )
        )


class LassoGesture:
    """Takes what a drag goes round; it is closed by a straight line."""

    def __init__(self, stage: Stage, press: Press) -> None:
        self._stage = stage
        self._press = press
        self._points: list[Point] = []
        self._last = (math.inf, math.inf)

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """Draw on."""
        if math.hypot(x - self._last[0], y - self._last[1]) >= _LASSO_STEP:
            self._last = (x, y)
            self._points.append(self._stage.view.to_picture(x, y))
            self._stage.show_proposal(
                Proposal(
                    tuple(self._points),
                    closes=len(self._points) >= _FEWEST,
                    erases=self._press.inverse,
                )
            )

    def finish(self) -> None:
        """Take the inside."""
        self.cancel()
        self._stage.want_edit(within(self._points, self._press.document, self._press.value), "lasso")

    def cancel(self) -> None:
        """Leave it; nothing has been done."""
        self._stage.show_proposal(None)


def within(points: Sequence[Point], document: Document, value: int) -> Find:
    """Gives what lies within an outline a value, whatever is there."""
    outline = tuple(points)
    return lambda _final: [(polygon(outline, document.width, document.height), value)]
