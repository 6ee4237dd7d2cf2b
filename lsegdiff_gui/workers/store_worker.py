"""What happens on the store's thread: writes in order, kept as long as the disk refuses them."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from lsegdiff_gui.annotation.document import Document, Label
from lsegdiff_gui.errors import LSegDiffError
from lsegdiff_gui.places import absolute
from lsegdiff_gui.project import backups
from lsegdiff_gui.project.copying import set_aside
from lsegdiff_gui.project.errors import DamagedError
from lsegdiff_gui.project.lock import HeldError, NoLockError, ProjectLock
from lsegdiff_gui.project.store import NotSavedError, PictureRow, Store

log = logging.getLogger(__name__)

_FIRST, _PART = 100, 1000
"""Of many pictures, so many are listed before the first is shown, and so many then in one transaction."""

RETRY_MS = 3000
"""Between two attempts to save what could not be saved: soon enough after the disk is back, no load before."""


@dataclass(frozen=True)
class OpenedProject:
    """What the window needs of a project that was just opened, however many pictures it has.

    listed: how many are in the list; current: the one last shown, or the first; None in an empty list.
    obstacle: why it can only be read, else "".
    """

    path: Path
    values: dict[str, str]
    labels: tuple[Label, ...]
    listed: int
    current: PictureRow | None
    obstacle: str = ""


@dataclass(frozen=True)
class Added:
    """Pictures that were put into the list. first: of all that were asked for, with the first part of them, else None.

    listed: how many there are now.
    """

    first: PictureRow | None
    listed: int


@dataclass(frozen=True)
class Write:
    """Something to save: what it does, for which picture (0: the project), and at which revision of it.

    is_work: whether it would be missed. What only helps is dropped where a project can only be read.
    moves_labels: the project's labels may be others after it.
    """

    run: Callable[[Store], PictureRow | None]
    picture_id: int = 0
    revision: int | None = None
    is_work: bool = True
    moves_labels: bool = False


Task = Callable[["StoreWorker"], None]


class StoreWorker(QObject):
    """Lives on the store's thread and does its tasks in the order they were given."""

    opened = Signal(object)
    open_failed = Signal(str)
    damaged = Signal(object, str)
    copied = Signal(object)
    copy_failed = Signal(str)
    set_aside = Signal(object)
    origin_ready = Signal(int, object)
    pictures_changed = Signal(object)
    added = Signal(object)
    document_ready = Signal(int, object)
    document_prepared = Signal(int, object)
    revealed = Signal(int, object)
    load_failed = Signal(int, str)
    saved = Signal(int, int)
    labels_kept = Signal(int, int, object)
    value_ready = Signal(str, object)
    unsaved_changed = Signal(int)
    refused = Signal(str)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._store: Store | None = None
        self._lock: ProjectLock | None = None
        self._annotator = ""
        # In the order they were done: a step is never saved before the one it builds on.
        self._pending: deque[Write] = deque()
        self._unsaved = 0
        self._told = ""
        self._retry: QTimer | None = None

    @Slot(object)
    def do(self, task: Task) -> None:
        """Run a task; whatever it raises becomes a sentence."""
        try:
            task(self)
        except LSegDiffError as error:
            self.failed.emit(str(error))
        except Exception as error:
            log.exception("a task of the store failed")
            self.failed.emit(_fault(error))

    def open(self, path: Path, *, numbered: bool = False) -> None:
        """Open or create a project in the place of the one before; only to read where another window has it.

        numbered: rather take a numbered one beside it, which nobody has.
        """
        self._flush()
        if self._pending and self._store is not None:
            sentence = (
                f"'{path.name}' was not opened: {len(self._pending)} steps of '{self._store.path.name}' "
                "are not saved yet."
            )
            self.open_failed.emit(sentence)
            self.failed.emit(sentence)
            return
        lock: ProjectLock | None = None
        try:
            lock, whole, obstacle = self._take(path, numbered)
            store = Store.open_to_read(whole, obstacle) if obstacle else Store.open(whole)
            project = _opened_project(store)
        except LSegDiffError as error:
            if lock is not None and lock is not self._lock:
                lock.release()
            if isinstance(error, DamagedError):
                self.damaged.emit(absolute(path), str(error))
            else:
                self.open_failed.emit(str(error))
            raise
        self._use(store, lock)
        self.opened.emit(project)

    def save_as(self, target: Path, *, moves: bool, retires: bool = False) -> None:
        """Write a whole copy of the project; `moves`: and go on working in that, unsaved steps included.

        retires: then this one becomes a backup of its own, and its name is free again.
        """
        store = self._opened()
        whole = absolute(target)
        lock: ProjectLock | None = None
        try:
            if whole == store.path:
                raise LSegDiffError(f"'{whole.name}' is the project that is open. Choose another name.")
            lock = ProjectLock.take(whole, self._annotator)
            store.copy_to(whole)
            if not moves:
                lock.release()
                self.copied.emit(whole)
                return
            copy = Store.open(whole, must_exist=True)
        except LSegDiffError as error:
            if lock is not None:
                lock.release()
            self.copy_failed.emit(str(error))
            return
        earlier = store.path
        self._use(copy, lock)
        self._told = ""
        self._flush()
        if retires:
            try:
                backups.retire(earlier)
            except LSegDiffError as error:
                log.warning("the earlier project stays where it is: %s", error)
        project = _opened_project(copy)
        self.opened.emit(project)
        self.copied.emit(whole)

    def retry(self) -> None:
        """Try now; a user who asks is told again why it fails."""
        self._told = ""
        self._flush()

    def forget_unsaved(self) -> None:
        """Give up the steps that the disk refuses, as the user has chosen."""
        log.warning("%d unsaved steps were given up", len(self._pending))
        self._pending.clear()
        self._flush()

    def restore(self, project: Path, backup: backups.Backup) -> None:
        """Put a backup in the place of a project, which is kept beside it, and open it."""
        self._put_away(project)
        backups.restore(project, backup)
        self.open(project)

    def begin_anew(self, project: Path) -> None:
        """Set a project aside that cannot be opened, and begin an empty one in its place."""
        self._put_away(project)
        kept = set_aside(project)
        self.open(project)
        self.set_aside.emit(kept)

    def relink(self, places: Mapping[int, Path]) -> None:
        self.pictures_changed.emit(self._opened().relink(places))

    def read_origin(self, picture_id: int) -> None:
        self.origin_ready.emit(picture_id, self._opened().origin(picture_id))

    def add(self, paths: list[Path]) -> None:
        """List the first at once, and the others part by part: what is asked for meanwhile comes between."""
        store = self._opened()
        if ids := store.list_paths(paths[:_FIRST]):
            self.added.emit(Added(store.picture(ids[0]), store.listed()))
            QTimer.singleShot(
                0, self, lambda: self.do(lambda worker: worker._add_rest(store, paths[_FIRST:]))
            )

    def _add_rest(self, store: Store, paths: list[Path]) -> None:
        if paths and self._store is store:
            store.list_paths(paths[:_PART])
            self.added.emit(Added(None, store.listed()))
            QTimer.singleShot(0, self, lambda: self.do(lambda worker: worker._add_rest(store, paths[_PART:])))

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

    def prepare(self, token: int, picture_id: int, width: int, height: int) -> None:
        document: Document | None = None
        try:
            self._flush()
            if not any(write.picture_id == picture_id for write in self._pending):
                document = self._opened().load_document(picture_id, width, height)
        except LSegDiffError as error:
            # Said when somebody goes to the picture.
            log.info("a picture was not prepared: %s", type(error).__name__)
        self.document_prepared.emit(token, document)

    def reveal(self, picture_id: int) -> None:
        store = self._opened()
        self._flush()
        self.pictures_changed.emit([store.reveal(picture_id)])
        self.revealed.emit(picture_id, store.load_draft(picture_id))

    def read_value(self, key: str) -> None:
        self.value_ready.emit(key, self._opened().value(key))

    def name_annotator(self, name: str) -> None:
        self._annotator = name
        if self._store is not None:
            self._store.annotator = name

    def write(self, write: Write) -> None:
        store = self._opened()
        if write.is_work or not store.obstacle:
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
            self._let_go()
            self.thread().quit()

    def _opened(self) -> Store:
        if self._store is None:
            raise LSegDiffError("No project is open: open one, or a picture, first.")
        return self._store

    def _take(self, path: Path, numbered: bool) -> tuple[ProjectLock | None, Path, str]:
        """A lock, on which project, and why there is no lock ("" where there is one)."""
        obstacle = ""
        for whole in _numbered(absolute(path)) if numbered else (absolute(path),):
            if self._lock is not None and self._lock.project == whole:
                return self._lock, whole, ""
            try:
                return ProjectLock.take(whole, self._annotator), whole, ""
            except HeldError as error:
                obstacle = str(error)
            except NoLockError as error:
                obstacle = str(error)
                break
        if not whole.exists():
            raise LSegDiffError(
                f"The project '{whole.name}' cannot be made. {obstacle} Choose another folder."
            )
        return None, whole, obstacle

    def _use(self, store: Store, lock: ProjectLock | None) -> None:
        """Work in this project from now on."""
        if self._store is not None:
            self._store.close()
        if self._lock is not None and self._lock is not lock:
            self._lock.release()
        self._store, self._lock = store, lock
        store.annotator = self._annotator

    def _let_go(self) -> None:
        if self._store is not None:
            self._store.close()
        if self._lock is not None:
            self._lock.release()
        self._store = self._lock = None

    def _put_away(self, project: Path) -> None:
        """Close a project whose file is to be replaced, if it is the open one."""
        if self._store is not None and self._store.path == project:
            self._store.close()
            self._store = None

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
                if write.moves_labels:
                    self.labels_kept.emit(write.picture_id, write.revision, self._store.labels())
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
            self.refused.emit(sentence)
            self.failed.emit(sentence)

    def _retry_later(self) -> None:
        if self._retry is None:
            self._retry = QTimer(self)
            self._retry.setInterval(RETRY_MS)
            self._retry.timeout.connect(self._flush)
        self._retry.start()


def _opened_project(store: Store) -> OpenedProject:
    return OpenedProject(
        store.path, store.values(), store.labels(), store.listed(), store.last_shown(), store.obstacle
    )


def _numbered(path: Path) -> Iterator[Path]:
    """The name itself, and then with numbers from 2 on."""
    yield path
    for number in count(2):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")


def _fault(error: Exception) -> str:
    return f"The project met a fault of this program: {error}. The log file has the details."
