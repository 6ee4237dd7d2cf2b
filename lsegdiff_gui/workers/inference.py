"""The model's own thread: loads weights and drafts, one denoising step at a time."""

from __future__ import annotations

import logging
import sys
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QThread, Signal, Slot

from lsegdiff_gui import __version__
from lsegdiff_gui.annotation.draft import Draft, Provenance
from lsegdiff_gui.annotation.findings import Findings
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.imaging.geometry import Box
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.imaging.read import Limits, read
from lsegdiff_gui.workers.draft_queue import DraftJob, DraftQueue, Priority
from lsegdiff_gui.workers.free_memory import give_memory_back
from lsegdiff_gui.workers.segmenting import (
    INTERACTIVE_THREADS,
    EncodingLike,
    LoadedModel,
    LoadSegmenter,
    SegmenterLike,
    StepLike,
    guess_domain,
    load_segmenter,
    use_threads,
)

log = logging.getLogger(__name__)

# macOS gives threads 512 KB, too little for BLAS and torch (numpy#11551).
STACK_BYTES = 16 * 1024 * 1024
# Encodings are about 3 MB each; redrafting with another seed, or going back a few pictures, reuses them.
ENCODINGS_KEPT = 6
# A draft's memory lies between what others keep; giving the gaps back after each would cost it page faults.
DRAFTS_BETWEEN_TRIMS = 5
SEE_THE_LOG = "The log file has the details."


@dataclass(frozen=True)
class Cancelled:
    """A draft that was stopped. `draft` holds the last preview, or None when no step was finished."""

    job: DraftJob
    draft: Draft | None


