"""The line of the swipe: dragged over the picture, or moved by the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

# Widget pixels: wide enough to be caught, narrow enough to paint beside it.
WIDTH = 17
_GRIP = 7.0
_STEP = 0.02
_DARK = QColor(0, 0, 0, 190)
_LIGHT = QColor(255, 255, 255, 240)


class Divider(QWidget):
    """A vertical line in its parent. `moved(float)`: its place, as a share of the parent's width."""

    moved = Signal(float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        self._share = 0.5
        self.setCursor(Qt.CursorShape.SplitHCursor)
        # A click leaves the keys with the canvas; Tab brings them here.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Line between the draft and the present mask"))
        self.setAccessibleDescription(self.tr("Drag it, or move it with the left and right arrow keys."))
        self.hide()

    @property
    def share(self) -> float:
        """Where the line is, 0 at the left of the parent, 1 at its right."""
        return self._share

    def place(self, share: float) -> None:
        """Move to a share of the parent's width, at most to its ends, and tell."""
        self._share = min(max(share, 0.0), 1.0)
        self.fit()
        self.moved.emit(self._share)

    def fit(self) -> None:
        """Reach from top to bottom of the parent, wherever its size has put the line."""
        left = round(self._share * self._canvas.width()) - WIDTH // 2
        self.setGeometry(left, 0, WIDTH, self._canvas.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        event.setAccepted(event.button() == Qt.MouseButton.LeftButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            at = self.mapTo(self._canvas, event.position())
            self.place(at.x() / max(self._canvas.width(), 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the line."""
        direction = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if direction is None:
            super().keyPressEvent(event)
        else:
            self.place(self._share + direction * _STEP)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A light line between two dark ones, with a grip in the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = WIDTH / 2, self.height() / 2
        painter.fillRect(QRectF(x - 1.5, 0, 3, self.height()), _DARK)
        painter.fillRect(QRectF(x - 0.5, 0, 1, self.height()), _LIGHT)
        rim = self.palette().color(QPalette.ColorRole.Highlight) if self.hasFocus() else _LIGHT
        painter.setPen(QPen(rim, 2 if self.hasFocus() else 1))
        painter.setBrush(_DARK)
        painter.drawEllipse(QPointF(x, y), _GRIP, _GRIP)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_LIGHT)
        for way in (-1, 1):
            arrow = [QPointF(x + way * 1.5, y - 3), QPointF(x + way * 1.5, y + 3), QPointF(x + way * 5, y)]
            painter.drawPolygon(QPolygonF(arrow))
        painter.end()
