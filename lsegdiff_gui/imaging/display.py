"""Smaller versions of a picture, and of labels over it, for the list and for looking at large pictures from afar."""

from __future__ import annotations

from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

Pixels = TypeVar("Pixels", npt.NDArray[np.uint8], npt.NDArray[np.uint16])

# A window is rarely larger; halving further than this saves nothing.
_SMALLEST_LEVEL = 512


def thumbnail(rgb8: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """Shrink (H, W, 3) RGB until its longer side is at most `side` pixels; a smaller picture is returned."""
    height, width = rgb8.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return rgb8
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(rgb8, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def pyramid(pixels: Pixels) -> list[Pixels]:
    """Halve (H, W, 3) RGB or (H, W) by area again and again, until the longer side is at most 512 pixels.

    Level 0 is the picture itself; level n has ceil(W / 2**n) by ceil(H / 2**n) pixels.
    """
    levels = [pixels]
    while max(levels[-1].shape[:2]) > _SMALLEST_LEVEL:
        height, width = levels[-1].shape[:2]
        size = ((width + 1) // 2, (height + 1) // 2)
        smaller = cv2.resize(levels[-1], size, interpolation=cv2.INTER_AREA)
        levels.append(np.asarray(smaller, dtype=pixels.dtype))
    return levels


def highest_of_four(labels: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Halve (H, W) labels, keeping the highest of every 2 × 2 pixels; an odd last row or column counts alone."""
    height, width = labels.shape
    if height % 2 or width % 2:
        labels = np.pad(labels, ((0, height % 2), (0, width % 2)), mode="edge")
    # Rows first: whole rows are compared at memory speed, the strided columns then cost half.
    tall = np.maximum(labels[0::2], labels[1::2])
    return np.maximum(tall[:, 0::2], tall[:, 1::2])
