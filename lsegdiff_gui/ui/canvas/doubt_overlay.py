"""The spread of the samples over the picture: an even ramp of colour, with contour lines of the probability."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.colouring import Table, blend_table
from lsegdiff_gui.ui.canvas.contour import Codes, contour_bits
from lsegdiff_gui.ui.canvas.preview import enlarged
from lsegdiff_gui.ui.canvas.signs import Legend
from lsegdiff_gui.ui.canvas.view import View

U8 = npt.NDArray[np.uint8]

LEVELS = (0.25, 0.5, 0.75)
"""Of the probability, for the lines."""

_RAMP = 250  # codes of the spread; above them the lines
_LINES = (0xD0FFFFFF, 0xFFFFFFFF, 0xE0000000)
_LEAST_ALPHA = 0.08  # where all agree, and at least so much of the picture is seen at the other end
_MOST_ALPHA = 0.85


@dataclass(frozen=True, eq=False)
class DoubtMap:
    """A draft's spread and probability, (G, G) uint8 over the whole picture."""

    spread: U8
    probability: U8

    def codes(self, view: View, device: Box) -> Codes:
        """Codes of a box of device pixels inside `view.shown`, for `doubt_table`: (device.height, device.width)."""
        margin = max(1, round(view.ratio))
        near = device.padded(margin)
        codes = (enlarged(self.spread, view, near).astype(np.uint16) * (_RAMP - 1) // 255).astype(np.uint8)
        probability = enlarged(self.probability, view, near)
        for index, level in enumerate(LEVELS):
            above = (probability >= 255 * level).view(np.uint8)
            codes[contour_bits(above, inside=margin, outside=0) > 0] = _RAMP + index
        return np.ascontiguousarray(codes[margin : margin + device.height, margin : margin + device.width])


def doubt_table(opacity: float) -> Table:
    """Colours for the codes; opacity in [0, 1] of where the samples differ most."""
    alphas = np.linspace(_LEAST_ALPHA, 1.0, _RAMP) * (opacity * _MOST_ALPHA + (1 - _MOST_ALPHA))
    ramp = [
        round(255 * alpha) << 24 | red << 16 | green << 8 | blue
        for alpha, (red, green, blue) in zip(alphas, _colours(_RAMP), strict=True)
    ]
    return blend_table(ramp + list(_LINES) + [0] * (256 - _RAMP - len(_LINES)))


def _colours(count: int) -> list[tuple[int, int, int]]:
    """Cividis (Nuñez, Anderton and Renslow 2018): even in lightness, the same to every kind of colour vision."""
    steps = np.linspace(0, 255, count).round().astype(np.uint8)[:, None]
    bgr = np.asarray(cv2.applyColorMap(steps, cv2.COLORMAP_CIVIDIS))[:, 0]
    return [(int(red), int(green), int(blue)) for blue, green, red in bgr]


def _hex(share: float) -> str:
    return "#{:02x}{:02x}{:02x}".format(*_colours(101)[round(100 * share)])


DOUBT_LEGEND = Legend(
    (
        (_hex(0.0), "samples agree"),
        (_hex(0.5), "some differ"),
        (_hex(1.0), "half of them differ"),
        ("#ffffff", "25, 50 and 75 % likely"),
    )
)
