"""A strip of small masks over the picture, to be looked at and chosen: the film of a drafting, or its opinions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from lsegdiff_gui.imaging.display import thumbnail
from lsegdiff_gui.ui.canvas.preview import tinted

if TYPE_CHECKING:
    from lsegdiff_gui.workers.segmenting import StepLike

Pixels = npt.NDArray[np.uint8]

_IMAGE_HEIGHT = 44
# Long and narrow pictures are cropped by no one, but shown no wider and no narrower than this.
_WIDEST, _NARROWEST = 96, 36
_SMALLEST = 28  # width to which frames shrink for all of them to be seen
_MARGIN = 10
_GAP = 10
_LABEL_GAP = 6
_RADIUS = 4.0
# Without a picture the steps lie on a grey that lets both ends of the ramp be seen.
_NO_PICTURE = np.full((60, 60, 3), 70, np.uint8)


@dataclass(frozen=True)
class StripWords:
    """What a strip calls itself, what stands in it while it is empty, and the name under a frame of so many."""

    name: str
    empty: str
    frame: Callable[[int, int], str]


FILM = StripWords(
    "Film of the draft",
    "The steps of the next draft will be seen here.",
    lambda index, of: "draft" if index == of else str(index),
)


class FilmStrip(QWidget):
    """Frames numbered 1 … S, as large as lets all of them be seen; of a film the last one is the draft.

    Signals
        hovered(int): the pointer is over this frame; -1 when it is over none.
        picked(int): this frame was chosen by a click or with the arrow keys.
        joined(int, bool): this one was clicked with Shift, to be joined with the others; with Ctrl too: cut with them.
        taken(int): it was double-clicked, or Enter was pressed on it.
        counted(int): it has so many frames now.
    """

    hovered = Signal(int)
    picked = Signal(int)
    joined = Signal(int, bool)
    taken = Signal(int)
    counted = Signal(int)

    def __init__(self, words: StripWords = FILM, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._marked: frozenset[int] = frozenset()
        self._steps = 0
        self._previews: dict[int, Pixels] = {}
        self._images: dict[int, QImage] = {}
        self._picture = _NO_PICTURE
        self._current: int | None = None
        self._under_pointer = -1
        self._scrolled = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr(words.name))
        self._describe()

    # What it shows

    def set_picture(self, rgb8: Pixels | None) -> None:
        """The picture under the steps, (H, W, 3) uint8, of any size; None for plain grey."""
        self._picture = _NO_PICTURE if rgb8 is None else thumbnail(rgb8, 4 * _WIDEST)
        self._images.clear()
        self.update()

    def clear(self) -> None:
        """No film."""
        self.begin(0)

    def begin(self, steps: int) -> None:
        """A new film: empty frames for this many steps."""
        self._steps = steps
        self._previews.clear()
        self._images.clear()
        self._current = None
        self._scrolled = 0
        self._point_at(-1)
        self._describe()
        self.update()
        self.counted.emit(steps)

    def add(self, step: StepLike) -> None:
        """Fill the frame of a step; the film grows to the step's own number of steps."""
        if step.steps > self._steps:
            self._steps = step.steps
            self.counted.emit(step.steps)
        self._previews[step.index] = step.preview
        self._images.pop(step.index, None)
        self._describe()
        self.update()

    def set_current(self, index: int | None) -> None:
        """Frame the step that is on the canvas; None for none."""
        self._current = index
        if index is not None:
            self._scroll_to(index)
        self._describe()
        self.update()

    @property
    def current(self) -> int | None:
        """The frame of what is on the canvas."""
        return self._current

    @property
    def _place_of_keys(self) -> int | None:
        """The frame that the arrow keys go on from."""
        return min(self._marked, default=None) if self._current is None else self._current

    def mark(self, indices: Iterable[int]) -> None:
        """Frame these as what the mask is made of."""
        self._marked = frozenset(indices)
        self.update()

    # Painting

    def sizeHint(self) -> QSize:
        """As high as a frame with its number."""
        height = 2 * _MARGIN + _IMAGE_HEIGHT + _LABEL_GAP + self.fontMetrics().height()
        return QSize(4 * (self._whole_width + _GAP) + 2 * _MARGIN, height)

    def minimumSizeHint(self) -> QSize:
        """One frame."""
        return QSize(self._whole_width + 2 * _MARGIN, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frames."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._steps:
            painter.setPen(self._colour(QPalette.ColorRole.PlaceholderText))
            centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(
                self.rect().adjusted(_MARGIN, 0, -_MARGIN, 0), centred, self.tr(self._words.empty)
            )
        for index in range(1, self._steps + 1):
            place = self._frame_rect(index)
            if place.intersects(event.rect()):
                self._paint_frame(painter, index, place)
        painter.end()

    def _paint_frame(self, painter: QPainter, index: int, place: QRect) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(place), _RADIUS, _RADIUS)
        if index in self._previews:
            painter.save()
            painter.setClipPath(shape)
            painter.drawImage(place, self._image(index))
            painter.restore()
        else:
            painter.fillPath(shape, self._colour(QPalette.ColorRole.Base))
        self._paint_border(painter, index, place)
        self._paint_label(painter, index, place)

    def _paint_border(self, painter: QPainter, index: int, place: QRect) -> None:
        if index == self._current or index in self._marked:
            pen = QPen(self._colour(QPalette.ColorRole.Highlight), 3)
            around = QRectF(place).adjusted(-2.5, -2.5, 2.5, 2.5)
        elif index == self._under_pointer:
            pen = QPen(self._colour(QPalette.ColorRole.WindowText), 1.5)
            around = QRectF(place).adjusted(-1.5, -1.5, 1.5, 1.5)
        else:
            pen = QPen(self._colour(QPalette.ColorRole.Dark), 1)
            around = QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5)
            if index not in self._previews:
                pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(around, _RADIUS, _RADIUS)
        if index == self._place_of_keys and self.hasFocus():
            painter.setPen(QPen(self._colour(QPalette.ColorRole.WindowText), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(around.adjusted(-3, -3, 3, 3), _RADIUS + 2, _RADIUS + 2)

    def _paint_label(self, painter: QPainter, index: int, place: QRect) -> None:
        font = self.font()
        font.setBold(index == self._current or index in self._marked)
        painter.setFont(font)
        there = index in self._previews
        role = QPalette.ColorRole.WindowText if there else QPalette.ColorRole.PlaceholderText
        painter.setPen(self._colour(role))
        line = QRect(
            place.left() - _GAP // 2, place.bottom() + 1 + _LABEL_GAP, place.width() + _GAP, self.height()
        )
        text = self.tr(self._words.frame(index, self._steps))
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)

    def _image(self, index: int) -> QImage:
        """The frame of a step, drawn anew where frames are of another size now, or the screen of another density."""
        size = self._frame_size * self.devicePixelRatioF()
        if index not in self._images or self._images[index].size() != size:
            width, height = size.toTuple()
            small = cv2.resize(self._picture, (width, height), interpolation=cv2.INTER_AREA)
            frame = tinted(np.asarray(small, np.uint8), self._previews[index])
            image = QImage(frame.data, width, height, 3 * width, QImage.Format.Format_RGB888)
            # In the screen's own format, and with memory of its own: `frame` ends here.
            self._images[index] = image.convertToFormat(QImage.Format.Format_RGB32)
        return self._images[index]

    def _colour(self, role: QPalette.ColorRole) -> QColor:
        return self.palette().color(role)

    # Where the frames are

    @property
    def _whole_width(self) -> int:
        """Of a frame that is as high as the strip."""
        height, width = self._picture.shape[:2]
        return min(max(round(_IMAGE_HEIGHT * width / height), _NARROWEST), _WIDEST)

    @property
    def _frame_size(self) -> QSize:
        """As high as the strip; smaller where all frames are seen at once so. Where they still are not, they scroll."""
        whole = self._whole_width
        room = (self.width() - 2 * _MARGIN + _GAP) // max(self._steps, 1) - _GAP
        width = room if _SMALLEST <= room < whole else whole
        return QSize(width, round(_IMAGE_HEIGHT * width / whole))

    @property
    def _film_width(self) -> int:
        return 2 * _MARGIN + self._steps * (self._frame_size.width() + _GAP) - _GAP

    def _frame_rect(self, index: int) -> QRect:
        # A film shorter than the strip lies in its middle.
        start = max(_MARGIN, (self.width() - self._film_width) // 2 + _MARGIN)
        size = self._frame_size
        left = start + (index - 1) * (size.width() + _GAP) - self._scrolled
        return QRect(left, _MARGIN + _IMAGE_HEIGHT - size.height(), size.width(), size.height())

    def _frame_at(self, at: QPointF) -> int:
        """The filled frame at a point, -1 for none; gaps and numbers belong to the nearest frame."""
        for index in self._previews:
            place = self._frame_rect(index).adjusted(-_GAP // 2, -_MARGIN, _GAP // 2, self.height())
            if place.contains(at.toPoint()):
                return index
        return -1

    def _scroll(self, to: int) -> None:
        self._scrolled = min(max(to, 0), max(0, self._film_width - self.width()))
        self.update()

    def _scroll_to(self, index: int) -> None:
        place = self._frame_rect(index)
        if place.left() < _MARGIN:
            self._scroll(self._scrolled + place.left() - _MARGIN)
        elif place.right() > self.width() - _MARGIN:
            self._scroll(self._scrolled + place.right() - self.width() + _MARGIN)

    # The hand

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the frame under the pointer."""
        self._point_at(self._frame_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is over no frame."""
        super().leaveEvent(event)
        self._point_at(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a frame."""
        index = self._frame_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or index < 0:
            event.ignore()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.joined.emit(index, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        else:
            self._pick(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take a frame."""
        index = self._frame_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.taken.emit(index)
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll a film longer than the strip."""
        turned = max(event.angleDelta().x(), event.angleDelta().y(), key=abs)
        self._scroll(self._scrolled - turned // 2)
        self._point_at(self._frame_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End choose a frame."""
        there = sorted(self._previews)
        if not there or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        current = there[-1] if self._place_of_keys is None else self._place_of_keys
        match event.key():
            case Qt.Key.Key_Left:
                self._pick(max((index for index in there if index < current), default=there[0]))
            case Qt.Key.Key_Right:
                self._pick(min((index for index in there if index > current), default=there[-1]))
            case Qt.Key.Key_Home:
                self._pick(there[0])
            case Qt.Key.Key_End:
                self._pick(there[-1])
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._current is not None:
                self.taken.emit(self._current)
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scroll no further than needed."""
        super().resizeEvent(event)
        self._scroll(self._scrolled)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        super().focusOutEvent(event)
        self.update()

    def _pick(self, index: int) -> None:
        self.set_current(index)
        self.picked.emit(index)

    def _point_at(self, index: int) -> None:
        if index != self._under_pointer:
            self._under_pointer = index
            self.update()
            self.hovered.emit(index)

    def _describe(self) -> None:
        if not self._steps:
            words = self.tr("No draft has been made yet.")
        elif self._current is None:
            words = self.tr("{there} of {steps} steps.")
        else:
            words = self.tr("{there} of {steps} steps; step {current} is chosen. Arrow keys choose another.")
        self.setAccessibleDescription(
            words.format(there=len(self._previews), steps=self._steps, current=self._current)
        )
