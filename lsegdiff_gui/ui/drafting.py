"""Drafting the picture on the canvas: one job at a time, its progress, and where the draft goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.hints import ANSWER_SAMPLES, ANSWER_STEPS, Told
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.ui.panels.draft_panel import DraftSettings, Progress
from lsegdiff_gui.workers.draft_queue import DraftJob, Priority
from lsegdiff_gui.workers.inference import Cancelled, InferenceThread
from lsegdiff_gui.workers.segmenting import StepLike


@dataclass(frozen=True)
class _Running:
    """A job that was sent; replaces: whether its draft takes the place of what was painted."""

    job: DraftJob
    replaces: bool
    progress: Progress


@dataclass(frozen=True)
class Outcome:
    """A draft of a picture, whole or stopped early, that is to be placed; part: of this part of it alone."""

    picture_id: int
    draft: Draft
    replaces: bool
    stopped_at: int = 0  # the step it was stopped after; 0 for a whole draft
    part: Box | None = None


class Drafting(QObject):
    """Sends interactive jobs and follows them; a job goes on when its picture is left.

    Signals:
        begun(int picture id, int steps): a draft was asked for; the film starts anew.
        stepped(int picture id, Step): a denoising step is done. Neither is told of a part of a picture.
        finished(Outcome): there is a draft to place.
        ended(int picture id): the job is over, with a draft or without.
        progressed(int picture id, Progress)
        failed(int picture id, str sentence)
    """

    begun = Signal(int, int)
    stepped = Signal(int, object)
    finished = Signal(object)
    ended = Signal(int)
    progressed = Signal(int, object)
    failed = Signal(int, str)

    def __init__(
        self, inference: InferenceThread, job_ids: Iterator[int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._inference = inference
        self._job_ids = job_ids
        self._running: dict[int, _Running] = {}
        inference.loading.connect(self._loading)
        inference.started.connect(self._started)
        inference.step_ready.connect(self._step_ready)
        inference.drafted.connect(self._drafted)
        inference.cancelled.connect(self._cancelled)
        inference.failed.connect(self._failed)

    def draft(
        self,
        picture_id: int,
        picture: Picture,
        settings: DraftSettings,
        *,
        replaces: bool,
        told: Told | None = None,
        box: Box | None = None,
    ) -> None:
        """Draft a picture; a draft of it that is under way is dropped for the new one.

        told: what the model is to heed; hints are answered in fewer steps. box: only this part, by itself.
        """
        self._drop(picture_id)
        answers = told is not None and bool(told.hints)
        job = DraftJob(
            id=next(self._job_ids),
            picture_id=picture_id,
            source=picture,
            model=settings.model,
            device=settings.device,
            steps=ANSWER_STEPS if answers else settings.steps,
            samples=ANSWER_SAMPLES if answers else settings.samples,
            seed=settings.seed,
            priority=Priority.HINT if answers else Priority.INTERACTIVE,
            told=told,
            box=box,
        )
        self._running[job.id] = _Running(job, replaces, Progress("Waiting for the model…"))
        self._inference.draft(job)
        if box is None:
            self.begun.emit(picture_id, job.steps)
        self._report(job.id)

    def stop(self, picture_id: int) -> bool:
        """Stop the draft of a picture and keep its last preview; False when none is running."""
        for running in self._running.values():
            if running.job.picture_id == picture_id:
                self._inference.cancel(running.job.id)
                self._show(running.job.id, "Stopping after this step…")
                return True
        return False

    def forget(self) -> None:
        """Drop every draft that is under way: another project is open, whose pictures have the same numbers."""
        for picture_id in {running.job.picture_id for running in self._running.values()}:
            self._drop(picture_id)
            self.ended.emit(picture_id)

    def progress_of(self, picture_id: int) -> Progress | None:
        """How far the draft of a picture is; None when none is running."""
        for running in self._running.values():
            if running.job.picture_id == picture_id:
                return running.progress
        return None

    def _drop(self, picture_id: int) -> None:
        for job_id in [key for key, running in self._running.items() if running.job.picture_id == picture_id]:
            del self._running[job_id]
            self._inference.cancel(job_id)

    def _loading(self, _model: str) -> None:
        for job_id in self._running:
            self._show(job_id, "Loading the weights…")

    def _started(self, job_id: int) -> None:
        self._show(job_id, "Looking at the picture…")

    def _step_ready(self, job_id: int, step: StepLike) -> None:
        if (running := self._running.get(job_id)) is not None:
            self._show(job_id, f"Step {step.index} of {step.steps}", step.index, step.steps)
            if running.job.box is None:
                self.stepped.emit(running.job.picture_id, step)

    def _drafted(self, job_id: int, draft: Draft) -> None:
        if (running := self._running.pop(job_id, None)) is not None:
            job = running.job
            self.finished.emit(Outcome(job.picture_id, draft, running.replaces, part=job.box))
            self.ended.emit(running.job.picture_id)

    def _cancelled(self, job_id: int, cancelled: Cancelled) -> None:
        if (running := self._running.pop(job_id, None)) is not None:
            # Half an answer is none: the mask is better as it was.
            is_whole = running.job.told is None and running.job.box is None
            if is_whole and (draft := cancelled.draft) is not None:
                self.finished.emit(
                    Outcome(running.job.picture_id, draft, running.replaces, stopped_at=len(draft.film))
                )
            self.ended.emit(running.job.picture_id)

    def _failed(self, job_id: int, sentence: str) -> None:
        if (running := self._running.pop(job_id, None)) is not None:
            self.failed.emit(running.job.picture_id, sentence)
            self.ended.emit(running.job.picture_id)

    def _show(self, job_id: int, words: str, done: int = 0, total: int = 0) -> None:
        if (running := self._running.get(job_id)) is not None:
            self._running[job_id] = replace(running, progress=Progress(words, done, total))
            self._report(job_id)

    def _report(self, job_id: int) -> None:
        running = self._running[job_id]
        self.progressed.emit(running.job.picture_id, running.progress)
