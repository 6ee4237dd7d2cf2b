"""How well one figure of many pictures orders them as another does."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


def ranks(values: Values) -> Values:
    """Ranks of values (N,), from 1; equal values share their mean rank."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    shared: Values = (last - (counts - 1) / 2.0)[inverse]
    return shared


def spearman(a: Values, b: Values) -> float | None:
    """Spearman's rank correlation of two figures (N,); None where one of them never changes."""
    first, second = ranks(a), ranks(b)
    if len(a) < 2 or not np.ptp(first) or not np.ptp(second):
        return None
    return float(np.corrcoef(first, second)[0, 1])
