"""How what an annotator points at, draws or paints is put on the model's grid: planes of zeros and ones."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
Point = tuple[float, float]

BELONGS: Final = 0
DOES_NOT: Final = 1
PREVIOUS: Final = 2  # the mask that is corrected
PLANES: Final = 3
CLICK_RADIUS: Final = 5  # of a click's disc, pixels of the model's grid
_FINER = 4  # bits of a pixel that OpenCV is told of


def no_planes(side: int) -> U8:
    """(3, side, side) of zeros: nothing is said."""
    return np.zeros((PLANES, side, side), np.uint8)


def draw_disc(plane: U8, centre: Point, radius: float = CLICK_RADIUS) -> None:
    """Set a disc in a plane (H, W); centre: x, y in its pixels, the first pixel's middle at 0, 0."""
    draw_line(plane, [centre], radius)


def draw_line(plane: U8, points: list[Point], radius: float) -> None:
    """Set a round stroke through points x, y in a plane (H, W); one point is a disc. Raises ValueError for none."""
    if not points:
        raise ValueError("A stroke has at least one point.")
    scale = 1 << _FINER
    at = [(round(x * scale), round(y * scale)) for x, y in points]
    for point in (at[0], at[-1]):
        cv2.circle(plane, point, round(radius * scale), 1, cv2.FILLED, cv2.LINE_8, _FINER)
    if len(at) > 1:
        thickness = max(1, round(2 * radius))
        cv2.polylines(plane, [np.array(at, np.int32)], False, 1, thickness, cv2.LINE_8, _FINER)
