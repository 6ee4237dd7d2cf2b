"""A step of the drafting over the picture: the probability as a translucent ramp of colour with its 0.5 contour."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.canvas.contour import CONTOUR, Codes, contour_bits
from lsegdiff_gui.ui.canvas.view import View

Probability = npt.NDArray[np.uint8]

_HALF = 128

# Violet to mint by way of blue: rising lightness carries the order for every eye, and the hues lie far from
# those of skin and mucosa. Stops: probability, red, green, blue, alpha.
_RAMP = (
    (0.00, 68, 40, 140, 0.00),
    (0.06, 68, 40, 140, 0.00),
    (0.25, 70, 70, 190, 0.30),
    (0.50, 40, 130, 205, 0.44),
    (0.75, 50, 185, 205, 0.50),
    (1.00, 150, 240, 215, 0.54),
)


def preview_codes(probability: Probability, view: View, device: Box) -> Codes:
    """Codes of a box of device pixels inside `view.shown`: probability / 2, with CONTOUR where 0.5 is crossed.

    probability: (G, G) uint8 over the whole picture, 255 = certain. Returns (device.height, device.width) uint8.
    """
    return _codes(
        probability, view, device, inside=max(1, round(1.5 * view.ratio)), outside=max(1, round(view.ratio))
    )


def tinted(rgb8: npt.NDArray[np.uint8], probability: Probability) -> npt.NDArray[np.uint8]:
    """A small picture (H, W, 3) uint8 with a step over it, for a film; probability: (G, G) uint8. Returns (H, W, 3)."""
    height, width = rgb8.shape[:2]
    view = View(width, height, width, height, centre_x=width / 2, centre_y=height / 2)
    # The thinnest contour: on a thumbnail the canvas's would be all that is seen.
    codes = _codes(probability, view, Box.whole(width, height), inside=1, outside=0)
    colours = np.array(RAMP_COLOURS, np.uint32)[codes]
    channels = np.stack([colours >> 16 & 255, colours >> 8 & 255, colours & 255], axis=-1).astype(np.float32)
    alpha = (colours >> 24).astype(np.float32)[..., np.newaxis] / 255
    return np.asarray((rgb8 * (1 - alpha) + channels * alpha).round(), np.uint8)


def _codes(probability: Probability, view: View, device: Box, *, inside: int, outside: int) -> Codes:
    margin = max(inside, outside)
    near = enlarged(probability, view, device.padded(margin))
    certain = (near >= _HALF).view(np.uint8)
    codes = near >> 1 | contour_bits(certain, inside=inside, outside=outside)
    return np.ascontiguousarray(codes[margin : margin + device.height, margin : margin + device.width])


def enlarged(probability: Probability, view: View, device: Box) -> Probability:
    """The probability under each device pixel, linear between the grid's cells; the border's value beyond them."""
    rows, columns = probability.shape
    step_x = columns / (view.picture_width * view.scale)
    step_y = rows / (view.picture_height * view.scale)
    origin_x, origin_y = view.origin
    start_x = (device.x0 + 0.5 - origin_x) * step_x - 0.5
    start_y = (device.y0 + 0.5 - origin_y) * step_y - 0.5
    return np.asarray(
        cv2.warpAffine(
            probability,
            np.array([[step_x, 0.0, start_x], [0.0, step_y, start_y]]),
            (device.width, device.height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )


def _ramp_colours() -> list[int]:
    """256 colours 0xAARRGGBB for the codes of `preview_codes`."""
    stops = np.array(_RAMP)
    shares = np.linspace(0, 1, CONTOUR)
    red, green, blue, alpha = (np.interp(shares, stops[:, 0], stops[:, part]) for part in range(1, 5))
    ramp = [
        round(255 * a) << 24 | round(r) << 16 | round(g) << 8 | round(b)
        for r, g, b, a in zip(red, green, blue, alpha, strict=True)
    ]
    dark, light = 0xA0000000, 0xFFFFFFFF
    return ramp + [dark] * (_HALF // 2) + [light] * (CONTOUR - _HALF // 2)


RAMP_COLOURS = _ramp_colours()
