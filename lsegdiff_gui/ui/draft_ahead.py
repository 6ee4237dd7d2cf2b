"""The draft of the picture that comes next, made while somebody looks at this one."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.ui.batch import Drafted
from lsegdiff_gui.ui.panels.draft_panel import DraftSettings
from lsegdiff_gui.workers.draft_queue import DraftJob, Priority
from lsegdiff_gui.workers.inference import InferenceThread, PictureIdentity


class DraftAhead(QObject):
    """One at a time, behind what the user asks for. Signals: finished(Drafted)."""

    finished = Signal(object)

    def __init__(
        self, inference: InferenceThread, job_ids: Iterator[int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._inference = inference
        self._job_ids = job_ids
        self._job: DraftJob | None = None
        self._identity: PictureIdentity | None = None
        # A picture that could not be drafted says so when it is asked for, not over and over.
        self._failed: set[int] = set()
        inference.picture_read.connect(self._picture_read)
        inference.drafted.connect(self._drafted)
        inference.failed.connect(self._gave_up)
        inference.cancelled.connect(lambda job_id, _cancelled: self._forget(job_id))

    def start(self, row: PictureRow, settings: DraftSettings) -> None:
        """Draft this one ahead, and no other any more."""
        if row.id in self._failed or (self._job is not None and self._job.picture_id == row.id):
            return
        self.stop()
        self._job = DraftJob(
            id=next(self._job_ids),
            picture_id=row.id,
            source=row.path,
            model=settings.model,
            device=settings.device,
            steps=settings.steps,
            samples=settings.samples,
            seed=settings.seed,
            priority=Priority.PREFETCH,
        )
        self._inference.draft(self._job)

    def stop(self) -> None:
        """Draft nothing ahead; also when the user has one made of the same picture."""
        if self._job is not None:
            self._inference.cancel(self._job.id)
            self._forget(self._job.id)

    def _picture_read(self, job_id: int, identity: PictureIdentity) -> None:
        if self._job is not None and job_id == self._job.id:
            self._identity = identity

    def _drafted(self, job_id: int, draft: Draft) -> None:
        job, identity = self._job, self._identity
        if job is not None and job_id == job.id and identity is not None:
            self._forget(job_id)
            self.finished.emit(Drafted(job.picture_id, draft, identity))

    def _gave_up(self, job_id: int, _sentence: str) -> None:
        if self._job is not None and job_id == self._job.id:
            self._failed.add(self._job.picture_id)
            self._forget(job_id)

    def _forget(self, job_id: int) -> None:
        if self._job is not None and job_id == self._job.id:
            self._job = self._identity = None
