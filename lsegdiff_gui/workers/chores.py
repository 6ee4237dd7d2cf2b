"""A thread for what takes long and is asked for by nobody's hand: backups, searches, reports."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import count
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.workers.store import STACK_BYTES

log = logging.getLogger(__name__)

IsCancelled = Callable[[], bool]
Work = Callable[[IsCancelled], Any]


class _Worker(QObject):
    """Lives on the thread and does one chore after the other."""

    done = Signal(int, object, object)

    @Slot(int, object, object)
    def do(self, token: int, work: Work, cancelled: Event) -> None:
        if cancelled.is_set():
            self.done.emit(token, None, None)
            return
        try:
            self.done.emit(token, work(cancelled.is_set), None)
        except LSegDiffError as error:
            self.done.emit(token, None, error)
        except Exception as error:
            log.exception("a chore failed")
            self.done.emit(token, None, LSegDiffError(f"{error}. The log file has the details."))


class Chores(QObject):
    """Does chores off the GUI thread, in order; what comes of each is handed to its own functions on the GUI thread."""

    _asked = Signal(int, object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens = count(1)
        self._waiting: dict[int, tuple[Event, Callable[[Any], None], Callable[[LSegDiffError], None]]] = {}
        self._worker = _Worker()
        self._thread = QThread()
        self._thread.setObjectName(name)
        self._thread.setStackSize(STACK_BYTES)
        self._worker.moveToThread(self._thread)
        self._asked.connect(self._worker.do)
        self._worker.done.connect(self._done)
        self._thread.start()

    @property
    def is_busy(self) -> bool:
        """Whether any chore waits or is under way."""
        return bool(self._waiting)

    def start(self, work: Work, then: Callable[[Any], None], failed: Callable[[LSegDiffError], None]) -> int:
        """Have `work` done; `then` gets what it returns, `failed` the named error. Returns a token for `cancel`.

        work: is given a function that says whether it was cancelled; it may then end in whatever way.
        """
        token = next(self._tokens)
        cancelled = Event()
        self._waiting[token] = (cancelled, then, failed)
        self._asked.emit(token, work, cancelled)
        return token

    def cancel(self, token: int) -> None:
        """Nobody wants to hear of this chore any more."""
        if (waiting := self._waiting.pop(token, None)) is not None:
            waiting[0].set()

    def stop(self, timeout_ms: int) -> bool:
        """Cancel everything and end the thread. False if it still runs after the time."""
        for token in list(self._waiting):
            self.cancel(token)
        self._thread.quit()
        return self._thread.wait(timeout_ms)

    @Slot(int, object, object)
    def _done(self, token: int, result: Any, error: LSegDiffError | None) -> None:
        waiting = self._waiting.pop(token, None)
        if waiting is None:
            return
        _, then, failed = waiting
        if error is None:
            then(result)
        else:
            failed(error)
