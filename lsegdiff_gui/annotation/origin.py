"""Where a mask comes from and what became of it: all that is known, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Deed:
    """One thing that was done to a mask; deeds are only ever added.

    kind: "do", "undo" or "redo"; what: the command's kind, such as "paint" or "status"; tool: of an edit, else "";
    pixels: how many the edit changed; status: of the picture afterwards; time: ISO 8601, UTC.
    """

    kind: str
    what: str
    tool: str
    pixels: int
    status: str
    annotator: str
    time: str
    app_version: str


@dataclass(frozen=True)
class Freeze:
    """A mask that was kept as it was. reason: the status that froze it, or "exported"; sha256: of its pixels."""

    reason: str
    sha256: str
    annotator: str
    time: str
    app_version: str
    dice: float | None = None


@dataclass(frozen=True)
class Steps:
    """The steps of a picture's log as its document has them. deeds: when each was done last, oldest first.

    cursor: how many of them are in effect; folded: how many came before them, and cannot be gone back to any more.
    """

    deeds: tuple[Deed, ...]
    cursor: int
    folded: int


@dataclass(frozen=True)
class MaskOrigin:
    """The origin of one picture's mask.

    picture: its path as the project names it; base: `Base.to_attributes`, with the draft's provenance; recipe: the
    parameters in effect; edited: whether an annotator painted; seconds: spent on the picture; deeds, freezes: oldest
    first; blind_until: when a draft that was kept from the annotator was first seen, "" where there was none.
    """

    picture: str
    picture_sha256: str
    width: int
    height: int
    status: str
    note: str
    base: Mapping[str, Any]
    recipe: Mapping[str, Any]
    edited: bool
    seconds: float
    deeds: tuple[Deed, ...] = field(default=())
    freezes: tuple[Freeze, ...] = field(default=())
    blind_until: str = ""

    @property
    def annotators(self) -> list[str]:
        """Who worked on the mask, in the order they came; nobody without a name."""
        return list(dict.fromkeys(deed.annotator for deed in self.deeds if deed.annotator))

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {**asdict(self), "annotators": self.annotators}

    def to_attributes(self) -> dict[str, Any]:
        """One flat row of plain values: what goes with the mask into a COCO file, and into a table."""
        edits = [deed for deed in self.deeds if deed.tool]
        row: dict[str, Any] = {
            **self.base,
            "recipe": dict(self.recipe),
            "status": self.status,
            "note": self.note,
            "edited": self.edited,
            "blind_until": self.blind_until,
            "picture_sha256": self.picture_sha256,
            "picture_width": self.width,
            "picture_height": self.height,
            "annotators": ", ".join(self.annotators),
            "edits": sum(deed.kind == "do" for deed in edits),
            "edited_pixels": sum(deed.pixels for deed in edits if deed.kind == "do"),
            "tools": ", ".join(dict.fromkeys(deed.tool for deed in edits)),
            "seconds_spent": round(self.seconds, 1),
            "changed": self.deeds[-1].time if self.deeds else "",
        }
        if self.freezes:
            last = self.freezes[-1]
            row |= {"mask_sha256": last.sha256, "frozen": last.time, "frozen_as": last.reason}
            row |= {} if last.dice is None else {"dice_with_draft": round(last.dice, 4)}
        return row
