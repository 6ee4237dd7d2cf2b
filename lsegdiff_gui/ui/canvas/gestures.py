"""What a pressed button does until it is let go: the stage, what a press brings, the brush, and moving the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.commands import PaintEdit
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.hints import Hint
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import ERASED
from lsegdiff_gui.annotation.steps import Find
from lsegdiff_gui.annotation.stroke import Stroke
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.proposal import Proposal
from lsegdiff_gui.ui.canvas.view import View

Pixels = npt.NDArray[np.uint8]

# A pen that barely touches still paints this share of the radius.
_LIGHTEST_SHARE = 0.3


class Stage(Protocol):
    """What a gesture acts on: the canvas, seen without Qt."""

    @property
    def view(self) -> View:
        """Where the picture lies now."""
        ...

    def set_view(self, view: View) -> None:
        """Show the picture elsewhere."""

    def labels_changed(self, box: Box) -> None:
        """Repaint these picture pixels."""

    def show_proposal(self, proposal: Proposal | None) -> None:
        """Draw what the open gesture would do; None for nothing."""

    def commit(self, edit: PaintEdit) -> None:
        """Announce a finished stroke."""

    def want_edit(self, find: Find, tool: str) -> None:
        """Ask for an edit of what `find` makes of the final labels when its turn comes: see `Document.edit`."""

    def want_partition(self, partition: Partition) -> None:
        """Ask for other cuts and ties."""

    def want_hint(self, hint: Hint) -> None:
        """Tell the model this."""

    def want_hint_gone(self, index: int) -> None:
        """Take back what it was told, the hint at this place of the list."""

    def want_look(self, box: Box) -> None:
        """Have it look at this part of the picture by itself."""

    def tell_tolerance(self, tolerance: float) -> None:
        """The wand was left at another tolerance."""


class Gesture(Protocol):
    """Between press and release. Points are in widget pixels; pressure in [0, 1], 1 for what has none.

    The first `move` is at the press itself.
    """

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """The pointer is here now."""

    def finish(self) -> None:
        """The button was let go."""

    def cancel(self) -> None:
        """Put everything back as it was at the press."""


@dataclass(frozen=True)
class Press:
    """What a gesture begins with.

    rgb8: (H, W, 3) uint8, the shown picture, of the document's size. label: the active one. inverse: Ctrl is held, or
    the pen turned round, or it is the right button, where the tool heeds it. shift: Shift is held. radius: of the
    brush, picture pixels; tolerance: of the wand, 0 to 100.
    """

    document: Document
    rgb8: Pixels
    label: int
    inverse: bool = False
    radius: float = 1.0
    tolerance: float = 0.0
    shift: bool = False

    @property
    def value(self) -> int:
        """What a tool that adds leaves in the override plane: the label, or ERASED where it is turned round."""
        return ERASED if self.inverse else self.label


class PanGesture:
    """Moves the picture with the pointer."""

    def __init__(self, stage: Stage, x: float, y: float) -> None:
        self._stage = stage
        self._start = stage.view
        self._from = (x, y)

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """Lay the picture point under the press below the pointer."""
        # From the start and not from the last point: what the picture's edge held back is given back on return.
        self._stage.set_view(self._start.panned(x - self._from[0], y - self._from[1]))

    def finish(self) -> None:
        """Nothing is left to do."""

    def cancel(self) -> None:
        """Go back to where the press was."""
        self._stage.set_view(self._start)


class PaintGesture:
    """Paints with the brush or the eraser."""

    def __init__(self, stage: Stage, document: Document, *, label: int, radius: float, tool: str) -> None:
        """label: 1 to 254 or ERASED; radius: picture pixels; tool: its name in the log."""
        self._stage = stage
        self._radius = radius
        self._stroke = Stroke(document, label=label, radius=radius, tool=tool)

    def move(self, x: float, y: float, pressure: float = 1.0) -> None:
        """Paint a capsule from the last point to this one."""
        self._stroke.radius = self._radius * (_LIGHTEST_SHARE + (1 - _LIGHTEST_SHARE) * pressure)
        self._stage.labels_changed(self._stroke.move_to(*self._stage.view.to_picture(x, y)))

    def finish(self) -> None:
        """Close the stroke and announce it if it changed anything."""
        edit = self._stroke.finish()
        if edit is not None:
            self._stage.commit(edit)

    def cancel(self) -> None:
        """Take the stroke back."""
        self._stage.labels_changed(self._stroke.cancel())
