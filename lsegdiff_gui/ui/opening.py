"""Which pictures are listed and which one is on the canvas: from paths to a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from lsegdiff_gui.annotation.document import Document
from lsegdiff_gui.imaging.read import Glimpse
from lsegdiff_gui.project.store import SHOWN, PictureRow
from lsegdiff_gui.ui.ahead import Ahead
from lsegdiff_gui.ui.rows import Rows
from lsegdiff_gui.workers.files import FilePool, Found, Loaded
from lsegdiff_gui.workers.store import Added, OpenedProject, StoreThread


@dataclass(frozen=True, eq=False)
class Shown:
    """A picture on the canvas: its row, its pixels and its document."""

    row: PictureRow
    loaded: Loaded
    document: Document


class Opening(QObject):
    """Opens the project, lists pictures, and brings one of them to the canvas.

    Signals:
        ready(OpenedProject): the project is open.
        listed(int): that many pictures make the list now; which, the project's catalogue says.
        leaving(): the current picture is about to be left; an open stroke has to be finished now.
        reading(PictureRow): this picture is the current one now and is being read.
        glimpsed(Glimpse): what it looks like, before a large one is read whole.
        shown(Shown): it is read and its document is here.
        unreadable(PictureRow, str sentence): it cannot be shown.
        looking(): pictures are looked for, and none is current yet.
        emptied(): no picture is current.
        switching(): another project is asked for, whose pictures have the same numbers: what comes late for those of
            this one is to be forgotten.
        pages_wanted(Found): of files that hold several pictures, which ones; answered by `add` or `dismiss`.
        failed(str sentence): something else that was asked for was not possible.
    """

    ready = Signal(object)
    listed = Signal(int)
    leaving = Signal()
    reading = Signal(object)
    glimpsed = Signal(object)
    shown = Signal(object)
    unreadable = Signal(object, str)
    looking = Signal()
    emptied = Signal()
    switching = Signal()
    pages_wanted = Signal(object)
    failed = Signal(str)

    def __init__(
        self, store: StoreThread, files: FilePool, rows: Rows, ahead: Ahead, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._files = files
        self._rows = rows
        self._ahead = ahead
        self._tokens = count(1)
        self._row: PictureRow | None = None
        # A picture that somebody wants to go to, and whose row is on its way.
        self._wanted = -1
        self._current = -1
        self._current_is_bad = False
        self._reading_token = 0
        self._loaded: Loaded | None = None
        # Documents asked for and not here yet, by picture: after A, B, A only the last of A's is good.
        self._loads: Counter[int] = Counter()
        self._scans: set[int] = set()
        self._again = -1
        self._parked = -1
        self._project: Path | None = None
        self._early: list[list[Path]] = []
        self._when_free: Callable[[Callable[[], None]], None] = lambda leave: leave()
        store.opened.connect(self._opened)
        store.open_failed.connect(self._return)
        store.damaged.connect(self._return)
        store.added.connect(self._added)
        rows.changed.connect(self._row_changed)
        rows.arrived.connect(self._rows_arrived)
        store.document_ready.connect(self._document_ready)
        store.load_failed.connect(self._load_failed)
        files.scanned.connect(self._scanned)
        files.scan_failed.connect(self._scan_failed)
        files.glimpsed.connect(self._glimpsed)
        files.picture_ready.connect(self._picture_ready)
        files.read_failed.connect(self._read_failed)

    def leave_by(self, when_free: Callable[[Callable[[], None]], None]) -> None:
        """Have the shown picture left only when its time has come; when_free: calls at once, or then."""
        self._when_free = when_free

    @property
    def current(self) -> int:
        """The id of the picture that is shown or about to be, -1 for none."""
        return self._current

    @property
    def is_open(self) -> bool:
        """Whether a project is open."""
        return self._project is not None

    @property
    def project(self) -> Path:
        """Where the project lies. Raises RuntimeError before it is open."""
        if self._project is None:
            raise RuntimeError("the project is not open yet")
        return self._project

    def row(self, picture_id: int) -> PictureRow | None:
        """What the project says of a picture, if that is at hand."""
        if self._row is not None and picture_id == self._row.id:
            return self._row
        return self._rows.get(picture_id)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Add files and folders to the list and go to the first of them."""
        if self._current < 0:
            self.looking.emit()
        if self._project is None:
            self._early.append(list(paths))
            return
        token = next(self._tokens)
        self._scans.add(token)
        self._files.scan(token, paths)

    def show(self, picture_id: int) -> None:
        """Bring a listed picture to the canvas; what was on its way there before is dropped."""

        def go() -> None:
            self._wanted = -1
            if picture_id == self._current and not self._current_is_bad:
                return
            if (row := self._rows.get(picture_id)) is not None:
                self._go_to(row)
            else:
                self._wanted = picture_id
                self._rows.want([picture_id])

        self._when_free(go)

    def show_again(self, picture_id: int) -> None:
        """Read a picture anew as soon as there is news of it: it lies elsewhere now."""
        self._again = picture_id

    def park(self) -> None:
        """Leave the picture, for another project is asked for; it comes back if that cannot be opened."""
        self.leaving.emit()
        self._files.cancel(self._reading_token)
        self._parked, self._current, self._loaded = self._current, -1, None
        self._wanted = -1
        self.emptied.emit()
        self.switching.emit()

    def clear(self) -> None:
        """Take all pictures off the list; the project keeps their masks."""
        self._when_free(self._clear)

    def _clear(self) -> None:
        self.leaving.emit()
        self._files.cancel(self._reading_token)
        self._current, self._row, self._loaded, self._wanted = -1, None, None, -1
        self._store.unlist()
        self.listed.emit(0)
        self.emptied.emit()

    # The project

    def _opened(self, project: OpenedProject) -> None:
        self.leaving.emit()
        self._current = self._parked = self._wanted = -1
        self._row = None
        self._project = project.path
        self.ready.emit(project)
        self.listed.emit(project.listed)
        for paths in self._early:
            self.open_paths(paths)
        if not self._early and project.current is None:
            self.emptied.emit()
        elif not self._early and project.current is not None:
            self._rows.put([project.current])
            self.show(project.current.id)
        self._early.clear()

    def _return(self, *_: object) -> None:
        """The project that was asked for cannot be opened: back to the picture of this one."""
        parked, self._parked = self._parked, -1
        if parked >= 0 and self._current < 0:
            self.show(parked)

    def _added(self, added: Added) -> None:
        if added.first is not None:
            self._rows.put([added.first])
        self.listed.emit(added.listed)
        if added.first is not None:
            self.show(added.first.id)

    def _row_changed(self, row: PictureRow) -> None:
        if self._row is not None and row.id == self._row.id:
            self._row = row
        if row.id == self._again:
            self._again = -1
            self._ahead.drop(row.id)
            self._go_to(row)

    def _rows_arrived(self, rows: list[PictureRow]) -> None:
        for row in rows:
            if row.id == self._wanted:
                self._wanted = -1
                self._when_free(partial(self._go_to, row))

    # Paths

    def add(self, paths: Sequence[Path]) -> None:
        """Add pictures and go to the first of them."""
        self._store.add(paths)

    def dismiss(self) -> None:
        """Add none of what was found."""
        if self._current < 0:
            self.emptied.emit()

    def _scanned(self, token: int, found: Found) -> None:
        if token in self._scans:
            self._scans.discard(token)
            if found.pages:
                self.pages_wanted.emit(found)
            else:
                self.add(found.paths)

    def _scan_failed(self, token: int, sentence: str) -> None:
        if token in self._scans:
            self._scans.discard(token)
            self.failed.emit(sentence)
            if self._current < 0:
                self.emptied.emit()

    # The picture

    def _go_to(self, row: PictureRow) -> None:
        self.leaving.emit()
        self._files.cancel(self._reading_token)
        self._current, self._current_is_bad, self._loaded, self._row = row.id, False, None, row
        self._reading_token = next(self._tokens)
        ready = self._ahead.take(row.id)
        self.reading.emit(row)
        if ready is None:
            self._files.read(self._reading_token, row.path)
        else:
            self._loaded = ready.loaded
            self._identify(ready.loaded)
            self.shown.emit(Shown(row, ready.loaded, ready.document))
        self._store.set_value(SHOWN, str(row.id))

    def _identify(self, loaded: Loaded) -> None:
        """Have the project know the file; a write less where it does already."""
        picture, row = loaded.picture, self._row
        known = None if row is None else (row.sha256, row.width, row.height)
        if known != (picture.sha256, picture.width, picture.height):
            self._store.set_identity(
                self._current, picture.sha256, picture.width, picture.height, picture.orientation
            )

    def _glimpsed(self, token: int, glimpse: Glimpse) -> None:
        if token == self._reading_token and self._current >= 0:
            self.glimpsed.emit(glimpse)

    def _picture_ready(self, token: int, loaded: Loaded) -> None:
        if token != self._reading_token or self._current < 0:
            return
        self._loaded = loaded
        picture = loaded.picture
        self._identify(loaded)
        self._loads[self._current] += 1
        self._store.load(self._current, picture.width, picture.height)

    def _read_failed(self, token: int, sentence: str) -> None:
        if token == self._reading_token and self._current >= 0:
            self._refuse(sentence)

    def _document_ready(self, picture_id: int, document: Document) -> None:
        loaded = self._loaded
        if self._is_last_load(picture_id) and loaded is not None and self._row is not None:
            self.shown.emit(Shown(self._row, loaded, document))

    def _load_failed(self, picture_id: int, sentence: str) -> None:
        if self._is_last_load(picture_id):
            self._refuse(sentence)

    def _is_last_load(self, picture_id: int) -> bool:
        self._loads[picture_id] -= 1
        if self._loads[picture_id] > 0:
            return False
        del self._loads[picture_id]
        return picture_id == self._current

    def _refuse(self, sentence: str) -> None:
        self._current_is_bad = True
        if self._row is not None:
            self.unreadable.emit(self._row, sentence)
