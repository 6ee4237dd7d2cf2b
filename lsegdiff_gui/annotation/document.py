"""The mask of one picture: base under its recipe, the annotator's work above it, and what both give."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import (
    BaseChange,
    Command,
    PaintEdit,
    RecipeChange,
    Standing,
    StatusChange,
)
from lsegdiff_gui.annotation.history import History
from lsegdiff_gui.annotation.labels import DEFAULT_LABELS, ERASED, NONE, Label, Status
from lsegdiff_gui.annotation.patch import Piece, unpack
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.imaging.geometry import Box

__all__ = ["DEFAULT_LABELS", "ERASED", "NONE", "Base", "Document", "Label", "Status"]

U8 = npt.NDArray[np.uint8]


class Document:
    """What is known of one picture's mask, and the log of how it came to be.

    Three planes of (height, width) uint8: `base_mask` 0 or 1; `override` 0 none, 255 erased, n = label n;
    `final` 0 background, n = label n. Final is override where that is set, else the base with its label. It
    is kept up to date box by box; the base mask of a draft takes a while and is computed apart: see
    `needs_base`.

    Not for use by two threads at a time.
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
        labels: tuple[Label, ...] = DEFAULT_LABELS,
        log: History | None = None,
    ) -> None:
        """The state at the log's cursor. override: (height, width) uint8, taken over; status: without a log.

        Raises ValueError if the override plane has another size.
        """
        if override is not None and (override.shape != (height, width) or override.dtype != np.uint8):
            raise ValueError(f"The override plane is {override.shape}, the picture {(height, width)}.")
        self.width = width
        self.height = height
        self.labels = labels
        self._base = base or Base.empty()
        self._recipe = recipe or Recipe()
        self._override: U8 = np.zeros((height, width), np.uint8) if override is None else override
        self._painted = 0 if override is None else int(np.count_nonzero(override))
        self._base_mask: U8 = np.zeros((height, width), np.uint8)
        self._base_box = Box.empty()
        self._final: U8 = np.zeros((height, width), np.uint8)
        self._history = log or History(start=Standing(status))
        self._placed: tuple[Base, Recipe] | None = None
        self._stroke_is_open = False
        self.revision = 0
        if self._painted:
            self._compose(Box.of(self._override))
        if self._base.kind != "draft":
            self.rebuild_base()

    # What it is

    @property
    def base(self) -> Base:
        """Where the mask under the work comes from."""
        return self._base

    @property
    def recipe(self) -> Recipe:
        """How the base's mask is made."""
        return self._recipe

    @property
    def base_mask(self) -> U8:
        """(height, width) uint8, 0 or 1: the last base mask that was placed. Not to be written to."""
        return self._base_mask

    @property
    def override(self) -> U8:
        """(height, width) uint8: 0 none, 255 erased, n = label n. Written to only by commands and strokes."""
        return self._override

    @property
    def final(self) -> U8:
        """(height, width) uint8: 0 background, n = label n. The same array for the document's whole life."""
        return self._final

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
        return self._painted > 0

    @property
    def can_undo(self) -> bool:
        """Whether `undo` would do something."""
        return self._history.can_undo and not self._stroke_is_open

    @property
    def can_redo(self) -> bool:
        """Whether `redo` would do something."""
        return self._history.can_redo and not self._stroke_is_open

    @property
    def needs_base(self) -> bool:
        """Whether the base mask is not (yet) the one that base and recipe give.

        Then either `rebuild_base`, or compute `base.foreground(recipe, …)` elsewhere and `place_base` it.
        """
        return self._placed != (self._base, self._recipe)

    def final_mask(self) -> U8:
        """The final foreground of all labels: a new (height, width) uint8, 0 or 1."""
        mask: U8 = (self._final != NONE).view(np.uint8)
        return mask

    # The steps

    def apply(self, command: Command) -> Box:
        """Do a command and log it; returns the box of `final` that may have changed.

        Raises ValueError if the command starts from another state than this one, and RuntimeError for a
        PaintEdit while a stroke is open.
        """
        if isinstance(command, PaintEdit) and self._stroke_is_open:
            raise RuntimeError("Finish or cancel the open stroke before applying an edit.")
        if not self._starts_here(command):
            raise ValueError(f"The command starts from {command!r}, which is not the present state.")
        changed = self._carry_out(command, forward=True)
        self._history.push(command)
        self.revision += 1
        return changed

    def undo(self) -> tuple[Command, Box] | None:
        """Take back the last command: it and the changed box; None at the start or while a stroke is open."""
        if not self.can_undo:
            return None
        command = self._history.back()
        self.revision += 1
        return command, self._carry_out(command, forward=False)

    def redo(self) -> tuple[Command, Box] | None:
        """Do the last undone command again: it and the changed box; None as for `undo`."""
        if not self.can_redo:
            return None
        command = self._history.forward()
        self.revision += 1
        return command, self._carry_out(command, forward=True)

    # The base mask

    def rebuild_base(self) -> Box:
        """Compute the base mask here and now (up to a second on a large picture); returns the changed box."""
        return self.place_base(self._base.foreground(self._recipe, self.width, self.height))

    def place_base(self, mask: U8, *, exact: bool = True) -> Box:
        """Take a base mask that was computed elsewhere; returns the box of `final` that may have changed.

        mask: (height, width) uint8, 0 or 1, taken over. The caller checks that base and recipe are still
        those it was computed for. A preview is placed with `exact` False and leaves `needs_base` true.
        """
        if mask.shape != (self.height, self.width) or mask.dtype != np.uint8:
            raise ValueError(f"The base mask is {mask.shape}, the picture {(self.height, self.width)}.")
        box = Box.of(mask)
        changed = self._base_box.union(box)
        self._base_mask, self._base_box = mask, box
        self._compose(changed)
        self._placed = (self._base, self._recipe) if exact else None
        return changed

    # For strokes

    def begin_stroke(self) -> None:
        """Reserve the override plane for one stroke. Raises RuntimeError if another one is open."""
        if self._stroke_is_open:
            raise RuntimeError("A stroke is open already.")
        self._stroke_is_open = True

    def paint(self, box: Box, inside: npt.NDArray[np.bool_], label: int) -> None:
        """Set the override to `label` (or ERASED) where `inside`, (box.height, box.width), is true."""
        place = box.slices
        np.copyto(self._override[place], np.uint8(label), where=inside)
        np.copyto(self._final[place], np.uint8(NONE if label == ERASED else label), where=inside)

    def restore(self, pieces: list[Piece]) -> Box:
        """Put kept values of the override back; returns the box around them."""
        box = Box.empty()
        for piece in pieces:
            self._override[piece.box.slices] = piece.values
            self._compose(piece.box)
            box = box.union(piece.box)
        return box

    def end_stroke(self, edit: PaintEdit | None) -> None:
        """Close the open stroke; `edit` is logged as already done, None means that nothing has changed."""
        self._stroke_is_open = False
        if edit is not None:
            self._painted += edit.growth
            self._history.push(edit)
            self.revision += 1

    # Inside

    def _starts_here(self, command: Command) -> bool:
        match command:
            case RecipeChange():
                return command.before == self._recipe
            case BaseChange():
                return command.before == self._base
            case StatusChange():
                return command.before == self.status
            case PaintEdit():
                return True

    def _carry_out(self, command: Command, *, forward: bool) -> Box:
        match command:
            case PaintEdit():
                self._painted += command.growth if forward else -command.growth
                return self.restore(unpack(command.after if forward else command.before))
            case RecipeChange():
                self._recipe = command.after if forward else command.before
            case BaseChange():
                self._base = command.after if forward else command.before
            case StatusChange():
                return Box.empty()
        # An empty or imported base is its own mask; a draft's takes time and is left to the caller.
        return Box.empty() if self._base.kind == "draft" or not self.needs_base else self.rebuild_base()

    def _compose(self, box: Box) -> None:
        """Bring `final` up to date in the box."""
        place = box.slices
        final = self._final[place]
        np.multiply(self._base_mask[place], np.uint8(self._base.label), out=final)
        if self._painted or self._stroke_is_open:
            override = self._override[place]
            np.copyto(final, override, where=override != NONE)
            final[override == ERASED] = NONE
