"""Skin or polyp? A guess from the colours of a picture, so that the question comes with the likely answer."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

DOMAINS = ("polyp", "skin")

SIDE = 64
CORNER = 6  # pixels of the small picture
DARK = 0.12  # brightest channel below this is the black around an endoscope's view

# Logistic regression on the colours below, fitted to 800 colonoscopy and 800 dermoscopy pictures of the training
# lists: 98 to 100 % right on the three `select` lists.
_WEIGHTS = np.array([-1.678, 40.486, 14.393, -12.445, -19.031])
_BIAS = -6.109


def _colours(rgb8: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Shares of red and blue, brightness and its deviation in the middle, and how dark the four corners are."""
    small = cv2.resize(rgb8, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float64) / 255.0
    margin = SIDE * 3 // 16
    middle = small[margin:-margin, margin:-margin].reshape(-1, 3)
    total = middle.sum(axis=1) + 1e-3
    dark = small.max(axis=2) < DARK
    near, far = slice(None, CORNER), slice(-CORNER, None)
    corners = np.mean([dark[y, x].mean() for y in (near, far) for x in (near, far)])
    return np.array(
        [
            (middle[:, 0] / total).mean(),
            (middle[:, 2] / total).mean(),
            middle.mean(),
            corners,
            middle.mean(axis=1).std(),
        ]
    )


def guess_domain(rgb8: npt.NDArray[np.uint8]) -> str:
    """Guess "polyp" or "skin" from a picture (H, W, 3) uint8 RGB. A guess: whoever shows it asks."""
    return "skin" if float(_colours(rgb8) @ _WEIGHTS) + _BIAS > 0 else "polyp"
