"""Edges where the picture has them: a probability of the model's coarse grid, drawn nearer to the picture's lines.

The mask at even odds is filtered with the picture as its guide (He, Sun and Tang 2010, section 3.2, a guide in colour):
within each window it becomes the linear function of the colours that fits it best, and so ends where colours change.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]

FINE: Final = 512
"""Side of the grid on which edges are found; the picture's pixels are reached linearly from there."""

SMOOTHNESS: Final = 1e-3  # of what is fitted, in squares of colours in [0, 1]: less variance is no edge
HALF: Final = 128
_INTO, _OUT_OF = 130, 125  # what a cell gets that changes sides: hardly across


def sharpened(probability: U8, guide: U8, radius: int) -> U8:
    """A probability (G, G) uint8 on the fine grid: (FINE, FINE) uint8, its mask at one half along the picture's edges.

    guide: (FINE, FINE, 3) uint8, the picture squashed. radius: of a window, cells of the fine grid, 1 or more.
    Only cells that change sides are touched, and hardly pass one half: at other thresholds the mask is what it was.
    """
    fine = np.asarray(cv2.resize(probability, (FINE, FINE), interpolation=cv2.INTER_LINEAR), np.uint8)
    mask = (fine >= HALF).astype(np.uint8)
    # A window reaches its radius, and the mean over windows the same again.
    box = Box.of(mask).padded(2 * radius).clip(FINE, FINE)
    if box.is_empty:
        return fine
    found = (
        _guided(mask[box.slices].astype(np.float32), guide[box.slices].astype(np.float32) / 255.0, radius)
        >= 0.5
    )
    before = mask[box.slices] > 0
    inside = fine[box.slices]
    inside[found & ~before] = _INTO
    inside[~found & before] = _OUT_OF
    return fine


def _guided(mask: F32, guide: F32, radius: int) -> F32:
    """The guided filter of a mask (h, w) in {0, 1} by colours (h, w, 3) in [0, 1]: (h, w)."""
    side = 2 * radius + 1

    def mean_of(plane: F32) -> F32:
        """The mean over each window; beyond the rim the plane is mirrored."""
        return np.asarray(cv2.blur(plane, (side, side)), np.float32)

    channels = [np.asarray(channel, np.float32) for channel in cv2.split(guide)]
    means = [mean_of(channel) for channel in channels]
    mean = mean_of(mask)
    with_mask = np.stack(
        [mean_of(channel * mask) - own * mean for channel, own in zip(channels, means, strict=True)]
    )
    rr, rg, rb, gg, gb, bb = (
        mean_of(channels[a] * channels[b]) - means[a] * means[b] + (SMOOTHNESS if a == b else 0.0)
        for a, b in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
    )
    # The inverse of the symmetric matrix of covariances, by its minors.
    minors = np.array(
        [
            [gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb],
            [gb * rb - rg * bb, rr * bb - rb * rb, rg * rb - rr * gb],
            [rg * gb - gg * rb, rg * rb - rr * gb, rr * gg - rg * rg],
        ]
    )
    determinant = rr * minors[0, 0] + rg * minors[0, 1] + rb * minors[0, 2]
    slopes = np.einsum("abhw,bhw->ahw", minors, with_mask) / determinant
    offset = mean - sum(slope * own for slope, own in zip(slopes, means, strict=True))
    fitted: F32 = sum(
        mean_of(slope) * channel for slope, channel in zip(slopes, channels, strict=True)
    ) + mean_of(offset)
    return fitted
