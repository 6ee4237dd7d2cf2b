"""A plot of a few columns, painted in the colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from lsegdiff_gui.project.statistics import Plot
from lsegdiff_gui.ui import theme

_SIZE = QSize(460, 230)
_GAP = 8
_ROUND = 3


class BarPlot(QWidget):
    """Shows a `Plot`: a column for each bar with its count above it and its label below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot = Plot("", ())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Plot")

    def show_plot(self, plot: Plot) -> None:
        """Show this one; read out as words too."""
        self._plot = plot
        self.setAccessibleName(plot.title)
        counted = ", ".join(f"{bar.label}: {bar.count}" for bar in plot.bars)
        self.setAccessibleDescription(f"{counted}. {plot.summary}".strip())
        self.setToolTip(counted)
        self.update()

    def sizeHint(self) -> QSize:
        """Room for nine labels."""
        return _SIZE

    def minimumSizeHint(self) -> QSize:
        """The same: smaller, labels would run into each other."""
        return _SIZE

    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, summary, columns."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text = self.palette().color(QPalette.ColorRole.Text)
        tones = theme.tones()
        line = painter.fontMetrics().height()
        bold = QFont(painter.font())
        bold.setBold(True)
        plain = QFont(painter.font())
        painter.setPen(text)
        painter.setFont(bold)
        painter.drawText(QRect(0, 0, self.width(), line), Qt.AlignmentFlag.AlignLeft, self._plot.title)
        painter.setFont(plain)
        painter.setPen(tones.muted)
        summary = self._plot.summary or ("" if any(bar.count for bar in self._plot.bars) else "Nothing yet")
        painter.drawText(QRect(0, line + 2, self.width(), line), Qt.AlignmentFlag.AlignLeft, summary)
        if self._plot.bars:
            self._paint_bars(painter, 2 * line + 2 + _GAP)
        painter.end()

    def _paint_bars(self, painter: QPainter, top: int) -> None:
        tones, bars = theme.tones(), self._plot.bars
        small = QFont(painter.font())
        small.setPointSizeF(max(7.0, small.pointSizeF() - 1.5))
        painter.setFont(small)
        line = painter.fontMetrics().height()
        floor = self.height() - line - 4
        room = floor - top - line
        most = max(1, *(bar.count for bar in bars))
        step = self.width() / len(bars)
        painter.setPen(tones.line_strong)
        painter.drawLine(0, floor, self.width(), floor)
        for place, bar in enumerate(bars):
            column = QRect(round(place * step), top, round(step), floor - top)
            height = round(room * bar.count / most)
            # Something that is there is never too small to be seen.
            height = max(height, 2) if bar.count else 0
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tones.accent)
            painter.drawRoundedRect(
                column.left() + _GAP // 2, floor - height, column.width() - _GAP, height, _ROUND, _ROUND
            )
            painter.setPen(self.palette().color(QPalette.ColorRole.Text) if bar.count else tones.muted)
            above = QRect(column.left(), floor - height - line, column.width(), line)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, f"{bar.count:,}")
            painter.setPen(tones.muted)
            below = QRect(column.left(), floor + 3, column.width(), line)
            label = painter.fontMetrics().elidedText(bar.label, Qt.TextElideMode.ElideRight, column.width())
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, label)
