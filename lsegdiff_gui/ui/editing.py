"""The document on the canvas: strokes, undo, the recipe under them, the status, and drafts that come in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import BaseChange, Command, PaintEdit, RecipeChange, StatusChange
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.labels import NONE, Status
from lsegdiff_gui.annotation.recipe import Recipe
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.ui.keeping import Keeping
from lsegdiff_gui.workers.masks import MaskThread

# The edit that clears the way for a draft that replaces everything; undone and redone together with it.
CLEARING = "clear for a draft"


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
        recipe_changed(Recipe), draft_changed(Draft or None): of the shown document.
        settled(): the base mask is exact again.
    """

    changed = Signal(object)
    stepped = Signal()
    recipe_changed = Signal(object)
    draft_changed = Signal(object)
    settled = Signal()

    def __init__(self, masks: MaskThread, keeping: Keeping, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._masks = masks
        self._keeping = keeping
        self._picture_id = -1
        self._document: Document | None = None
        self._asked: _Asked | None = None
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
        self._picture_id, self._document, self._asked = picture_id, document, None
        self._announce()
        if document.needs_base:
            self._ask(document.recipe)

    def drop(self) -> None:
        """Edit nothing."""
        self._picture_id, self._document, self._asked = -1, None, None
        self._announce()

    # Steps

    def stroke_finished(self, edit: PaintEdit) -> None:
        """Keep a stroke that the canvas has painted into the document."""
        if self._document is not None:
            self._keeping.record(self._picture_id, edit, self._document.revision)
            self.stepped.emit()

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
        """Make a recipe the document's own: one undoable step."""
        document = self._document
        if document is None:
            return
        if recipe != document.recipe:
            self._apply(RecipeChange(document.recipe, recipe))
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
        if replace and document.is_edited and (clearing := _clear(document)) is not None:
            self._apply(clearing)
        if base != document.base:
            self._apply(BaseChange(document.base, base))

    # Inside

    def _apply(self, command: Command) -> None:
        assert self._document is not None
        box = self._document.apply(command)
        self._keeping.record(self._picture_id, command, self._document.revision)
        self._after(command, box)

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
        if not box.is_empty:
            self.changed.emit(box)
        if isinstance(command, RecipeChange):
            self.recipe_changed.emit(self._document.recipe)
        if isinstance(command, BaseChange):
            self.draft_changed.emit(self._document.base.draft)
        if self._document.needs_base:
            self._ask(self._document.recipe)
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

    def _announce(self) -> None:
        document = self._document
        self.recipe_changed.emit(document.recipe if document is not None else Recipe())
        self.draft_changed.emit(document.base.draft if document is not None else None)
        self.stepped.emit()


def _is_clearing(command: Command | None) -> bool:
    return isinstance(command, PaintEdit) and command.tool == CLEARING


def _clear(document: Document) -> PaintEdit | None:
    box = Box.of(document.override)
    before = document.override[box.slices]
    return PaintEdit.of([(box, before, np.full_like(before, NONE))], CLEARING)
