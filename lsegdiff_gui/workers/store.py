"""The project's own thread: the window hands over what was done and never waits for the disk."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from lsegdiff_gui.annotation.commands import Command
from lsegdiff_gui.annotation.document import Label
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.project.store import NotSavedError, PictureRow, Store

log = logging.getLogger(__name__)

STACK_BYTES = 16 * 1024 * 1024
"""macOS gives threads 512 KB, too little for numpy (numpy#11551)."""

RETRY_MS = 3000
"""Between two attempts to save what could not be saved: soon enough after the disk is back, no load before."""


@dataclass(frozen=True)
class OpenedProject:
    """What the window needs of a project that was just opened."""

    path: Path
    pictures: list[PictureRow]
    values: dict[str, str]
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class _Write:
    """Something to save: what it does, for which picture (0: the project), and at which revision of it."""

    run: Callable[[Store], PictureRow | None]
    picture_id: int = 0
    revision: int | None = None


_Task = Callable[["_StoreWorker"], None]


class _StoreWorker(QObject):
    """Lives on the store's thread and does its tasks in the order they were given."""

    opened = Signal(object)
    open_failed = Signal(str)
    pictures_changed = Signal(object)
    document_ready = Signal(int, object)
    load_failed = Signal(int, str)
    saved = Signal(int, int)
    value_ready = Signal(str, object)
    unsaved_changed = Signal(int)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._store: Store | None = None
        # In the order they were done: a step is never saved before the one it builds on.
        self._pending: deque[_Write] = deque()
        self._unsaved = 0
        self._told = ""
        self._retry: QTimer | None = None

    @Slot(object)
    def do(self, task: _Task) -> None:
        """Run a task; whatever it raises becomes a sentence."""
        try:
            task(self)
        except LSegDiffError as error:
            self.failed.emit(str(error))
        except Exception as error:
            log.exception("a task of the store failed")
            self.failed.emit(_fault(error))

    def open(self, path: Path) -> None:
        self._flush()
        if self._pending and self._store is not None:
            sentence = (
                f"'{path.name}' was not opened: {len(self._pending)} steps of '{self._store.path.name}' "
                "are not saved yet."
            )
            self.open_failed.emit(sentence)
            self.failed.emit(sentence)
            return
        try:
            store = Store.open(path)
            project = OpenedProject(store.path, store.pictures(), store.values(), store.labels())
        except LSegDiffError as error:
            self.open_failed.emit(str(error))
            raise
        if self._store is not None:
            self._store.close()
        self._store = store
        self.opened.emit(project)
        self.pictures_changed.emit(project.pictures)

    def add(self, paths: list[Path]) -> None:
        self.pictures_changed.emit(self._opened().add_pictures(paths))

    def load(self, picture_id: int, width: int, height: int) -> None:
        try:
            store = self._opened()
            self._flush()
            if any(write.picture_id == picture_id for write in self._pending):
                raise LSegDiffError("The picture was not loaded: its last steps are not saved yet.")
            document = store.load_document(picture_id, width, height)
        except LSegDiffError as error:
            self.load_failed.emit(picture_id, str(error))
            raise
        self.document_ready.emit(picture_id, document)

    def read_value(self, key: str) -> None:
        self.value_ready.emit(key, self._opened().value(key))

    def name_annotator(self, name: str) -> None:
        self._opened().annotator = name

    def write(self, write: _Write) -> None:
        self._opened()
        self._pending.append(write)
        self._flush()

    def close(self) -> None:
        """Save what is still waiting, let go of the file and end the thread."""
        try:
            self._flush()
            if self._pending:
                log.error("%d steps could not be saved before the end", len(self._pending))
        finally:
            if self._retry is not None:
                self._retry.stop()
            if self._store is not None:
                self._store.close()
                self._store = None
            self.thread().quit()

    def _opened(self) -> Store:
        if self._store is None:
            raise LSegDiffError("No project is open: open one, or a picture, first.")
        return self._store

    @Slot()
    def _flush(self) -> None:
        """Save all that is waiting, or as much as the disk takes; the rest is tried again by and by."""
        while self._pending and self._store is not None:
            write = self._pending[0]
            try:
                row = write.run(self._store)
            except NotSavedError as error:
                self._tell(str(error))
                self._retry_later()
                break
            except Exception as error:
                # Not the disk's fault: trying again would fail the same way and hold up all that follows.
                if not isinstance(error, LSegDiffError):
                    log.exception("a write to the project failed")
                self.failed.emit(str(error) if isinstance(error, LSegDiffError) else _fault(error))
            else:
                self._told = ""
                if row is not None:
                    self.pictures_changed.emit([row])
                if write.revision is not None:
                    self.saved.emit(write.picture_id, write.revision)
            self._pending.popleft()
        if self._retry is not None and not self._pending:
            self._retry.stop()
        if self._unsaved != len(self._pending):
            self._unsaved = len(self._pending)
            self.unsaved_changed.emit(self._unsaved)

    def _tell(self, sentence: str) -> None:
        """Say why it fails once, not with every stroke and every attempt."""
        if sentence != self._told:
            self._told = sentence
            self.failed.emit(sentence)

    def _retry_later(self) -> None:
        if self._retry is None:
            self._retry = QTimer(self)
            self._retry.setInterval(RETRY_MS)
            self._retry.timeout.connect(self._flush)
        self._retry.start()


def _fault(error: Exception) -> str:
    return f"The project met a fault of this program: {error}. The log file has the details."


class StoreThread(QObject):
    """The face of the store's thread; lives on the GUI thread and never makes it wait.

    What is handed over is done in that order. Writes that the disk refuses wait, in order, and are tried again
    with every further write and every few seconds; nothing is dropped.

    Signals:
        opened(OpenedProject), open_failed(str sentence)
        pictures_changed(list[PictureRow]): these rows are new or have changed (after opening: all of them).
        document_ready(int picture id, Document): from then on the document belongs to the receiver; its base
            mask is not computed yet (`needs_base`).
        load_failed(int picture id, str sentence)
        saved(int picture id, int revision): committed to the disk.
        value_ready(str key, str | None)
        unsaved_changed(int): how many writes wait for the disk.
        failed(str sentence): any failure, the ones above included.
    """

    opened = Signal(object)
    open_failed = Signal(str)
    pictures_changed = Signal(object)
    document_ready = Signal(int, object)
    load_failed = Signal(int, str)
    saved = Signal(int, int)
    value_ready = Signal(str, object)
    unsaved_changed = Signal(int)
    failed = Signal(str)

    _asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unsaved = 0
        self._worker = _StoreWorker()
        self._thread = QThread()
        self._thread.setObjectName("store")
        self._thread.setStackSize(STACK_BYTES)
        self._worker.moveToThread(self._thread)
        self._asked.connect(self._worker.do)
        self._worker.opened.connect(self.opened)
        self._worker.open_failed.connect(self.open_failed)
        self._worker.pictures_changed.connect(self.pictures_changed)
        self._worker.document_ready.connect(self.document_ready)
        self._worker.load_failed.connect(self.load_failed)
        self._worker.saved.connect(self.saved)
        self._worker.value_ready.connect(self.value_ready)
        self._worker.unsaved_changed.connect(self._note_unsaved)
        self._worker.failed.connect(self.failed)
        self._thread.start()

    @property
    def unsaved(self) -> int:
        """How many writes wait for a disk that refused them. Leaving the program would lose these."""
        return self._unsaved

    def open(self, path: Path) -> None:
        """Open or create a project and close the one before; refused while that one has unsaved steps."""
        self._ask(lambda worker: worker.open(path))

    def add(self, paths: Iterable[Path]) -> None:
        """Add pictures; `pictures_changed` brings the rows of all given, in their order."""
        own = list(paths)
        self._ask(lambda worker: worker.add(own))

    def load(self, picture_id: int, width: int, height: int) -> None:
        """Load a document for the upright picture of this size."""
        self._ask(lambda worker: worker.load(picture_id, width, height))

    def record(self, picture_id: int, command: Command, revision: int) -> None:
        """Keep a command that the document has done; revision: the document's after it."""
        self._write(_Write(lambda store: store.record(picture_id, command), picture_id, revision))

    def undo(self, picture_id: int, revision: int) -> None:
        """Keep that the document has undone its last command."""
        self._write(_Write(lambda store: store.undo(picture_id), picture_id, revision))

    def redo(self, picture_id: int, revision: int) -> None:
        """Keep that the document has done an undone command again."""
        self._write(_Write(lambda store: store.redo(picture_id), picture_id, revision))

    def save_draft(self, picture_id: int, draft: Draft) -> None:
        """Keep a draft as the picture's newest."""
        self._write(_Write(lambda store: store.save_draft(picture_id, draft), picture_id))

    def place_draft(self, picture_id: int, draft: Draft) -> None:
        """Keep a draft of a picture that is not on the screen; its base unless somebody has worked on it."""
        self._write(_Write(lambda store: store.place_draft(picture_id, draft), picture_id))

    def set_identity(
        self, picture_id: int, sha256: str, width: int, height: int, orientation: int = 1
    ) -> None:
        """Keep what the picture's file was found to be."""
        self._write(
            _Write(
                lambda store: store.set_identity(picture_id, sha256, width, height, orientation), picture_id
            )
        )

    def set_value(self, key: str, value: str) -> None:
        """Keep a value of the project."""
        self._write(_Write(lambda store: store.set_value(key, value)))

    def value(self, key: str) -> None:
        """Ask for a value of the project; it comes by `value_ready`."""
        self._ask(lambda worker: worker.read_value(key))

    def set_annotator(self, name: str) -> None:
        """Say who works from now on; written beside each step."""
        self._ask(lambda worker: worker.name_annotator(name))

    def stop(self, timeout_ms: int) -> bool:
        """Do all that was asked for, close the project, end the thread. False if it still runs after the time."""
        if self._thread.isRunning():
            self._ask(lambda worker: worker.close())
        return self._thread.wait(timeout_ms)

    def _ask(self, task: _Task) -> None:
        self._asked.emit(task)

    def _write(self, write: _Write) -> None:
        self._ask(lambda worker: worker.write(write))

    @Slot(int)
    def _note_unsaved(self, count: int) -> None:
        self._unsaved = count
        self.unsaved_changed.emit(count)
