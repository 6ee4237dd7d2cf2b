"""Going through the list: to the next picture, with a status or a note for this one, and the next made ready."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from lsegdiff_gui.annotation.labels import Status
from lsegdiff_gui.project.catalogue import Order
from lsegdiff_gui.ui.blind import Blind
from lsegdiff_gui.ui.canvas.canvas import Canvas
from lsegdiff_gui.ui.message_bar import Message
from lsegdiff_gui.ui.panels.picture_list import PictureList
from lsegdiff_gui.ui.panels.picture_model import FINISHED, PictureModel
from lsegdiff_gui.ui.session import Session

# The picture that was just come to is painted first.
_PREPARE_AFTER_MS = 30


def is_open(status: Status) -> bool:
    """Whether a picture of this status is still to be looked at."""
    return status not in FINISHED


class Reviewing(QObject):
    """Joins the session with `PictureList` for everything that goes from picture to picture.

    Signals: accepted(): a picture was said to be done, and the next is on its way.
    """

    accepted = Signal()

    def __init__(
        self, session: Session, canvas: Canvas, pictures: PictureList, model: PictureModel, blind: Blind
    ) -> None:
        super().__init__(pictures)
        self._session = session
        self._canvas = canvas
        self._pictures = pictures
        self._model = model
        self._blind = blind
        # Who has accepted one picture goes through the list: drafts are made ahead from then on.
        self._accepts = False
        self._to_first = False
        self._prepare = QTimer(self)
        self._prepare.setSingleShot(True)
        self._prepare.setInterval(_PREPARE_AFTER_MS)
        self._prepare.timeout.connect(self._prepare_next)
        session.opening.shown.connect(lambda _shown: self._prepare.start())
        session.opening.leaving.connect(pictures.note.finish)
        session.rows.arrived.connect(lambda _rows: self._prepare.start())
        session.editing.stepped.connect(self._show_note)
        pictures.note.written.connect(self._write_note)
        pictures.note.done.connect(canvas.setFocus)
        model.found_shown.connect(self._list_changed)

    def step(self, by: int, *, unreviewed: bool = False) -> None:
        """Go one picture back (-1) or on (+1), or to the nearest that is still to be looked at."""
        current = self._session.opening.current
        wanted = is_open if unreviewed else (lambda _status: True)
        if (neighbour := self._pictures.neighbour(current, by, wanted)) is not None:
            self._session.go_to(neighbour)

    def accept(self) -> None:
        """Say that this picture is done, and go to the next that is not: behind the last, from the first on."""
        self._accepts = True
        hides = self._blind.is_hiding
        if not self._say(Status.DONE):
            return
        if hides:
            # Said without the draft; now it may be seen, and the next time the key goes on.
            self._blind.reveal()
        else:
            self._go_on()
            self.accepted.emit()

    def approve(self) -> None:
        """Say as the reviewer that this mask is right, and go on."""
        if self._say(Status.APPROVED):
            self._go_on()

    def reject(self) -> None:
        """Say as the reviewer that this mask is wrong, and write why."""
        if self._say(Status.REJECTED):
            self.write_note()

    def say(self, status: Status) -> None:
        """Give the shown picture this status; saying it again takes it back to in progress."""
        self._say(status, again=Status.IN_PROGRESS)

    def write_note(self) -> None:
        """Put the cursor into the note."""
        self._pictures.note.setFocus()
        self._pictures.note.selectAll()

    def least_certain(self) -> None:
        """Sort by how little the samples agree, and go to the first that is still to be looked at."""
        self._to_first = True
        if not self._pictures.filters.sort_by(Order.SPREAD):
            self._list_changed()

    def _say(self, status: Status, again: Status | None = None) -> bool:
        """Give the shown picture this status, or `again` where it has it; False where there is none."""
        self._canvas.finish_gesture()
        self._pictures.note.finish()
        editing = self._session.editing

        def say() -> None:
            if (document := editing.document) is not None:
                has_it = document.status is status and again is not None
                editing.set_status(again if has_it and again is not None else status, document.note)

        editing.turns.take(say)
        return editing.document is not None

    def _go_on(self) -> None:
        current = self._session.opening.current

        def wanted(status: Status) -> bool:
            return is_open(status)

        onward = self._pictures.neighbour(current, 1, wanted)
        if onward is None:
            onward = self._pictures.neighbour(-1, 1, wanted)
        if onward is not None and onward != current:
            self._session.go_to(onward)
        elif self._model.ids:
            self._session.message.emit(
                Message("Every picture shown in the list is done.", "done", key="list")
            )

    def _show_note(self) -> None:
        document = self._session.editing.document
        self._pictures.note.show_note(None if document is None else document.note)

    def _write_note(self, note: str) -> None:
        editing = self._session.editing

        def write() -> None:
            if (document := editing.document) is not None:
                editing.set_status(document.status, note)

        editing.turns.take(write)

    def _list_changed(self) -> None:
        if self._to_first:
            self._to_first = False
            if (first := self._pictures.neighbour(-1, 1, is_open)) is not None:
                self._session.go_to(first)
        self._prepare.start()

    def _prepare_next(self) -> None:
        """Make ready what the next keys will ask for: the next to be looked at, and the next of all."""
        current = self._session.opening.current
        if self._session.shown is None or self._session.shown.row.id != current:
            return
        following = (self._pictures.neighbour(current, 1, is_open), self._pictures.neighbour(current, 1))
        ids = list(dict.fromkeys(picture_id for picture_id in following if picture_id is not None))
        rows = [row for picture_id in ids if (row := self._session.rows.get(picture_id)) is not None]
        if len(rows) < len(ids):
            self._session.rows.want(ids)
        self._session.prepare_next(rows, draft=self._accepts)
