"""Words on the canvas: a chip in a corner, and the sentence in the middle of an empty canvas."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap

from lsegdiff_gui.ui.icons import icon

# On the canvas and on pictures, which no theme changes: so neither do these.
_PLATE = QColor(18, 19, 21, 205)
_RIM = QColor(255, 255, 255, 38)
_TEXT = QColor(240, 242, 244)
_QUIET = QColor(168, 174, 181)

_MARGIN = 12
_PADDING = QSize(11, 5)
_SWATCH = 11
_MESSAGE_WIDTH = 380
_GLYPH = 56
_GLYPH_GAP = 14
_MESSAGE_PADDING = 24


@dataclass(frozen=True)
class Chip:
    """A short text on a dark plate. at_bottom: bottom left instead of top right."""

    text: str
    at_bottom: bool = False

    def rect(self, canvas: QSize, font: QFont) -> QRect:
        """Where the chip lies on a canvas of this size; empty without a text."""
        if not self.text:
            return QRect()
        metrics = QFontMetrics(font)
        # The advance is rounded, and a text half a pixel too wide for its room is cut.
        wanted = metrics.horizontalAdvance(self.text) + 1 + 2 * _PADDING.width()
        width = min(wanted, canvas.width() - 2 * _MARGIN)
        height = metrics.height() + 2 * _PADDING.height()
        if self.at_bottom:
            return QRect(_MARGIN, canvas.height() - _MARGIN - height, width, height)
        return QRect(canvas.width() - _MARGIN - width, _MARGIN, width, height)

    def paint(self, painter: QPainter, canvas: QSize, font: QFont) -> None:
        """Draw the chip; painter: in widget pixels."""
        rect = self.rect(canvas, font)
        if rect.isEmpty():
            return
        _paint_plate(painter, rect, rect.height() / 2)
        painter.setFont(font)
        painter.setPen(_TEXT)
        inside = rect.adjusted(_PADDING.width(), 0, -_PADDING.width(), 0)
        text = QFontMetrics(font).elidedText(self.text, Qt.TextElideMode.ElideMiddle, inside.width())
        painter.drawText(inside, Qt.AlignmentFlag.AlignCenter, text)


@dataclass(frozen=True)
class Legend:
    """What colours on the picture stand for, on a dark plate at the bottom left.

    entries: ("#rrggbb", words); an empty colour for words alone. Without entries there is nothing to see.
    """

    entries: tuple[tuple[str, str], ...]

    def rect(self, canvas: QSize, font: QFont) -> QRect:
        """Where the legend lies on a canvas of this size."""
        if not self.entries:
            return QRect()
        metrics = QFontMetrics(font)
        words = sum(self._width(metrics, colour, text) for colour, text in self.entries)
        width = words + (len(self.entries) - 1) * _SWATCH + 2 * _PADDING.width()
        height = metrics.height() + 2 * _PADDING.height()
        return QRect(_MARGIN, canvas.height() - _MARGIN - height, width, height)

    def paint(self, painter: QPainter, canvas: QSize, font: QFont) -> None:
        """Draw the legend; painter: in widget pixels."""
        rect = self.rect(canvas, font)
        if rect.isEmpty():
            return
        _paint_plate(painter, rect, rect.height() / 2)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        x = rect.x() + _PADDING.width()
        for colour, text in self.entries:
            width = self._width(metrics, colour, text)
            if colour:
                swatch = QRect(x, rect.center().y() - _SWATCH // 2 + 1, _SWATCH, _SWATCH)
                painter.fillRect(swatch, QColor(colour))
            painter.setPen(_TEXT)
            words = QRect(x, rect.y(), width, rect.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            x += width + _SWATCH

    def _width(self, metrics: QFontMetrics, colour: str, text: str) -> int:
        return metrics.horizontalAdvance(text) + 1 + (_SWATCH + _PADDING.height() if colour else 0)


def paint_message(
    painter: QPainter, canvas: QSize, font: QFont, text: str, glyph: str, *, plate: bool
) -> None:
    """Draw a sentence under a glyph in the middle of the canvas; plate: on a dark plate, for above a picture."""
    large = QFont(font)
    large.setPointSizeF(font.pointSizeF() * 1.15 if font.pointSizeF() > 0 else 12.0)
    width = min(_MESSAGE_WIDTH, canvas.width() - 2 * _MESSAGE_PADDING)
    if width <= 0:
        return
    flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap)
    words = QFontMetrics(large).boundingRect(QRect(0, 0, width, 10_000), flags, text)
    height = _GLYPH + _GLYPH_GAP + words.height()
    top = max(_MESSAGE_PADDING, (canvas.height() - height) // 2)
    left = (canvas.width() - width) // 2
    if plate:
        pad = _MESSAGE_PADDING
        _paint_plate(painter, QRect(left, top, width, height).adjusted(-pad, -pad, pad, pad), 12)
    painter.drawPixmap(QPoint((canvas.width() - _GLYPH) // 2, top), _quiet_glyph(painter, glyph))
    painter.setFont(large)
    painter.setPen(_TEXT)
    painter.drawText(QRect(left, top + _GLYPH + _GLYPH_GAP, width, words.height()), flags, text)


def _quiet_glyph(painter: QPainter, glyph: str) -> QPixmap:
    """The glyph in the canvas's own grey: an icon would follow the theme, which the canvas does not."""
    pixmap = icon(glyph).pixmap(QSize(_GLYPH, _GLYPH), painter.device().devicePixelRatioF())
    recolour = QPainter(pixmap)
    recolour.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    recolour.fillRect(QRect(0, 0, _GLYPH, _GLYPH), _QUIET)
    recolour.end()
    return pixmap


def _paint_plate(painter: QPainter, rect: QRect, radius: float) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(_RIM, 1))
    painter.setBrush(_PLATE)
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
