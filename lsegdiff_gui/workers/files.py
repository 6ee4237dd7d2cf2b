"""Files off the GUI thread: pictures, thumbnails and folder listings in, exports out."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, SignalInstance, Slot

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.instance_map import instance_map
from lsegdiff_gui.annotation.instance_sizes import instance_sizes
from lsegdiff_gui.annotation.instances import Partition
from lsegdiff_gui.annotation.labels import NONE
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.formats.export import ExportItem, ExportReport, ExportRequest, export
from lsegdiff_gui.imaging.display import pyramid
from lsegdiff_gui.imaging.look import DisplayLevels, LevelsNeed, display_levels
from lsegdiff_gui.imaging.pages import count_all_pages
from lsegdiff_gui.imaging.picture import Picture
from lsegdiff_gui.imaging.read import Glimpse, Limits, list_pictures, read
from lsegdiff_gui.workers.surveys import Survey, survey
from lsegdiff_gui.workers.thumbnails import THUMBNAIL_SIDE, cached_thumbnail

# Among waiting jobs the higher number starts first.
SCAN_PRIORITY = 30
READ_PRIORITY = 20
LEVELS_PRIORITY = 15
AHEAD_PRIORITY = 14
INSTANCES_PRIORITY = 12
THUMBNAIL_PRIORITY = 10
SURVEY_PRIORITY = 5

# One thread may be deep in a large picture while the other serves the list.
_READING_THREADS = 2
# An export lasts minutes and must not keep pictures waiting, nor another export half done beside it.
_WRITING_THREADS = 1
# The 512 KB that macOS gives a thread are too few for numpy's libraries.
_STACK_BYTES = 16 * 2**20

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False, slots=True)
class Loaded:
    """A picture with its smaller levels: pyramid[0] is its rgb8, each next one half the size."""

    picture: Picture
    pyramid: list[npt.NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Found:
    """The pictures that files and folders stand for. pages: how many, of those files that hold several."""

    paths: list[Path]
    pages: dict[Path, int]


class _Job(QRunnable):
    """One piece of work with the signals its outcome goes to; it lives until the outcome is delivered."""

    def __init__(
        self,
        token: int,
        work: Callable[[Event], object],
        done: SignalInstance,
        failed: SignalInstance,
        report: SignalInstance,
    ) -> None:
        super().__init__()
        # Qt must not delete what Python still holds; FilePool drops it after delivery.
        self.setAutoDelete(False)
        self.token = token
        self.done = done
        self.failed = failed
        self.cancelled = Event()
        self._work = work
        self._report = report

    def run(self) -> None:
        result: object = None
        sentence: str | None = None
        try:
            result = self._work(self.cancelled)
        except LSegDiffError as problem:
            sentence = str(problem)
        except MemoryError:
            sentence = "There is not enough memory for this. Close other programs and try again."
        except Exception:
            # What escapes here would end in sys.excepthook on this thread.
            _log.exception("a file job failed")
            sentence = "A fault in LSegDiff stopped this. Nothing was lost; the log file holds the details."
        # The pool may be gone when a job outlasts the shutdown.
        with contextlib.suppress(RuntimeError):
            self._report.emit(self, result, sentence)

    def release(self) -> None:
        """Let go of the work and all it holds: PySide keeps a runnable that Qt does not delete for ever."""
        vars(self).clear()


class FilePool(QObject):
    """Reads and writes files on a few threads of its own; every signal is emitted on the thread it lives in.

    Each request carries a token that comes back with its outcome. A cancelled request says nothing more; only
    an export then still reports what it had written. Call `stop` before dropping the object.

    Signals:
        glimpsed(token, Glimpse): of a large picture, before it is ready; picture_ready(token, Loaded),
        read_failed(token, sentence)
        thumbnail_ready(token, (h, w, 3) uint8 RGB), thumbnail_failed(token, sentence)
        levels_ready(token, DisplayLevels), levels_failed(token, sentence)
        rebuilt(token, Document): its base mask is exact; rebuild_failed(token, sentence)
        labels_found(token, tuple[int, ...]), labels_failed(token, sentence)
        surveyed(token, Survey), survey_failed(token, sentence)
        instances_found(token, tuple[InstanceSize, ...]), instances_mapped(token, InstanceMap),
        instances_failed(token, sentence)
        scanned(token, Found), scan_failed(token, sentence)
        export_progress(token, done, of), export_done(token, ExportReport), export_failed(token, sentence)
    """

    glimpsed = Signal(int, object)
    picture_ready = Signal(int, object)
    read_failed = Signal(int, str)
    thumbnail_ready = Signal(int, object)
    thumbnail_failed = Signal(int, str)
    levels_ready = Signal(int, object)
    levels_failed = Signal(int, str)
    rebuilt = Signal(int, object)
    rebuild_failed = Signal(int, str)
    labels_found = Signal(int, object)
    labels_failed = Signal(int, str)
    surveyed = Signal(int, object)
    survey_failed = Signal(int, str)
    instances_found = Signal(int, object)
    instances_mapped = Signal(int, object)
    instances_failed = Signal(int, str)
    scanned = Signal(int, object)
    scan_failed = Signal(int, str)
    export_progress = Signal(int, int, int)
    export_done = Signal(int, object)
    export_failed = Signal(int, str)

    _reported = Signal(object, object, object)
    _advanced = Signal(int, int, int)
    _seen = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.limits = Limits()
        """What is refused of what is asked for from now on."""
        self._reading = _pool(_READING_THREADS)
        self._writing = _pool(_WRITING_THREADS)
        self._jobs: dict[_Job, QThreadPool] = {}
        self._is_stopped = False
        # Queued, so that receivers run on this object's thread however they are connected.
        self._reported.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._advanced.connect(self._advance, Qt.ConnectionType.QueuedConnection)
        self._seen.connect(self._hand_on_glimpse, Qt.ConnectionType.QueuedConnection)

    def read(self, token: int, path: Path, priority: int = READ_PRIORITY) -> None:
        """Read a picture with its pyramid: glimpsed where it is large, then picture_ready or read_failed."""
        work = partial(_load, path, self.limits, partial(self._seen.emit, token))
        self._start(self._reading, token, work, self.picture_ready, self.read_failed, priority)

    def thumbnail(
        self, token: int, path: Path, side: int = THUMBNAIL_SIDE, priority: int = THUMBNAIL_PRIORITY
    ) -> None:
        """Read a picture at most `side` pixels large: thumbnail_ready or thumbnail_failed.

        What is visible comes first when its priority is higher.
        """
        work = partial(_shrink, path, side, self.limits)
        self._start(self._reading, token, work, self.thumbnail_ready, self.thumbnail_failed, priority)

    def levels(self, token: int, picture: Picture, need: LevelsNeed) -> None:
        """Compute what a look needs of a picture: levels_ready or levels_failed."""
        work = partial(_level, picture, need)
        self._start(self._reading, token, work, self.levels_ready, self.levels_failed, LEVELS_PRIORITY)

    def instances(self, token: int, final: npt.NDArray[np.uint8], partition: Partition) -> None:
        """Measure the instances of a label plane, (H, W) uint8, shared: instances_found or instances_failed.

        The plane may change meanwhile: what is found is then neither of before nor of after, and to be dropped.
        """
        work = partial(_measure, instance_sizes, final, partition)
        self._start(
            self._reading, token, work, self.instances_found, self.instances_failed, INSTANCES_PRIORITY
        )

    def map_instances(
        self, token: int, final: npt.NDArray[np.uint8], partition: Partition, hidden: frozenset[int]
    ) -> None:
        """As `instances`, and lay them out, but for those of hidden labels: instances_mapped or instances_failed."""
        work = partial(_measure, partial(instance_map, hidden=hidden), final, partition)
        self._start(
            self._reading, token, work, self.instances_mapped, self.instances_failed, INSTANCES_PRIORITY
        )

    def rebuild(self, token: int, document: Document) -> None:
        """Compute the base mask of a document that nobody else holds: rebuilt or rebuild_failed."""
        work = partial(_rebuild, document)
        self._start(self._reading, token, work, self.rebuilt, self.rebuild_failed, AHEAD_PRIORITY)

    def labels_in(self, token: int, final: npt.NDArray[np.uint8]) -> None:
        """Which labels a plane, (H, W) uint8, has pixels of: labels_found or labels_failed."""
        work = partial(_labels_in, final)
        self._start(self._reading, token, work, self.labels_found, self.labels_failed, INSTANCES_PRIORITY)

    def survey(self, token: int, files: Sequence[tuple[int, Path]]) -> None:
        """Look into files nobody has opened, behind all other work: surveyed or survey_failed."""
        work = partial(_survey, tuple(files), self.limits)
        self._start(self._reading, token, work, self.surveyed, self.survey_failed, SURVEY_PRIORITY)

    def scan(self, token: int, paths: Sequence[Path], recursive: bool = False) -> None:
        """List the pictures of files and folders: scanned or scan_failed."""
        work = partial(_list, tuple(paths), recursive)
        self._start(self._reading, token, work, self.scanned, self.scan_failed, SCAN_PRIORITY)

    def export(self, token: int, request: ExportRequest, items: Sequence[ExportItem]) -> None:
        """Write masks: export_progress, then export_done or export_failed.

        The items' `mask` functions are called on a thread of this pool.
        """
        work = partial(self._export, token, request, tuple(items))
        self._start(self._writing, token, work, self.export_done, self.export_failed, 0)

    def cancel(self, token: int) -> None:
        """Give up every request with this token, waiting or under way."""
        for job, pool in list(self._jobs.items()):
            if job.token != token:
                continue
            job.cancelled.set()
            if pool.tryTake(job):
                del self._jobs[job]
                job.release()
                if pool is self._writing:
                    self.export_done.emit(token, ExportReport([], [], cancelled=True))

    @property
    def is_busy(self) -> bool:
        """Whether a request has not been answered yet."""
        return bool(self._jobs)

    def stop(self, timeout_ms: int) -> bool:
        """Cancel everything, take no more requests, and wait for the threads.

        Returns False when one is still busy after timeout_ms: keep this object then and call again, or leave
        the process by os._exit. Nothing is emitted any more.
        """
        self._is_stopped = True
        for job in self._jobs:
            job.cancelled.set()
        until = time.monotonic() + timeout_ms / 1000
        pools = (self._reading, self._writing)
        for pool in pools:
            pool.clear()
        have_ended = [pool.waitForDone(max(0, int((until - time.monotonic()) * 1000))) for pool in pools]
        if all(have_ended):
            for job in self._jobs:
                job.release()
            self._jobs.clear()
        return all(have_ended)

    def _start(
        self,
        pool: QThreadPool,
        token: int,
        work: Callable[[Event], object],
        done: SignalInstance,
        failed: SignalInstance,
        priority: int,
    ) -> None:
        if self._is_stopped:
            return
        job = _Job(token, work, done, failed, self._reported)
        self._jobs[job] = pool
        pool.start(job, priority)

    def _export(
        self, token: int, request: ExportRequest, items: tuple[ExportItem, ...], cancelled: Event
    ) -> ExportReport:
        """Runs on a thread of the pool."""

        def advance(done: int, of: int) -> None:
            self._advanced.emit(token, done, of)

        return export(items, request, advance, cancelled.is_set)

    @Slot(object, object, object)
    def _deliver(self, job: _Job, result: object, sentence: str | None) -> None:
        if self._is_stopped:
            return
        is_export = self._jobs.pop(job, None) is self._writing
        token, done, failed, cancelled = job.token, job.done, job.failed, job.cancelled.is_set()
        job.release()
        if cancelled and not is_export:
            return
        if sentence is None:
            done.emit(token, result)
        else:
            failed.emit(token, sentence)

    @Slot(int, object)
    def _hand_on_glimpse(self, token: int, glimpse: Glimpse) -> None:
        if any(job.token == token and not job.cancelled.is_set() for job in self._jobs):
            self.glimpsed.emit(token, glimpse)

    @Slot(int, int, int)
    def _advance(self, token: int, done: int, of: int) -> None:
        if not self._is_stopped:
            self.export_progress.emit(token, done, of)


def _pool(threads: int) -> QThreadPool:
    pool = QThreadPool()
    pool.setMaxThreadCount(threads)
    pool.setStackSize(_STACK_BYTES)
    return pool


def _load(
    path: Path, limits: Limits, on_glimpse: Callable[[Glimpse], None], cancelled: Event
) -> Loaded | None:
    if cancelled.is_set():
        return None
    picture = read(path, limits=limits, on_glimpse=on_glimpse)
    # The dear half for a large picture, not worth doing for one that was left meanwhile.
    return None if cancelled.is_set() else Loaded(picture, pyramid(picture.rgb8))


def _level(picture: Picture, need: LevelsNeed, cancelled: Event) -> DisplayLevels | None:
    return None if cancelled.is_set() else display_levels(picture, need)


def _measure(
    measure: Callable[[npt.NDArray[np.uint8], Partition], object],
    final: npt.NDArray[np.uint8],
    partition: Partition,
    cancelled: Event,
) -> object:
    # A copy, so that a stroke meanwhile makes it wrong, which is noticed, but not contradictory within itself.
    return None if cancelled.is_set() else measure(final.copy(), partition)


def _shrink(path: Path, side: int, limits: Limits, cancelled: Event) -> npt.NDArray[np.uint8] | None:
    return None if cancelled.is_set() else cached_thumbnail(path, side, limits)


def _rebuild(document: Document, cancelled: Event) -> Document | None:
    if cancelled.is_set():
        return None
    document.rebuild_base()
    return document


def _labels_in(final: npt.NDArray[np.uint8], cancelled: Event) -> tuple[int, ...] | None:
    if cancelled.is_set():
        return None
    seen = np.flatnonzero(np.bincount(final.ravel(), minlength=256))
    return tuple(int(label) for label in seen if label != NONE)


def _survey(files: tuple[tuple[int, Path], ...], limits: Limits, cancelled: Event) -> Survey | None:
    return survey(files, limits, cancelled.is_set)


def _list(paths: tuple[Path, ...], recursive: bool, cancelled: Event) -> Found | None:
    if cancelled.is_set():
        return None
    listed = list_pictures(paths, recursive)
    return Found(listed, count_all_pages(listed))
