"""Pointing at a part of the picture from outside the canvas: a frame around it, and the view that shows it large."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.canvas.view import View

_DARK = QColor(0, 0, 0, 170)
_LIGHT = QColor(255, 255, 255, 235)
# Widget pixels. The frame stands off what it points at, and a speck gets one that is seen all the same.
_AWAY = 6
_SMALLEST = 24
_CORNER = 5
# Of the viewport, for what is looked at; around it one sees where it lies.
_SHARE = 0.6
# A speck of a few pixels is not blown up to squares.
_LARGEST_SCALE = 8.0


class Spotlight(QWidget):
    """A frame over the canvas, light on dark so that it shows on skin and on mucosa; no mouse event stops at it."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def point_at(self, box: Box | None) -> None:
        """Frame these picture pixels; None for nothing. It stays where it is on the screen when the picture moves."""
        place = QRect() if box is None else self._frame(box)
        self.setVisible(not place.isEmpty())
        if not place.isEmpty():
            self.setGeometry(place)
            self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self.rect().toRectF().adjusted(2, 2, -2, -2)
        for pen in (QPen(_DARK, 4), QPen(_LIGHT, 1.5)):
            painter.setPen(pen)
            painter.drawRoundedRect(frame, _CORNER, _CORNER)
        painter.end()

    def _frame(self, box: Box) -> QRect:
        view = self._canvas.view
        seen = view.widget_box(view.device_box(box))
        if seen.is_empty or not self._canvas.has_picture:
            return QRect()
        across = max(_AWAY, (_SMALLEST - seen.width) // 2)
        down = max(_AWAY, (_SMALLEST - seen.height) // 2)
        frame = QRect(seen.x0, seen.y0, seen.width, seen.height).adjusted(-across, -down, across, down)
        return frame.intersected(self._canvas.rect())


def closeup(view: View, box: Box) -> View:
    """The view that shows a box of picture pixels large, with room around it; as it is for an empty box."""
    if box.is_empty:
        return view
    scale = min(_SHARE * view.device_width / box.width, _SHARE * view.device_height / box.height)
    return replace(
        view,
        scale=max(min(scale, _LARGEST_SCALE), view.fit_scale),
        centre_x=(box.x0 + box.x1) / 2,
        centre_y=(box.y0 + box.y1) / 2,
        fitted=False,
    )
