"""The pointer over the canvas: a cross, with the tool's sign beside it."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPen, QPixmap

from lsegdiff_gui.ui.icons import icon

# Widget pixels: the pixmap, the cross with its free middle, and where the sign stands.
_SIZE = 36
_HOT = 10
_ARM, _GAP = 9.0, 2.5
_SIGN, _SIGN_AT = 19, 15
_DARK = QColor(0, 0, 0, 220)
_LIGHT = QColor(255, 255, 255)
_AROUND = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]


class ToolPointer:
    """The cursors of one tool, made once."""

    def __init__(self, glyphs: tuple[str, str] | None = None, ratio: float = 1.0) -> None:
        """glyphs: the signs of the tool and of what it is while it is turned round, qtawesome names; None: no signs.

        ratio: device pixels to a widget pixel.
        """
        cross = QCursor(Qt.CursorShape.CrossCursor)
        self._cursors = (cross, cross)
        if glyphs is not None:
            self._cursors = _signed(glyphs[0], ratio), _signed(glyphs[1], ratio)

    def cursor(self, *, turned: bool) -> QCursor:
        """For the tool as it is, or turned round."""
        return self._cursors[turned]


def _signed(glyph: str, ratio: float) -> QCursor:
    """A cross with a sign, light within dark."""
    pixmap = QPixmap(QSize(_SIZE, _SIZE) * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    centre = QPointF(_HOT + 0.5, _HOT + 0.5)
    for pen in (QPen(_DARK, 3), QPen(_LIGHT, 1)):
        painter.setPen(pen)
        painter.drawLines(_arms(centre))
    dark, light = _sign(glyph, _DARK, ratio), _sign(glyph, _LIGHT, ratio)
    for dx, dy in _AROUND:
        painter.drawPixmap(QPoint(_SIGN_AT + dx, _SIGN_AT + dy), dark)
    painter.drawPixmap(QPoint(_SIGN_AT, _SIGN_AT), light)
    painter.end()
    return QCursor(pixmap, _HOT, _HOT)


def _sign(glyph: str, colour: QColor, ratio: float) -> QPixmap:
    """The glyph in one colour: an icon would follow the theme, which the picture does not."""
    pixmap = icon(glyph).pixmap(QSize(_SIGN, _SIGN), ratio)
    recolour = QPainter(pixmap)
    recolour.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    recolour.fillRect(0, 0, _SIGN, _SIGN, colour)
    recolour.end()
    return pixmap


def _arms(centre: QPointF) -> list[QLineF]:
    ways = (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1))
    return [QLineF(centre + way * _GAP, centre + way * _ARM) for way in ways]
