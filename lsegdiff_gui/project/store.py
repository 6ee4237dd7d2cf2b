"""A project on disk: the one door to its tables."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from lsegdiff_gui.annotation.base import Base
from lsegdiff_gui.annotation.commands import BaseChange, Command, StatusChange
from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.annotation.draft import Draft
from lsegdiff_gui.annotation.import_step import import_mask
from lsegdiff_gui.annotation.incoming import Incoming, Precedence
from lsegdiff_gui.annotation.labels import UNTOUCHED, Labels, Status, ordered
from lsegdiff_gui.annotation.origin import MaskOrigin, Steps
from lsegdiff_gui.places import absolute
from lsegdiff_gui.project.command_log import CommandLog
from lsegdiff_gui.project.copying import copy_to
from lsegdiff_gui.project.documents import Documents
from lsegdiff_gui.project.drafts import Drafts
from lsegdiff_gui.project.errors import NotSavedError, ProjectError, ReadOnlyError, not_read, not_saved
from lsegdiff_gui.project.frozen import EXPORTED, FREEZING, FrozenMask, FrozenMasks
from lsegdiff_gui.project.labels import ProjectLabels
from lsegdiff_gui.project.opening import connect, connect_to_read
from lsegdiff_gui.project.origins import Origins
from lsegdiff_gui.project.pictures import Identity, PictureRow, Pictures, now

__all__ = ["NotSavedError", "PictureRow", "ProjectError", "Store"]

SHOWN = "shown"
"""The value of the project that holds the id of the picture last shown."""

log = logging.getLogger(__name__)
Result = TypeVar("Result")
_LIKELY = 128  # of 255: from here on a pixel is in the mask, as long as nobody has moved the threshold


class Store:
    """An open project. Each method that writes is one transaction, synced to the disk when it returns.

    To be used by the thread that opened it. Everything raises ProjectError with the sentence for the user; a
    NotSavedError means that nothing was written and the same call may be made again later.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, obstacle: str = "") -> None:
        """Use `Store.open` or `Store.open_to_read`."""
        self.path = path
        self.obstacle = obstacle
        """Why nothing can be saved; "" where it can."""
        self.annotator = ""
        """Who works, as written beside each step from now on. Never taken from the operating system."""
        self._connection = connection
        self._pictures = Pictures(connection, path.parent)
        self._drafts = Drafts(connection)
        self._labels = ProjectLabels(connection)
        self._log = CommandLog(connection, self._drafts, self._labels)
        self._documents = Documents(connection, self._pictures, self._drafts, self._labels, self._log)
        self._frozen = FrozenMasks(connection, self._pictures, self._documents)
        self._origins = Origins(connection, self._drafts)

    @classmethod
    def open(cls, path: Path, *, must_exist: bool = False) -> Store:
        """Open the project at `path`, or create it there unless it must exist.

        Raises ProjectError for other files, newer versions, damage, missing rights: each left untouched.
        """
        whole = absolute(path)
        return cls(connect(whole, must_exist=must_exist), whole)

    @classmethod
    def open_to_read(cls, path: Path, obstacle: str) -> Store:
        """Open the project without ever writing to it; each attempt raises ReadOnlyError with the obstacle.

        Raises ProjectError as `open`.
        """
        whole = absolute(path)
        return cls(connect_to_read(whole), whole, obstacle=obstacle)

    def close(self) -> None:
        """Let go of the file. Nothing is pending: every call has ended with its own commit."""
        self._connection.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Pictures

    def add_pictures(self, paths: Iterable[Path]) -> list[PictureRow]:
        """Add pictures by their paths, those not there yet; the rows of all given, in their order, each once."""
        return self._write(lambda: self._pictures.some(self._pictures.add(paths)))

    def list_paths(self, paths: Iterable[Path]) -> list[int]:
        """As `add_pictures`, for ten thousand at a time: their ids alone."""
        return self._write(lambda: self._pictures.add(paths))

    def unlist(self) -> None:
        """Take all pictures off the list; their work stays."""
        self._write(self._pictures.unlist)

    def listed(self) -> int:
        """How many pictures are listed."""
        return self._read(self._pictures.listed)

    def last_shown(self) -> PictureRow | None:
        """The listed picture that was shown last, else the first of the list; None where that is empty."""
        shown = self.value(SHOWN)
        return self._read(lambda: self._pictures.listed_row(int(shown) if shown and shown.isdecimal() else 0))

    def pictures(self) -> list[PictureRow]:
        """All pictures in the order they were added."""
        return self._read(self._pictures.all)

    def picture(self, picture_id: int) -> PictureRow:
        """One picture's row."""
        return self._read(lambda: self._pictures.one(picture_id))

    def set_identity(
        self, picture_id: int, sha256: str, width: int, height: int, orientation: int = 1
    ) -> PictureRow:
        """Note the file's hash, upright size and stored orientation after it was read.

        Raises ProjectError, and keeps what was noted before, if work was done on another content.
        """

        return self._changed(
            picture_id, lambda: self._pictures.identify(picture_id, sha256, width, height, orientation)
        )

    def accept_content(self, found: Identity) -> PictureRow:
        """Note another content of a file whose mask fits it still. Raises ProjectError where it has another size."""
        return self._changed(found.picture_id, lambda: self._pictures.accept_content(found))

    def relink(self, places: Mapping[int, Path]) -> list[PictureRow]:
        """Note where pictures lie now, by their ids; their rows. A place that another picture has is left to it."""

        def move() -> list[PictureRow]:
            self._pictures.move(places)
            return [self._pictures.one(number) for number in places]

        return self._write(move)

    def identify(self, found: Iterable[Identity]) -> None:
        """Note what files were found to be that nobody has opened yet, many in one transaction."""
        self._write(lambda: self._pictures.identify_new(found))

    def note_doubt(self, picture_id: int, score: float) -> PictureRow:
        """Note how much of the doubt about the picture's draft is left, in [0, 1]: the list sorts by it."""
        return self._changed(picture_id, lambda: self._pictures.note_doubt(picture_id, score))

    def note_labels(self, picture_id: int, labels: Iterable[int]) -> None:
        """Note which labels the final mask has pixels of, for the list to filter by."""
        self._write(lambda: self._pictures.note_labels(picture_id, labels))

    def add_seconds(self, picture_id: int, seconds: float) -> None:
        """Add time that somebody has worked on a picture."""
        self._write(
            lambda: self._connection.execute(
                "UPDATE pictures SET seconds = seconds + ? WHERE id = ?", (seconds, picture_id)
            )
        )

    def reveal(self, picture_id: int) -> PictureRow:
        """Note that the draft of a picture, which was kept from the annotator, is seen now; the first time counts."""

        def note() -> PictureRow:
            self._connection.execute(
                "UPDATE pictures SET revealed = coalesce(revealed, ?) WHERE id = ?", (now(), picture_id)
            )
            return self._pictures.one(picture_id)

        return self._write(note)

    # The work on a picture

    def load_document(self, picture_id: int, width: int, height: int) -> Document:
        """The picture's document as it was left, undo and redo included; its base mask is not computed yet.

        width, height: of the upright picture; ProjectError if the work was done at another size.
        """
        return self._read(lambda: self._documents.load(picture_id, width, height))

    def record(self, picture_id: int, command: Command) -> PictureRow:
        """Keep a command that the document has just done; drafts it names are kept with it.

        A slider's move that the document's log has merged with the one before is merged here alike. A status that
        freezes keeps the mask in the same transaction.
        """

        def append() -> None:
            approved = isinstance(command, StatusChange) and command.after is Status.APPROVED
            # What is approved is what was said to be done, pixel by pixel, in whatever version that was.
            same = self._frozen.valid(picture_id) if approved else None
            self._log.append(picture_id, command, self.annotator)
            if isinstance(command, StatusChange) and command.after in FREEZING:
                self._frozen.freeze(picture_id, command.after, self.annotator, same=same)

        return self._step(picture_id, append)

    def undo(self, picture_id: int) -> PictureRow:
        """Move the cursor back by one command, as the document has just done."""
        return self._step(picture_id, lambda: self._log.back(picture_id, self.annotator))

    def redo(self, picture_id: int) -> PictureRow:
        """Move the cursor on by one command, as the document has just done."""
        return self._step(picture_id, lambda: self._log.forward(picture_id, self.annotator))

    def save_draft(self, picture_id: int, draft: Draft) -> PictureRow:
        """Keep a draft as the picture's newest. It becomes the base only by a BaseChange."""

        def save() -> None:
            self._drafts.save(picture_id, draft)
            self._connection.execute("UPDATE pictures SET draft = ? WHERE id = ?", (draft.id, picture_id))

        return self._changed(picture_id, save)

    def place_draft(self, picture_id: int, draft: Draft) -> PictureRow:
        """Keep a draft, and make it the base unless somebody has worked on the picture.

        For drafts whose picture is not on the screen. The picture's size must be known.
        """
        row = self.save_draft(picture_id, draft)
        if row.status not in UNTOUCHED or row.is_edited:
            return row
        document = self.load_document(picture_id, row.width, row.height)
        base = Base.of_draft(draft)
        # What was undone can be done again until something new is done: that is somebody's work too.
        if document.can_redo or document.base == base:
            return row
        row = self.record(picture_id, BaseChange(document.base, base))
        # What its mask has, until somebody works on it: the label of the draft, if it drafts anything.
        self.note_labels(picture_id, [base.label] if draft.mask_probability.max() >= _LIKELY else [])
        return row

    def place_import(self, picture_id: int, incoming: Incoming, precedence: Precedence) -> bool:
        """Make a mask from a file the base, in one step; False where work is kept, or nothing would change.

        For pictures that are not on the screen. The picture's size must be known, and be the mask's.
        """
        row = self.picture(picture_id)
        document = self.load_document(picture_id, row.width, row.height)
        try:
            if document.needs_base:
                document.rebuild_base()
            command = import_mask(document, incoming, precedence)
        except ValueError as error:
            raise ProjectError(f"The mask of '{row.path.name}' was not imported. {error}") from error
        if command is None:
            return False
        self.record(picture_id, command)
        return True

    def load_draft(self, picture_id: int) -> Draft | None:
        """The picture's newest draft, equal byte for byte to the one saved; None if there is none."""

        def load() -> Draft | None:
            found = self._connection.execute(
                "SELECT draft FROM pictures WHERE id = ?", (picture_id,)
            ).fetchone()
            return self._drafts.load(found[0]) if found and found[0] else None

        return self._read(load)

    # What became of a mask

    def frozen(self, picture_id: int) -> FrozenMask | None:
        """The mask as it was when it was done, approved or exported; None where work has gone on since."""
        return self._read(lambda: self._frozen.valid(picture_id))

    def freeze(self, picture_id: int) -> FrozenMask | None:
        """The frozen mask for an export: the one there is, else the present mask is frozen as exported.

        None if nobody has read the picture yet: then it has no size and no mask.
        """

        def freeze() -> FrozenMask | None:
            return self._frozen.valid(picture_id) or self._frozen.freeze(picture_id, EXPORTED, self.annotator)

        return self.frozen(picture_id) or self._write(freeze)

    def steps(self, picture_id: int) -> Steps:
        """The steps of the picture's log that its document can go back to."""
        return self._read(lambda: self._origins.steps(picture_id))

    def origin(self, picture_id: int) -> MaskOrigin:
        """Where the picture's mask comes from, and everything that was done to it."""
        return self._read(lambda: self._origins.of(picture_id))

    # The project as a whole

    def labels(self) -> Labels:
        """The project's labels by number."""
        return self._read(self._labels.all)

    def add_labels(self, labels: Labels) -> Labels:
        """Add labels whose numbers are free, by no step of a picture; returns all there are then.

        Raises ProjectError, and adds none, where a number is taken by a label of another name.
        """

        def add() -> Labels:
            present = {label.id: label for label in self._labels.all()}
            for label in labels:
                if present.setdefault(label.id, label).name != label.name:
                    raise ProjectError(
                        f"The label “{label.name}” was not added: its number {label.id} belongs to "
                        f"“{present[label.id].name}”. Choose the labels again."
                    )
            self._labels.write(ordered(present.values()))
            return self._labels.all()

        return self._write(add)

    def value(self, key: str) -> str | None:
        """A value of the project, such as its "model"; None if it was never set."""

        def get() -> str | None:
            found = self._connection.execute("SELECT value FROM project WHERE key = ?", (key,)).fetchone()
            return None if found is None else str(found[0])

        return self._read(get)

    def values(self) -> dict[str, str]:
        """All values of the project."""
        return self._read(lambda: dict(self._connection.execute("SELECT key, value FROM project").fetchall()))

    def set_value(self, key: str, value: str) -> None:
        """Set a value of the project."""
        self._write(
            lambda: self._connection.execute(
                "INSERT INTO project (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = ?",
                (key, value, value),
            )
        )

    def copy_to(self, target: Path) -> None:
        """Write a whole copy of the project to `target`; pictures stay where they are. Raises ProjectError."""
        copy_to(self._connection, self.path, absolute(target))

    # Inside

    def _read(self, task: Callable[[], Result]) -> Result:
        try:
            return task()
        except sqlite3.Error as error:
            raise not_read(error, self.path) from error

    def _changed(self, picture_id: int, change: Callable[[], None]) -> PictureRow:
        """Change something about a picture; its row afterwards."""

        def run() -> PictureRow:
            change()
            return self._pictures.one(picture_id)

        return self._write(run)

    def _write(self, task: Callable[[], Result]) -> Result:
        if self.obstacle:
            raise ReadOnlyError(self.obstacle)
        try:
            with self._transaction():
                return task()
        except sqlite3.Error as error:
            raise not_saved(error, self.path) from error

    def _step(self, picture_id: int, step: Callable[[], None]) -> PictureRow:
        """Take a step in the log; every so often a checkpoint follows it, whose failing loses nothing."""

        def take() -> PictureRow:
            step()
            return self._pictures.one(picture_id)

        row = self._write(take)
        try:
            if self._documents.checkpoint_is_due(picture_id):
                with self._transaction():
                    self._documents.lay_checkpoint(picture_id)
                    self._documents.fold(picture_id)
        except (sqlite3.Error, ProjectError, ValueError):
            log.warning("no checkpoint for picture %d", picture_id, exc_info=True)
        return row

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of it or nothing. IMMEDIATE: a lock held elsewhere is met before any work, not in the middle."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            # SQLite itself has rolled back after some errors (a full disk), and then there is nothing left to do.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
