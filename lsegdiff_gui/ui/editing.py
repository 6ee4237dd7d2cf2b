"""The document on the canvas: edits, undo, the recipe under them, labels, status, and drafts that come in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation import steps
from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import (
    Bake,
    BaseChange,
    BringBack,
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
from lsegdiff_gui.annotation.steps import Find, Move, Placed
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.base_masks import BaseMasks
from lsegdiff_gui.ui.carrying import Carrying, whole
from lsegdiff_gui.ui.keeping import Keeping
from lsegdiff_gui.ui.turns import Turns
from lsegdiff_gui.workers.masks import MaskThread

# A slider that moves on within this time, in seconds, goes on with its last step instead of making another.
GOES_ON_WITHIN = 1.0

T = TypeVar("T")
U8 = npt.NDArray[np.uint8]


class Editing(QObject):
    """Changes the shown document and has every change kept.

    Each step is done in its turn: at once, or, where it has to look at many pixels, on the mask thread, and what is
    asked for meanwhile after it: see `Turns`. Without a document, while a stroke is open, and where nothing would
    change, a step does nothing.

    Signals:
        changed(Box): pixels of the final mask changed there.
        stepped(): undo, redo, status or edits are not what they were.
        recipe_changed(Recipe), base_changed(Base), draft_changed(Draft or None), labels_changed(tuple[Label, …]),
        partition_changed(Partition): of the shown document; an empty one's where none is shown, and no labels.
        labels_held(tuple[Label, …]): these were to go, and stay: another picture has them.
        halved(Halves): what has changed elsewhere at smaller sizes; after `changed`, to spare making them here.
        settled(): what is shown is exact again: see `is_exact`.
    """

    changed = Signal(object)
    stepped = Signal()
    recipe_changed = Signal(object)
    base_changed = Signal(object)
    draft_changed = Signal(object)
    labels_changed = Signal(object)
    labels_held = Signal(object)
    partition_changed = Signal(object)
    halved = Signal(object)
    settled = Signal()

    def __init__(self, masks: MaskThread, keeping: Keeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keeping = keeping
        self._slid_at = float("-inf")
        self._labels_at = -1  # the revision of the last step that changed them
        self._replacing: Draft | None = None
        self.turns = Turns(masks, self)
        self._carrying = Carrying(self.turns, keeping, self)
        self._carrying.changed.connect(self.changed)
        self._carrying.halved.connect(self.halved)
        self._carrying.moved.connect(self._moved)
        self._base_masks = BaseMasks(masks, self)
        self._base_masks.arrived.connect(lambda: self.turns.take(self._place_mask))
        self.turns.freed.connect(self._tell_settled)

    # What is edited

    @property
    def document(self) -> Document | None:
        """The shown document."""
        return self._carrying.document

    @property
    def picture_id(self) -> int:
        """The picture it belongs to, -1 for none."""
        return self._carrying.picture_id

    @property
    def is_exact(self) -> bool:
        """Whether the shown mask is the one that would be exported, and nothing goes on that would change it."""
        return not self.turns.is_busy and (self.document is None or not self.document.needs_base)

    def take(self, picture_id: int, document: Document) -> None:
        """Edit this document from now on."""
        self._show(picture_id, document)
        if document.needs_base:
            self._base_masks.ask(document.recipe)

    def drop(self) -> None:
        """Edit nothing."""
        self._show(-1, None)

    # Steps

    def stroke_finished(self, edit: PaintEdit) -> None:
        """Keep a stroke that the canvas has painted into the document."""
        if self.document is not None:
            self._keeping.record(self.picture_id, edit, self.document.revision)
            self.stepped.emit()

    def hand_freed(self) -> None:
        """Place what waited for the end of a stroke: a base mask, a draft."""
        self.turns.take(self._place_mask)
        if self._replacing is not None and self._carrying.free_document() is not None:
            draft, self._replacing = self._replacing, None
            self.place_draft(draft, replace=True)

    def change(self, find: Find, tool: str) -> None:
        """Set regions to labels, to ERASED or to NONE (given back to the base): one step; see `Document.edit`.

        find: makes them of the final labels, (H, W) uint8, which it must not write to; perhaps on another thread.
        tool: the step's name in the log.
        """
        self._carrying.command(
            _words(tool), whole, lambda document, begins: steps.change(document, find, tool, begins)
        )

    def revert(self, box: Box | None = None) -> None:
        """Give what was painted back to the base, all of it or within a box."""

        def pixels(document: Document) -> int:
            return whole(document) if box is None else box.clip(document.width, document.height).area

        self._carrying.command(
            "Revert", pixels, lambda document, begins: steps.revert(document, box) if begins() else []
        )

    def clear(self) -> None:
        """Erase everything."""
        self._carrying.command(
            "Clear", whole, lambda document, begins: steps.clear(document) if begins() else []
        )

    def bake(self) -> None:
        """Make the final mask the base."""
        self._carrying.command(
            "Bake", whole, lambda document, begins: steps.bake(document) if begins() else []
        )

    def bring_back(self, state: steps.EarlierState) -> None:
        """Make an earlier state of the mask the present one, as a new step."""
        self._carrying.command(
            "Bring back", whole, lambda document, begins: steps.bring_back(document, state, begins)
        )

    def look(self, find: Callable[[U8], T], words: str, found: Callable[[T], None]) -> None:
        """Have something found in the final labels, (H, W) uint8, and tell it; words: what that is called."""
        self._carrying.look(words, find, found)

    def set_labels(self, labels: Labels) -> None:
        """Change the project's labels: names, colours, keys, visibility, locks. One undoable step."""
        self._carrying.apply(lambda document: LabelsChange(document.labels, ordered(labels)))

    def hold_labels(self, picture_id: int, revision: int, labels: Labels) -> None:
        """The project's labels after a step: one that it could not take away, for another picture has it, stays."""

        def hold() -> None:
            document = self.document
            # What a later step has said of labels is on its way to the project.
            if document is None or (picture_id, revision) != (self.picture_id, self._labels_at):
                return
            if held := document.hold_labels(labels):
                self.labels_changed.emit(document.labels)
                self.labels_held.emit(held)

        self.turns.take(hold)

    def set_partition(self, partition: Partition) -> None:
        """Change what parts and joins lesions: one undoable step."""
        self._carrying.apply(lambda document: PartitionChange(document.partition, partition))

    def set_status(self, status: Status, note: str = "") -> None:
        """Say how far the work on the picture is."""

        def command(document: Document) -> StatusChange | None:
            is_said = (status, note) == (document.status, document.note)
            return None if is_said else StatusChange(document.status, status, note)

        self._carrying.apply(command)

    def undo(self) -> None:
        """Take back the last step: where it is still being done and nothing waits for it, by leaving it."""
        if not self.turns.waiting and self.turns.call_off():
            return
        self._carrying.step("Undo", partial(steps.pixels_to_move, forward=False), steps.undo)

    def redo(self) -> None:
        """Do the last undone step again."""
        self._carrying.step("Redo", partial(steps.pixels_to_move, forward=True), steps.redo)

    def try_recipe(self, recipe: Recipe) -> None:
        """Show what a recipe would give, quickly; nothing is kept."""
        if self.document is not None:
            self._base_masks.ask(recipe, preview=True)

    def settle_recipe(self, recipe: Recipe) -> None:
        """Make a recipe the document's own: one undoable step, together with the last if the slider goes on."""
        now = time.monotonic()
        self.turns.take(lambda: self._settle(recipe, now))

    def place_draft(self, draft: Draft, *, replace: bool) -> None:
        """Make a draft the base: under the annotator's work, or instead of it.

        One that replaces waits for the end of an open stroke, which was painted on what was there before: both are
        steps of their own, and can be taken back one after the other.
        """
        self.turns.take(lambda: self._place_draft(draft, replace=replace))

    # Inside

    def _settle(self, recipe: Recipe, now: float) -> None:
        document = self.document
        if document is None:
            return
        if recipe != document.recipe:
            merge = now - self._slid_at <= GOES_ON_WITHIN
            self._slid_at = now
            self._carrying.apply(lambda document: RecipeChange(document.recipe, recipe, merge))
        elif document.needs_base:
            # Tried and taken back: the preview is still on the canvas.
            self._base_masks.ask(recipe)

    def _place_draft(self, draft: Draft, *, replace: bool) -> None:
        document = self.document
        if document is None:
            return
        if replace and document.edit_is_open:
            self._replacing = draft
            return
        self._replacing = None
        base = Base.of_draft(draft)
        if not replace:
            # Beneath a stroke that is being painted too: it changes no pixel yet.
            self._carrying.apply(lambda document: BaseChange(document.base, base))
            return

        def pixels(document: Document) -> int:
            cleared = whole(document) if document.is_edited else 0
            return cleared + steps.pixels_of(document, BaseChange(document.base, base))

        self._carrying.step("Draft", pixels, partial(steps.replace_all, base=base))

    def _moved(self, move: Move) -> None:
        document, command = self.document, move.command
        if document is None:
            return
        match command:
            case RecipeChange():
                self.recipe_changed.emit(document.recipe)
            case BaseChange() | Bake() | MaskImport():
                self.base_changed.emit(document.base)
                if command.before.draft != command.after.draft:
                    self.draft_changed.emit(document.base.draft)
                if isinstance(command, BringBack):
                    self.recipe_changed.emit(document.recipe)
                if isinstance(command, MaskImport):
                    self.partition_changed.emit(document.partition)
            case LabelsChange():
                self._labels_at = move.revision
                self.labels_changed.emit(document.labels)
            case PartitionChange():
                self.partition_changed.emit(document.partition)
        if document.needs_base:
            self._base_masks.ask(document.recipe)
        elif self._base_masks.are_asked:
            # Taken back before its mask was made: the one that is there is right, the one on its way is not.
            self._base_masks.forget()
            self._tell_settled()
        self.stepped.emit()

    def _place_mask(self) -> None:
        if self._carrying.free_document() is None:
            return  # it waits for the end of the stroke
        if (answer := self._base_masks.answer()) is None:
            return

        def place(document: Document) -> Sequence[Placed]:
            return [Placed(document.place_base(answer.mask, exact=answer.exact))]

        self._carrying.step("Mask", whole, place)
        self._tell_settled()

    def _tell_settled(self) -> None:
        if self.is_exact:
            self.settled.emit()

    def _show(self, picture_id: int, document: Document | None) -> None:
        self._carrying.picture_id, self._carrying.document = picture_id, document
        self._replacing = None
        self._slid_at = float("-inf")
        self._base_masks.serve(document)
        base = Base.empty() if document is None else document.base
        self.recipe_changed.emit(Recipe() if document is None else document.recipe)
        self.base_changed.emit(base)
        self.draft_changed.emit(base.draft)
        self.labels_changed.emit(() if document is None else document.labels)
        self.partition_changed.emit(Partition() if document is None else document.partition)
        self.stepped.emit()


def _words(tool: str) -> str:
    return tool[:1].upper() + tool[1:]
