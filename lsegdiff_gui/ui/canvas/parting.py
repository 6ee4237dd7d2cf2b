"""A line drawn to part one lesion into two, or to join two parts into one. No pixel of the mask changes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from lsegdiff_gui.annotation.instances import Cut, Tie, path
from lsegdiff_gui.annotation.labels import NONE
from lsegdiff_gui.ui.canvas.gestures import Press, Stage
from lsegdiff_gui.ui.canvas.proposal import Point, Proposal


class PartGesture:
    """A straight line from the press to where the button is let go."""

    def __init__(self, stage: Stage, press: Press, *, ties: bool) -> None:
        """ties: join what lies at both ends, instead of parting what lies between."""
        self._stage = stage
        self._press = press
        self._ties = ties
        self._from: Point | None = None
        self._to: Point = (0.0, 0.0)

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """Draw the line to here."""
        self._to = self._within(*self._stage.view.to_picture(x, y))
        if self._from is None:
            self._from = self._to
        ends = (self._from, self._to)
        self._stage.show_proposal(Proposal(ends, corners=2 if self._ties else 0, erases=not self._ties))

    def finish(self) -> None:
        """Want the cut or the tie, unless it would do nothing."""
        self.cancel()
        if self._from is None:
            return
        partition = self._press.document.partition
        if self._ties and self._label(self._from) == self._label(self._to) != NONE and self._from != self._to:
            self._stage.want_partition(replace(partition, ties=(*partition.ties, Tie(self._from, self._to))))
        elif not self._ties and self._crosses(self._from, self._to):
            self._stage.want_partition(
                replace(partition, cuts=(*partition.cuts, Cut((self._from, self._to))))
            )

    def cancel(self) -> None:
        """Leave it; nothing has been done."""
        self._stage.show_proposal(None)

    def _within(self, x: float, y: float) -> Point:
        """The point, held in the picture: what lies beyond has nothing to part or to join."""
        document = self._press.document
        return min(max(x, 0.0), document.width - 0.5), min(max(y, 0.0), document.height - 0.5)

    def _label(self, at: Point) -> int:
        return int(self._press.document.final[math.floor(at[1]), math.floor(at[0])])

    def _crosses(self, start: Point, end: Point) -> bool:
        columns, rows = path([start, end]).T
        return len(columns) > 1 and bool(np.any(self._press.document.final[rows, columns] != NONE))
