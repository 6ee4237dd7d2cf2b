"""What the model was told, shown on the picture: a plus where something belongs, a minus where it does not."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from lsegdiff_gui.annotation.hints import Hint
from lsegdiff_gui.ui.canvas.view import View

MARK_RADIUS = 8.0
"""Widget pixels, whatever the zoom."""

# Told apart by their signs too, not by colour alone; both are seen on skin and on mucosa.
_BELONGS, _DOES_NOT = QColor(0, 158, 115), QColor(213, 94, 0)
_RIM = QColor(255, 255, 255, 240)
_SHADE = QColor(0, 0, 0, 120)
_ARM = 4.0
_STROKE = 3.0


@dataclass(frozen=True)
class HintMarks:
    """The marks of these hints, those of an unanswered one fainter."""

    hints: tuple[Hint, ...] = ()
    waiting: tuple[Hint, ...] = ()

    def bounds(self, view: View) -> QRect:
        """The widget pixels that they touch."""
        rect = QRect()
        reach = round(MARK_RADIUS + 3)
        for hint in (*self.hints, *self.waiting):
            for point in hint.points:
                x, y = view.to_widget(*point)
                rect = rect.united(QRect(round(x) - reach, round(y) - reach, 2 * reach, 2 * reach))
        return rect

    def paint(self, painter: QPainter, view: View) -> None:
        """Draw them; painter: in widget pixels."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for hint in self.hints:
            _paint(painter, view, hint)
        painter.setOpacity(0.55)
        for hint in self.waiting:
            _paint(painter, view, hint)
        painter.restore()


def _paint(painter: QPainter, view: View, hint: Hint) -> None:
    colour = _BELONGS if hint.belongs else _DOES_NOT
    at = [QPointF(*view.to_widget(*point)) for point in hint.points]
    if not hint.is_click:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(_SHADE, _STROKE + 3), QPen(_RIM, _STROKE + 1.5), QPen(colour, _STROKE)):
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(at))
    middle = at[len(at) // 2]
    painter.setPen(QPen(_SHADE, 3.5))
    painter.setBrush(colour)
    painter.drawEllipse(middle, MARK_RADIUS, MARK_RADIUS)
    painter.setPen(QPen(_RIM, 1.8))
    painter.drawEllipse(middle, MARK_RADIUS, MARK_RADIUS)
    painter.setPen(QPen(_RIM, 2.2, c=Qt.PenCapStyle.FlatCap))
    painter.drawLine(middle - QPointF(_ARM, 0), middle + QPointF(_ARM, 0))
    if hint.belongs:
        painter.drawLine(middle - QPointF(0, _ARM), middle + QPointF(0, _ARM))
