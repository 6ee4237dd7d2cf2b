"""What is on the canvas, and how a part of it is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLine, QRect, QSize
from PySide6.QtGui import QColor, QFont, QPainter

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.colouring import blend, blend_table
from lsegdiff_gui.ui.canvas.comparison import LEGENDS, Compare, Masks
from lsegdiff_gui.ui.canvas.cursor_mark import CursorMark
from lsegdiff_gui.ui.canvas.hint_marks import HintMarks
from lsegdiff_gui.ui.canvas.label_pyramid import LabelPyramid
from lsegdiff_gui.ui.canvas.parting_signs import PartingSigns
from lsegdiff_gui.ui.canvas.picture_layer import PictureLayer
from lsegdiff_gui.ui.canvas.preview import RAMP_COLOURS, preview_codes
from lsegdiff_gui.ui.canvas.proposal import Proposal
from lsegdiff_gui.ui.canvas.signs import Chip, Legend, paint_message
from lsegdiff_gui.ui.canvas.view import GRID_SCALE, View

_GRID = QColor(128, 128, 128, 90)
_RAMP = blend_table(RAMP_COLOURS)


@dataclass
class Scene:
    """The layers of the canvas, from the picture up to the words; all but the view may be missing."""

    view: View
    picture: PictureLayer | None = None
    masks: Masks = field(default_factory=Masks)
    preview: npt.NDArray[np.uint8] | None = None
    parting: PartingSigns | None = None
    hints: HintMarks = field(default_factory=HintMarks)
    proposal: Proposal | None = None
    mark: CursorMark | None = None
    badge: Chip = field(default_factory=lambda: Chip(""))
    caption: Chip = field(default_factory=lambda: Chip("", at_bottom=True))
    message: str | None = None
    glyph: str = "mdi6.image-plus-outline"

    @property
    def labels(self) -> LabelPyramid | None:
        """The present mask."""
        return self.masks.present

    @property
    def legend(self) -> Legend:
        """What the colours of a comparison mean."""
        return LEGENDS[self.masks.shown if self.preview is None else Compare.OFF]

    @property
    def moves_with_picture(self) -> bool:
        """Whether everything `paint_pixels` paints lies on the picture, and nothing of it on the viewport."""
        return self.preview is None and self.masks.shown is not Compare.SWIPE

    def sign_rects(self, size: QSize, font: QFont) -> list[QRect]:
        """The widget pixels of the words in the corners."""
        rects = [sign.rect(size, font) for sign in (self.badge, self.caption, self.legend)]
        return [rect for rect in rects if not rect.isEmpty()]

    def paint_pixels(self, painter: QPainter, device: Box) -> None:
        """Paint the picture and the masks over a box of device pixels of the viewport; painter: in these."""
        if self.picture is None:
            return
        area = QRect(device.x0, device.y0, device.width, device.height)
        painter.drawImage(area.topLeft(), self.picture.image(self.view, device), area)
        shown = device.intersect(self.view.shown)
        if shown.is_empty:
            return
        if self.preview is None:
            for layer in self.masks.layers(self.view, shown):
                blend(painter, layer.device, layer.codes, layer.table)
        elif not self.masks.hidden:
            blend(painter, shown, preview_codes(self.preview, self.view, shown), _RAMP)
        if self.view.scale >= GRID_SCALE:
            self._paint_grid(painter, shown)

    def _paint_grid(self, painter: QPainter, shown: Box) -> None:
        columns = self.view.columns(shown.x0 - 1, shown.x1, self.view.picture_width)
        rows = self.view.rows(shown.y0 - 1, shown.y1, self.view.picture_height)
        # The first device pixel of each picture pixel carries the line.
        lines = [
            QLine(shown.x0 + int(x), shown.y0, shown.x0 + int(x), shown.y1 - 1)
            for x in np.flatnonzero(np.diff(columns))
        ]
        lines += [
            QLine(shown.x0, shown.y0 + int(y), shown.x1 - 1, shown.y0 + int(y))
            for y in np.flatnonzero(np.diff(rows))
        ]
        painter.setPen(_GRID)
        painter.drawLines(lines)

    def paint_signs(self, painter: QPainter, rects: Sequence[QRect], size: QSize) -> None:
        """Paint marks and words over what is exposed; all in widget pixels, the painter with the font for words."""
        font = painter.font()
        if self.picture is not None:
            # They belong to the present mask: not over another one, nor while no mask is to be in the way.
            alone = self.preview is None and self.masks.shown is Compare.OFF and not self.masks.hidden
            if self.parting is not None and alone:
                self.parting.paint(painter, self.view, rects)
            if not self.masks.hidden:
                self.hints.paint(painter, self.view)
            if self.proposal is not None:
                self.proposal.paint(painter, self.view, rects, font)
            if self.mark is not None:
                self.mark.paint(painter, self.view)
        for sign in (self.badge, self.caption, self.legend):
            place = sign.rect(size, font)
            if any(rect.intersects(place) for rect in rects):
                sign.paint(painter, size, font)
        if self.message is not None:
            paint_message(painter, size, font, self.message, self.glyph, plate=self.picture is not None)
