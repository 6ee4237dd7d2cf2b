"""The thread that makes base masks, so that a slider on a large picture never holds up the window."""

from __future__ import annotations

import logging
import threading
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


class _MaskWorker(QObject):
    """Lives on the mask thread."""

    ready = Signal(int, object, bool)
    failed = Signal(int, str)

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
    """The face of the mask thread; lives on the GUI thread and never makes it wait. The newest request wins.

    Signals:
        ready(int token, mask, bool exact): mask (height, width) uint8, 0 or 1, belongs to the receiver.
        failed(int token, str sentence)
    """

    ready = Signal(int, object, bool)
    failed = Signal(int, str)

    _wake = Signal()
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
        self._forget.connect(self._worker.forget)
        self._close.connect(self._worker.close)
        self._worker.ready.connect(self.ready)
        self._worker.failed.connect(self.failed)
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

    def cancel(self) -> None:
        """Drop what was asked for; a mask that is just being made may still arrive."""
        self._inbox.put(None)
        self._forget.emit()

    def stop(self, timeout_ms: int) -> bool:
        """End the thread after the mask it is at. Returns False if it still runs after the time."""
        self._inbox.put(None)
        self._close.emit()
        return self._thread.wait(timeout_ms)
