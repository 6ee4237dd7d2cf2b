"""The picture a training run leaves of itself: photographs with the true outline and the one it found."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from torch import Tensor

COLUMNS, ROWS, SIDE = 6, 2, 192
TRUTH, FOUND = (255, 255, 255), (0, 200, 255)


def contact_sheet(pictures: Tensor, probabilities: Tensor, masks: Tensor) -> npt.NDArray[np.uint8]:
    """Pictures (B, 3, S, S) in [−1, 1], probabilities and masks (B, 1, S, S) → one RGB picture, up to 12 cells."""
    sheet = np.zeros((ROWS * SIDE, COLUMNS * SIDE, 3), np.uint8)
    for i in range(min(COLUMNS * ROWS, len(pictures))):
        cell = ((pictures[i].permute(1, 2, 0).numpy() + 1.0) * 127.5).clip(0, 255).astype(np.uint8)
        cell = np.ascontiguousarray(cv2.resize(cell, (SIDE, SIDE), interpolation=cv2.INTER_AREA))
        for plane, colour in ((masks[i, 0], TRUTH), (probabilities[i, 0], FOUND)):
            small = cv2.resize(plane.float().numpy(), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
            outline, _ = cv2.findContours(
                (small > 0.5).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE
            )
            cv2.drawContours(cell, outline, -1, colour, 1)
        y, x = divmod(i, COLUMNS)
        sheet[y * SIDE : (y + 1) * SIDE, x * SIDE : (x + 1) * SIDE] = cell
    return sheet
