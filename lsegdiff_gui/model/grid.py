"""Pictures and masks on to the model's square grid: squashed, whatever their aspect."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

GRID = 256  # side of the model's picture and mask, pixels


def picture_to_grid(rgb8: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """A picture (H, W, 3) uint8 of any size → (256, 256, 3): area average where it shrinks, linear where it grows."""
    height, width = rgb8.shape[:2]
    shrinks = height >= GRID and width >= GRID
    resized = cv2.resize(rgb8, (GRID, GRID), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)


def mask_to_grid(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """A mask (H, W) 0/1 of any size → (256, 256) 0/1: foreground where at least half of the cell is."""
    height, width = mask.shape
    shrinks = height >= GRID and width >= GRID
    shares = cv2.resize(
        mask.astype(np.float32), (GRID, GRID), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    )
    return (shares >= 0.5).astype(np.uint8)
