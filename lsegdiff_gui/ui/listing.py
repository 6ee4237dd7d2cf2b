"""The picture list kept in step with the project, the drafts that run, and the files."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from lsegdiff_gui.annotation.labels import Label, Labels
from lsegdiff_gui.project.catalogue import Catalogue, Found
from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.ui.panels.draft_panel import Progress
from lsegdiff_gui.ui.panels.picture_list import PictureList
from lsegdiff_gui.ui.panels.picture_model import PictureModel
from lsegdiff_gui.ui.session import Session
from lsegdiff_gui.ui.surveying import Surveying
from lsegdiff_gui.ui.thumbnailing import Thumbnailing

# While ten thousand pictures are drafted, the list is asked for anew this often at most.
_ANEW_MS = 200


class Listing(QObject):
    """Joins the session with `PictureModel` and `PictureList`."""

    def __init__(self, session: Session, model: PictureModel, pictures: PictureList) -> None:
        super().__init__(pictures)
        self._session = session
        self._model = model
        self._pictures = pictures
        self._asked = 0
        self._anew = QTimer(self)
        self._anew.setSingleShot(True)
        self._anew.setInterval(_ANEW_MS)
        self._anew.timeout.connect(self._find)
        staff, opening = session.staff, session.opening
        self._surveying = Surveying(staff.store, staff.catalogue, staff.files, self)
        self._thumbnailing = Thumbnailing(model, session.rows, staff.files, pictures.in_sight)
        opening.ready.connect(lambda _project: model.forget())
        opening.listed.connect(self._listed)
        session.rows.changed.connect(lambda _row: self._find_soon())
        pictures.filters.changed.connect(lambda _query: self._find())
        session.editing.labels_changed.connect(self._labels_changed)
        opening.reading.connect(self._reading)
        opening.shown.connect(lambda shown: model.set_error(shown.row.id, ""))
        opening.unreadable.connect(lambda row, sentence: model.set_error(row.id, sentence))
        session.drafting.progressed.connect(self._draft_progressed)
        session.drafting.ended.connect(lambda picture_id: model.set_drafting(picture_id, False))
        session.batch.working.connect(model.set_drafting)
        session.batch.failed.connect(model.set_error)
        self._surveying.told.connect(pictures.tell_survey)
        self._surveying.unreadable.connect(model.set_error)
        pictures.picked.connect(self._picked)

    def _listed(self, _count: int) -> None:
        self._find()
        self._surveying.begin()

    def _find_soon(self) -> None:
        # Not started anew with every change: then a busy project would never be shown.
        if not self._anew.isActive():
            self._anew.start()

    def _find(self) -> None:
        self._anew.stop()
        self._asked += 1
        this, query = self._asked, self._pictures.filters.query

        def find(catalogue: Catalogue) -> tuple[Found, list[str], Labels]:
            return catalogue.find(query), catalogue.annotators(), catalogue.labels()

        def then(answer: tuple[Found, list[str], Labels]) -> None:
            # The newest question counts; what was found for an older one is another list.
            if this == self._asked:
                found, annotators, labels = answer
                self._model.show_found(found)
                self._pictures.filters.show_annotators(annotators)
                # Others than this window's hand bring some too: an import, the command line.
                self._labels_changed(labels)

        self._session.staff.catalogue.ask(find, then)

    def _labels_changed(self, labels: tuple[Label, ...]) -> None:
        if labels:
            self._pictures.filters.show_labels(labels)

    def _picked(self, picture_id: int) -> None:
        if not self._session.go_to(picture_id):
            self._pictures.select(self._session.opening.current)

    def _reading(self, row: PictureRow) -> None:
        self._pictures.select(row.id)

    def _draft_progressed(self, picture_id: int, _progress: Progress) -> None:
        self._model.set_drafting(picture_id, True)
