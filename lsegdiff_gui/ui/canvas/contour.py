"""Contours of what is seen, found among the screen's pixels, so that they are as thick at every zoom."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint8]

# The highest bit of a code says "contour"; what lies there is in the other seven.
CONTOUR = 128


def contour_bits(plane: Codes, *, inside: int, outside: int) -> Codes:
    """CONTOUR where another value is near, else 0. plane: (H, W) uint8.

    A pixel is on a contour if a lower value lies within `inside` pixels or a higher one within `outside` of it: of
    two neighbouring areas the higher one carries the inner side. Beyond the plane nothing differs.
    """
    lowest = cv2.erode(plane, _square(inside))
    highest = cv2.dilate(plane, _square(outside)) if outside else plane
    # In place: in a dab every new array of this size counts.
    bits: Codes = np.not_equal(lowest, highest).view(np.uint8)
    bits *= np.uint8(CONTOUR)
    return bits


def _square(radius: int) -> Codes:
    return np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
