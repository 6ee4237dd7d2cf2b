"""The thread that reads the list of pictures, so that neither the window nor a write has to wait for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QThread, Signal, Slot

from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.project.catalogue import Catalogue

log = logging.getLogger(__name__)

STACK_BYTES = 16 * 1024 * 1024
"""macOS gives threads 512 KB, too little for numpy (numpy#11551)."""

Answer = TypeVar("Answer")
_Question = Callable[[Catalogue], Any]
_Then = Callable[[Any], None]


class _Reader(QObject):
    """Lives on the catalogue's thread and answers in the order it was asked."""

    answered = Signal(object, object)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._catalogue: Catalogue | None = None

    @Slot(object)
    def open(self, path: Path) -> None:
        self.close()
        try:
            self._catalogue = Catalogue(path)
        except LSegDiffError as error:
            self.failed.emit(str(error))

    @Slot(object, object)
    def answer(self, question: _Question, then: _Then) -> None:
        if self._catalogue is None:
            return
        try:
            self.answered.emit(then, question(self._catalogue))
        except LSegDiffError as error:
            self.failed.emit(str(error))
        except Exception as error:
            log.exception("reading the list of pictures failed")
            self.failed.emit(
                f"The list of pictures could not be read: {error}. The log file has the details."
            )

    def close(self) -> None:
        if self._catalogue is not None:
            self._catalogue.close()
            self._catalogue = None

    @Slot()
    def end(self) -> None:
        self.close()
        self.thread().quit()


class CatalogueThread(QObject):
    """The face of the reading thread; lives on the GUI thread and never makes it wait.

    Signals:
        failed(str sentence): something could not be read; who asked gets no answer.
    """

    failed = Signal(str)

    _open = Signal(object)
    _asked = Signal(object, object)
    _end = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_stopped = False
        self._reader = _Reader()
        self._thread = QThread()
        self._thread.setObjectName("catalogue")
        self._thread.setStackSize(STACK_BYTES)
        self._reader.moveToThread(self._thread)
        self._open.connect(self._reader.open)
        self._asked.connect(self._reader.answer)
        self._end.connect(self._reader.end)
        self._reader.answered.connect(self._hand_on)
        self._reader.failed.connect(self.failed)
        self._thread.start()

    def open(self, path: Path) -> None:
        """Read from this project from now on; it has been opened for writing before."""
        self._open.emit(path)

    def ask(self, question: Callable[[Catalogue], Answer], then: Callable[[Answer], None]) -> None:
        """Put a question; `then` is called with the answer, on this object's thread. Not at all without a project."""
        self._asked.emit(question, then)

    def stop(self, timeout_ms: int) -> bool:
        """End the thread after the question it is at. Returns False if it still runs after the time."""
        self._is_stopped = True
        if self._thread.isRunning():
            self._end.emit()
        return self._thread.wait(timeout_ms)

    @Slot(object, object)
    def _hand_on(self, then: _Then, answer: Any) -> None:
        if not self._is_stopped:
            then(answer)
