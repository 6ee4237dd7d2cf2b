"""A mask on its way out of the program: its pixels when they are asked for, what they mean, where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import Label, Labels, ordered

LESION = Label(1, "lesion", "#56b4e9")
"""The only label of masks that nobody has sorted."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the numbers in a label mask stand for, and which pixels of a label are one instance."""

    labels: Labels = (LESION,)
    partition: Partition = field(default_factory=Partition)

    @classmethod
    def of(cls, labels: Iterable[Label], partition: Partition) -> Meaning:
        """Of a document: its labels by number."""
        return cls(ordered(labels), partition)


def _no_draft() -> Draft | None:
    return None


@dataclass(frozen=True, slots=True)
class ExportItem:
    """A picture whose mask is to be written.

    path: the picture's file. width, height: its upright size, which the mask must have; 0 where nobody has
        read the picture yet and `mask` will.
    mask: makes the label mask, (H, W) uint8, 0 background; called once, and not before its turn, so that
        thousands of pictures do not lie in memory together. It may raise LSegDiffError.
    attributes: the mask's origin as plain JSON values, read after `mask` has returned.
    meaning: what the mask's numbers stand for, called after `mask` has returned.
    draft: what the model had proposed, None if nothing; called after `mask` has returned, where it is needed.
    """

    path: Path
    width: int
    height: int
    mask: Callable[[], npt.NDArray[np.uint8]]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    meaning: Callable[[], Meaning] = Meaning
    draft: Callable[[], Draft | None] = _no_draft
