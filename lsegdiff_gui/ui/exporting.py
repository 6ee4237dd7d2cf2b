"""Exports: waits until masks are exact and saved, then has the files written in the background."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.formats.export import ExportReport, ExportRequest
from lsegdiff_gui.project.outgoing import shown_item, stored_item
from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.ui.editing import Editing
from lsegdiff_gui.ui.keeping import Keeping
from lsegdiff_gui.ui.opening import Opening
from lsegdiff_gui.workers.chores import Chores
from lsegdiff_gui.workers.files import FilePool


class Exporting(QObject):
    """One export at a time.

    Signals:
        progressed(int done, int of)
        finished(ExportReport)
        failed(str sentence): the export as a whole was not possible.
    """

    progressed = Signal(int, int)
    finished = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        files: FilePool,
        opening: Opening,
        editing: Editing,
        keeping: Keeping,
        chores: Chores,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._chores = chores
        self._chore = 0
        self._files = files
        self._opening = opening
        self._editing = editing
        self._keeping = keeping
        # Its own numbers, below those of reading: the pool cancels by them.
        self._tokens = count(-(10**9))
        self._token = 0
        self._waiting: tuple[ExportRequest, list[PictureRow]] | None = None
        editing.settled.connect(self._begin)
        keeping.told.connect(self._begin)
        files.export_progress.connect(self._advanced)
        files.export_done.connect(self._done)
        files.export_failed.connect(self._failed)

    @property
    def is_running(self) -> bool:
        """Whether an export is waiting or under way."""
        return self._waiting is not None or self._token != 0

    def start(self, request: ExportRequest, rows: list[PictureRow]) -> None:
        """Export these pictures as soon as their masks are exact."""
        self._waiting = (request, rows)
        self.progressed.emit(0, len(rows))
        self._begin()

    def in_background(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Have work done for the dialog, and hand on what comes of it; whatever was asked for before is dropped."""
        self.forget()
        self._chore = self._chores.start(lambda _cancelled: work(), then, lambda _error: None)

    def forget(self) -> None:
        """Nobody waits for the dialog's work any more."""
        self._chores.cancel(self._chore)

    def cancel(self) -> None:
        """Stop after the picture that is being written; what is written stays."""
        if self._waiting is not None:
            self._waiting = None
            self.finished.emit(ExportReport([], [], cancelled=True))
        elif self._token:
            self._files.cancel(self._token)

    def _begin(self) -> None:
        # What the disk refuses cannot be waited for: the shown picture is exported from memory.
        saved = self._keeping.is_idle or self._keeping.unsaved > 0
        if self._waiting is None or not self._editing.is_exact or not saved:
            return
        (request, rows), self._waiting = self._waiting, None
        self._token = next(self._tokens)
        shown, document = self._editing.picture_id, self._editing.document
        project = self._opening.project
        items = [
            shown_item(row.path, document)
            if row.id == shown and document is not None and self._keeping.unsaved
            else stored_item(project, row)
            for row in rows
        ]
        self._files.export(self._token, request, items)

    def _advanced(self, token: int, done: int, of: int) -> None:
        if token == self._token:
            self.progressed.emit(done, of)

    def _done(self, token: int, report: ExportReport) -> None:
        if token == self._token:
            self._token = 0
            self.finished.emit(report)

    def _failed(self, token: int, sentence: str) -> None:
        if token == self._token:
            self._token = 0
            self.failed.emit(sentence)
