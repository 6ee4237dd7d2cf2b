"""The document on the canvas: edits, undo, the recipe under them, labels, status, and drafts that come in."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import (
    Bake,
    BaseChange,
    Command,
    LabelsChange,
    MaskImport,
    PaintEdit,
    PartitionChange,
    RecipeChange,
    StatusChange,
)
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import Labels, Status, ordered
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.annotation.region import Region
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.keeping import Keeping
from lsegdiff_gui.workers.masks import MaskThread

# The edit that clears the way for a draft that replaces everything; undone and redone together with it.
CLEARING = "clear for a draft"

# A slider that moves on within this time, in seconds, goes on with its last step instead of making another.
GOES_ON_WITHIN = 1.0


@dataclass(frozen=True)
class _Asked:
    """A base mask that was asked for, and what for."""

    token: int
    base: Base
    recipe: Recipe
    preview: bool


class Editing(QObject):
    """Changes the shown document and has every change kept.

    Signals:
        changed(Box): pixels of the final mask changed there.
        stepped(): undo, redo, status or edits are not what they were.
        recipe_changed(Recipe), base_changed(Base), draft_changed(Draft or None), labels_changed(tuple[Label, …]),
        partition_changed(Partition): of the shown document; an empty one's where none is shown, and no labels.
        settled(): the base mask is exact again.
    """

    changed = Signal(object)
    stepped = Signal()
    recipe_changed = Signal(object)
    base_changed = Signal(object)
    draft_changed = Signal(object)
    labels_changed = Signal(object)
    partition_changed = Signal(object)
    settled = Signal()

    def __init__(self, masks: MaskThread, keeping: Keeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._masks = masks
        self._keeping = keeping
        self._picture_id = -1
        self._document: Document | None = None
        self._asked: _Asked | None = None
        self._slid_at = float("-inf")
        self._bakes_when_exact = False
        self._tokens = 0
        self._first_token = 0  # of those asked for the present document and base
        masks.ready.connect(self._mask_ready)

    # What is edited

    @property
    def document(self) -> Document | None:
        """The shown document."""
        return self._document

    @property
    def picture_id(self) -> int:
        """The picture it belongs to, -1 for none."""
        return self._picture_id

    @property
    def is_exact(self) -> bool:
        """Whether the shown mask is the one that would be exported."""
        return self._document is None or not self._document.needs_base

    def take(self, picture_id: int, document: Document) -> None:
        """Edit this document from now on."""
        self._show(picture_id, document)
        if document.needs_base:
            self._ask(document.recipe)

    def drop(self) -> None:
        """Edit nothing."""
        self._show(-1, None)

    # Steps

    def stroke_finished(self, edit: PaintEdit) -> None:
        """Keep a stroke that the canvas has painted into the document."""
        if self._document is not None:
            self._bakes_when_exact = False
            self._keeping.record(self._picture_id, edit, self._document.revision)
            self.stepped.emit()

    def edit(self, changes: Sequence[tuple[Region, int]], tool: str) -> PaintEdit | None:
        """Set regions to a label, to ERASED or to NONE (given back to the base): one step; see `Document.edit`.

        As all edits here: None, and nothing is done, without a document, while a stroke is open, and where nothing
        would change.
        """
        document = self._free_document()
        return None if document is None else self._keep_edit(document.edit(changes, tool))

    def revert(self, box: Box | None = None) -> PaintEdit | None:
        """Give what was painted back to the base, all of it or within a box."""
        document = self._free_document()
        return None if document is None else self._keep_edit(document.revert(box))

    def clear(self) -> PaintEdit | None:
        """Erase everything."""
        document = self._free_document()
        return None if document is None else self._keep_edit(document.clear())

    def bake(self) -> None:
        """Make the final mask the base; while the exact one is still being made, as soon as it is there."""
        document = self._free_document()
        if document is None:
            return
        self._bakes_when_exact = document.needs_base
        if not document.needs_base and (command := document.bake()) is not None:
            self._keep(command, Box.empty())

    def set_labels(self, labels: Labels) -> None:
        """Change the project's labels: names, colours, keys, visibility, locks. One undoable step."""
        document = self._document
        if document is not None and ordered(labels) != document.labels:
            self._apply(LabelsChange(document.labels, ordered(labels)))

    def set_partition(self, partition: Partition) -> None:
        """Change what parts and joins lesions: one undoable step."""
        document = self._document
        if document is not None and partition != document.partition:
            self._apply(PartitionChange(document.partition, partition))

    def undo(self) -> None:
        """Take back the last step; a draft that replaced everything goes with what it cleared."""
        command = self._move(forward=False)
        if isinstance(command, BaseChange) and _is_clearing(self._command_at(-1)):
            self._move(forward=False)

    def redo(self) -> None:
        """Do the last undone step again."""
        command = self._move(forward=True)
        if _is_clearing(command) and isinstance(self._command_at(0), BaseChange):
            self._move(forward=True)

    def try_recipe(self, recipe: Recipe) -> None:
        """Show what a recipe would give, quickly; nothing is kept."""
        if self._document is not None:
            self._ask(recipe, preview=True)

    def settle_recipe(self, recipe: Recipe) -> None:
        """Make a recipe the document's own: one undoable step, together with the last if the slider goes on."""
        document = self._document
        if document is None:
            return
        if recipe != document.recipe:
            now = time.monotonic()
            merge = now - self._slid_at <= GOES_ON_WITHIN
            self._slid_at = now
            self._apply(RecipeChange(document.recipe, recipe, merge))
        elif document.needs_base:
            # Tried and taken back: the preview is still on the canvas.
            self._ask(recipe)

    def set_status(self, status: Status, note: str = "") -> None:
        """Say how far the work on the picture is."""
        if self._document is not None and (status, note) != (self._document.status, self._document.note):
            self._apply(StatusChange(self._document.status, status, note))

    def place_draft(self, draft: Draft, *, replace: bool) -> None:
        """Make a draft the base: under the annotator's work, or instead of it."""
        document = self._document
        if document is None:
            return
        base = Base.of_draft(draft)
        # Under a stroke that is being painted the draft goes beneath: nothing is taken from below the hand.
        if replace and not document.edit_is_open:
            self._keep_edit(document.revert(tool=CLEARING))
        if base != document.base:
            self._apply(BaseChange(document.base, base))

    # Inside

    def _apply(self, command: Command) -> None:
        assert self._document is not None
        self._keep(command, self._document.apply(command))

    def _keep_edit(self, edit: PaintEdit | None) -> PaintEdit | None:
        if edit is not None:
            self._keep(edit, edit.box)
        return edit

    def _keep(self, command: Command, changed: Box) -> None:
        """Have a step that the document has done kept, and tell what it changed."""
        assert self._document is not None
        self._keeping.record(self._picture_id, command, self._document.revision)
        self._after(command, changed)

    def _free_document(self) -> Document | None:
        """The document, unless a stroke is open: what a key asks for meanwhile would cut into it."""
        return None if self._document is None or self._document.edit_is_open else self._document

    def _move(self, *, forward: bool) -> Command | None:
        document = self._document
        if document is None:
            return None
        moved = document.redo() if forward else document.undo()
        if moved is None:
            return None
        if forward:
            self._keeping.redo(self._picture_id, document.revision)
        else:
            self._keeping.undo(self._picture_id, document.revision)
        self._after(*moved)
        return moved[0]

    def _after(self, command: Command, box: Box) -> None:
        assert self._document is not None
        self._bakes_when_exact = False
        if not box.is_empty:
            self.changed.emit(box)
        match command:
            case RecipeChange():
                self.recipe_changed.emit(self._document.recipe)
            case BaseChange() | Bake() | MaskImport():
                self.base_changed.emit(self._document.base)
                if command.before.draft != command.after.draft:
                    self.draft_changed.emit(self._document.base.draft)
                if isinstance(command, MaskImport):
                    self.partition_changed.emit(self._document.partition)
            case LabelsChange():
                self.labels_changed.emit(self._document.labels)
            case PartitionChange():
                self.partition_changed.emit(self._document.partition)
        if self._document.needs_base:
            self._ask(self._document.recipe)
        elif self._asked is not None:
            # Taken back before its mask was made: the one that is there is right, the one on its way is not.
            self._asked = None
            self.settled.emit()
        self.stepped.emit()

    def _command_at(self, offset: int) -> Command | None:
        """The command before (-1) or after (0) the log's cursor."""
        assert self._document is not None
        history = self._document.history
        place = history.cursor + offset
        return history.commands[place] if 0 <= place < len(history.commands) else None

    def _ask(self, recipe: Recipe, *, preview: bool = False) -> None:
        assert self._document is not None
        self._tokens += 1
        if self._asked is None or self._asked.base != self._document.base:
            self._first_token = self._tokens
        self._asked = _Asked(self._tokens, self._document.base, recipe, preview)
        self._masks.request(
            self._tokens,
            self._document.base,
            recipe,
            self._document.width,
            self._document.height,
            draft_quality=preview,
        )

    def _mask_ready(self, token: int, mask: npt.NDArray[np.uint8], exact: bool) -> None:
        asked, document = self._asked, self._document
        if asked is None or document is None or asked.base != document.base or token < self._first_token:
            return
        # An answer that was overtaken is still the nearest there is: without it a fast slider would show nothing.
        meant = exact and token == asked.token and asked.recipe == document.recipe
        self.changed.emit(document.place_base(mask, exact=meant))
        if meant:
            self._asked = None
            self.settled.emit()
            if self._bakes_when_exact:
                self.bake()

    def _show(self, picture_id: int, document: Document | None) -> None:
        self._picture_id, self._document, self._asked = picture_id, document, None
        self._slid_at, self._bakes_when_exact = float("-inf"), False
        base = Base.empty() if document is None else document.base
        self.recipe_changed.emit(Recipe() if document is None else document.recipe)
        self.base_changed.emit(base)
        self.draft_changed.emit(base.draft)
        self.labels_changed.emit(() if document is None else document.labels)
        self.partition_changed.emit(Partition() if document is None else document.partition)
        self.stepped.emit()


def _is_clearing(command: Command | None) -> bool:
    return isinstance(command, PaintEdit) and command.tool == CLEARING
