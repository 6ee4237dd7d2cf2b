"""The parameters that turn a draft's probability into the base mask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

Operation = Literal["none", "opening", "closing", "both"]
Shape = Literal["ellipse", "square", "cross"]

OPERATIONS: tuple[Operation, ...] = get_args(Operation)
SHAPES: tuple[Shape, ...] = get_args(Shape)

REFERENCE_SIDE = 512
"""The kernel is given in pixels of a picture whose short side is this: the same number means the same
roundness on every picture."""

LARGEST_KERNEL = 51
"""Also the furthest the mask grows or shrinks, and the widest window of `smooth`."""


@dataclass(frozen=True)
class Recipe:
    """How the base mask is made: parameters, never pixel edits, so that a slider leaves no rings.

    threshold:        in [0, 1]; a pixel is foreground where the probability reaches it (and is not zero).
    operation:        "both" is opening, then closing.
    kernel:           0 (off) or odd, up to 51, in pixels of a picture whose short side is 512.
    shape:            "ellipse" is a disc.
    grow:             −51 to 51, in the same pixels: the mask's edge moves out, or in where negative, by a disc.
    smooth:           0 (off) or odd, up to 51, in the same pixels: a pixel goes with the majority of the square
                      of this side around it.
    fill_holes:       background that does not reach the picture's border becomes foreground.
    smallest_percent: components below this share of the picture's area (in percent) are left out.
    largest_only:     only the largest component stays.
    follow_edges:     the mask of a draft is drawn nearer to the picture's own edges before anything else, see `edges`;
                      of drafts that know none it changes nothing.

    Carried out in this order: threshold, operation, grow, smooth, holes, components.
    Raises ValueError for values outside these ranges.
    """

    threshold: float = 0.5
    operation: Operation = "both"
    kernel: int = 5
    shape: Shape = "ellipse"
    fill_holes: bool = True
    smallest_percent: float = 0.05
    largest_only: bool = False
    grow: int = 0
    smooth: int = 0
    follow_edges: bool = True

    def __post_init__(self) -> None:
        if not 0.0 <= self.threshold <= 1.0:
            raise ValueError(f"The threshold must lie between 0 and 1, not at {self.threshold}.")
        if self.operation not in OPERATIONS:
            raise ValueError(f"The operation must be one of {', '.join(OPERATIONS)}, not {self.operation!r}.")
        if self.shape not in SHAPES:
            raise ValueError(f"The kernel's shape must be one of {', '.join(SHAPES)}, not {self.shape!r}.")
        for name, side in (("kernel", self.kernel), ("window of smooth", self.smooth)):
            if not 0 <= side <= LARGEST_KERNEL or (side and side % 2 == 0):
                raise ValueError(f"The {name} must be 0 or odd and at most {LARGEST_KERNEL}, not {side}.")
        if not -LARGEST_KERNEL <= self.grow <= LARGEST_KERNEL:
            raise ValueError(
                f"The mask must grow by -{LARGEST_KERNEL} to {LARGEST_KERNEL}, not by {self.grow}."
            )
        if not 0.0 <= self.smallest_percent <= 100.0:
            raise ValueError(f"The smallest component must be 0 to 100 percent, not {self.smallest_percent}.")

    def to_dict(self) -> dict[str, Any]:
        """The same parameters as plain values, for JSON, exports and the project."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Recipe:
        """Build from `to_dict`; unknown keys are ignored, missing ones take the default."""
        return cls(**{field.name: values[field.name] for field in fields(cls) if field.name in values})


def kernel_in_pixels(kernel: int, width: int, height: int) -> int:
    """The kernel's side in pixels of a picture of this size: odd, or 0 where it would do nothing."""
    if kernel <= 1:
        return 0
    half = round((kernel * min(width, height) / REFERENCE_SIDE - 1) / 2)
    return 2 * half + 1 if half > 0 else 0


def distance_in_pixels(distance: int, width: int, height: int) -> int:
    """How far `grow` moves the edge in pixels of a picture of this size; the sign stays."""
    return round(distance * min(width, height) / REFERENCE_SIDE)
