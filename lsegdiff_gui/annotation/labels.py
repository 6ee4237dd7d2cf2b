"""What a pixel can be, and what can be said of a whole mask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any

NONE = 0
"""In the override plane: nothing painted here, the base shows. In the final plane: background."""

ERASED = 255
"""In the override plane: erased by the annotator, whatever the base says."""

IGNORE = 254
"""The label of pixels that count neither as lesion nor as background: hair, glare, a ruler, what nobody can tell."""


@dataclass(frozen=True)
class Label:
    """A kind of region.

    id: 1 to 254, as in the planes; colour: "#rrggbb"; key: its digit on the keyboard; locked: no stroke and no
    tool changes which pixels it has.
    """

    id: int
    name: str
    colour: str
    key: str = ""
    visible: bool = True
    locked: bool = False

    def __post_init__(self) -> None:
        if not NONE < self.id < ERASED:
            raise ValueError(f"A label's number lies between 1 and 254, not at {self.id}.")

    def to_dict(self) -> dict[str, Any]:
        """The label as plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Label:
        """Build from `to_dict`; unknown keys are ignored. Raises TypeError where id, name or colour are missing."""
        return cls(**{field.name: values[field.name] for field in fields(cls) if field.name in values})


Labels = tuple[Label, ...]

DEFAULT_LABELS: Labels = (
    # Sky blue of the Okabe-Ito palette: told apart by colour-blind eyes, found neither in skin nor in mucosa.
    Label(1, "Lesion", "#56b4e9", "1"),
    Label(IGNORE, "Ignore", "#999999", "0"),
)


def ordered(labels: Iterable[Label]) -> Labels:
    """The labels by number. Raises ValueError if two have the same."""
    by_number = tuple(sorted(labels, key=lambda label: label.id))
    if len({label.id for label in by_number}) < len(by_number):
        raise ValueError("Two labels have the same number.")
    return by_number


def with_change(labels: Labels, before: Labels, after: Labels) -> Labels:
    """Carry what differs between `before` and `after` over to `labels`; everything else stays as it is.

    Labels belong to the project, but a step that changes them to the log of one picture: taken back later, it
    must not take back what was changed from another picture meanwhile.
    """
    old = {label.id: label for label in before}
    new = {label.id: label for label in after}
    result = {label.id: label for label in labels if label.id in new or label.id not in old}
    for number, label in new.items():
        if number not in old:
            result[number] = label
        elif number in result:
            changes = {
                field.name: getattr(label, field.name)
                for field in fields(label)
                if getattr(label, field.name) != getattr(old[number], field.name)
            }
            result[number] = replace(result[number], **changes)
    return ordered(result.values())


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
