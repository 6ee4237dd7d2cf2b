"""The picture list kept in step with the project, the drafts that run, and the files."""

from __future__ import annotations

from PySide6.QtCore import QObject

from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.ui.panels.draft_panel import Progress
from lsegdiff_gui.ui.panels.picture_list import PictureList
from lsegdiff_gui.ui.panels.picture_model import PictureModel
from lsegdiff_gui.ui.session import Session


class Listing(QObject):
    """Joins the session with `PictureModel` and `PictureList`."""

    def __init__(self, session: Session, model: PictureModel, pictures: PictureList) -> None:
        super().__init__(pictures)
        self._session = session
        self._model = model
        self._pictures = pictures
        opening = session.opening
        opening.listed.connect(model.show_rows)
        opening.row_changed.connect(model.update_row)
        opening.reading.connect(self._reading)
        opening.shown.connect(lambda shown: model.set_error(shown.row.id, ""))
        opening.unreadable.connect(lambda row, sentence: model.set_error(row.id, sentence))
        session.drafting.progressed.connect(self._draft_progressed)
        session.drafting.ended.connect(lambda picture_id: model.set_drafting(picture_id, False))
        session.batch.working.connect(model.set_drafting)
        session.batch.failed.connect(model.set_error)
        files = session.staff.files
        model.thumbnail_wanted.connect(self._fetch)
        files.thumbnail_ready.connect(lambda token, rgb8: model.set_thumbnail(-token, rgb8))
        files.thumbnail_failed.connect(lambda token, sentence: model.set_error(-token, sentence))
        pictures.picked.connect(self._picked)

    def _picked(self, picture_id: int) -> None:
        if not self._session.go_to(picture_id):
            self._pictures.select(self._session.opening.current)

    def _reading(self, row: PictureRow) -> None:
        self._pictures.select(row.id)

    def _draft_progressed(self, picture_id: int, _progress: Progress) -> None:
        self._model.set_drafting(picture_id, True)

    def _fetch(self, picture_id: int) -> None:
        entry = self._model.entry(picture_id)
        if entry is not None:
            # Negative: other requests of the pool are numbered from 1.
            self._session.staff.files.thumbnail(-picture_id, entry.row.path)
