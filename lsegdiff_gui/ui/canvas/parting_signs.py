"""What is one lesion, shown while lesions are parted and joined: cuts, ties, and the number of each instance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap, QPixmapCache

from lsegdiff_gui.annotation.instance_map import COLOURS, InstanceMap, Number, colour_of
from lsegdiff_gui.annotation.instances import Cut, Point
from lsegdiff_gui.ui.canvas.overlay import Colour
from lsegdiff_gui.ui.canvas.view import View

INSTANCE_COLOURS: dict[int, Colour] = {
    1: (86, 180, 233),
    2: (230, 159, 0),
    3: (0, 158, 115),
    4: (240, 228, 66),
    5: (204, 121, 167),
    6: (0, 114, 178),
    7: (213, 94, 0),
    COLOURS + 1: (128, 128, 128),
}
"""Of the values of `InstanceMap.plane`: the Okabe–Ito palette, and grey for what is to be ignored."""

_DARK = QColor(0, 0, 0, 200)
_LIGHT = QColor(255, 255, 255, 245)
_PLATE = QColor(18, 19, 21, 225)
# Widget pixels: a light line within a dark one is seen on skin and on mucosa.
_CUT_LINE, _TIE_LINE, _RIM = 2.0, 2.4, 1.5
_CUT_DASHES = [6.0, 3.0]
_LOOSE_DASHES = [1.5, 3.5]
_KNOT = 3.5
# A number's plate: high enough for its digits, a round one for a single digit.
_DIGITS = 11
_HEIGHT, _PER_DIGIT = 18, 7
_SPARE, _ROOM = 2, 1
_CELL = 64
# More numbers in sight are a carpet.
_MOST_IN_SIGHT = 150


@dataclass(frozen=True, eq=False)
class PartingSigns:
    """cuts: of the document. found: the instances; None until they are counted."""

    cuts: tuple[Cut, ...] = ()
    found: InstanceMap | None = None

    def paint(self, painter: QPainter, view: View, exposed: Sequence[QRect]) -> None:
        """Draw them; painter and exposed: in widget pixels."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lines = [line for cut in self.cuts for line in pairwise(cut.points)]
        _draw_lines(painter, view, lines, _CUT_LINE, _CUT_DASHES)
        if self.found is not None:
            _draw_lines(painter, view, self.found.loose, _CUT_LINE, _LOOSE_DASHES)
            _draw_lines(painter, view, self.found.links, _TIE_LINE)
            _draw_knots(painter, view, (end for link in self.found.links for end in link))
            for number, place in self._plates(self.found, view):
                around = place.toAlignedRect().adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)
                if any(rect.intersects(around) for rect in exposed):
                    corner = QPoint(round(place.x()) - _ROOM, round(place.y()) - _ROOM)
                    painter.drawPixmap(corner, _plate(number.number, view.ratio))
        painter.restore()

    def _plates(self, found: InstanceMap, view: View) -> Iterator[tuple[Number, QRectF]]:
        """The numbers in sight and where each stands; one that would cover that of a larger part is left out."""
        (x0, y0), (x1, y1) = view.to_widget(0, 0), view.to_widget(1, 1)
        at = self._at * (x1 - x0, y1 - y0) + (x0, y0)
        seen = ((at >= 0) & (at < (view.width, view.height))).all(axis=1)
        # By cells as large as any plate: only neighbours can overlap.
        taken: dict[tuple[int, int], list[tuple[float, float, int]]] = {}
        left = _MOST_IN_SIGHT
        for index in np.flatnonzero(seen).tolist():
            x, y = at[index].tolist()
            number = found.numbers[index]
            width = _width(number.number)
            column, row = int(x // _CELL), int(y // _CELL)
            near = [
                other
                for across in (column - 1, column, column + 1)
                for down in (row - 1, row, row + 1)
                for other in taken.get((across, down), ())
            ]
            if any(abs(y - v) < _HEIGHT and abs(x - u) < (width + wide) / 2 for u, v, wide in near):
                continue
            taken.setdefault((column, row), []).append((x, y, width))
            yield number, QRectF(x - width / 2, y - _HEIGHT / 2, width, _HEIGHT)
            left -= 1
            if not left:
                return

    @cached_property
    def _at(self) -> npt.NDArray[np.float64]:
        """(N, 2): the points of the numbers."""
        numbers = () if self.found is None else self.found.numbers
        return np.array([number.at for number in numbers], np.float64).reshape(-1, 2)


def _draw_lines(
    painter: QPainter,
    view: View,
    lines: Iterable[tuple[Point, Point]],
    width: float,
    dashes: Sequence[float] = (),
) -> None:
    drawn = [QLineF(QPointF(*view.to_widget(*a)), QPointF(*view.to_widget(*b))) for a, b in lines]
    if not drawn:
        return
    light = QPen(_LIGHT, width)
    if dashes:
        light.setDashPattern(list(dashes))
    for pen in (QPen(_DARK, width + 2 * _RIM), light):
        painter.setPen(pen)
        painter.drawLines(drawn)


def _draw_knots(painter: QPainter, view: View, ends: Iterable[Point]) -> None:
    painter.setPen(QPen(_DARK, _RIM))
    painter.setBrush(_LIGHT)
    for end in ends:
        painter.drawEllipse(QPointF(*view.to_widget(*end)), _KNOT, _KNOT)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _width(number: int) -> int:
    return max(_HEIGHT, _HEIGHT - _PER_DIGIT + _SPARE + _PER_DIGIT * len(str(number)))


def _plate(number: int, ratio: float) -> QPixmap:
    """The plate of a number with room for its rim, from Qt's cache: words are drawn a hundred times slower."""
    key = f"instance {number} at {ratio}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    size = QSize(_width(number) + 2 * _ROOM, _HEIGHT + 2 * _ROOM)
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    place = QRectF(QRect(QPoint(0, 0), size)).adjusted(_ROOM, _ROOM, -_ROOM, -_ROOM)
    painter.setPen(QPen(QColor(*INSTANCE_COLOURS[colour_of(number)]), 2))
    painter.setBrush(_PLATE)
    painter.drawRoundedRect(place, _HEIGHT / 2, _HEIGHT / 2)
    font = QFont(painter.font())
    font.setPixelSize(_DIGITS)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(_LIGHT)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, str(number))
    painter.end()
    QPixmapCache.insert(key, pixmap)
    return pixmap
