"""The mask of one picture: base under its recipe, the annotator's work above it, and what both give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import Bake, Command, MaskImport, PaintEdit, Standing, edit_of
from lsegdiff_gui.annotation.edits import OpenEdit, emptying
from lsegdiff_gui.annotation.history import History
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import (
    DEFAULT_LABELS,
    ERASED,
    IGNORE,
    NONE,
    UNTOUCHED,
    Label,
    Labels,
    Status,
    ordered,
)
from lsegdiff_gui.annotation.locks import locked_in
from lsegdiff_gui.annotation.patch import unpack
from lsegdiff_gui.annotation.planes import Planes
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.annotation.state import State
from lsegdiff_gui.imaging.geometry import Box

__all__ = ["DEFAULT_LABELS", "ERASED", "IGNORE", "NONE", "Base", "Document", "Label", "Status"]

U8 = npt.NDArray[np.uint8]


class Document:
    """What is known of one picture's mask, and the log of how it came to be.

    Three planes of (height, width) uint8: `base_mask`; `override` 0 none, 255 erased, n = label n; `final`
    0 background, n = label n. Final is override where that is set, else the base with its label. It is kept up
    to date box by box; the base mask of a draft takes a while and is computed apart: see `needs_base`.

    Whatever edits the override leaves the pixels of locked labels alone. Undo and redo do not ask for locks: they
    bring back what was. The recipe moves the base's edge whatever is locked.

    Not for use by two threads at a time; but `final` may be looked at while another thread changes it.
    """

    def __init__(
        self,
        width: int,
        height: int,
        *,
        base: Base | None = None,
        recipe: Recipe | None = None,
        override: U8 | None = None,
        status: Status = Status.NEW,
        labels: Labels = DEFAULT_LABELS,
        partition: Partition | None = None,
        log: History | None = None,
    ) -> None:
        """The state at the log's cursor. override: (height, width) uint8, taken over; status: without a log.

        Raises ValueError if the override plane has another size, or two labels the same number.
        """
        self.width = width
        self.height = height
        self._planes = Planes(width, height, override)
        self._state = State(
            base or Base.empty(), recipe or Recipe(), ordered(labels), partition or Partition()
        )
        self._history = log or History(start=Standing(status))
        self._placed: tuple[Base, Recipe | None] | None = None
        self.revision = 0
        if self.base.kind != "draft":
            self.rebuild_base()

    # What it is

    @property
    def base(self) -> Base:
        """Where the mask under the work comes from."""
        return self._state.base

    @property
    def recipe(self) -> Recipe:
        """How the base's mask is made."""
        return self._state.recipe

    @property
    def labels(self) -> Labels:
        """The project's labels by number."""
        return self._state.labels

    @property
    def locked(self) -> frozenset[int]:
        """The labels whose pixels no stroke and no tool takes away or adds to."""
        return locked_in(self.labels)

    @property
    def partition(self) -> Partition:
        """What parts and joins lesions: see `annotation.instances`."""
        return self._state.partition

    @property
    def base_mask(self) -> U8:
        """(height, width) uint8: the last base mask that was placed; times the base's label its label plane.

        0 or 1; of a baked base the labels themselves. Not to be written to.
        """
        return self._planes.base

    @property
    def override(self) -> U8:
        """(height, width) uint8: 0 none, 255 erased, n = label n. Not to be written to."""
        return self._planes.override

    @property
    def final(self) -> U8:
        """(height, width) uint8: 0 background, n = label n. The same array for the document's whole life."""
        return self._planes.final

    @property
    def history(self) -> History:
        """The log; to be moved only through the document."""
        return self._history

    @property
    def status(self) -> Status:
        """The status at the log's cursor."""
        return self._history.standing.status

    @property
    def note(self) -> str:
        """The note at the log's cursor."""
        return self._history.standing.note

    @property
    def is_edited(self) -> bool:
        """Whether the override plane holds any work."""
        return self._planes.painted > 0

    @property
    def holds_work(self) -> bool:
        """Whether there is more than a draft: something painted, taken from a file, said, or to be done again."""
        return (
            self.is_edited
            or self.base.is_mask
            or self.status not in UNTOUCHED
            or self._history.can_redo  # what was undone is somebody's work too, until something new is done
        )

    @property
    def edit_is_open(self) -> bool:
        """Whether a stroke is being painted. Until it ends nothing else can edit, and undo and redo wait."""
        return self._planes.is_open

    @property
    def can_undo(self) -> bool:
        """Whether `undo` would do something."""
        return self._history.can_undo and not self.edit_is_open

    @property
    def can_redo(self) -> bool:
        """Whether `redo` would do something."""
        return self._history.can_redo and not self.edit_is_open

    @property
    def needs_base(self) -> bool:
        """Whether the base mask is not (yet) the one that base and recipe give.

        Then either `rebuild_base`, or compute `base.foreground(recipe, …)` elsewhere and `place_base` it.
        """
        return self._placed != self._wanted

    def final_mask(self) -> U8:
        """The final foreground, all labels but Ignore: a new (height, width) uint8, 0 or 1."""
        mask: U8 = ((self.final != NONE) & (self.final != IGNORE)).view(np.uint8)
        return mask

    # The steps

    def apply(self, command: Command) -> Box:
        """Do a command and log it; returns the box of `final` that may have changed.

        Raises ValueError if the command starts from another state than this one, and RuntimeError for one that
        changes the override plane while a stroke is open.
        """
        if isinstance(command, PaintEdit | Bake | MaskImport):
            self._refuse_open_edit()
        if not self._state.is_start_of(command, self.status):
            raise ValueError(f"The command starts from {command!r}, which is not the present state.")
        changed = self._carry_out(command, forward=True)
        self._history.push(command)
        self.revision += 1
        return changed

    def undo(self) -> tuple[Command, Box] | None:
        """Take back the last command: it and the changed box; None at the start or while a stroke is open."""
        command = self._history.last
        if command is None or not self.can_undo:
            return None
        changed = self._carry_out(command, forward=False)
        self._history.back()
        self.revision += 1
        return command, changed

    def redo(self) -> tuple[Command, Box] | None:
        """Do the last undone command again: it and the changed box; None as for `undo`."""
        command = self._history.next
        if command is None or not self.can_redo:
            return None
        changed = self._carry_out(command, forward=True)
        self._history.forward()
        self.revision += 1
        return command, changed

    # Edits of the override plane. Each raises RuntimeError while a stroke is open.

    def open_edit(self, tool: str) -> OpenEdit:
        """Begin an edit that is painted bit by bit, a stroke; it logs itself when it is finished."""
        self._refuse_open_edit()
        return OpenEdit(self._planes, self.locked, tool, self._close_edit)

    def edit(self, changes: Sequence[tuple[Region, int]], tool: str) -> PaintEdit | None:
        """Set regions to a label, to ERASED or to NONE (given back to the base), one after the other.

        One step, logged; tool: its name there. None if nothing has changed. Raises ValueError for other values.
        """
        for _, value in changes:
            if not NONE <= value <= ERASED:
                raise ValueError(f"An edit sets labels from 1 to 254, 0 or 255, not {value}.")
        with self._whole_edit(tool) as edit:
            for region, value in changes:
                edit.fill(region, value)
            return edit.finish()

    def revert(self, box: Box | None = None, tool: str = "revert") -> PaintEdit | None:
        """Give the override back to the base, all of it or within a box: one step; None if nothing has changed."""
        with self._whole_edit(tool) as edit:
            if self.is_edited:
                edit.give_back(Box.whole(self.width, self.height) if box is None else box)
            return edit.finish()

    def clear(self) -> PaintEdit | None:
        """Erase everything, whatever the recipe would still bring: one step; None if nothing has changed."""
        with self._whole_edit("clear") as edit:
            edit.cover(ERASED)
            return edit.finish()

    def bake(self) -> Bake | None:
        """Make the final mask the base and empty the override: one step; None if it would change nothing.

        Raises RuntimeError if the base mask is not exact, see `needs_base`: what is seen would not be what is kept.
        """
        self._refuse_open_edit()
        if self.needs_base:
            raise RuntimeError("The base mask is not there yet.")
        if not self.is_edited and self.base.kind != "draft":
            return None
        after = Base.baked(self.final, self.base, self.recipe, painted=self.is_edited)
        command = Bake(self.base, after, emptying(self._planes, "bake"))
        self.apply(command)
        return command

    def hold_labels(self, labels: Labels) -> Labels:
        """Know these labels too, for the project keeps them; no step. Returns those that are new to the document."""
        known = {label.id for label in self.labels}
        held = tuple(label for label in labels if label.id not in known)
        if held:
            self._state = replace(self._state, labels=ordered((*self.labels, *held)))
        return held

    # The base mask

    def rebuild_base(self) -> Box:
        """Compute the base mask here and now (up to a second on a large picture); returns the changed box."""
        return self.place_base(self.base.foreground(self.recipe, self.width, self.height))

    def place_base(self, mask: U8, *, exact: bool = True) -> Box:
        """Take a base mask that was computed elsewhere; returns the box of `final` that may have changed.

        mask: (height, width) uint8 as `Base.foreground` gives it, taken over. The caller checks that base and
        recipe are still those it was computed for. A preview is placed with `exact` False and leaves `needs_base`
        true. Raises ValueError for another size.
        """
        changed = self._planes.place_base(mask, self.base.label)
        self._placed = self._wanted if exact else None
        return changed

    # Inside

    @property
    def _wanted(self) -> tuple[Base, Recipe | None]:
        """What the base mask follows from; only a draft's from the recipe too."""
        return self.base, self.recipe if self.base.kind == "draft" else None

    @contextmanager
    def _whole_edit(self, tool: str) -> Iterator[OpenEdit]:
        """An edit that is made in one go, or not at all."""
        edit = self.open_edit(tool)
        try:
            yield edit
        except BaseException:
            edit.cancel()
            raise

    def _refuse_open_edit(self) -> None:
        if self.edit_is_open:
            raise RuntimeError("Finish or cancel the open stroke first.")

    def _close_edit(self, edit: PaintEdit | None) -> None:
        if edit is not None:
            self._planes.painted += edit.growth
            self._history.push(edit)
            self.revision += 1

    def _carry_out(self, command: Command, *, forward: bool) -> Box:
        # What is baked is what is seen, and that is at hand.
        seen = self.final.copy() if forward and isinstance(command, Bake) and not self.needs_base else None
        edit = edit_of(command)
        # First, for it may fail: nothing is changed by then.
        pieces = [] if edit is None else unpack(edit.after if forward else edit.before)
        self._state = self._state.moved(command, forward=forward)
        changed = Box.empty()
        if edit is not None:
            self._planes.painted += edit.growth if forward else -edit.growth
            changed = self._planes.restore(pieces)
        if seen is not None:
            self.place_base(seen)
            return Box.empty()
        # A mask taken as it is is there at once; a draft's takes time and is left to the caller.
        if self.base.kind == "draft" or not self.needs_base or isinstance(command, PaintEdit):
            return changed
        return changed.union(self.rebuild_base())
