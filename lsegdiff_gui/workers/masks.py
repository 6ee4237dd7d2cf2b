"""The thread for work on whole masks, so that no slider and no command on a large picture holds up the window."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.recipe import Recipe

log = logging.getLogger(__name__)

STACK_BYTES = 16 * 1024 * 1024
"""macOS gives threads 512 KB, too little for numpy (numpy#11551)."""

PREVIEW_SIDE = 1024
"""Long side of a preview, in pixels: about what the canvas shows, in some 10 ms."""

EXACT_AFTER_MS = 120
"""A slider that rests this long counts as let go. Exact masks take up to 300 ms, during which no preview comes:
begun with every move they would make the slider stutter."""


@dataclass(frozen=True)
class _Request:
    token: int
    base: Base
    recipe: Recipe
    width: int
    height: int
    draft_quality: bool


class _Inbox:
    """Holds the newest request only; filled by the GUI thread, emptied by the mask thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: _Request | None = None

    def put(self, request: _Request | None) -> None:
        with self._lock:
            self._newest = request

    def take(self) -> _Request | None:
        with self._lock:
            request, self._newest = self._newest, None
            return request

    @property
    def is_empty(self) -> bool:
        return self._newest is None


class Job:
    """Work on a document that takes long. It can be called off until it begins to change the document."""

    def __init__(self, work: Callable[[Callable[[], bool]], object]) -> None:
        """work: called on the mask thread with a question to ask before the first change: False, it is called off."""
        self._work = work
        self._lock = threading.Lock()
        self._has_begun = False
        self._is_off = False
        self.result: object = None
        """What the work gave."""
        self.fault: Exception | None = None
        """What it failed with."""

    @property
    def is_off(self) -> bool:
        """Whether it was called off."""
        return self._is_off

    def call_off(self) -> bool:
        """From now on it changes nothing; False if it does already."""
        with self._lock:
            self._is_off = not self._has_begun
            return self._is_off

    def do(self) -> None:
        """Do the work, unless it is called off; fills `result` or `fault`."""
        if self._is_off:
            return
        try:
            self.result = self._work(self._begins)
        except Exception as error:
            # What is called off may have read what was changed under its hands.
            if not self._is_off:
                log.exception("work on a mask failed")
            self.fault = error

    def _begins(self) -> bool:
        with self._lock:
            self._has_begun = not self._is_off
            return self._has_begun


class _MaskWorker(QObject):
    """Lives on the mask thread."""

    ready = Signal(int, object, bool)
    failed = Signal(int, str)
    done = Signal(object)

    def __init__(self, inbox: _Inbox) -> None:
        super().__init__()
        self._inbox = inbox
        self._waiting: _Request | None = None
        self._rest: QTimer | None = None

    @Slot()
    def serve(self) -> None:
        """Answer the newest request; wake-ups for requests that were replaced find the inbox empty."""
        request = self._inbox.take()
        if request is None:
            return
        self._waiting = None
        if request.draft_quality and max(request.width, request.height) > PREVIEW_SIDE:
            self._make(request, exact=False)
            self._waiting = request
            self._when_at_rest()
        else:
            self._make(request, exact=True)

    @Slot(object)
    def do(self, job: Job) -> None:
        """Do a job."""
        job.do()
        self.done.emit(job)

    @Slot()
    def forget(self) -> None:
        """Drop the exact mask that is still to come."""
        self._waiting = None
        if self._rest is not None:
            self._rest.stop()

    @Slot()
    def close(self) -> None:
        """End the thread; a timer must be stopped by its own thread, so the end comes from here."""
        self.forget()
        self.thread().quit()

    @Slot()
    def _make_exact(self) -> None:
        request, self._waiting = self._waiting, None
        if request is not None and self._inbox.is_empty:
            self._make(request, exact=True)

    def _make(self, request: _Request, *, exact: bool) -> None:
        try:
            mask = request.base.foreground(
                request.recipe, request.width, request.height, longest=None if exact else PREVIEW_SIDE
            )
        except Exception as error:
            log.exception("making a mask failed")
            self.failed.emit(
                request.token, f"The mask could not be computed: {error}. The log file has the details."
            )
            return
        # Also when a newer request is waiting: else a fast slider would never see a preview.
        self.ready.emit(request.token, mask, exact)

    def _when_at_rest(self) -> None:
        if self._rest is None:
            self._rest = QTimer(self)
            self._rest.setSingleShot(True)
            self._rest.setInterval(EXACT_AFTER_MS)
            self._rest.timeout.connect(self._make_exact)
        self._rest.start()


class MaskThread(QObject):
    """The face of the mask thread; lives on the GUI thread and never makes it wait.

    Of base masks that are asked for the newest request wins; jobs are done one after the other.

    Signals:
        ready(int token, mask, bool exact): mask (height, width) uint8, 0 or 1, belongs to the receiver.
        failed(int token, str sentence)
        done(Job): it has ended, well or with a fault, or was called off.
    """

    ready = Signal(int, object, bool)
    failed = Signal(int, str)
    done = Signal(object)

    _wake = Signal()
    _do = Signal(object)
    _forget = Signal()
    _close = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inbox = _Inbox()
        self._worker = _MaskWorker(self._inbox)
        self._thread = QThread()
        self._thread.setObjectName("masks")
        self._thread.setStackSize(STACK_BYTES)
        self._worker.moveToThread(self._thread)
        self._wake.connect(self._worker.serve)
        self._do.connect(self._worker.do)
        self._forget.connect(self._worker.forget)
        self._close.connect(self._worker.close)
        self._worker.ready.connect(self.ready)
        self._worker.failed.connect(self.failed)
        self._worker.done.connect(self.done)
        self._thread.start()

    def request(
        self, token: int, base: Base, recipe: Recipe, width: int, height: int, draft_quality: bool = False
    ) -> None:
        """Ask for the base mask of a picture; requests before it that are not answered yet are dropped.

        With `draft_quality` (a slider is being dragged) a preview comes at once, and the exact mask when no
        further request has come for a moment. Small pictures get the exact one at once.
        """
        self._inbox.put(_Request(token, base, recipe, width, height, draft_quality))
        self._wake.emit()

    def do(self, job: Job) -> None:
        """Have a job done."""
        self._do.emit(job)

    def cancel(self) -> None:
        """Drop what was asked for; a mask that is just being made may still arrive."""
        self._inbox.put(None)
        self._forget.emit()

    def stop(self, timeout_ms: int) -> bool:
        """End the thread after the mask it is at. Returns False if it still runs after the time."""
        self._inbox.put(None)
        self._close.emit()
        return self._thread.wait(timeout_ms)
