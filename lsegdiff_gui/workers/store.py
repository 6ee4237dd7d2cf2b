"""The project's own thread: the window hands over what was done and never waits for the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal, Slot

from lsegdiff_gui.annotation.commands import Command, LabelsChange
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.project.backups import Backup
from lsegdiff_gui.project.pictures import Identity
from lsegdiff_gui.project.store import PictureRow, Store
from lsegdiff_gui.workers.store_worker import Added, OpenedProject, StoreWorker, Task, Write

__all__ = ["Added", "OpenedProject", "StoreThread"]

STACK_BYTES = 16 * 1024 * 1024
"""macOS gives threads 512 KB, too little for numpy (numpy#11551)."""


class StoreThread(QObject):
    """The face of the store's thread; lives on the GUI thread and never makes it wait.

    What is handed over is done in that order. Writes that the disk refuses wait, in order, and are tried again
    with every further write and every few seconds; nothing is dropped.

    Signals:
        opened(OpenedProject), open_failed(str sentence), damaged(Path project, str sentence)
        set_aside(Path): the project that could not be opened lies there now, and an empty one is open.
        copied(Path): a whole copy lies there now. copy_failed(str sentence)
        pictures_changed(list[PictureRow]): what the project says of these pictures has changed.
        added(Added): pictures were put into the list.
        document_ready(int picture id, Document): from then on the document belongs to the receiver; its base
            mask is not computed yet (`needs_base`).
        revealed(int picture id, Draft | None): the draft that was kept from the annotator.
        document_prepared(int token, Document | None): None where it cannot be loaded.
        load_failed(int picture id, str sentence)
        origin_ready(int picture id, MaskOrigin)
        saved(int picture id, int revision): committed to the disk.
        labels_kept(int picture id, int revision, tuple[Label, ...]): the project's labels after a step that may have
            changed them; one that another picture has stays among them.
        value_ready(str key, str | None)
        unsaved_changed(int): how many writes wait for the disk.
        refused(str sentence): why the disk does not take them.
        failed(str sentence): any failure, the ones above included.
    """

    opened = Signal(object)
    open_failed = Signal(str)
    damaged = Signal(object, str)
    set_aside = Signal(object)
    copied = Signal(object)
    copy_failed = Signal(str)
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

    _asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unsaved = 0
        self._worker = StoreWorker()
        self._thread = QThread()
        self._thread.setObjectName("store")
        self._thread.setStackSize(STACK_BYTES)
        self._worker.moveToThread(self._thread)
        self._asked.connect(self._worker.do)
        self._worker.opened.connect(self.opened)
        self._worker.open_failed.connect(self.open_failed)
        self._worker.damaged.connect(self.damaged)
        self._worker.set_aside.connect(self.set_aside)
        self._worker.copied.connect(self.copied)
        self._worker.copy_failed.connect(self.copy_failed)
        self._worker.origin_ready.connect(self.origin_ready)
        self._worker.pictures_changed.connect(self.pictures_changed)
        self._worker.added.connect(self.added)
        self._worker.document_ready.connect(self.document_ready)
        self._worker.document_prepared.connect(self.document_prepared)
        self._worker.revealed.connect(self.revealed)
        self._worker.load_failed.connect(self.load_failed)
        self._worker.saved.connect(self.saved)
        self._worker.labels_kept.connect(self.labels_kept)
        self._worker.value_ready.connect(self.value_ready)
        self._worker.unsaved_changed.connect(self._note_unsaved)
        self._worker.refused.connect(self.refused)
        self._worker.failed.connect(self.failed)
        self._thread.start()

    @property
    def unsaved(self) -> int:
        """How many writes wait for a disk that refused them. Leaving the program would lose these."""
        return self._unsaved

    def open(self, path: Path, *, numbered: bool = False) -> None:
        """Open or create a project and close the one before; refused while that one has unsaved steps.

        Only to read where another window has it open; numbered: rather a numbered one beside it.
        """
        self._ask(lambda worker: worker.open(path, numbered=numbered))

    def save_as(self, target: Path, *, moves: bool, retires: bool = False) -> None:
        """Write a whole copy of the project; moves: and go on in that, with the steps that are not saved yet.

        retires: then this one becomes a backup of its own, and its name is free again.
        """
        self._ask(lambda worker: worker.save_as(target, moves=moves, retires=retires))

    def retry(self) -> None:
        """Try at once to save what waits for the disk."""
        self._ask(lambda worker: worker.retry())

    def forget_unsaved(self) -> None:
        """Give up the steps that wait for the disk."""
        self._ask(lambda worker: worker.forget_unsaved())

    def restore(self, project: Path, backup: Backup) -> None:
        """Put a backup in the place of a project, which is kept beside it, and open it."""
        self._ask(lambda worker: worker.restore(project, backup))

    def begin_anew(self, project: Path) -> None:
        """Set a project aside that cannot be opened, and open an empty one in its place."""
        self._ask(lambda worker: worker.begin_anew(project))

    def relink(self, places: Mapping[int, Path]) -> None:
        """Say where pictures lie now, by their ids."""
        own = dict(places)
        self._ask(lambda worker: worker.relink(own))

    def origin(self, picture_id: int) -> None:
        """Ask where a picture's mask comes from; it comes by `origin_ready`."""
        self._ask(lambda worker: worker.read_origin(picture_id))

    def add(self, paths: Iterable[Path]) -> None:
        """Add pictures and list them; `added` says how many."""
        own = list(paths)
        self._ask(lambda worker: worker.add(own))

    def load(self, picture_id: int, width: int, height: int) -> None:
        """Load a document for the upright picture of this size."""
        self._ask(lambda worker: worker.load(picture_id, width, height))

    def prepare(self, token: int, picture_id: int, width: int, height: int) -> None:
        """Load a document ahead, for a picture that is not on the canvas; a failure is told to nobody yet."""
        self._ask(lambda worker: worker.prepare(token, picture_id, width, height))

    def record(self, picture_id: int, command: Command, revision: int) -> None:
        """Keep a command that the document has done; revision: the document's after it."""
        moves_labels = isinstance(command, LabelsChange)
        self._write(
            Write(
                lambda store: store.record(picture_id, command),
                picture_id,
                revision,
                moves_labels=moves_labels,
            )
        )

    def undo(self, picture_id: int, revision: int) -> None:
        """Keep that the document has undone its last command."""
        self._write(Write(lambda store: store.undo(picture_id), picture_id, revision, moves_labels=True))

    def redo(self, picture_id: int, revision: int) -> None:
        """Keep that the document has done an undone command again."""
        self._write(Write(lambda store: store.redo(picture_id), picture_id, revision, moves_labels=True))

    def save_draft(self, picture_id: int, draft: Draft) -> None:
        """Keep a draft as the picture's newest."""
        self._write(Write(lambda store: store.save_draft(picture_id, draft), picture_id))

    def place_draft(self, picture_id: int, draft: Draft) -> None:
        """Keep a draft of a picture that is not on the screen; its base unless somebody has worked on it."""
        self._write(Write(lambda store: store.place_draft(picture_id, draft), picture_id))

    def set_identity(
        self, picture_id: int, sha256: str, width: int, height: int, orientation: int = 1
    ) -> None:
        """Keep what the picture's file was found to be."""
        self._write(
            Write(
                lambda store: store.set_identity(picture_id, sha256, width, height, orientation),
                picture_id,
                is_work=False,
            )
        )

    def accept_content(self, found: Identity) -> None:
        """Keep that a file has another content, and that its mask fits it."""
        self._write(Write(lambda store: store.accept_content(found), found.picture_id))

    def write(self, run: Callable[[Store], PictureRow | None]) -> None:
        """Have something written in its turn; may be called from any thread.

        run: called on the store's thread, again and again while it raises NotSavedError; a row it returns is told by
        `pictures_changed`.
        """
        self._write(Write(run))

    def reveal(self, picture_id: int) -> None:
        """Let the annotator see the picture's newest draft; when that was stays with the project."""
        self._ask(lambda worker: worker.reveal(picture_id))

    def unlist(self) -> None:
        """Take all pictures off the list."""
        self._write(Write(lambda store: store.unlist(), is_work=False))

    def identify(self, found: Sequence[Identity]) -> None:
        """Keep what files were found to be that nobody has opened."""
        self._write(Write(lambda store: store.identify(found), is_work=False))

    def note_labels(self, picture_id: int, labels: Sequence[int]) -> None:
        """Keep which labels a final mask has."""
        self._write(Write(lambda store: store.note_labels(picture_id, labels), picture_id, is_work=False))

    def note_doubt(self, picture_id: int, score: float) -> None:
        """Keep how much of the doubt about a draft is left."""
        self._write(Write(lambda store: store.note_doubt(picture_id, score), picture_id, is_work=False))

    def add_seconds(self, picture_id: int, seconds: float) -> None:
        """Keep how long somebody has worked on a picture since this was last said."""
        self._write(Write(lambda store: store.add_seconds(picture_id, seconds), picture_id, is_work=False))

    def set_value(self, key: str, value: str) -> None:
        """Keep a value of the project."""
        self._write(Write(lambda store: store.set_value(key, value), is_work=False))

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

    def _ask(self, task: Task) -> None:
        self._asked.emit(task)

    def _write(self, write: Write) -> None:
        self._ask(lambda worker: worker.write(write))

    @Slot(int)
    def _note_unsaved(self, count: int) -> None:
        self._unsaved = count
        self.unsaved_changed.emit(count)
