"""A stage without a window: what a gesture shows and wants on it is written down."""

from __future__ import annotations

import numpy as np

from lsegdiff_gui.annotation.commands import PaintEdit
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.steps import Find
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.gestures import Pixels
from lsegdiff_gui.ui.canvas.hand import Queue
from lsegdiff_gui.ui.canvas.proposal import Proposal
from lsegdiff_gui.ui.canvas.view import View

WIDTH, HEIGHT = 60, 40


class MadeStage:
    """A picture of 60 x 40 at 100 %, its corner in the widget's: widget points are picture points."""

    def __init__(self) -> None:
        self.view = View(WIDTH, HEIGHT, WIDTH, HEIGHT, scale=1.0, centre_x=WIDTH / 2, centre_y=HEIGHT / 2)
        self.document: Document | None = Document(WIDTH, HEIGHT)
        self.rgb8: Pixels | None = np.full((HEIGHT, WIDTH, 3), 200, np.uint8)
        self.proposal: Proposal | None = None
        self.edits: list[tuple[list[tuple[Region, int]], str]] = []
        self.partitions: list[Partition] = []
        self.strokes: list[PaintEdit] = []
        self.tolerances: list[float] = []
        self.dismissed = 0
        self.freed = 0
        self.queue: Queue | None = None

    @property
    def final(self) -> Pixels:
        """Of the document."""
        assert self.document is not None
        return self.document.final

    def paint(self, box: Box, label: int = 1) -> None:
        """Give a box a label."""
        assert self.document is not None
        self.document.edit([(Region.of_mask(np.ones((box.height, box.width)), box), label)], "made")

    def set_view(self, view: View) -> None:
        self.view = view

    def labels_changed(self, box: Box) -> None:
        pass

    def show_proposal(self, proposal: Proposal | None) -> None:
        self.proposal = proposal

    def commit(self, edit: PaintEdit) -> None:
        self.strokes.append(edit)

    def want_edit(self, find: Find, tool: str) -> None:
        changes = [change for change in find(self.final) if not change[0].is_empty]
        if changes:
            self.edits.append((changes, tool))

    def tell_freed(self) -> None:
        self.freed += 1

    def want_partition(self, partition: Partition) -> None:
        self.partitions.append(partition)

    def tell_tolerance(self, tolerance: float) -> None:
        self.tolerances.append(tolerance)

    def dismiss_preview(self) -> None:
        self.dismissed += 1
