"""What an open gesture would do, drawn over the picture before it is done: an outline, an area, and a few words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QLineF, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.colouring import blend, blend_table
from lsegdiff_gui.ui.canvas.contour import CONTOUR, Codes, contour_bits
from lsegdiff_gui.ui.canvas.signs import Chip
from lsegdiff_gui.ui.canvas.view import View

Point = tuple[float, float]

_DARK = QColor(0, 0, 0, 190)
_FAINT = QColor(0, 0, 0, 90)
_LIGHT = QColor(255, 255, 255, 240)
# Widget pixels: a light line within a dark one is seen on skin and on mucosa.
_DARK_LINE = 3.0
_LIGHT_LINE = 1.2
_DASHES = [5.0, 4.0]
_CLOSING_DASHES = [1.5, 4.5]
_CORNER = 3.0
_REACH = 6
# Of a chip with words: wide enough for any of them, and where it stands from the point.
_WORDS_ROOM = 600
_WORDS_HEIGHT = 64
# The area's codes: 0 outside, 1 inside, and the contour bit on either side of its border.
_OUTSIDE_LINE, _INSIDE_LINE = CONTOUR, CONTOUR + 1
_ADDS, _ERASES = 0x38FFFFFF, 0x78000000


@dataclass(frozen=True, eq=False)
class Proposal:
    """What a gesture under way would do; nothing of it is in the document.

    points: a line through these picture points; corners: how many of the first of them were set and get a mark;
    closes: a faint line goes from the last back to the first. region: pixels that would change, or of so many the
    first in every `step`. erases: dashed and dark instead of light. words: shown beside `at`.
    """

    points: tuple[Point, ...] = ()
    corners: int = 0
    closes: bool = False
    region: Region | None = None
    step: int = 1
    erases: bool = False
    words: str = ""
    at: Point = (0.0, 0.0)

    def bounds(self, view: View) -> QRect:
        """The widget pixels that it touches."""
        rect = _around(self.points, view)
        if self.region is not None:
            box = view.widget_box(view.device_box(_spread(self.region.box, self.step)))
            rect = rect.united(QRect(box.x0, box.y0, box.width, box.height).adjusted(-2, -2, 2, 2))
        if self.words:
            x, y = view.to_widget(*self.at)
            rect = rect.united(QRect(round(x), round(y) - _WORDS_HEIGHT, _WORDS_ROOM, _WORDS_HEIGHT + _REACH))
        return rect

    def changed(self, before: Proposal | None, view: View) -> QRect:
        """The widget pixels that differ once it is shown instead of another.

        A line that has grown by a piece costs that piece: it may go all around the canvas.
        """
        if before is None or self.region is not before.region or self.words or before.words:
            return self.bounds(view).united(QRect() if before is None else before.bounds(view))
        same = 0
        for mine, other in zip(self.points, before.points, strict=False):
            if mine != other:
                break
            same += 1
        start = max(same - 1, 0)
        grown = _around(self.points[start:], view).united(_around(before.points[start:], view))
        for line in (self, before):
            if line.closes:
                grown = grown.united(_around((line.points[0], line.points[-1]), view))
        return grown

    def paint(self, painter: QPainter, view: View, exposed: Sequence[QRect], font: QFont) -> None:
        """Draw it; painter and exposed: in widget pixels."""
        if self.region is not None:
            for rect in exposed:
                self._paint_region(painter, self.region, view, rect)
        if self.points:
            self._paint_line(painter, view)
        if self.words:
            painter.save()
            painter.translate(QPointF(*view.to_widget(*self.at)))
            # The chip of a canvas that ends at the point: to the right of it and above.
            Chip(self.words, at_bottom=True).paint(painter, QSize(_WORDS_ROOM, 0), font)
            painter.restore()

    def _paint_line(self, painter: QPainter, view: View) -> None:
        at = [QPointF(*view.to_widget(x, y)) for x, y in self.points]
        light = QPen(_LIGHT, _LIGHT_LINE)
        if self.erases:
            light.setDashPattern(_DASHES)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lines = [QLineF(start, end) for start, end in pairwise(at)]
        if self.closes:
            faint = QPen(_LIGHT, _LIGHT_LINE)
            faint.setDashPattern(_CLOSING_DASHES)
            for pen in (QPen(_FAINT, _DARK_LINE), faint):
                painter.setPen(pen)
                painter.drawLine(at[-1], at[0])
        for pen in (QPen(_DARK, _DARK_LINE), light):
            painter.setPen(pen)
            painter.drawLines(lines)
        painter.setPen(QPen(_DARK, 1))
        painter.setBrush(_LIGHT)
        for place, corner in enumerate(at[: self.corners]):
            # A click on the first one closes: it is the one to be found again.
            size = _CORNER * (1.5 if place == 0 else 1.0)
            painter.drawEllipse(corner, size, size)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_region(self, painter: QPainter, region: Region, view: View, exposed: QRect) -> None:
        widget = Box(exposed.x(), exposed.y(), exposed.x() + exposed.width(), exposed.y() + exposed.height())
        device = (
            view.device_box(_spread(region.box, self.step))
            .padded(1)
            .intersect(view.device_box_of_widget(widget))
        )
        if device.is_empty:
            return
        colours = [0] * 256
        colours[1] = _ERASES if self.erases else _ADDS
        colours[_INSIDE_LINE], colours[_OUTSIDE_LINE] = _LIGHT.rgba(), _DARK.rgba()
        painter.save()
        painter.scale(1 / view.ratio, 1 / view.ratio)
        blend(painter, device, _codes(region, self.step, view, device), blend_table(colours))
        painter.restore()


def _codes(region: Region, step: int, view: View, device: Box) -> Codes:
    """Per device pixel of a box whether it lies in the region, and on its contour: (height, width) uint8."""
    # A pixel more all around, so that the contour is the same whatever part of it is painted.
    seen = device.padded(1)
    columns = view.columns(seen.x0, seen.x1, view.picture_width) // step - region.box.x0
    rows = view.rows(seen.y0, seen.y1, view.picture_height) // step - region.box.y0
    codes = np.zeros((seen.height, seen.width), np.uint8)
    across = np.flatnonzero((columns >= 0) & (columns < region.box.width))
    down = np.flatnonzero((rows >= 0) & (rows < region.box.height))
    if across.size and down.size:
        inside = region.inside.take(rows[down], axis=0).take(columns[across], axis=1)
        codes[down[0] : down[-1] + 1, across[0] : across[-1] + 1] = inside
    codes |= contour_bits(codes, inside=1, outside=1)
    return np.ascontiguousarray(codes[1:-1, 1:-1])


def _spread(box: Box, step: int) -> Box:
    """The picture pixels of a box in steps."""
    return Box(box.x0 * step, box.y0 * step, box.x1 * step, box.y1 * step)


def _around(points: tuple[Point, ...], view: View) -> QRect:
    if not points:
        return QRect()
    at = [view.to_widget(x, y) for x, y in points]
    left, right = min(x for x, _ in at), max(x for x, _ in at)
    top, bottom = min(y for _, y in at), max(y for _, y in at)
    return QRect(
        QPoint(math.floor(left) - _REACH, math.floor(top) - _REACH),
        QPoint(math.ceil(right) + _REACH, math.ceil(bottom) + _REACH),
    )
