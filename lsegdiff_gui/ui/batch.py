"""Draft all: new pictures one after the other in the background, behind everything the user asks for."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.findings import count_words
from lsegdiff_gui.project.store import PictureRow
from lsegdiff_gui.ui.batch_progress import BatchProgress, Pace
from lsegdiff_gui.ui.panels.draft_panel import DraftSettings
from lsegdiff_gui.workers.draft_queue import DraftJob, Priority
from lsegdiff_gui.workers.inference import Cancelled, InferenceThread, PictureIdentity

# One is drafted while the next waits, so that the thread is never without work between two pictures.
_SENT_AHEAD = 2


@dataclass(frozen=True)
class Drafted:
    """A draft made in the background, with what was found out about its file."""

    picture_id: int
    draft: Draft
    identity: PictureIdentity


class Batch(QObject):
    """Feeds the inference thread a picture at a time.

    Signals:
        progressed(BatchProgress or None): None when it is over.
        working(int picture id, bool): a picture is being drafted, or is so no more.
        finished(Drafted): a draft to be placed, if nobody has worked on the picture meanwhile.
        failed(int picture id, str sentence): this picture could not be drafted.
        summed_up(str sentence): at the end.
    """

    progressed = Signal(object)
    working = Signal(int, bool)
    finished = Signal(object)
    failed = Signal(int, str)
    summed_up = Signal(str)

    def __init__(
        self, inference: InferenceThread, job_ids: Iterator[int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._inference = inference
        self._job_ids = job_ids
        self._settings = DraftSettings()
        self._waiting: deque[PictureRow] = deque()
        self._sent: dict[int, DraftJob] = {}
        self._identities: dict[int, PictureIdentity] = {}
        self._pace = Pace()
        self._is_paused = False
        self._rows: dict[int, PictureRow] = {}
        self._failures: dict[int, str] = {}
        self._total = 0
        self._drafted = 0
        self._no_lesion = 0
        self._strange = 0
        self._has_no_weights = False
        inference.started.connect(self._job_started)
        inference.picture_read.connect(self._picture_read)
        inference.drafted.connect(self._job_drafted)
        inference.cancelled.connect(self._job_cancelled)
        inference.failed.connect(self._job_failed)
        inference.model_failed.connect(self._model_failed)

    @property
    def is_running(self) -> bool:
        """Whether pictures are waiting or being drafted."""
        return bool(self._waiting or self._sent)

    @property
    def is_paused(self) -> bool:
        """Whether it waits for the user."""
        return self._is_paused

    @property
    def failures(self) -> list[tuple[PictureRow, str]]:
        """The pictures of this batch that could not be drafted, each with the sentence why."""
        return [(self._rows[picture_id], sentence) for picture_id, sentence in self._failures.items()]

    @property
    def progress(self) -> BatchProgress | None:
        """How far it is; None when none is running."""
        if not self.is_running:
            return None
        done = self._drafted + len(self._failures)
        left = None if self._is_paused else self._pace.left(self._total - done)
        return BatchProgress(done, self._total, left, self._is_paused)

    def start(self, rows: Iterable[PictureRow], settings: DraftSettings) -> None:
        """Draft these pictures; a batch that is running goes on with them behind its own."""
        if not self.is_running:
            self._total = self._drafted = self._no_lesion = self._strange = 0
            self._has_no_weights = self._is_paused = False
            self._rows.clear()
            self._failures.clear()
            self._pace = Pace()
            self._pace.start(time.monotonic())
        self._settings = settings
        known = {row.id for row in self._waiting} | {job.picture_id for job in self._sent.values()}
        fresh = [row for row in rows if row.id not in known]
        self._waiting.extend(fresh)
        self._rows.update((row.id, row) for row in fresh)
        for row in fresh:
            # Tried again: it counts once.
            if self._failures.pop(row.id, None) is None:
                self._total += 1
        self._feed()

    def retry(self) -> None:
        """Try the pictures again that could not be drafted."""
        self.start([row for row, _ in self.failures], self._settings)

    def pause(self, paused: bool) -> None:
        """Send no more pictures; those under way are finished. Or go on."""
        if self.is_running and paused != self._is_paused:
            self._is_paused = paused
            if paused:
                self._pace.pause()
            else:
                self._pace.start(time.monotonic())
            self._feed()

    def stop(self) -> None:
        """Stop after the step that is under way; what is drafted stays."""
        self._waiting.clear()
        self._is_paused = False
        for job_id in list(self._sent):
            self._inference.cancel(job_id)
        self.progressed.emit(self.progress)

    def forget(self) -> None:
        """Stop, and take nothing more that comes: another project is open."""
        self.stop()
        for job_id in list(self._sent):
            self._over(job_id)
        self._identities.clear()
        self._rows.clear()
        self._failures.clear()
        self.progressed.emit(None)

    def _feed(self) -> None:
        while self._waiting and len(self._sent) < _SENT_AHEAD and not self._is_paused:
            row = self._waiting.popleft()
            job = DraftJob(
                id=next(self._job_ids),
                picture_id=row.id,
                source=row.path,
                model=self._settings.model,
                device=self._settings.device,
                steps=self._settings.steps,
                samples=self._settings.samples,
                seed=self._settings.seed,
                priority=Priority.BATCH,
            )
            self._sent[job.id] = job
            self._inference.draft(job)
        self.progressed.emit(self.progress)

    def _over(self, job_id: int) -> DraftJob | None:
        job = self._sent.pop(job_id, None)
        if job is not None:
            self.working.emit(job.picture_id, False)
        return job

    def _next(self) -> None:
        self._feed()
        if not self.is_running and not self._has_no_weights:
            self.summed_up.emit(self._summary())

    def _job_started(self, job_id: int) -> None:
        if (job := self._sent.get(job_id)) is not None:
            self.working.emit(job.picture_id, True)

    def _picture_read(self, job_id: int, identity: PictureIdentity) -> None:
        if job_id in self._sent:
            self._identities[job_id] = identity

    def _job_drafted(self, job_id: int, draft: Draft) -> None:
        if (job := self._over(job_id)) is not None:
            self._drafted += 1
            self._pace.one_done(time.monotonic())
            self._no_lesion += draft.no_lesion
            self._strange += draft.is_strange
            self.finished.emit(Drafted(job.picture_id, draft, self._identities.pop(job_id)))
            self._next()

    def _job_cancelled(self, job_id: int, _cancelled: Cancelled) -> None:
        if self._over(job_id) is not None:
            self._identities.pop(job_id, None)
            self._next()

    def _job_failed(self, job_id: int, sentence: str) -> None:
        if (job := self._over(job_id)) is not None:
            self._identities.pop(job_id, None)
            if not self._has_no_weights:
                self._failures[job.picture_id] = sentence
                self._pace.one_done(time.monotonic())
                self.failed.emit(job.picture_id, sentence)
            self._next()

    def _model_failed(self, _sentence: str) -> None:
        # No picture can be drafted without weights, and none is to blame: one sentence, said elsewhere, is enough.
        self._waiting.clear()
        self._has_no_weights = True

    def _summary(self) -> str:
        done = "1 picture" if self._drafted == 1 else f"{self._drafted} pictures"
        if words := count_words(self._no_lesion, self._strange):
            done = f"{done}: {words}"
        failed = len(self._failures)
        if not failed:
            return f"Drafted {done}."
        if failed == 1:
            return f"Drafted {done}; 1 is marked in the list, for it could not be drafted."
        return f"Drafted {done}; {failed} are marked in the list, for they could not be drafted."
