"""Pictures and masks on to the model's square grid: squashed, whatever their aspect."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

GRID = 256  # side of the model's mask, pixels; the picture's is in the weight file


def picture_to_grid(rgb8: npt.NDArray[np.uint8], side: int) -> npt.NDArray[np.uint8]:
    """A picture (H, W, 3) uint8 → (side, side, 3): area average where it shrinks, linear where it grows."""
    return np.asarray(_squash(rgb8, side), np.uint8)


def mask_to_grid(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """A mask (H, W) 0/1 of any size → (256, 256) 0/1: foreground where at least half of the cell is."""
    return (_squash(mask.astype(np.float32), GRID) >= 0.5).astype(np.uint8)


def _squash(pixels: npt.NDArray[Any], side: int) -> npt.NDArray[Any]:
    shrinks = min(pixels.shape[:2]) >= side
    return cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
