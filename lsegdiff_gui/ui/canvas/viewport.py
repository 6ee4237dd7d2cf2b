"""The pixels of the viewport, kept from one painting to the next.

What stays in sight when the view moves is moved along, and when it zooms it is shown enlarged or reduced, roughly,
until there is time to paint it anew: no frame has to paint more than so many pixels, on whatever screen.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QImage, QPainter, QRegion

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.view import View

# What lies between rectangles is painted with them where it is not more than this share of them.
_BETWEEN = 0.25
# Pieces whose intermediate images lie in memory that is at hand; smaller ones of what is painted bit by bit.
_BAND_PIXELS = 1 << 19
_ROUGH_BAND_PIXELS = 1 << 18


class Viewport:
    """An image as large as the viewport in device pixels, and which parts of it have to be painted anew.

    image: Format_RGB32, for Qt to paint on and to copy from. pixels: the same memory, (H, W, 4) uint8 BGRA. Both
    are other objects from time to time.
    """

    def __init__(self) -> None:
        self.image = QImage()
        self.pixels: npt.NDArray[np.uint8] = np.empty((0, 0, 4), np.uint8)
        self._view: View | None = None
        self._stale = QRegion()
        self._rough = QRegion()

    def follow(self, view: View, *, roughly: bool = False) -> None:
        """Show this view: what stays in sight is moved, what comes into sight is stale, at another scale everything.

        roughly: at another scale what is known is shown larger or smaller instead, as rough.
        """
        before, self._view = self._view, view
        if view == before:
            return
        whole = QRect(0, 0, view.device_width, view.device_height)
        if before is None or self.image.rect() != whole:
            if self.image.rect() != whole:
                self._renew(whole)
            self._stale, self._rough = QRegion(whole), QRegion()
        elif before.scale == view.scale:
            # The picture lies on whole device pixels: the same scale elsewhere shows the same pixels elsewhere.
            self._move(view.origin[0] - before.origin[0], view.origin[1] - before.origin[1])
        elif roughly and self._stale.isEmpty():
            self._scale(before, view)
        else:
            self._stale, self._rough = QRegion(whole), QRegion()

    def spoil(self, box: Box) -> None:
        """These device pixels of the view that is followed are stale."""
        self._stale = self._stale.united(_rect(box)).intersected(self.image.rect())
        self._rough = self._rough.subtracted(self._stale)

    def roughen(self) -> None:
        """Everything has to be painted anew, but may be seen as it is until then."""
        self._rough = QRegion(self.image.rect()).subtracted(self._stale)

    def forget(self) -> None:
        """Everything is stale."""
        self._view = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left to be painted anew."""
        return self._view is not None and self._stale.isEmpty() and self._rough.isEmpty()

    def take_stale(self, within: Box | None = None) -> list[Box]:
        """Device pixels that must not be seen before they are painted; they count as painted from here on.

        within: only these.
        """
        taken = self._stale if within is None else self._stale.intersected(_rect(within))
        self._stale = self._stale.subtracted(taken)
        return [band for rect in few_rects(taken) for band in _bands(rect, _BAND_PIXELS)]

    def take_rough(self, pixels: int) -> list[Box]:
        """About so many device pixels to be painted next, from the middle on; they count as painted from here on."""
        middle = self.image.height() / 2
        bands = [band for rect in self._rough for band in _bands(rect, _ROUGH_BAND_PIXELS)]  # type: ignore[attr-defined]
        taken: list[Box] = []
        for band in sorted(bands, key=lambda band: abs(band.y0 + band.y1 - 2 * middle)):
            if pixels <= 0:
                break
            pixels -= band.area
            taken.append(band)
            self._rough = self._rough.subtracted(_rect(band))
        return taken

    def _renew(self, whole: QRect) -> None:
        # Qt owns the memory: painting on an image of foreign memory would first copy it.
        self.image = QImage(whole.size(), QImage.Format.Format_RGB32)
        self.pixels = np.frombuffer(self.image.bits(), np.uint8).reshape(whole.height(), whole.width(), 4)

    def _move(self, dx: int, dy: int) -> None:
        whole = self.image.rect()
        stays = whole.translated(dx, dy).intersected(whole)
        if not stays.isEmpty():
            # All rows in one piece: what wraps around from one to the next is stale. numpy would copy twice.
            start, by = self.pixels.ctypes.data, 4 * (dy * whole.width() + dx)
            ctypes.memmove(start + max(by, 0), start + max(-by, 0), self.pixels.nbytes - abs(by))
        self._rough = self._rough.translated(dx, dy).intersected(whole)
        came = QRegion(whole).subtracted(stays)
        self._stale = self._stale.translated(dx, dy).united(came).intersected(whole)

    def _scale(self, before: View, view: View) -> None:
        known, whole = self.image, self.image.rect()
        factor = view.scale / before.scale
        seen = QRectF(
            view.origin[0] - before.origin[0] * factor,
            view.origin[1] - before.origin[1] * factor,
            whole.width() * factor,
            whole.height() * factor,
        )
        self._renew(whole)
        painter = QPainter(self.image)
        # Not smoothly: that takes four times as long, and what is seen lasts for a few frames.
        painter.drawImage(seen, known)
        painter.end()
        # The pixels that it covers wholly.
        left, top = math.ceil(seen.left()), math.ceil(seen.top())
        covered = QRect(left, top, math.floor(seen.right()) - left, math.floor(seen.bottom()) - top)
        self._rough = QRegion(covered.intersected(whole))
        self._stale = QRegion(whole).subtracted(self._rough)


def few_rects(region: QRegion) -> list[QRect]:
    """The region's rectangles, or the one around them where that is not much more to paint.

    Old and new ring and the dab between them overlap; cut into strips each would pay for its own set-up.
    """
    rects = [*region]  # type: ignore[misc]  # iterable, but not declared so
    around = region.boundingRect()
    area = sum(rect.width() * rect.height() for rect in rects)
    return [around] if rects and around.width() * around.height() <= (1 + _BETWEEN) * area else rects


def _bands(rect: QRect, pixels: int) -> Iterator[Box]:
    rows = max(1, pixels // max(1, rect.width()))
    for top in range(rect.top(), rect.top() + rect.height(), rows):
        yield Box(rect.x(), top, rect.x() + rect.width(), min(top + rows, rect.y() + rect.height()))


def _rect(box: Box) -> QRect:
    return QRect(box.x0, box.y0, box.width, box.height)
