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
from lsegdiff_gui.annotation.steps import Begins, Find, Move, Placed
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.base_masks import BaseMasks
from lsegdiff_gui.ui.canvas.label_pyramid import Halves
from lsegdiff_gui.ui.keeping import Keeping
from lsegdiff_gui.ui.turns import Turns
from lsegdiff_gui.workers.masks import MaskThread

# A slider that moves on within this time, in seconds, goes on with its last step instead of making another.
GOES_ON_WITHIN = 1.0

# So many pixels are worked through at once, in some 8 ms; more of them on the mask thread.
AT_ONCE_PIXELS = 1 << 20

T = TypeVar("T")
U8 = npt.NDArray[np.uint8]
Work = Callable[[Document, Begins], Sequence[Move | Placed]]
Pixels = Callable[[Document], int]


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
        halved(Halves): what has changed elsewhere at smaller sizes; after `changed`, to spare making them here.
        settled(): what is shown is exact again: see `is_exact`.
    """

    changed = Signal(object)
    stepped = Signal()
    recipe_changed = Signal(object)
    base_changed = Signal(object)
    draft_changed = Signal(object)
    labels_changed = Signal(object)
    partition_changed = Signal(object)
    halved = Signal(object)
    settled = Signal()

    def __init__(self, masks: MaskThread, keeping: Keeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keeping = keeping
        self._picture_id = -1
        self._document: Document | None = None
        self._slid_at = float("-inf")
        self._replacing: Draft | None = None
        self.turns = Turns(masks, self)
        self._base_masks = BaseMasks(masks, self)
        self._base_masks.arrived.connect(lambda: self.turns.take(self._place_mask))
        self.turns.freed.connect(self._tell_settled)

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
        """Whether the shown mask is the one that would be exported, and nothing goes on that would change it."""
        return not self.turns.is_busy and (self._document is None or not self._document.needs_base)

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
        if self._document is not None:
            self._keeping.record(self._picture_id, edit, self._document.revision)
            self.stepped.emit()

    def hand_freed(self) -> None:
        """Place the draft that waited for the end of a stroke."""
        if self._replacing is not None and self._free_document() is not None:
            draft, self._replacing = self._replacing, None
            self.place_draft(draft, replace=True)

    def change(self, find: Find, tool: str) -> None:
        """Set regions to labels, to ERASED or to NONE (given back to the base): one step; see `Document.edit`.

        find: makes them of the final labels, (H, W) uint8, which it must not write to; perhaps on another thread.
        tool: the step's name in the log.
        """
        self._command(
            _words(tool), _whole, lambda document, begins: steps.change(document, find, tool, begins)
        )

    def revert(self, box: Box | None = None) -> None:
        """Give what was painted back to the base, all of it or within a box."""

        def pixels(document: Document) -> int:
            return _whole(document) if box is None else box.clip(document.width, document.height).area

        self._command(
            "Revert", pixels, lambda document, begins: steps.revert(document, box) if begins() else []
        )

    def clear(self) -> None:
        """Erase everything."""
        self._command("Clear", _whole, lambda document, begins: steps.clear(document) if begins() else [])

    def bake(self) -> None:
        """Make the final mask the base."""
        self._command("Bake", _whole, lambda document, begins: steps.bake(document) if begins() else [])

    def bring_back(self, state: steps.EarlierState) -> None:
        """Make an earlier state of the mask the present one, as a new step."""
        self._command(
            "Bring back", _whole, lambda document, begins: steps.bring_back(document, state, begins)
        )

    def look(self, find: Callable[[U8], T], words: str, found: Callable[[T], None]) -> None:
        """Have something found in the final labels, (H, W) uint8, and tell it; words: what that is called."""

        def step() -> None:
            document = self._free_document()
            if document is not None and _whole(document) <= AT_ONCE_PIXELS:
                found(find(document.final))
            elif document is not None:
                self.turns.work_elsewhere(words, lambda _begins: find(document.final), found, may_leave=True)

        self.turns.take(step)

    def set_labels(self, labels: Labels) -> None:
        """Change the project's labels: names, colours, keys, visibility, locks. One undoable step."""
        self._apply(lambda document: LabelsChange(document.labels, ordered(labels)))

    def set_partition(self, partition: Partition) -> None:
        """Change what parts and joins lesions: one undoable step."""
        self._apply(lambda document: PartitionChange(document.partition, partition))

    def set_status(self, status: Status, note: str = "") -> None:
        """Say how far the work on the picture is."""

        def command(document: Document) -> StatusChange | None:
            is_said = (status, note) == (document.status, document.note)
            return None if is_said else StatusChange(document.status, status, note)

        self._apply(command)

    def undo(self) -> None:
        """Take back the last step: where it is still being done and nothing waits for it, by leaving it."""
        if not self.turns.waiting and self.turns.call_off():
            return
        self._take("Undo", partial(steps.pixels_to_move, forward=False), steps.undo)

    def redo(self) -> None:
        """Do the last undone step again."""
        self._take("Redo", partial(steps.pixels_to_move, forward=True), steps.redo)

    def try_recipe(self, recipe: Recipe) -> None:
        """Show what a recipe would give, quickly; nothing is kept."""
        if self._document is not None:
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

    def _command(self, words: str, pixels: Pixels, work: Work) -> None:
        """Do a step that reads the final mask, in its turn; it can be left before it begins to change anything."""

        def step() -> None:
            document = self._free_document()
            if document is None:
                return
            if document.needs_base:
                # Nobody waits for a mask twice: it is made there if it has not come by then.
                self._do_elsewhere(document, words, partial(steps.exactly, work=work), may_leave=True)
            else:
                self._do(document, words, pixels(document), work, may_leave=True)

        self.turns.take(step)

    def _take(self, words: str, pixels: Pixels, work: Callable[[Document], Sequence[Move]]) -> None:
        """Do a step that does not, in its turn."""

        def step() -> None:
            if (document := self._free_document()) is not None:
                self._do(document, words, pixels(document), lambda document, _begins: work(document))

        self.turns.take(step)

    def _do(
        self, document: Document, words: str, pixels: int, work: Work, *, may_leave: bool = False
    ) -> None:
        """Work at once or, where that would look at too many pixels, elsewhere."""
        if pixels <= AT_ONCE_PIXELS:
            self._keep(self._picture_id, document, work(document, lambda: True))
        else:
            self._do_elsewhere(document, words, work, may_leave=may_leave)

    def _do_elsewhere(self, document: Document, words: str, work: Work, *, may_leave: bool) -> None:
        picture_id = self._picture_id

        def do(begins: Begins) -> tuple[Sequence[Move | Placed], Halves]:
            done = work(document, begins)
            changed = Box.empty()
            for each in done:
                changed = changed.union(each.box)
            return done, Halves.of(document.final, changed)

        def tell(outcome: tuple[Sequence[Move | Placed], Halves]) -> None:
            self._keep(picture_id, document, outcome[0])
            if document is self._document:
                self.halved.emit(outcome[1])

        self.turns.work_elsewhere(words, do, tell, may_leave=may_leave)

    def _apply(self, command_for: Callable[[Document], Command | None]) -> None:
        """Do a command that changes no pixel, in its turn; None, or one that changes nothing: none."""

        def step() -> None:
            document = self._document
            command = None if document is None else command_for(document)
            if document is None or command is None:
                return
            if isinstance(command, StatusChange) or command.before != command.after:
                self._keep(self._picture_id, document, steps.apply(document, command))

        self.turns.take(step)

    def _keep(self, picture_id: int, document: Document, done: Sequence[Move | Placed]) -> None:
        """Have what was done to a document kept, and tell what it changed."""
        for each in done:
            match each:
                case Move("do"):
                    self._keeping.record(picture_id, each.command, each.revision)
                case Move("undo"):
                    self._keeping.undo(picture_id, each.revision)
                case Move("redo"):
                    self._keeping.redo(picture_id, each.revision)
            if document is not self._document:
                continue
            if not each.box.is_empty:
                self.changed.emit(each.box)
            if isinstance(each, Move):
                self._after(document, each.command)

    def _free_document(self) -> Document | None:
        """The document, unless a stroke is open: what a key asks for meanwhile would cut into it."""
        return None if self._document is None or self._document.edit_is_open else self._document

    def _settle(self, recipe: Recipe, now: float) -> None:
        document = self._document
        if document is None:
            return
        if recipe != document.recipe:
            merge = now - self._slid_at <= GOES_ON_WITHIN
            self._slid_at = now
            self._apply(lambda document: RecipeChange(document.recipe, recipe, merge))
        elif document.needs_base:
            # Tried and taken back: the preview is still on the canvas.
            self._base_masks.ask(recipe)

    def _place_draft(self, draft: Draft, *, replace: bool) -> None:
        document = self._document
        if document is None:
            return
        if replace and document.edit_is_open:
            self._replacing = draft
            return
        self._replacing = None
        base = Base.of_draft(draft)
        if not replace:
            # Beneath a stroke that is being painted too: it changes no pixel yet.
            self._keep(self._picture_id, document, steps.replace_base(document, base, under_work=True))
            return

        def pixels(document: Document) -> int:
            cleared = _whole(document) if document.is_edited else 0
            return cleared + steps.pixels_of(document, BaseChange(document.base, base))

        self._take("Draft", pixels, partial(steps.replace_base, base=base, under_work=False))

    def _after(self, document: Document, command: Command) -> None:
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
        document, answer = self._document, self._base_masks.answer()
        if document is None or answer is None:
            return

        def place(document: Document, _begins: Begins) -> Sequence[Placed]:
            return [Placed(document.place_base(answer.mask, exact=answer.exact))]

        self._do(document, "Mask", _whole(document), place)
        self._tell_settled()

    def _tell_settled(self) -> None:
        if self.is_exact:
            self.settled.emit()

    def _show(self, picture_id: int, document: Document | None) -> None:
        self._picture_id, self._document, self._replacing = picture_id, document, None
        self._slid_at = float("-inf")
        self._base_masks.serve(document)
        base = Base.empty() if document is None else document.base
        self.recipe_changed.emit(Recipe() if document is None else document.recipe)
        self.base_changed.emit(base)
        self.draft_changed.emit(base.draft)
        self.labels_changed.emit(() if document is None else document.labels)
        self.partition_changed.emit(Partition() if document is None else document.partition)
        self.stepped.emit()


def _whole(document: Document) -> int:
    return document.width * document.height


def _words(tool: str) -> str:
    return tool[:1].upper() + tool[1:]
