"""What a pixel can be, and what can be said of a whole mask."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

NONE = 0
"""In the override plane: nothing painted here, the base shows. In the final plane: background."""

ERASED = 255
"""In the override plane: erased by the annotator, whatever the base says."""


@dataclass(frozen=True)
class Label:
    """A kind of region. id: 1 to 254, as in the planes; colour: "#rrggbb"; key: its digit on the keyboard."""

    id: int
    name: str
    colour: str
    key: str = ""
    visible: bool = True
    locked: bool = False

    def __post_init__(self) -> None:
        if not NONE < self.id < ERASED:
            raise ValueError(f"A label's number lies between 1 and 254, not at {self.id}.")


DEFAULT_LABELS: tuple[Label, ...] = (Label(1, "Lesion", "#56b4e9", "1"),)
"""Sky blue of the Okabe-Ito palette: told apart by colour-blind eyes, found neither in skin nor in mucosa."""


class Status(StrEnum):
    """How far the work on a picture has come."""

    NEW = "new"
    DRAFTED = "drafted"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NO_LESION = "no_lesion"
    FLAGGED = "flagged"
    APPROVED = "approved"
    REJECTED = "rejected"


UNTOUCHED = (Status.NEW, Status.DRAFTED)
"""Nobody has worked on these: batch drafting may replace what is there, and nothing beyond."""
