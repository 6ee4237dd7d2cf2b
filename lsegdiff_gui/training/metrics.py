"""How near a mask is to the truth: Dice, IoU, HD95, NSD, presence."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]

REFERENCE_SIDE = 512  # surface distances are in pixels of a picture whose short side is this


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


def surface_distances(mask: Mask, truth: Mask) -> npt.NDArray[np.float64]:
    """Distances in pixels from each edge pixel of one mask to the nearest of the other, both ways, in one array.

    Masks (H, W) 0/1, both with foreground: an empty one has no edge, and ValueError says so.
    """
    if not mask.any() or not truth.any():
        raise ValueError("An empty mask has no edge to measure from.")
    edges = _edges(mask), _edges(truth)
    parts = []
    for edge, other in (edges, edges[::-1]):
        away = cv2.distanceTransform((~other).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        parts.append(away[edge].astype(np.float64))
    return np.concatenate(parts)


def hd95_and_nsd(mask: Mask, truth: Mask, *, tolerance: float = 2.0) -> tuple[float, float]:
    """The 95th percentile of the surface distances, and the share of them within `tolerance`.

    Both in pixels of a picture whose short side is 512. Where both masks are empty: (0, 1); where one is: HD95 is
    the picture's diagonal and NSD is 0.
    """
    if not mask.any() and not truth.any():
        return 0.0, 1.0
    scale = REFERENCE_SIDE / min(mask.shape)
    if not mask.any() or not truth.any():
        return math.hypot(*mask.shape) * scale, 0.0
    distances = surface_distances(mask, truth) * scale
    return float(np.percentile(distances, 95)), float(np.mean(distances <= tolerance))


def bootstrap_interval(
    values: npt.NDArray[np.float64], *, resamples: int = 10_000, seed: int = 0
) -> tuple[float, float]:
    """The 95 % percentile-bootstrap interval of the mean of values (N,)."""
    rng = np.random.default_rng(seed)
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(resamples)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
