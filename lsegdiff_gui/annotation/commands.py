"""The steps of the annotator's work: each can be done and undone, and written down (see `codec`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import UNTOUCHED, Labels, Status
from lsegdiff_gui.annotation.patch import Piece, pack
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.imaging.geometry import Box

U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class PaintEdit:
    """Changed values of the override plane.

    box: around all changed pixels; before, after: the values there as `patch.pack` writes them;
    tool: its name; pixels: how many changed; growth: how many more of them are set than before, or fewer
    (negative). Made by `PaintEdit.of`.
    """

    box: Box
    before: bytes
    after: bytes
    tool: str
    pixels: int
    growth: int

    @classmethod
    def of(cls, changes: Iterable[tuple[Box, U8, U8]], tool: str) -> PaintEdit | None:
        """From boxes with the values before and after; None where nothing differs."""
        box = Box.empty()
        before: list[Piece] = []
        after: list[Piece] = []
        pixels = growth = 0
        for place, old, new in changes:
            differs = old != new
            changed = int(np.count_nonzero(differs))
            if not changed:
                continue
            tight = Box.of(differs)
            rows, columns = tight.slices
            piece = Box(place.x0 + tight.x0, place.y0 + tight.y0, place.x0 + tight.x1, place.y0 + tight.y1)
            before.append(Piece(piece, old[rows, columns]))
            after.append(Piece(piece, new[rows, columns]))
            box = box.union(piece)
            pixels += changed
            growth += int(np.count_nonzero(after[-1].values)) - int(np.count_nonzero(before[-1].values))
        return cls(box, pack(before), pack(after), tool, pixels, growth) if pixels else None


@dataclass(frozen=True)
class RecipeChange:
    """Other parameters for the base mask. The mask itself is computed apart: see `Document.needs_base`.

    merge: it goes on with the step before it if that has moved the same slider: see `merged`.
    """

    before: Recipe
    after: Recipe
    merge: bool = field(default=False, compare=False)

    @property
    def moved(self) -> frozenset[str]:
        """The names of the parameters that differ."""
        return frozenset(
            each.name
            for each in fields(Recipe)
            if getattr(self.before, each.name) != getattr(self.after, each.name)
        )


@dataclass(frozen=True)
class BaseChange:
    """Another base under the same work."""

    before: Base
    after: Base


@dataclass(frozen=True)
class Bake:
    """The final mask made the base, and the override plane emptied: no pixel of the final mask changes.

    emptied: what was taken from the override plane; None if it was empty.
    """

    before: Base
    after: Base
    emptied: PaintEdit | None


@dataclass(frozen=True)
class MaskImport:
    """A mask from a file made the base, with its own lesions; see `import_step.import_mask`.

    emptied: what was taken from the override plane; None if it stays or was empty. parted_before, parted: the
    partitions before and after.
    """

    before: Base
    after: Base
    emptied: PaintEdit | None
    parted_before: Partition
    parted: Partition


@dataclass(frozen=True)
class BringBack(MaskImport):
    """An earlier state of the mask made the present one again: base, partition and recipe, and what was painted.

    emptied: here what differs in the override plane; None for nothing.
    """

    recipe_before: Recipe
    recipe: Recipe


@dataclass(frozen=True)
class LabelsChange:
    """Other labels in the project, by number: names, colours, keys, visibility, locks.

    Taken back or done again, only what it changed is changed: see `labels.with_change`.
    """

    before: Labels
    after: Labels


@dataclass(frozen=True)
class PartitionChange:
    """Other ties and cuts between lesions of one label."""

    before: Partition
    after: Partition


@dataclass(frozen=True)
class StatusChange:
    """The annotator's word on the whole mask; note: free text that replaces the earlier one."""

    before: Status
    after: Status
    note: str = ""


Command = (
    PaintEdit
    | RecipeChange
    | BaseChange
    | Bake
    | MaskImport
    | BringBack
    | LabelsChange
    | PartitionChange
    | StatusChange
)


def edit_of(command: Command) -> PaintEdit | None:
    """What a command changes in the override plane; None for nothing."""
    if isinstance(command, Bake | MaskImport):
        return command.emptied
    return command if isinstance(command, PaintEdit) else None


def merged(last: Command | None, command: Command) -> Command | None:
    """The one step that stands for `last` and the `command` after it; None where both are to be kept.

    Only a slider that goes on moving makes one step of two. One that comes back to where it was makes two, so that
    no step does nothing. Log and project both ask here, and so agree.
    """
    if not (isinstance(command, RecipeChange) and command.merge and isinstance(last, RecipeChange)):
        return None
    if last.after != command.before or last.moved != command.moved or last.before == command.after:
        return None
    return RecipeChange(last.before, command.after)


@dataclass(frozen=True)
class Standing:
    """A picture's status and the note beside it."""

    status: Status = Status.NEW
    note: str = ""

    def after(self, command: Command) -> Standing:
        """The standing once the command is done: any work reopens what was finished.

        A draft moves a new picture on to drafted; painting, tuning, baking, importing, and drafting over somebody's
        work mean in progress. Labels are the project's, not the picture's: changing them is no work on it.
        """
        if isinstance(command, StatusChange):
            return Standing(command.after, command.note)
        if isinstance(command, LabelsChange):
            return self
        status = Status.IN_PROGRESS
        if isinstance(command, BaseChange) and self.status in UNTOUCHED:
            status = Status.NEW if command.after.kind == "empty" else Status.DRAFTED
        return Standing(status, self.note)
