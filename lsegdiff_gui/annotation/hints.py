"""What an annotator tells the model about a picture: clicks and strokes that belong to the lesion or do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import cv2
import numpy as np

from lsegdiff_gui.annotation.hint_planes import (
    BELONGS,
    CLICK_RADIUS,
    DOES_NOT,
    PREVIOUS,
    U8,
    draw_line,
    no_planes,
)

ANSWER_STEPS, ANSWER_SAMPLES = 2, 2
"""How a hint is answered, so that the answer is there before the hand has moved on."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Hint:
    """A click or a stroke. points: x, y in picture pixels, one of a click; radius: of a stroke, picture pixels."""

    points: tuple[Point, ...]
    belongs: bool
    radius: float = 0.0

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("A hint has at least one point.")

    @property
    def is_click(self) -> bool:
        """Whether it is a point, and not drawn."""
        return len(self.points) == 1

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for JSON and exports."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Hint:
        """The inverse of `to_dict`. Raises KeyError, TypeError or ValueError on anything else."""
        points = tuple((float(x), float(y)) for x, y in values["points"])
        return cls(points, bool(values["belongs"]), float(values.get("radius", 0.0)))

    def draw(self, plane: U8, width: int, height: int) -> None:
        """Set it in a plane of any size that stands for a picture of (width, height)."""
        down, across = plane.shape[0] / height, plane.shape[1] / width
        on_grid = [((x + 0.5) * across - 0.5, (y + 0.5) * down - 0.5) for x, y in self.points]
        draw_line(plane, on_grid, max(1.0, self.radius * min(down, across)) if self.radius else CLICK_RADIUS)


@dataclass(frozen=True, eq=False)
class Told:
    """All that the model is told of a picture, on its grid.

    hints: in the order in which they were given. planes: (3, G, G) uint8 0/1, belongs, does not, and the mask that is
    corrected. before: (G, G) uint8, the probability that this mask came from: what nobody spoke of stays as it was
    there; None where all is to be found anew. near: (G, G) uint8 0/1, where something new was said.
    """

    hints: tuple[Hint, ...]
    planes: U8
    before: U8 | None = None
    near: U8 | None = None


def told_by_hints(hints: Sequence[Hint], size: tuple[int, int], before: U8, *, newest: int = 1) -> Told:
    """What clicks and strokes say of a picture (width, height) whose mask comes from a probability (G, G).

    newest: how many of the last hints are new.
    """
    side = before.shape[0]
    planes = _drawn(hints, size, side)
    planes[PREVIOUS] = before >= 128
    near = _drawn(hints[-newest:], size, side) if newest else no_planes(side)
    return Told(tuple(hints), planes, before, near[BELONGS] | near[DOES_NOT])


def told_by_work(painted: U8, erased: U8, mask: U8, side: int) -> Told:
    """What painting says: pixels (H, W) 0/1 that were painted, erased, and the mask as it is; each at any size."""
    planes = no_planes(side)
    for index, plane in ((BELONGS, painted), (DOES_NOT, erased), (PREVIOUS, mask)):
        planes[index] = shrunk(plane, side)
    return Told((), planes)


def shrunk(plane: U8, side: int) -> U8:
    """A plane (H, W) 0/1 on the grid (side, side): set where at least half of a cell is."""
    cells = cv2.resize(plane.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
    return (cells >= 0.5).astype(np.uint8)


def _drawn(hints: Iterable[Hint], size: tuple[int, int], side: int) -> U8:
    """Planes (3, side, side) of the hints; of two that disagree the later one holds."""
    planes = no_planes(side)
    for hint in hints:
        drawn = np.zeros((side, side), np.uint8)
        hint.draw(drawn, *size)
        planes[BELONGS if hint.belongs else DOES_NOT] |= drawn
        planes[DOES_NOT if hint.belongs else BELONGS] &= 1 - drawn
    return planes
