"""Where the picture lies on the screen: pure mathematics between picture pixels and screen pixels.

Three systems of coordinates meet here. *Picture* coordinates count picture pixels, pixel (i, j) covering
[i, i + 1) × [j, j + 1). *Device* coordinates count the screen's own pixels. *Widget* coordinates are Qt's
logical pixels: device pixels divided by the device pixel ratio, whole or not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.geometry import Box

# Beyond 64 screen pixels a picture pixel nothing more is to be seen.
MAX_SCALE = 64.0
# Room around a fitted picture, in widget pixels.
FIT_MARGIN = 12
# From here on pixels are shown as squares, and from GRID_SCALE on with lines between them.
NEAREST_SCALE = 2.0
GRID_SCALE = 16.0


@dataclass(frozen=True)
class View:
    """A picture seen through a viewport.

    picture_width, picture_height: pixels of the picture.
    width, height: the viewport in widget pixels; ratio: device pixels to a widget pixel.
    scale: device pixels to a picture pixel, so that 1.0 ("100 %") is one to one on every screen.
    centre_x, centre_y: the picture point in the middle of the viewport.
    fitted: the picture was fitted and not zoomed since, so that a new viewport fits it again.
    """

    picture_width: int
    picture_height: int
    width: int
    height: int
    ratio: float = 1.0
    scale: float = 1.0
    centre_x: float = 0.0
    centre_y: float = 0.0
    fitted: bool = False

    @classmethod
    def fit(
        cls, picture_width: int, picture_height: int, width: int, height: int, ratio: float = 1.0
    ) -> View:
        """The whole picture as large as the viewport allows."""
        view = cls(picture_width, picture_height, width, height, ratio)
        return replace(
            view,
            scale=view.fit_scale,
            centre_x=picture_width / 2,
            centre_y=picture_height / 2,
            fitted=True,
        )

    # Sizes

    @property
    def device_width(self) -> int:
        """Columns of device pixels that the viewport touches."""
        return math.ceil(self.width * self.ratio)

    @property
    def device_height(self) -> int:
        """Rows of device pixels that the viewport touches."""
        return math.ceil(self.height * self.ratio)

    @property
    def fit_scale(self) -> float:
        """The scale at which the whole picture is seen."""
        margin = 2 * FIT_MARGIN * self.ratio
        # A viewport smaller than its margins still gets a picture of some size.
        horizontal = max(self.device_width - margin, 1.0) / self.picture_width
        vertical = max(self.device_height - margin, 1.0) / self.picture_height
        return min(horizontal, vertical, MAX_SCALE)

    @property
    def min_scale(self) -> float:
        """The smallest scale that `zoomed` gives: half of what fits, or of 100 % for small pictures."""
        return min(self.fit_scale, 1.0) / 2

    @cached_property
    def origin(self) -> tuple[int, int]:
        """The device point of the picture's top left corner: whole, so that 100 % shows the pixels unblended."""
        return (
            round(self.device_width / 2 - self.centre_x * self.scale),
            round(self.device_height / 2 - self.centre_y * self.scale),
        )

    # From one system to another

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Widget point → picture point."""
        origin_x, origin_y = self.origin
        return (x * self.ratio - origin_x) / self.scale, (y * self.ratio - origin_y) / self.scale

    def to_widget(self, x: float, y: float) -> tuple[float, float]:
        """Picture point → widget point."""
        origin_x, origin_y = self.origin
        return (x * self.scale + origin_x) / self.ratio, (y * self.scale + origin_y) / self.ratio

    def device_box(self, box: Box) -> Box:
        """The device pixels in the viewport that show a box of picture pixels."""
        if box.is_empty:
            return Box.empty()
        origin_x, origin_y = self.origin
        return Box(
            math.floor(origin_x + box.x0 * self.scale),
            math.floor(origin_y + box.y0 * self.scale),
            math.ceil(origin_x + box.x1 * self.scale),
            math.ceil(origin_y + box.y1 * self.scale),
        ).clip(self.device_width, self.device_height)

    def widget_box(self, device: Box) -> Box:
        """The widget pixels that touch a box of device pixels."""
        if device.is_empty:
            return Box.empty()
        return Box(
            math.floor(device.x0 / self.ratio),
            math.floor(device.y0 / self.ratio),
            math.ceil(device.x1 / self.ratio),
            math.ceil(device.y1 / self.ratio),
        )

    def device_box_of_widget(self, widget: Box) -> Box:
        """The device pixels in the viewport that touch a box of widget pixels."""
        if widget.is_empty:
            return Box.empty()
        return Box(
            math.floor(widget.x0 * self.ratio),
            math.floor(widget.y0 * self.ratio),
            math.ceil(widget.x1 * self.ratio),
            math.ceil(widget.y1 * self.ratio),
        ).clip(self.device_width, self.device_height)

    @cached_property
    def laid(self) -> Box:
        """The device pixels that show the picture, in the viewport and beyond: their centres lie in it.

        A side that is thinner than a device pixel takes one all the same.
        """
        origin_x, origin_y = self.origin
        columns = max(1, math.ceil(self.picture_width * self.scale - 0.5))
        rows = max(1, math.ceil(self.picture_height * self.scale - 0.5))
        return Box(origin_x, origin_y, origin_x + columns, origin_y + rows)

    @cached_property
    def shown(self) -> Box:
        """The device pixels in the viewport that show the picture."""
        return self.laid.clip(self.device_width, self.device_height)

    @property
    def seen(self) -> Box:
        """The picture pixels of which a part lies in the viewport."""
        left, top = self.to_picture(0, 0)
        right, bottom = self.to_picture(self.width, self.height)
        return Box(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)).clip(
            self.picture_width, self.picture_height
        )

    def columns(self, x0: int, x1: int, width: int) -> npt.NDArray[np.intp]:
        """The nearest column of an image `width` wide, laid over the whole picture, for device columns x0 … x1-1."""
        return _nearest(x0, x1, self.origin[0], self.scale * self.picture_width / width, width)

    def rows(self, y0: int, y1: int, height: int) -> npt.NDArray[np.intp]:
        """The nearest row of an image `height` high, laid over the whole picture, for device rows y0 … y1-1."""
        return _nearest(y0, y1, self.origin[1], self.scale * self.picture_height / height, height)

    # Other views

    def zoomed(self, scale: float, at: tuple[float, float] | None = None) -> View:
        """Another scale with the picture point under the widget point `at` staying there; at: default the middle."""
        scale = min(max(scale, self.min_scale), MAX_SCALE)
        if at is None:
            return replace(self, scale=scale, fitted=False)._within_reach()
        x, y = self.to_picture(*at)
        away_x = at[0] * self.ratio - self.device_width / 2
        away_y = at[1] * self.ratio - self.device_height / 2
        return replace(
            self, scale=scale, centre_x=x - away_x / scale, centre_y=y - away_y / scale, fitted=False
        )._within_reach()

    def panned(self, dx: float, dy: float) -> View:
        """The picture moved right by dx and down by dy widget pixels."""
        step = self.ratio / self.scale
        return replace(
            self, centre_x=self.centre_x - dx * step, centre_y=self.centre_y - dy * step, fitted=False
        )._within_reach()

    def resized(self, width: int, height: int, ratio: float) -> View:
        """Another viewport: a fitted picture is fitted again, else the middle and the size in the eye stay."""
        if self.fitted:
            return View.fit(self.picture_width, self.picture_height, width, height, ratio)
        scale = min(self.scale * ratio / self.ratio, MAX_SCALE)
        return replace(self, width=width, height=height, ratio=ratio, scale=scale)

    def revealing(self, x: float, y: float, margin: float) -> View:
        """The view, moved no further than needed, for the picture point to lie `margin` widget pixels inside."""
        at_x, at_y = self.to_widget(x, y)
        dx = _into(at_x, margin, self.width - margin)
        dy = _into(at_y, margin, self.height - margin)
        return self if dx == dy == 0 else self.panned(dx, dy)

    def _within_reach(self) -> View:
        """The middle of the viewport stays on the picture, so that the picture is never lost from sight."""
        return replace(
            self,
            centre_x=min(max(self.centre_x, 0.0), float(self.picture_width)),
            centre_y=min(max(self.centre_y, 0.0), float(self.picture_height)),
        )


def _nearest(start: int, stop: int, origin: int, scale: float, size: int) -> npt.NDArray[np.intp]:
    """The image pixel under the centre of each device pixel, clipped to the image."""
    exact = (np.arange(start, stop) + (0.5 - origin)) / scale
    positions: npt.NDArray[np.intp] = np.floor(exact).astype(np.intp)
    np.maximum(positions, 0, out=positions)
    np.minimum(positions, size - 1, out=positions)
    return positions


def _into(value: float, low: float, high: float) -> float:
    """How far `value` has to move to lie between `low` and `high`."""
    if high < low:
        return (low + high) / 2 - value
    return max(low - value, 0.0) + min(high - value, 0.0)
