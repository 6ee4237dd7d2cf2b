"""A line drawn to part one lesion into two, or to join two parts into one. No pixel of the mask changes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from lsegdiff_gui.annotation.instances import Cut, Partition, Tie, path
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
        words = "" if self._wanted() is not None or self._from == self._to else self._obstacle
        self._stage.show_proposal(
            Proposal(
                (self._from, self._to),
                corners=2 if self._ties else 0,
                erases=not self._ties,
                words=words,
                at=self._to,
            )
        )

    def finish(self) -> None:
        """Want the cut or the tie, unless it would do nothing."""
        self.cancel()
        wanted = self._wanted()
        if wanted is not None:
            self._stage.want_partition(wanted)

    def cancel(self) -> None:
        """Leave it; nothing has been done."""
        self._stage.show_proposal(None)

    @property
    def _obstacle(self) -> str:
        """Why the line does nothing as it is."""
        return "Both ends on one label, to tie" if self._ties else "Across a lesion, to cut"

    def _wanted(self) -> Partition | None:
        """What the line makes of the partition; None if it does nothing."""
        start, end = self._from, self._to
        if start is None or start == end:
            return None
        partition = self._press.document.partition
        if self._ties:
            joins = self._label(start) == self._label(end) != NONE
            return replace(partition, ties=(*partition.ties, Tie(start, end))) if joins else None
        cuts = (*partition.cuts, Cut((start, end)))
        return replace(partition, cuts=cuts) if self._crosses(start, end) else None

    def _within(self, x: float, y: float) -> Point:
        """The point, held in the picture: what lies beyond has nothing to part or to join."""
        document = self._press.document
        return min(max(x, 0.0), document.width - 0.5), min(max(y, 0.0), document.height - 0.5)

    def _label(self, at: Point) -> int:
        return int(self._press.document.final[math.floor(at[1]), math.floor(at[0])])

    def _crosses(self, start: Point, end: Point) -> bool:
        columns, rows = path([start, end]).T
        return len(columns) > 1 and bool(np.any(self._press.document.final[rows, columns] != NONE))
