"""The picture as it is seen: one image as large as the viewport, made again only when the view changes.

Strokes and drafting steps repaint parts of the canvas hundreds of times over the same view; they copy from this
image. No copy of the whole picture in a screen format exists, so a picture costs its own RGB and its pyramid.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.look import DisplayLevels, PictureLook, with_local_contrast
from lsegdiff_gui.ui.canvas.view import NEAREST_SCALE, View
from lsegdiff_gui.ui.canvas.viewport import Viewport

U8 = npt.NDArray[np.uint8]

# Around the picture: neutral, so that it tints neither skin nor mucosa, and dark in both themes.
BACKGROUND = (0x1E, 0x1F, 0x21)
# Of pixels of Format_RGB32, four bytes each.
_OPAQUE = np.uint32(0xFF << 24)
_BACKGROUND_WORD = np.uint32(0xFF << 24 | BACKGROUND[0] << 16 | BACKGROUND[1] << 8 | BACKGROUND[2])


class PictureLayer:
    """Renders the visible part of a picture at the screen's resolution."""

    def __init__(self, levels: Sequence[U8], size: tuple[int, int] | None = None) -> None:
        """levels: (H, W, 3) uint8 RGB, the picture first and then each about half of the one before.

        size: columns and rows of the picture, where even the first level is smaller than it.
        """
        self._levels = levels
        self._size = size or (int(levels[0].shape[1]), int(levels[0].shape[0]))
        self._look = PictureLook()
        self._prepared = DisplayLevels()
        self._tones: U8 | None = None
        self._viewport = Viewport()

    def dress(self, look: PictureLook, prepared: DisplayLevels) -> None:
        """Show the picture like this from now on; what is not prepared (yet) of the look is left out."""
        if prepared.native is None:
            look = replace(look, window=None)
        if prepared.local is None:
            look = replace(look, local_contrast=0)
        if (look, prepared) != (self._look, self._prepared):
            self._look, self._prepared = look, prepared
            tones = replace(look, window=None, local_contrast=0)
            self._tones = None if tones.is_plain else tones.table()
            self._viewport.forget()

    @property
    def width(self) -> int:
        """Columns of the picture."""
        return self._size[0]

    @property
    def height(self) -> int:
        """Rows of the picture."""
        return self._size[1]

    def image(self, view: View, within: Box | None = None) -> QImage:
        """The viewport in device pixels, Format_RGB32: the picture on the background. Valid until the next call.

        within: only these device pixels are looked at.
        """
        self._viewport.follow(view)
        for box in self._viewport.take_stale(within):
            self._render(view, box)
        return self._viewport.image

    def _render(self, view: View, box: Box) -> None:
        pixels = self._viewport.pixels
        shown = view.shown.intersect(box)
        if shown != box:
            pixels.view(np.uint32)[box.slices] = _BACKGROUND_WORD
        if shown.is_empty:
            return
        place = pixels[shown.slices]
        place[:] = self._squares(view, shown) if view.scale >= NEAREST_SCALE else self._smooth(view, shown)

    def _squares(self, view: View, shown: Box) -> U8:
        """Nearest neighbour, in Qt's channel order; the few pixels in sight are coloured before they grow."""
        height, width = self._levels[0].shape[:2]
        columns = view.columns(shown.x0, shown.x1, width)
        rows = view.rows(shown.y0, shown.y1, height)
        x0, y0 = int(columns[0]), int(rows[0])
        near = self._near(0, Box(x0, y0, int(columns[-1]) + 1, int(rows[-1]) + 1))
        whole = self._coloured(near).view(np.uint32)[..., 0]
        grown = whole.take(columns - x0, axis=1).take(rows - y0, axis=0)
        return grown[..., np.newaxis].view(np.uint8)

    def _smooth(self, view: View, shown: Box) -> U8:
        """Bilinear from the smallest level that still has a pixel for each of the screen's."""
        index = self._level_for(view.scale)
        height, width = self._levels[index].shape[:2]
        step_x = width / (self.width * view.scale)
        step_y = height / (self.height * view.scale)
        origin_x, origin_y = view.origin
        # The level point under the centre of the first device pixel, in cv2's convention of whole pixel centres.
        start_x = (shown.x0 + 0.5 - origin_x) * step_x - 0.5
        start_y = (shown.y0 + 0.5 - origin_y) * step_y - 0.5
        if step_x == step_y == 1.0:
            left, top = shown.x0 - origin_x, shown.y0 - origin_y
            return self._coloured(self._near(index, Box(left, top, left + shown.width, top + shown.height)))
        x0 = min(max(math.floor(start_x) - 1, 0), width - 1)
        y0 = min(max(math.floor(start_y) - 1, 0), height - 1)
        x1 = min(math.ceil(start_x + shown.width * step_x) + 2, width)
        y1 = min(math.ceil(start_y + shown.height * step_y) + 2, height)
        scaled = cv2.warpAffine(
            self._near(index, Box(x0, y0, x1, y1)),
            np.array([[step_x, 0.0, start_x - x0], [0.0, step_y, start_y - y0]]),
            (shown.width, shown.height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return self._coloured(np.asarray(scaled, np.uint8))

    def _near(self, index: int, box: Box) -> U8:
        """A box of a level as BGRA. Its alpha carries the raised lightness where the look wants it, else 255.

        Four channels are scaled a third faster than three, and the lightness rides along for nothing.
        """
        part: U8 = self._levels[index][box.slices]
        if self._look.window is not None and self._prepared.native is not None:
            part = self._look.window.shown(np.ascontiguousarray(self._prepared.native[index][box.slices]))
        to_bgra = cv2.COLOR_GRAY2BGRA if part.ndim == 2 else cv2.COLOR_RGB2BGRA
        near = np.asarray(cv2.cvtColor(part, to_bgra), np.uint8)
        if self._look.local_contrast and self._prepared.local is not None:
            cv2.insertChannel(np.ascontiguousarray(self._prepared.local[index][box.slices]), near, 3)
        return near

    def _coloured(self, bgra: U8) -> U8:
        if self._look.local_contrast:
            local = np.asarray(cv2.extractChannel(bgra, 3), np.uint8)
            bgra = with_local_contrast(bgra, local, self._look.local_contrast / 100)
        if self._tones is not None:
            bgra = np.asarray(cv2.LUT(bgra, self._tones), np.uint8)
            bgra.view(np.uint32)[:] |= _OPAQUE
        return bgra

    def _level_for(self, scale: float) -> int:
        scale *= self.width / self._levels[0].shape[1]
        if scale >= 1.0:
            return 0
        return min(math.floor(math.log2(1 / scale)), len(self._levels) - 1)
