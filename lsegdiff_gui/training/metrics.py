"""How near a mask is to the truth: Dice, IoU, HD95, NSD, presence."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]

REFERENCE_SIDE = 512  # surface distances are in pixels of a picture whose short side is this
RESAMPLES = 10_000
_DRAWN_AT_ONCE = 2_000_000  # values a bootstrap holds at a time: 16 MB


def dice(mask: Mask, truth: Mask) -> float:
    """Dice of two masks (H, W) 0/1: 1 where both are empty, 0 where one is."""
    total = int(mask.sum(dtype=np.int64)) + int(truth.sum(dtype=np.int64))
    return 1.0 if total == 0 else 2.0 * int(np.count_nonzero(mask & truth)) / total


def iou(mask: Mask, truth: Mask) -> float:
    """Intersection over union of two masks (H, W) 0/1: 1 where both are empty."""
    union = int(np.count_nonzero(mask | truth))
    return 1.0 if union == 0 else int(np.count_nonzero(mask & truth)) / union


def _edges(mask: Mask) -> npt.NDArray[np.bool_]:
    """Foreground pixels with a background neighbour of their 4, the picture's outside counting as background."""
    padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    inside = cv2.erode(padded, cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)))[1:-1, 1:-1]
    edges: npt.NDArray[np.bool_] = (mask > 0) & (inside == 0)
    return edges


def surface_distances(mask: Mask, truth: Mask) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Distances in pixels from each edge pixel of the mask to the truth's nearest one, and the other way round.

    Masks (H, W) 0/1, both with foreground: an empty one has no edge, and ValueError says so.
    """
    if not mask.any() or not truth.any():
        raise ValueError("An empty mask has no edge to measure from.")
    edges = _edges(mask), _edges(truth)
    there, back = (
        cv2.distanceTransform((~other).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)[edge]
        for edge, other in (edges, edges[::-1])
    )
    return there.astype(np.float64), back.astype(np.float64)


def hd95_and_nsd(mask: Mask, truth: Mask, *, tolerance: float = 2.0) -> tuple[float, float]:
    """The larger of both ways' 95th percentile of the surface distances, and the share of all within `tolerance`.

    Both in pixels of a picture whose short side is 512. Where both masks are empty: (0, 1); where one is: HD95 is
    the picture's diagonal and NSD is 0. With foreground in both, MONAI's HausdorffDistance(percentile=95) and
    SurfaceDice, spaced by 512 over the short side, give the same.
    """
    if not mask.any() and not truth.any():
        return 0.0, 1.0
    scale = REFERENCE_SIDE / min(mask.shape)
    if not mask.any() or not truth.any():
        return math.hypot(*mask.shape) * scale, 0.0
    there, back = (distances * scale for distances in surface_distances(mask, truth))
    hd95 = max(np.percentile(there, 95), np.percentile(back, 95))
    return float(hd95), float(np.mean(np.concatenate([there, back]) <= tolerance))


def bootstrap_means(
    values: npt.NDArray[np.float64], *, resamples: int = RESAMPLES, seed: int = 0
) -> npt.NDArray[np.float64]:
    """Means (resamples,) of values (N,) drawn anew with replacement. Raises ValueError where there are none."""
    if not len(values):
        raise ValueError("There is nothing to draw from.")
    rng = np.random.default_rng(seed)
    at_once = max(1, _DRAWN_AT_ONCE // len(values))
    return np.concatenate(
        [
            values[rng.integers(0, len(values), (min(at_once, resamples - done), len(values)))].mean(axis=1)
            for done in range(0, resamples, at_once)
        ]
    )


def bootstrap_interval(
    values: npt.NDArray[np.float64], *, resamples: int = RESAMPLES, seed: int = 0
) -> tuple[float, float]:
    """The 95 % percentile-bootstrap interval of the mean of values (N,), N ≥ 1."""
    low, high = np.percentile(bootstrap_means(values, resamples=resamples, seed=seed), [2.5, 97.5])
    return float(low), float(high)
