"""The mark of the brush: a ring of its true size, and a cross-hair while the keyboard moves it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lsegdiff_gui.ui.canvas.view import View

_DARK = QColor(0, 0, 0, 170)
_LIGHT = QColor(255, 255, 255, 235)
# Widget pixels. A light line between two dark ones is seen on everything; three lines of one pixel are drawn ten
# times faster than one of three, which counts in every dab.
_LINE = 1.0
# A smaller ring is not seen.
_SMALLEST_RING = 2.0
_DASHES = [4.0, 3.0]
_ARM = 14.0
# A step of the cross-hair in screen pixels; a picture pixel at least.
_STEP = 2.0
_GAP = 4.0


@dataclass(frozen=True)
class CursorMark:
    """Where the brush is: a picture point and a radius in picture pixels.

    erases: dashed, to be told from a brush without its colour; crosshair: moved by the keyboard.
    """

    x: float
    y: float
    radius: float
    erases: bool = False
    crosshair: bool = False

    def stepped(self, dx: int, dy: int, view: View) -> CursorMark:
        """A cross-hair these steps away, on the picture and on the centre of a pixel.

        On the centre, so that the pixel that is told is the one that a dab of one pixel paints.
        """
        step = max(1.0, _STEP / view.scale)
        x = min(max(int(self.x + dx * step), 0), view.picture_width - 1) + 0.5
        y = min(max(int(self.y + dy * step), 0), view.picture_height - 1) + 0.5
        return replace(self, x=x, y=y, crosshair=True)

    def bounds(self, view: View) -> QRect:
        """The widget pixels that the mark touches."""
        x, y = view.to_widget(self.x, self.y)
        reach = self._ring(view) + 2 * _LINE
        if self.crosshair:
            reach += _GAP + _ARM
        rect = QRectF(x - reach, y - reach, 2 * reach, 2 * reach)
        return rect.toAlignedRect().adjusted(-1, -1, 1, 1)

    def paint(self, painter: QPainter, view: View) -> None:
        """Draw the mark; painter: in widget pixels."""
        centre = QPointF(*view.to_widget(self.x, self.y))
        ring = self._ring(view)
        painter.save()
        # It cuts nothing off, but within a rectangle Qt draws smooth lines three times as fast.
        painter.setClipRect(self.bounds(view))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_DARK, _LINE))
        for away in (-_LINE, _LINE):
            painter.drawEllipse(centre, ring + away, ring + away)
        if self.crosshair:
            painter.setPen(QPen(_DARK, 3 * _LINE))
            painter.drawLines(_arms(centre, ring))
        light = QPen(_LIGHT, _LINE)
        if self.crosshair:
            painter.setPen(light)
            painter.drawLines(_arms(centre, ring))
        if self.erases:
            light.setDashPattern(_DASHES)
        painter.setPen(light)
        painter.drawEllipse(centre, ring, ring)
        painter.restore()

    def _ring(self, view: View) -> float:
        return max(self.radius * view.scale / view.ratio, _SMALLEST_RING)


def _arms(centre: QPointF, ring: float) -> list[QLineF]:
    inner, outer = ring + _GAP, ring + _GAP + _ARM
    lines = []
    for quarter in range(4):
        cosine, sine = round(math.cos(quarter * math.pi / 2)), round(math.sin(quarter * math.pi / 2))
        lines.append(
            QLineF(
                centre.x() + cosine * inner,
                centre.y() + sine * inner,
                centre.x() + cosine * outer,
                centre.y() + sine * outer,
            )
        )
    return lines