@dataclass
class _Run:
    """A draft under way: its steps so far and the generator that makes the next."""

    job: DraftJob
    picture: Picture
    findings: Findings
    steps: Iterator[StepLike]
    previews: list[npt.NDArray[np.uint8]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def partial_draft(self, model: LoadedModel) -> Draft | None:
        """The last preview as a draft: one opinion, no spread, and a film that ends where it stopped."""
        if not self.previews:
            return None
        last = self.previews[-1]
        provenance = Provenance(
            model=model.info.name,
            version=model.info.version,
            domain=model.info.domain,
            weights_sha256=model.info.sha256,
            picture_sha256=self.picture.sha256,
            steps=self.job.steps,
            samples=self.job.samples,
            seed=self.job.seed,
            device=model.device,
            precision=model.precision,
            app_version=__version__,
            seconds=round(time.monotonic() - self.started, 4),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        # As the segmenter does it with a whole draft.
        return Draft(
            probability=np.rint(last * self.findings.share).astype(np.uint8),
            spread=np.zeros_like(last),
            samples=last[None],
            film=np.stack(self.previews),
            provenance=provenance,
            presence=self.findings.presence,
            strangeness=self.findings.strangeness,
        )


class _Inference(QObject):
    """Lives on the inference thread and serves the queue step by step."""

    loading = Signal(str)
    model_ready = Signal(object)
    model_failed = Signal(str)
    started = Signal(int)
    picture_read = Signal(int, object)
    step_ready = Signal(int, object)
    drafted = Signal(int, object)
    cancelled = Signal(int, object)
    failed = Signal(int, str)
    guessed = Signal(int, str)

    def __init__(
        self,
        queue: DraftQueue,
        load: LoadSegmenter,
        guess: Callable[[npt.NDArray[np.uint8]], str],
    ) -> None:
        super().__init__()
        self.errands: deque[Callable[[], None]] = deque()
        self.limits = Limits()
        self._queue = queue
        self._load = load
        self._guess = guess
        self._segmenter: SegmenterLike | None = None
        self._loaded: LoadedModel | None = None
        self._asked_for: tuple[str, str] | None = None
        self._runs: dict[int, _Run] = {}
        self._encodings: OrderedDict[str, EncodingLike] = OrderedDict()
        self._drafts = 0

    @Slot()
    def serve(self) -> None:
        """Work until nothing is waiting. Between two steps: cancelled jobs, errands, then the most urgent."""
        while not self._queue.closed:
            for job in self._queue.take_cancelled():
                self._drop(job)
            if self.errands:
                self.errands.popleft()()
            elif (job_due := self._queue.most_urgent()) is not None:
                self._advance(job_due)
            else:
                return

    def preload(self, model: str, device: str) -> None:
        """Load weights ahead of the first draft; says how it went by `model_ready` or `model_failed`.

        A draft that waits already is not kept waiting for another pass over a grey picture.
        """
        is_new = self._asked_for != (model, device)
        try:
            segmenter = self._segmenter_for(model, device)
            if is_new and not len(self._queue):
                segmenter.warm_up()
        except Exception as error:
            # Already announced by `model_failed`; a draft that needs the weights will say it again.
            log.debug("preloading failed: %s", type(error).__name__)

    def guess(self, token: int, rgb8: npt.NDArray[np.uint8]) -> None:
        """Guess the domain of a picture; a failed guess is an empty answer, never an error."""
        try:
            answer = self._guess(rgb8)
        except Exception:
            log.exception("guessing the kind of picture failed")
            answer = ""
        self.guessed.emit(token, answer)

    def _advance(self, job: DraftJob) -> None:
        try:
            run = self._runs.get(job.id)
            if run is None:
                self._runs[job.id] = self._begin(job)
                return
            use_threads(1 if job.priority is Priority.BATCH else INTERACTIVE_THREADS)
            step = next(run.steps)
            run.previews.append(step.preview)
            self.step_ready.emit(job.id, step)
            if step.draft is not None:
                self._runs.pop(job.id)
                self._queue.finish(job.id)
                self.drafted.emit(job.id, step.draft)
                self._drafts += 1
                if self._drafts % DRAFTS_BETWEEN_TRIMS == 0:
                    give_memory_back()
        except Exception as error:
            self._runs.pop(job.id, None)
            self._queue.finish(job.id)
            self.failed.emit(job.id, self._sentence(job, error))

    def _begin(self, job: DraftJob) -> _Run:
        """Load weights, read the picture when it is not in memory, and encode it."""
        segmenter = self._segmenter_for(job.model, job.device)
        self.started.emit(job.id)
        if isinstance(job.source, Picture):
            picture = job.source
        else:
            picture = read(job.source, limits=self.limits)
            self.picture_read.emit(job.id, picture_identity(picture))
        key = f"{picture.sha256} {job.box}"
        if key not in self._encodings:
            self._encodings[key] = segmenter.encode(picture if job.box is None else _part(picture, job.box))
            if len(self._encodings) > ENCODINGS_KEPT:
                self._encodings.popitem(last=False)
        self._encodings.move_to_end(key)
        encoding = self._encodings[key]
        findings = Findings(round(encoding.presence, 4), round(encoding.strangeness, 4))
        steps = segmenter.sample(
            encoding, steps=job.steps, samples=job.samples, seed=job.seed, hints=job.told
        )
        # The pixels are not needed any more: a run that waits behind others must not hold 100 MB.
        small = replace(picture, rgb8=picture.rgb8[:1, :1], native=picture.native[:1, :1])
        return _Run(job, small, findings, steps)

    def _segmenter_for(self, model: str, device: str) -> SegmenterLike:
        if self._segmenter is not None and self._asked_for == (model, device):
            return self._segmenter
        # The old weights go before the new ones come: both at once may not fit on a small card.
        self._segmenter = self._loaded = self._asked_for = None
        self._encodings.clear()
        self.loading.emit(model)
        try:
            segmenter = self._load(model, device)
        except Exception as error:
            if not isinstance(error, LSegDiffError):
                log.exception("loading weights failed")
            self.model_failed.emit(_load_sentence(model, error))
            raise
        self._segmenter, self._asked_for = segmenter, (model, device)
        self._loaded = LoadedModel(segmenter.info, str(segmenter.device), segmenter.precision)
        self.model_ready.emit(self._loaded)
        return segmenter

    def _drop(self, job: DraftJob) -> None:
        run = self._runs.pop(job.id, None)
        draft = run.partial_draft(self._loaded) if run is not None and self._loaded is not None else None
        self.cancelled.emit(job.id, Cancelled(job, draft))

    def _sentence(self, job: DraftJob, error: Exception) -> str:
        if isinstance(error, LSegDiffError):
            return str(error)
        if type(error).__name__ == "OutOfMemoryError":
            self._free_card()
            return (
                f"The graphics card ran out of memory while {job.name} was drafted. "
                "Ask for fewer samples, or choose the device CPU in the Draft panel."
            )
        log.exception("drafting failed")
        return f"{job.name} could not be drafted: {error or type(error).__name__}. {SEE_THE_LOG}"

    def _free_card(self) -> None:
        self._encodings.clear()
        if (torch := sys.modules.get("torch")) is not None:
            torch.cuda.empty_cache()


@dataclass(frozen=True)
class PictureIdentity:
    """What the project keeps of a picture file: hash, upright size in pixels, stored orientation 1..8."""

    sha256: str
    width: int
    height: int
    orientation: int


def picture_identity(picture: Picture) -> PictureIdentity:
    """The identity of a decoded picture."""
    return PictureIdentity(picture.sha256, picture.width, picture.height, picture.orientation)


def _part(picture: Picture, box: Box) -> Picture:
    """What lies in a box, as a picture."""
    pixels = np.ascontiguousarray(picture.rgb8[box.slices])
    return replace(picture, rgb8=pixels, native=pixels)


def _load_sentence(model: str, error: Exception) -> str:
    if isinstance(error, LSegDiffError):
        return str(error)
    name = Path(model).name
    return f"The weights {name} could not be loaded: {error or type(error).__name__}. {SEE_THE_LOG}"


class InferenceThread(QObject):
    """The face of the inference thread; lives on the GUI thread and never makes it wait.

    Signals:
        loading(str): weights of that model are being loaded.
        model_ready(LoadedModel), model_failed(str sentence)
        started(int job id): the job's turn has come.
        picture_read(int job id, PictureIdentity): only for jobs whose source is a path.
        step_ready(int job id, Step), drafted(int job id, Draft)
        cancelled(int job id, Cancelled): carries the last preview as a draft when there is one.
        failed(int job id, str sentence)
        guessed(int token, str domain): "" when the guess failed.
    """

    loading = Signal(str)
    model_ready = Signal(object)
    model_failed = Signal(str)
    started = Signal(int)
    picture_read = Signal(int, object)
    step_ready = Signal(int, object)
    drafted = Signal(int, object)
    cancelled = Signal(int, object)
    failed = Signal(int, str)
    guessed = Signal(int, str)

    _wake = Signal()

    def __init__(
        self,
        load_segmenter: LoadSegmenter = load_segmenter,
        guess_domain: Callable[[npt.NDArray[np.uint8]], str] = guess_domain,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue = DraftQueue()
        self._worker = _Inference(self._queue, load_segmenter, guess_domain)
        self._thread = QThread()
        self._thread.setObjectName("inference")
        self._thread.setStackSize(STACK_BYTES)
        self._worker.moveToThread(self._thread)
        self._wake.connect(self._worker.serve)
        for name in (
            "loading",
            "model_ready",
            "model_failed",
            "started",
            "picture_read",
            "step_ready",
            "drafted",
            "cancelled",
            "failed",
            "guessed",
        ):
            getattr(self._worker, name).connect(getattr(self, name))
        self._thread.start()

    def load(self, model: str, device: str = "auto") -> None:
        """Load weights ahead of the first draft."""
        self._worker.errands.append(lambda: self._worker.preload(model, device))
        self._wake.emit()

    def use_limits(self, limits: Limits) -> None:
        """Refuse pictures beyond these from now on."""
        self._worker.limits = limits

    def guess(self, token: int, rgb8: npt.NDArray[np.uint8]) -> None:
        """Ask what kind of picture this is; the answer comes by `guessed`."""
        self._worker.errands.append(lambda: self._worker.guess(token, rgb8))
        self._wake.emit()

    def draft(self, job: DraftJob) -> None:
        """Put a job into the queue."""
        self._queue.put(job)
        self._wake.emit()

    def cancel(self, job_id: int | None = None) -> None:
        """Stop one job, or all: within one step of the model."""
        self._queue.cancel(job_id)
        self._wake.emit()

    @property
    def waiting(self) -> int:
        """Jobs that are neither drafted, nor cancelled, nor failed."""
        return len(self._queue)

    def stop(self, timeout_ms: int) -> bool:
        """End the thread after the step it is in. Returns False when it is still running after the time."""
        self._queue.close()
        self._thread.quit()
        return self._thread.wait(timeout_ms)
