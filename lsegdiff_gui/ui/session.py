"""One window's work without its widgets: the controllers, and how they hand things to each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.labels import UNTOUCHED, Labels, Status
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.project.catalogue import Query
from lsegdiff_gui.project.pictures import Identity
from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.ui.ahead import Ahead
from lsegdiff_gui.ui.batch import Batch, Drafted
from lsegdiff_gui.ui.choosing import Choosing
from lsegdiff_gui.ui.draft_ahead import DraftAhead
from lsegdiff_gui.ui.drafting import Drafting, Outcome
from lsegdiff_gui.ui.editing import Editing
from lsegdiff_gui.ui.exporting import Exporting
from lsegdiff_gui.ui.guarding import Guarding
from lsegdiff_gui.ui.importing import Importing
from lsegdiff_gui.ui.keeping import LEAVING, Keeping
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.opening import Opening, Shown
from lsegdiff_gui.ui.panels.draft_panel import DraftSettings
from lsegdiff_gui.ui.rows import Rows
from lsegdiff_gui.ui.staff import Staff

# Asks whether a draft goes under the work or replaces it, and calls back with "replace?"; not at all on cancel.
AskReplace = Callable[[Callable[[bool], None]], None]


class Session(QObject):
    """Owns the controllers.

    Signals:
        message(Message): for the bar above the canvas.
        found_in_part(Outcome): a part of a picture was drafted by itself.
    """

    message = Signal(object)
    found_in_part = Signal(object)

    def __init__(self, staff: Staff, draft_settings: DraftSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.staff = staff
        self.draft_settings = draft_settings
        job_ids = count(1)
        # Before anybody hears of the project, so that what they ask is answered from it.
        staff.store.opened.connect(lambda project: staff.catalogue.open(project.path))
        self.keeping = Keeping(staff.store, self)
        self.rows = Rows(staff.store, staff.catalogue, self)
        self.ahead = Ahead(staff.store, staff.files, self)
        self.opening = Opening(staff.store, staff.files, self.rows, self.ahead, self)
        self.editing = Editing(staff.masks, self.keeping, self)
        self.drafting = Drafting(staff.inference, job_ids, self)
        self.batch = Batch(staff.inference, job_ids, self)
        self.draft_ahead = DraftAhead(staff.inference, job_ids, self)
        self.choosing = Choosing(staff.inference, staff.store, self)
        self.exporting = Exporting(staff.files, self.opening, self.editing, self.keeping, staff.chores, self)
        self.importing = Importing(
            staff.chores,
            staff.store,
            self.opening,
            self.editing,
            self.keeping,
            self.drafting,
            self.batch,
            self,
        )
        self.guarding = Guarding(staff.guard, self.opening, self)
        self._shown: Shown | None = None
        self._labels: Labels = ()
        self.draws_blind = False
        """Whether drafts are kept out of sight until they are asked for."""
        # Drafts of the current picture that came before its document did.
        self._held: dict[int, Outcome] = {}
        self._join()

    @property
    def shown(self) -> Shown | None:
        """The picture on the canvas."""
        return self._shown

    def set_draft_settings(self, settings: DraftSettings) -> None:
        """Draft like this from now on; another model is kept with the project."""
        self.draft_settings = settings
        self.choosing.use_device(settings.device)
        self.choosing.choose(settings.model)

    def go_to(self, picture_id: int) -> bool:
        """Go to another picture. Refused while the disk refuses what was done on this one."""
        if picture_id != self.opening.current and self.must_stay():
            return False
        self.opening.show(picture_id)
        return True

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Add files and folders to the list and go to the first of them; refused as `go_to` is."""
        if not self.must_stay():
            self.opening.open_paths(paths)

    def clear_list(self) -> None:
        """Take all pictures off the list; refused as `go_to` is."""
        if not self.must_stay():
            self.batch.stop()
            self.opening.clear()

    def draft(self, ask: AskReplace) -> None:
        """Draft the shown picture; asks first when there is work that could be in the way."""
        shown, document = self._shown, self.editing.document
        if shown is None or document is None:
            return

        def go(replaces: bool) -> None:
            if self._shown is shown:
                self.drafting.draft(
                    shown.row.id, shown.loaded.picture, self.draft_settings, replaces=replaces
                )

        def asked(model: str) -> None:
            self.draft_settings = replace(self.draft_settings, model=model)
            if document.is_edited or document.base.is_mask:
                ask(go)
            else:
                go(False)

        self.choosing.with_model(asked)

    def draft_all(self, query: Query) -> None:
        """Draft the new ones of the pictures that a query keeps."""

        def start(rows: list[PictureRow]) -> None:
            fresh = [
                row for row in rows if row.status is Status.NEW and not (row.has_draft and self.hides(row.id))
            ]
            if fresh:
                self.batch.start(fresh, self.draft_settings)
            elif query.is_narrow:
                self._tell_batch("None of the shown pictures is new: nothing was drafted.")
            else:
                self._tell_batch("Every listed picture is drafted already.")

        self._with_model(
            lambda: self.staff.catalogue.ask(lambda catalogue: catalogue.untouched(query), start)
        )

    def draft_selected(self, ids: Sequence[int]) -> None:
        """Draft these pictures, drafted ones anew; those that somebody has worked on are left alone."""

        def start(rows: list[PictureRow]) -> None:
            free = [row for row in rows if row.status in UNTOUCHED and not row.is_edited]
            if free:
                self.batch.start(free, self.draft_settings)
            if left := len(rows) - len(free):
                told = (
                    "1 selected picture was" if left == 1 else f"{left} of {len(rows)} selected pictures were"
                )
                self._tell_batch(f"{told} worked on, and not drafted.")

        self._with_model(lambda: self.staff.catalogue.ask(lambda catalogue: catalogue.rows(ids), start))

    def accept_file(self) -> None:
        """Say that the mask fits the shown picture, though its file is another than it was made for."""
        if self._shown is not None:
            picture, row = self._shown.loaded.picture, self._shown.row
            self.staff.store.accept_content(
                Identity(row.id, picture.sha256, picture.width, picture.height, picture.orientation)
            )

    def prepare_next(self, rows: Sequence[PictureRow], *, draft: bool) -> None:
        """Have pictures ready that are probably wanted next; draft: the first of them too, where it is new."""
        self.ahead.prepare(rows)
        first = rows[0] if rows else None
        is_new = first is not None and first.status is Status.NEW and not first.is_edited
        if is_new and first is not None and first.has_draft and self.hides(first.id):
            is_new = False
        if draft and is_new and first is not None and self.choosing.model and not self.batch.is_running:
            self.draft_ahead.start(first, self.draft_settings)

    def hides(self, picture_id: int) -> bool:
        """Whether a draft of this picture is to be kept out of sight."""
        row = self.opening.row(picture_id)
        return self.draws_blind and not (row is not None and row.is_revealed)

    def stop_draft(self) -> bool:
        """Stop the draft of the shown picture; False when none is running."""
        return self.drafting.stop(self.opening.current)

    @property
    def picture(self) -> Picture | None:
        """The pixels on the canvas."""
        return self._shown.loaded.picture if self._shown is not None else None

    def _with_model(self, then: Callable[[], None]) -> None:
        def asked(model: str) -> None:
            self.draft_settings = replace(self.draft_settings, model=model)
            then()

        self.choosing.with_model(asked)

    def _tell_batch(self, sentence: str) -> None:
        self.message.emit(Message(sentence, "info", key="batch"))

    def must_stay(self) -> bool:
        """Whether the picture cannot be left, for the disk refuses what was done on it; then it is told."""
        if not self.keeping.unsaved:
            return False
        sentence = "This picture stays here until its last steps are saved: leaving could lose them."
        self.message.emit(
            Message(
                sentence,
                "warning",
                action="Save elsewhere…",
                other_action="Go on without them…",
                key=LEAVING,
                stays=True,
            )
        )
        return True

    def _join(self) -> None:
        turns = self.editing.turns
        # The shown picture is left once all that was asked for on it is done.
        self.opening.leave_by(turns.take)
        turns.failed.connect(lambda sentence: self.message.emit(Message(sentence, key="mask")))
        self.opening.shown.connect(self._show)
        self.opening.reading.connect(self._leave)
        self.opening.emptied.connect(self._leave)
        self.opening.unreadable.connect(self._leave)
        self.opening.switching.connect(self._forget)
        self.opening.ready.connect(lambda project: self.choosing.project_opened(project.values))
        # In their turn: the picture may be left by what was asked for before they came.
        self.drafting.finished.connect(lambda outcome: turns.take(lambda: self._place(outcome)))
        for source in (self.batch, self.draft_ahead):
            source.finished.connect(lambda drafted: turns.take(lambda: self._place_in_background(drafted)))
        # Labels are the project's: a document that was loaded before has the old ones.
        self.editing.labels_changed.connect(self._labels_changed)
        self.choosing.chosen.connect(self._model_chosen)
        self.keeping.message.connect(self.message)
        self.opening.failed.connect(lambda sentence: self.message.emit(Message(sentence, key="opening")))
        self.drafting.failed.connect(
            lambda _id, sentence: self.message.emit(Message(sentence, key="drafting"))
        )
        self.batch.summed_up.connect(
            lambda sentence: self.message.emit(Message(sentence, "done", key="batch"))
        )
        self.staff.inference.model_failed.connect(
            lambda sentence: self.message.emit(Message(sentence, key="drafting"))
        )
        self.staff.masks.failed.connect(
            lambda _token, sentence: self.message.emit(Message(sentence, key="mask"))
        )

    def _forget(self) -> None:
        self._held.clear()
        self.drafting.forget()
        self.batch.forget()
        self.draft_ahead.stop()
        self.ahead.prepare([])

    def _show(self, shown: Shown) -> None:
        self._shown = shown
        self.choosing.look_at(shown.loaded)
        self.editing.take(shown.row.id, shown.document)
        if (outcome := self._held.pop(shown.row.id, None)) is not None:
            self._place(outcome)

    def _labels_changed(self, labels: Labels) -> None:
        if labels != self._labels:
            self._labels = labels or self._labels
            self.ahead.forget_all()

    def _leave(self, *_: object) -> None:
        self._shown = None
        self.editing.drop()
        for picture_id in [key for key in self._held if key != self.opening.current]:
            self._place_elsewhere(picture_id, self._held.pop(picture_id).draft)

    def _model_chosen(self, model: str) -> None:
        self.draft_settings = replace(self.draft_settings, model=model)

    def _place(self, outcome: Outcome) -> None:
        if outcome.part is not None:
            self.found_in_part.emit(outcome)
        elif self.hides(outcome.picture_id):
            self._place_elsewhere(outcome.picture_id, outcome.draft)
        elif outcome.picture_id == self.editing.picture_id:
            self.editing.place_draft(outcome.draft, replace=outcome.replaces)
        elif outcome.picture_id == self.opening.current:
            self._held[outcome.picture_id] = outcome
        else:
            self._place_elsewhere(outcome.picture_id, outcome.draft)

    def _place_in_background(self, drafted: Drafted) -> None:
        found = drafted.identity
        self.staff.store.set_identity(
            drafted.picture_id, found.sha256, found.width, found.height, found.orientation
        )
        document = self.editing.document
        if self.hides(drafted.picture_id):
            self._place_elsewhere(drafted.picture_id, drafted.draft)
        elif drafted.picture_id == self.editing.picture_id and document is not None:
            # Somebody may have begun to paint while it was drafted: then it is not touched.
            if document.status in UNTOUCHED and not document.can_redo and not document.edit_is_open:
                self.editing.place_draft(drafted.draft, replace=False)
        elif drafted.picture_id == self.opening.current:
            self._held[drafted.picture_id] = Outcome(drafted.picture_id, drafted.draft, replaces=False)
        else:
            self._place_elsewhere(drafted.picture_id, drafted.draft)

    def _place_elsewhere(self, picture_id: int, draft: Draft) -> None:
        if self.hides(picture_id):
            self.staff.store.save_draft(picture_id, draft)
        else:
            self.keeping.place_draft(picture_id, draft)
        self.ahead.forget(picture_id)
