"""Masks that come from files: what they hold, where they come from, and what becomes of the work that is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.patch import PackedPlane


@dataclass(frozen=True)
class Origin:
    """Where an imported mask comes from.

    file: the file's name without its folder; format: "coco", "labelme" or "png"; sha256: of the file's bytes;
    categories: what the file calls the labels, in order; time: ISO 8601, UTC; annotator: who imported it; fit: how
    it was brought to the picture's size, "" where it had it.
    """

    file: str
    format: str = ""
    sha256: str = ""
    categories: tuple[str, ...] = ()
    time: str = ""
    annotator: str = ""
    fit: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The origin as plain values, for JSON; what is empty is left out."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any] | str) -> Origin:
        """Build from `to_dict`, or from the file's name alone as earlier versions kept it; unknown keys are ignored."""
        if isinstance(values, str):
            return cls(values)
        known = {each.name: values[each.name] for each in fields(cls) if each.name in values}
        return cls(**{**known, "categories": tuple(known.get("categories", ()))})


class Precedence(StrEnum):
    """What an imported mask does to the work on its picture."""

    KEEP = "keep"
    """The work stays as it is; the mask is left out."""
    THEIRS = "theirs"
    """The mask takes the place of the work."""
    BENEATH = "beneath"
    """The mask comes only where there is nothing: neither a label nor an erased pixel."""


@dataclass(frozen=True)
class Incoming:
    """A mask ready to be made the base of a picture of its size.

    mask: the labels, 0 background; partition: which pixels of a label are one lesion.
    """

    mask: PackedPlane
    origin: Origin
    partition: Partition = field(default_factory=Partition)
