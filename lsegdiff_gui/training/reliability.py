"""Does the model know when it is wrong? Ranking of its errors, and how far its probabilities are to be believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.ranks import ranks
from lsegdiff_gui.training.metrics import RESAMPLES

Mask = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]
Probability = npt.NDArray[np.floating]

BINS = 15
_AT_ONCE = 2_000  # resamples held at a time
BAND = 8  # pixels of the model's grid on either side of the true edge


def aurc(doubt: Values, risk: Values) -> float:
    """The area under the risk-coverage curve: the mean, over k, of the mean risk of the k least doubtful pictures.

    doubt, risk: (N,), N ≥ 1. Pictures of equal doubt count with their mean risk: no order of theirs is luckier.
    """
    order = np.argsort(doubt, kind="stable")
    _, first, counts = np.unique(doubt[order], return_index=True, return_counts=True)
    fair = np.repeat(np.add.reduceat(risk[order], first) / counts, counts)
    return float(np.mean(np.cumsum(fair) / np.arange(1, len(fair) + 1)))


def excess_aurc(doubt: Values, risk: Values) -> float:
    """How much larger the area is than that of the ideal doubt, which is the risk itself: 0 is perfect."""
    return aurc(doubt, risk) - aurc(risk, risk)


def bootstrap_excess(
    doubts: Sequence[Values], risk: Values, *, resamples: int = RESAMPLES, seed: int = 0
) -> list[Values]:
    """The excess AURC of each doubt, (resamples,), over the same resamples of the pictures (N,).

    Among pictures of equal doubt a resample keeps the order they came in.
    """
    rng = np.random.default_rng(seed)
    excesses: list[list[Values]] = [[] for _ in doubts]
    for done in range(0, resamples, _AT_ONCE):
        drawn = rng.integers(0, len(risk), (min(_AT_ONCE, resamples - done), len(risk)))
        ideal = _areas(risk, risk, drawn)
        for found, doubt in zip(excesses, doubts, strict=True):
            found.append(_areas(doubt, risk, drawn) - ideal)
    return [np.concatenate(found) for found in excesses]


def _areas(doubt: Values, risk: Values, drawn: npt.NDArray[np.int64]) -> Values:
    """The area under the curve of each row of drawn pictures (R, N)."""
    order = np.argsort(doubt, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    means = np.cumsum(risk[order][np.sort(place[drawn], axis=1)], axis=1) / np.arange(1, len(risk) + 1)
    areas: Values = means.mean(axis=1)
    return areas


def auroc(scores: Values, positive: npt.NDArray[np.bool_]) -> float | None:
    """The chance that a positive scores above a negative, ties counting half; None without one of each."""
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return None
    wins = ranks(scores)[positive].sum() - positives * (positives + 1) / 2.0
    return float(wins / (positives * negatives))


def entropy_where_seen(probability: Probability) -> float:
    """The mean binary entropy, in bits, of a probability map (G, G) where it says yes (≥ .5).

    Over the whole map where it says yes nowhere: the yardstick for the spread score, of one pass of the twin.
    """
    p = np.clip(probability.astype(np.float64), 1e-7, 1.0 - 1e-7)
    bits = -(p * np.log2(p) + (1.0 - p) * np.log2(1.0 - p))
    seen = probability >= 0.5
    return float(bits[seen].mean() if seen.any() else bits.mean())


def edge_band(truth: Mask, width: int = BAND) -> npt.NDArray[np.bool_]:
    """The pixels of a mask (G, G) 0/1 within `width` of its edge, on either side: none where there is no edge.

    The edge runs between foreground and background; the picture's border is none.
    """
    if not truth.any() or truth.all():
        return np.zeros(truth.shape, np.bool_)
    inside = cv2.distanceTransform(truth, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    outside = cv2.distanceTransform(1 - truth, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    band: npt.NDArray[np.bool_] = np.maximum(inside, outside) <= width
    return band


def brier(probability: Probability, truth: Mask) -> float:
    """The mean squared difference of a probability map and the truth (G, G) 0/1."""
    return float(np.mean((probability.astype(np.float64) - truth) ** 2))


@dataclass
class Reliability:
    """Pixels sorted into equal bins of their probability, over as many pictures as are added.

    counts: (15,) pixels; probabilities, positives: (15,) sums over them of the probability and of the truth.
    """

    counts: Values = field(default_factory=lambda: np.zeros(BINS))
    probabilities: Values = field(default_factory=lambda: np.zeros(BINS))
    positives: Values = field(default_factory=lambda: np.zeros(BINS))

    def add(self, probability: Probability, truth: npt.NDArray[np.integer]) -> None:
        """Count pixels in: probability in [0, 1] and truth 0/1, of one shape."""
        p = probability.astype(np.float64).ravel()
        # The grain keeps a draft's levels, k / 255, on the right side of the bins' edges, multiples of 17 / 255.
        which = np.minimum((p * BINS + 1e-9).astype(np.intp), BINS - 1)
        self.counts += np.bincount(which, minlength=BINS)
        self.probabilities += np.bincount(which, p, minlength=BINS)
        self.positives += np.bincount(which, truth.ravel(), minlength=BINS)

    def error(self) -> float | None:
        """The expected calibration error: the bins' gaps of probability and truth, weighted by their pixels."""
        total = self.counts.sum()
        return float(np.abs(self.probabilities - self.positives).sum() / total) if total else None

    def said_and_true(self) -> tuple[Values, Values]:
        """Of the bins with pixels: the mean probability and the share of foreground."""
        used = self.counts > 0
        return self.probabilities[used] / self.counts[used], self.positives[used] / self.counts[used]

    def to_dict(self) -> dict[str, list[float]]:
        """Plain lists for JSON: per bin the pixels, and their sums of probability and of truth."""
        return {
            "counts": self.counts.tolist(),
            "probabilities": self.probabilities.tolist(),
            "positives": self.positives.tolist(),
        }
