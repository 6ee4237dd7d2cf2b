"""Which pixels an edit may change: those of locked labels stay as they are, painted or from the base."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.labels import Label

U8 = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]


def locked_in(labels: Iterable[Label]) -> frozenset[int]:
    """The numbers of the locked labels."""
    return frozenset(label.id for label in labels if label.locked)


def free_of(inside: Bools, labels: U8, locked: frozenset[int]) -> Bools:
    """The part of `inside` where `labels` is none that is locked. inside, labels: of one shape.

    Neither is written to; without locks `inside` itself comes back.
    """
    for number in locked:
        inside = inside & (labels != number)
    return inside
