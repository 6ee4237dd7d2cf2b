"""Telling the model: a click says whether a place belongs, a box says “look here”, a line drawn with Shift is both."""

from __future__ import annotations

import math

from lsegdiff_gui.annotation.hints import Hint
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.gestures import Press, Stage
from lsegdiff_gui.ui.canvas.hint_marks import MARK_RADIUS
from lsegdiff_gui.ui.canvas.proposal import Point, Proposal

# Widget pixels: a hand that trembles on a click draws nothing.
_SMALLEST_DRAG = 4.0
# Picture pixels: a smaller part shows the model nothing it has not seen.
_SMALLEST_SIDE = 16


class HintGesture:
    """From the press to where the button is let go. On the mark of a hint a click takes that hint back."""

    def __init__(self, stage: Stage, press: Press) -> None:
        self._stage = stage
        self._press = press
        self._from: Point | None = None
        self._points: list[Point] = []
        self._is_drag = False

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """Draw the box or the line to here."""
        if self._from is None:
            self._from = (x, y)
        self._points.append(self._within(*self._stage.view.to_picture(x, y)))
        self._is_drag |= math.dist(self._from, (x, y)) >= _SMALLEST_DRAG
        if self._is_drag:
            self._stage.show_proposal(self._proposal())

    def finish(self) -> None:
        """Tell it."""
        self.cancel()
        if not self._points or self._from is None:
            return
        belongs = not self._press.inverse
        if not self._is_drag:
            if (index := self._hint_at(self._points[0])) is not None:
                self._stage.want_hint_gone(index)
            else:
                self._stage.want_hint(Hint((self._points[0],), belongs))
        elif self._press.shift:
            self._stage.want_hint(Hint(tuple(self._points), belongs, self._press.radius))
        elif min(self._box.width, self._box.height) >= _SMALLEST_SIDE:
            self._stage.want_look(self._box)

    def cancel(self) -> None:
        """Say nothing."""
        self._stage.show_proposal(None)

    @property
    def _box(self) -> Box:
        (x0, y0), (x1, y1) = self._points[0], self._points[-1]
        box = Box(
            math.floor(min(x0, x1)), math.floor(min(y0, y1)), math.ceil(max(x0, x1)), math.ceil(max(y0, y1))
        )
        return box.clip(self._press.document.width, self._press.document.height)

    def _proposal(self) -> Proposal:
        if self._press.shift:
            words = "Does not belong" if self._press.inverse else "Belongs"
            return Proposal(tuple(self._points), erases=self._press.inverse, words=words, at=self._points[-1])
        box = self._box
        corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1), (box.x0, box.y0))
        return Proposal(
            corners, words=f"Look here · {box.width} × {box.height} px", at=(float(box.x0), float(box.y0))
        )

    def _hint_at(self, at: Point) -> int | None:
        """The newest hint whose mark lies under a point of the picture."""
        draft = self._press.document.base.draft
        hints = () if draft is None else draft.provenance.hints
        reach = MARK_RADIUS / self._stage.view.scale
        under = [
            n for n, hint in enumerate(hints) if hint.is_click and math.dist(hint.points[0], at) <= reach
        ]
        return under[-1] if under else None

    def _within(self, x: float, y: float) -> Point:
        """The point, held in the picture."""
        document = self._press.document
        return min(max(x, 0.0), document.width - 1.0), min(max(y, 0.0), document.height - 1.0)
